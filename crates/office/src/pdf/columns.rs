//! Pages set in two columns, as a gazette is: the right column is put below the left one.

use super::ink::Glyph;
use super::lines::Measure;
use crate::count::is_readable;

/// Baselines nearer than this part of the font size are one line.
const SAME_LINE: f64 = 0.45;
/// The gap between the columns lies in this middle part of the text's width.
const MIDDLE: std::ops::RangeInclusive<f64> = 0.4..=0.6;
/// Narrowest gap, in em.
const GAP_EM: f64 = 1.0;
/// Fewest lines of each column.
const LINES_MIN: usize = 8;
/// A line that ends this many em before its column's side fills it.
const FULL_EM: f64 = 2.5;
/// How much the columns may differ, as a part of the text's width.
const DIFFERENCE_MAX: f64 = 0.08;

/// A page with its columns one below the other.
pub(super) struct Unfolded {
    pub(super) glyphs: Vec<Glyph>,
    /// What the page grew by.
    pub(super) more: f64,
    /// Where the lines of its left column begin and end.
    pub(super) measure: Measure,
}

struct Row {
    y: f64,
    size: f64,
    glyphs: Vec<Glyph>,
}

/// The two columns of a page of running text; `None` for any other page.
pub(super) fn unfolded(glyphs: &[Glyph]) -> Option<Unfolded> {
    let rows = rows(glyphs);
    let (left, right) = sides(rows.iter().flat_map(|row| &row.glyphs))?;
    let (first, last, gap) = block(&rows, left, right)?;
    let block = rows.get(first..=last)?;
    let middle = (gap.0 + gap.1) / 2.0;
    let half = |row: &Row, is_left: bool| -> Vec<Glyph> {
        let own = row
            .glyphs
            .iter()
            .filter(|g| (g.middle().0 < middle) == is_left);
        own.copied().collect()
    };
    let of = |is_left: bool| {
        let pieces = block
            .iter()
            .map(move |row| (row.y, row.size, half(row, is_left)));
        pieces
            .filter(|(_, _, piece)| !piece.is_empty())
            .collect::<Vec<_>>()
    };
    let (lefts, rights) = (of(true), of(false));
    let (from, _) = sides(rights.iter().flat_map(|(_, _, piece)| piece))?;
    let (start, to) = sides(lefts.iter().flat_map(|(_, _, piece)| piece))?;
    let fills = |pieces: &[(f64, f64, Vec<Glyph>)], side: f64| {
        let full = |(_, size, piece): &&(f64, f64, Vec<Glyph>)| {
            sides(piece.iter()).is_some_and(|(_, end)| side - end < FULL_EM * size)
        };
        pieces.len() >= LINES_MIN && pieces.iter().filter(full).count() * 2 >= pieces.len()
    };
    let alike = ((to - start) - (right - from)).abs() <= DIFFERENCE_MAX * (right - left);
    if !alike || !fills(&lefts, to) || !fills(&rights, right) {
        return None;
    }
    let more = lefts.last()?.0 - rights.first()?.0 + pitch(&lefts)?;
    let moved = |glyph: &Glyph, row: usize| {
        let mut glyph = *glyph;
        if row > last || (row >= first && glyph.middle().0 >= middle) {
            glyph.y += more;
        }
        if (first..=last).contains(&row) && glyph.middle().0 >= middle {
            (glyph.left, glyph.right) = (glyph.left - from + start, glyph.right - from + start);
        }
        glyph
    };
    let glyphs = rows.iter().enumerate();
    let glyphs = glyphs.flat_map(|(i, row)| row.glyphs.iter().map(move |g| (i, g)));
    Some(Unfolded {
        glyphs: glyphs.map(|(i, glyph)| moved(glyph, i)).collect(),
        more: more.max(0.0),
        measure: Measure {
            left: start,
            right: to,
        },
    })
}

fn rows(glyphs: &[Glyph]) -> Vec<Row> {
    let mut glyphs: Vec<Glyph> = glyphs.to_vec();
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Row> = Vec::new();
    for glyph in glyphs {
        match rows.last_mut() {
            Some(row) if glyph.y - row.y <= SAME_LINE * row.size.min(glyph.size) => {
                row.size = row.size.max(glyph.size);
                row.glyphs.push(glyph);
            }
            _ => rows.push(Row {
                y: glyph.y,
                size: glyph.size,
                glyphs: vec![glyph],
            }),
        }
    }
    rows
}

/// Where some glyphs begin and end.
fn sides<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> Option<(f64, f64)> {
    let seen = glyphs.filter(|g| is_readable(g.c));
    let (left, right) = seen.fold((f64::MAX, f64::MIN), |(left, right), g| {
        (left.min(g.left), right.max(g.right))
    });
    (left < right).then_some((left, right))
}

/// The longest run of lines that leave a common gap in the middle, and that gap.
fn block(rows: &[Row], left: f64, right: f64) -> Option<(usize, usize, (f64, f64))> {
    let at = |part: &f64| left + part * (right - left);
    let zone = (at(MIDDLE.start()), at(MIDDLE.end()));
    let mut best: Option<(usize, usize, (f64, f64))> = None;
    let mut open: Option<(usize, (f64, f64))> = None;
    for (i, row) in rows.iter().enumerate() {
        let common = open.and_then(|(first, gap)| Some((first, free(row, gap)?)));
        open = common.or_else(|| Some((i, free(row, zone)?)));
        let Some((first, gap)) = open else { continue };
        let longer = best.is_none_or(|(a, b, _)| i - first > b - a);
        if longer {
            best = Some((first, i, gap));
        }
    }
    best
}

/// What a line leaves free of a gap, where that is wide enough.
fn free(row: &Row, (from, to): (f64, f64)) -> Option<(f64, f64)> {
    let mut seen: Vec<&Glyph> = row.glyphs.iter().filter(|g| is_readable(g.c)).collect();
    seen.sort_by(|a, b| a.left.total_cmp(&b.left));
    let (mut widest, mut start) = ((from, from), from);
    for glyph in seen.iter().filter(|g| g.right > from && g.left < to) {
        if glyph.left - start > widest.1 - widest.0 {
            widest = (start, glyph.left);
        }
        start = start.max(glyph.right);
    }
    if to - start > widest.1 - widest.0 {
        widest = (start, to);
    }
    (widest.1 - widest.0 >= GAP_EM * row.size).then_some(widest)
}

/// The usual distance of the lines of a column.
fn pitch(pieces: &[(f64, f64, Vec<Glyph>)]) -> Option<f64> {
    let step = |pair: &[(f64, f64, Vec<Glyph>)]| match pair {
        [a, b] => Some(b.0 - a.0),
        _ => None,
    };
    let mut steps: Vec<f64> = pieces.windows(2).filter_map(step).collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::super::ink::Layer;
    use super::super::lines::lines;
    use super::*;

    /// Characters of ten points, one em wide.
    fn set(text: &str, left: f64, y: f64) -> Vec<Glyph> {
        let places = (0..).map(|i| left + 10.0 * f64::from(i));
        let glyph = |(x, c): (f64, char)| Glyph {
            c,
            left: x,
            right: x + 10.0,
            y,
            size: 10.0,
            layer: Layer::Body,
            seen: true,
        };
        places.zip(text.chars()).map(glyph).collect()
    }

    fn page(right: &str) -> Vec<Glyph> {
        let mut glyphs = set("安澜市二〇二六年政务公开工作要点分工方案全文", 160.0, 20.0);
        for i in 0..10 {
            let y = 40.0 + 16.0 * f64::from(i);
            glyphs.extend(set("左栏一行写满这一栏的全部宽度不留空", 50.0, y));
            glyphs.extend(set(right, 250.0, y));
        }
        glyphs
    }

    #[test]
    fn the_right_column_follows_the_left_one() {
        let found = unfolded(&page("右栏一行写满这一栏的全部宽度不留空")).unwrap();
        let texts: Vec<String> = lines(found.glyphs, true)
            .into_iter()
            .map(|l| l.text)
            .collect();
        let begins = |i: usize| texts[i].chars().next().unwrap();
        assert_eq!(texts.len(), 21);
        assert_eq!(
            (begins(0), begins(1), begins(10), begins(11), begins(20)),
            ('安', '左', '左', '右', '右')
        );
        assert!(found.more > 150.0 && found.measure.right < 230.0);
    }

    #[test]
    fn cells_beside_text_are_no_column() {
        assert!(unfolded(&page("市财政局")).is_none());
        let one = (0..12).flat_map(|i| {
            set(
                "一栏的文字从左到右写满整页的宽度而中间不留任何空白一直到边",
                50.0,
                40.0 + 16.0 * f64::from(i),
            )
        });
        assert!(unfolded(&one.collect::<Vec<_>>()).is_none());
    }
}
