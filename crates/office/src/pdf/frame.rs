//! The visible part of a page and how it is turned.

use lopdf::{Dictionary, Document, Object};

use super::matrix::Matrix;

/// A4 portrait, where a file names no size.
const DEFAULT_BOX: [f64; 4] = [0.0, 0.0, 595.0, 842.0];
/// Nodes between a page and the root of the tree.
const ANCESTORS_MAX: usize = 32;

pub(super) struct Frame {
    /// From the page's own coordinates to points from the top left corner of what is seen.
    pub(super) matrix: Matrix,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Frame {
    pub(super) fn of(page: &Dictionary, document: &Document) -> Self {
        let media =
            rectangle(inherited(page, b"MediaBox", document), document).unwrap_or(DEFAULT_BOX);
        let crop = rectangle(inherited(page, b"CropBox", document), document);
        let [x0, y0, x1, y1] = crop
            .and_then(|crop| intersection(crop, media))
            .unwrap_or(media);
        let (width, height) = (x1 - x0, y1 - y0);
        let turns = inherited(page, b"Rotate", document)
            .and_then(|object| object.as_i64().ok())
            .unwrap_or(0);
        match turns.div_euclid(90).rem_euclid(4) {
            1 => Self {
                matrix: Matrix([0.0, 1.0, 1.0, 0.0, -y0, -x0]),
                width: height,
                height: width,
            },
            2 => Self {
                matrix: Matrix([-1.0, 0.0, 0.0, 1.0, x1, -y0]),
                width,
                height,
            },
            3 => Self {
                matrix: Matrix([0.0, -1.0, -1.0, 0.0, y1, x1]),
                width: height,
                height: width,
            },
            _ => Self {
                matrix: Matrix([1.0, 0.0, 0.0, -1.0, -x0, y1]),
                width,
                height,
            },
        }
    }
}

/// An attribute of the page or of the nearest node above that has it.
pub(super) fn inherited<'d>(
    page: &'d Dictionary,
    key: &[u8],
    document: &'d Document,
) -> Option<&'d Object> {
    let mut node = page;
    for _ in 0..ANCESTORS_MAX {
        if let Ok(object) = node.get_deref(key, document) {
            return Some(object);
        }
        node = node.get_deref(b"Parent", document).ok()?.as_dict().ok()?;
    }
    None
}

fn rectangle(object: Option<&Object>, document: &Document) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = object?
        .as_array()
        .ok()?
        .iter()
        .filter_map(|entry| document.dereference(entry).ok()?.1.as_float().ok())
        .map(f64::from)
        .collect();
    let [a, b, c, d] = <[f64; 4]>::try_from(numbers).ok()?;
    let corners = [a.min(c), b.min(d), a.max(c), b.max(d)];
    let sized =
        corners.iter().all(|n| n.is_finite()) && (c - a).abs() >= 1.0 && (d - b).abs() >= 1.0;
    sized.then_some(corners)
}

fn intersection(a: [f64; 4], b: [f64; 4]) -> Option<[f64; 4]> {
    let ([ax, ay, az, aw], [bx, by, bz, bw]) = (a, b);
    let both = [ax.max(bx), ay.max(by), az.min(bz), aw.min(bw)];
    let [x0, y0, x1, y1] = both;
    (x1 - x0 >= 1.0 && y1 - y0 >= 1.0).then_some(both)
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;

    fn corner(rotate: i64) -> (f64, f64, f64) {
        let page = dictionary! {
            "MediaBox" => vec![0.into(), 0.into(), 100.into(), 200.into()],
            "Rotate" => rotate,
        };
        let frame = Frame::of(&page, &Document::new());
        // The upper left corner of the unturned page.
        let (x, y) = frame.matrix.apply(0.0, 200.0);
        (x, y, frame.width)
    }

    #[test]
    fn turned_pages_are_read_upright() {
        assert_eq!(corner(0), (0.0, 0.0, 100.0));
        assert_eq!(corner(90), (200.0, 0.0, 200.0));
        assert_eq!(corner(180), (100.0, 200.0, 100.0));
        assert_eq!(corner(-90), (0.0, 100.0, 200.0));
    }
}
