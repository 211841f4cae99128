//! A page drawn as a picture of dots, with black where its words are covered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro_svg::hayro_interpret::InterpreterSettings;
use hayro_svg::hayro_interpret::font::FontQuery;
use hayro_svg::hayro_interpret::hayro_cmap::CMapName;
use hayro_svg::hayro_syntax::page::Page;
use hayro_svg::{RenderCache, SvgRenderSettings, convert};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::{Covered, font};
use crate::block::Unreadable;
use crate::hidden::cannot_clean;
use crate::pdf::Room;

/// Dots per point: 200 an inch, as for print.
const SCALE: f32 = 200.0 / 72.0;
/// Dots of one page; a larger one is drawn coarser.
const DOTS_MAX: f32 = 8_000_000.0;
/// Bytes of one page as a drawing.
const DRAWING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Two readers of a page that tell its size differently, by points.
const SIZE_SNAP: f64 = 1.5;

/// A page as a picture: rows from the top, one byte a dot where it has no colour, else three.
pub(super) struct Picture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) has_colour: bool,
    pub(super) dots: Vec<u8>,
}

impl Picture {
    pub(super) fn of(
        page: &Page<'_>,
        covered: &Covered,
        number: usize,
    ) -> Result<Self, Unreadable> {
        let cannot = |why: &str| cannot_clean(&format!("第{number}页画不出来：{why}"));
        let (width, height) = page.render_dimensions();
        let sheet = &covered.sheet;
        let differs = |a: f32, b: f64| (f64::from(a) - b).abs() > SIZE_SNAP;
        if differs(width, sheet.width) || differs(height, sheet.height) {
            return Err(cannot("页面的大小读不准"));
        }
        let met = Arc::new(Met::default());
        let lines = convert(
            page,
            &RenderCache::new(),
            &settings(&met),
            &SvgRenderSettings::default(),
        );
        // What the lent font cannot draw would be missing, and nobody would know.
        let letters = sheet.stretches.iter().flat_map(|one| &one.letters);
        let is_lent = Met::is(&met.lent);
        let is_drawn =
            !is_lent || sheet.unread.is_none() && font::draws_all(letters.map(|letter| letter.c));
        if Met::is(&met.foreign) || !is_drawn {
            return Err(cannot("有的字体没有嵌入文件，请嵌入字体后重新导出"));
        }
        if Met::is(&met.failed) {
            return Err(cannot("有的字体或图片无法识别"));
        }
        let (drawn, size) = drawn(&lines, (width, height)).ok_or_else(|| cannot("太复杂"))?;
        let mut dots: Vec<[u8; 3]> = drawn
            .data()
            .chunks_exact(4)
            .filter_map(|dot| dot.first_chunk().copied())
            .collect();
        for room in &covered.black {
            blacken(&mut dots, size, room, (sheet.width, sheet.height));
        }
        let has_colour = dots.iter().any(|[r, g, b]| r != g || g != b);
        Ok(Self {
            width: size.0,
            height: size.1,
            has_colour,
            dots: if has_colour {
                dots.into_flattened()
            } else {
                dots.into_iter().map(|[grey, ..]| grey).collect()
            },
        })
    }
}

/// What was met while a page was drawn.
#[derive(Default)]
struct Met {
    /// A font that is not in the file, and that nothing here stands in for.
    foreign: AtomicBool,
    /// A Chinese font that is not in the file, drawn with one of this machine.
    lent: AtomicBool,
    failed: AtomicBool,
}

impl Met {
    fn note(flag: &AtomicBool) {
        flag.store(true, Ordering::Relaxed);
    }

    fn is(flag: &AtomicBool) -> bool {
        flag.load(Ordering::Relaxed)
    }
}

fn settings(met: &Arc<Met>) -> InterpreterSettings {
    let (fonts, maps, warnings) = (Arc::clone(met), Arc::clone(met), Arc::clone(met));
    InterpreterSettings {
        font_resolver: Arc::new(move |query: &FontQuery| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(query) => {
                let lent = font::lend(query);
                Met::note(if lent.is_some() {
                    &fonts.lent
                } else {
                    &fonts.foreign
                });
                lent
            }
        }),
        cmap_resolver: Arc::new(move |name: CMapName<'_>| {
            let codes = font::codes(name);
            if codes.is_none() {
                Met::note(&maps.failed);
            }
            codes
        }),
        warning_sink: Arc::new(move |_| Met::note(&warnings.failed)),
        // Stamps and filled fields are not among the words that were looked at.
        render_annotations: false,
    }
}

/// A drawing on white paper, and how many dots it is wide and high.
fn drawn(lines: &str, (width, height): (f32, f32)) -> Option<(Pixmap, (usize, usize))> {
    if lines.len() > DRAWING_BYTES_MAX {
        return None;
    }
    let tree = Tree::from_str(lines, &Options::default()).ok()?;
    let scale = SCALE.min((DOTS_MAX / (width * height).max(1.0)).sqrt());
    let dots = |points: f32| (points * scale).ceil().max(1.0) as u32;
    let mut drawn = Pixmap::new(dots(width), dots(height))?;
    drawn.fill(Color::WHITE);
    let scaled = |dots: u32, points: f32| dots as f32 / points.max(1.0);
    let transform =
        Transform::from_scale(scaled(drawn.width(), width), scaled(drawn.height(), height));
    resvg::render(&tree, transform, &mut drawn.as_mut());
    let size = (drawn.width() as usize, drawn.height() as usize);
    Some((drawn, size))
}

fn blacken(
    dots: &mut [[u8; 3]],
    (width, height): (usize, usize),
    room: &Room,
    (of_width, of_height): (f64, f64),
) {
    // Whole dots: what a letter touches is black.
    let span = |from: f64, to: f64, of: f64, dots: usize| {
        let dot = dots as f64 / of.max(1.0);
        let from = (from * dot).floor().max(0.0) as usize;
        let to = (to * dot).ceil().max(0.0) as usize;
        from.min(dots)..to.min(dots)
    };
    let columns = span(room.left, room.right, of_width, width);
    for row in span(room.top, room.bottom, of_height, height) {
        let start = row * width;
        if let Some(row) = dots.get_mut(start + columns.start..start + columns.end) {
            row.fill([0; 3]);
        }
    }
}
