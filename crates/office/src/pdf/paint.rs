//! Paths: which of them are ruling lines. Word fills thin rectangles, WPS and LibreOffice stroke lines or fill.

use super::ink::{Ink, Rule};
use super::interpret::Operand;
use super::matrix::Matrix;

/// Filled or stroked ink up to this thick, in points, is a line; more is an area.
const THICKNESS_MAX: f64 = 4.0;
/// Shorter pieces are the dots of corners and letters.
const LENGTH_MIN: f64 = 2.0;
/// How far a line may run off its axis, in points.
const OFF_AXIS_MAX: f64 = 0.7;
/// Points of one path; a longer one is a drawing.
const POINTS_MAX: usize = 20_000;
/// Rules of one page.
const RULES_MAX: usize = 200_000;

type Point = (f64, f64);

#[derive(Default)]
struct Subpath {
    points: Vec<Point>,
    closed: bool,
    curved: bool,
}

#[derive(Default)]
pub(super) struct Path {
    subpaths: Vec<Subpath>,
    points: usize,
}

impl Path {
    pub(super) fn build(&mut self, word: &[u8], operands: &[Operand], frame: Matrix) {
        let numbers: Vec<f64> = operands.iter().filter_map(Operand::number).collect();
        self.points += 4;
        if self.points > POINTS_MAX {
            return;
        }
        match (word, numbers.as_slice()) {
            (b"m", [x, y]) => self.start(frame.apply(*x, *y)),
            (b"l", [x, y]) => self.line(frame.apply(*x, *y)),
            (b"c", [.., x, y]) | (b"v", [.., x, y]) | (b"y", [.., x, y]) => {
                self.line(frame.apply(*x, *y));
                if let Some(subpath) = self.subpaths.last_mut() {
                    subpath.curved = true;
                }
            }
            (b"h", _) => self.close(),
            (b"re", [x, y, w, h]) => {
                self.start(frame.apply(*x, *y));
                for (x, y) in [(x + w, *y), (x + w, y + h), (*x, y + h)] {
                    self.line(frame.apply(x, y));
                }
                self.close();
            }
            _ => {}
        }
    }

    fn start(&mut self, point: Point) {
        self.subpaths.push(Subpath {
            points: vec![point],
            ..Subpath::default()
        });
    }

    fn line(&mut self, point: Point) {
        match self.subpaths.last_mut() {
            Some(subpath) => subpath.points.push(point),
            None => self.start(point),
        }
    }

    pub(super) fn close(&mut self) {
        if let Some(subpath) = self.subpaths.last_mut() {
            subpath.closed = true;
        }
    }

    pub(super) fn clear(&mut self) {
        self.subpaths.clear();
        self.points = 0;
    }

    /// The boxes around the filled pieces, and whether each is a plain rectangle: left, top, right, bottom.
    pub(super) fn boxes(&self) -> impl Iterator<Item = ([f64; 4], bool)> + '_ {
        self.subpaths
            .iter()
            .filter(|subpath| subpath.points.len() > 2)
            .map(|subpath| {
                let whole = !subpath.curved
                    && (4..=6).contains(&subpath.points.len())
                    && subpath.edges(true).all(|(a, b)| axis(a, b).is_some());
                let bounds = subpath.points.iter().fold(
                    [f64::MAX, f64::MAX, f64::MIN, f64::MIN],
                    |[left, top, right, bottom], (x, y)| {
                        [left.min(*x), top.min(*y), right.max(*x), bottom.max(*y)]
                    },
                );
                (bounds, whole)
            })
    }

    /// Thin filled rectangles are rules along their middle.
    pub(super) fn fill(&self, ink: &mut Ink) {
        for subpath in &self.subpaths {
            let edges = subpath.points.len();
            if subpath.curved
                || !(3..=6).contains(&edges)
                || !subpath.edges(true).all(|(a, b)| axis(a, b).is_some())
            {
                continue;
            }
            let fold = |pick: fn(&Point) -> f64| {
                subpath
                    .points
                    .iter()
                    .map(pick)
                    .fold((f64::MAX, f64::MIN), |(low, high), n| {
                        (low.min(n), high.max(n))
                    })
            };
            let ((x0, x1), (y0, y1)) = (fold(|p| p.0), fold(|p| p.1));
            let (w, h) = (x1 - x0, y1 - y0);
            if h <= THICKNESS_MAX && w > h {
                push(
                    &mut ink.horizontal,
                    Rule {
                        at: (y0 + y1) / 2.0,
                        from: x0,
                        to: x1,
                    },
                );
            } else if w <= THICKNESS_MAX && h > w {
                push(
                    &mut ink.vertical,
                    Rule {
                        at: (x0 + x1) / 2.0,
                        from: y0,
                        to: y1,
                    },
                );
            }
        }
    }

    /// Straight strokes along an axis are rules.
    pub(super) fn stroke(&self, width: f64, ink: &mut Ink) {
        if width > THICKNESS_MAX {
            return;
        }
        for subpath in self.subpaths.iter().filter(|subpath| !subpath.curved) {
            for (a, b) in subpath.edges(subpath.closed) {
                match axis(a, b) {
                    Some(Axis::Horizontal) => {
                        push(
                            &mut ink.horizontal,
                            Rule {
                                at: (a.1 + b.1) / 2.0,
                                from: a.0.min(b.0),
                                to: a.0.max(b.0),
                            },
                        );
                    }
                    Some(Axis::Vertical) => {
                        push(
                            &mut ink.vertical,
                            Rule {
                                at: (a.0 + b.0) / 2.0,
                                from: a.1.min(b.1),
                                to: a.1.max(b.1),
                            },
                        );
                    }
                    None => {}
                }
            }
        }
    }
}

impl Subpath {
    fn edges(&self, closed: bool) -> impl Iterator<Item = (Point, Point)> + '_ {
        let next = self
            .points
            .iter()
            .skip(1)
            .chain(self.points.first().filter(|_| closed));
        self.points.iter().copied().zip(next.copied())
    }
}

enum Axis {
    Horizontal,
    Vertical,
}

fn axis(a: Point, b: Point) -> Option<Axis> {
    let (dx, dy) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
    if dy <= OFF_AXIS_MAX && dx >= dy {
        Some(Axis::Horizontal)
    } else if dx <= OFF_AXIS_MAX {
        Some(Axis::Vertical)
    } else {
        None
    }
}

fn push(rules: &mut Vec<Rule>, rule: Rule) {
    if rule.length() >= LENGTH_MIN
        && rule.length().is_finite()
        && rule.at.is_finite()
        && rules.len() < RULES_MAX
    {
        rules.push(rule);
    }
}

/// Whether colour components mean white paper: lines in it are no lines.
pub(super) fn is_white(components: impl Iterator<Item = f64>) -> bool {
    const NEARLY: f64 = 0.02;
    let components: Vec<f64> = components.take(5).collect();
    match components.as_slice() {
        [gray] => *gray >= 1.0 - NEARLY,
        [r, g, b] => [r, g, b].iter().all(|part| **part >= 1.0 - NEARLY),
        [c, m, y, k] => [c, m, y, k].iter().all(|part| **part <= NEARLY),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(list: &[f64]) -> Vec<Operand> {
        list.iter().copied().map(Operand::Number).collect()
    }

    fn drawn(steps: &[(&[u8], &[f64])], paint: impl Fn(&Path, &mut Ink)) -> (usize, usize) {
        let (mut path, mut ink) = (Path::default(), Ink::default());
        for (word, list) in steps {
            path.build(word, &numbers(list), Matrix::IDENTITY);
        }
        paint(&path, &mut ink);
        (ink.horizontal.len(), ink.vertical.len())
    }

    #[test]
    fn thin_fills_and_straight_strokes_are_rules() {
        let fill = |path: &Path, ink: &mut Ink| path.fill(ink);
        let stroke = |path: &Path, ink: &mut Ink| path.stroke(0.5, ink);
        assert_eq!(drawn(&[(b"re", &[0.0, 0.0, 100.0, 0.5])], fill), (1, 0));
        assert_eq!(drawn(&[(b"re", &[0.0, 0.0, -0.5, 100.0])], fill), (0, 1));
        assert_eq!(drawn(&[(b"re", &[0.0, 0.0, 100.0, 50.0])], fill), (0, 0));
        assert_eq!(drawn(&[(b"re", &[0.0, 0.0, 100.0, 50.0])], stroke), (2, 2));
        assert_eq!(drawn(&[(b"re", &[0.0, 0.0, 0.5, 0.5])], fill), (0, 0));
        assert_eq!(
            drawn(&[(b"m", &[0.0, 0.0]), (b"l", &[50.0, 30.0])], stroke),
            (0, 0)
        );
        assert_eq!(
            drawn(
                &[
                    (b"m", &[0.0, 0.0]),
                    (b"c", &[1.0, 1.0, 2.0, 2.0, 50.0, 0.0])
                ],
                stroke
            ),
            (0, 0)
        );
    }

    #[test]
    fn white_is_no_ink() {
        assert!(
            is_white([1.0].into_iter())
                && is_white([1.0; 3].into_iter())
                && is_white([0.0; 4].into_iter())
        );
        assert!(!is_white([0.0].into_iter()) && !is_white([].into_iter()));
    }
}
