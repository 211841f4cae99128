//! QR codes as the path of an SVG, so that they need neither scripts nor pictures from elsewhere.

use qrcode::{Color, EcLevel, QrCode};

/// Blank modules around a code, as its standard demands.
const MARGIN: usize = 4;

/// A QR code as the side of its square in modules and the `d` of one SVG path; `None` when the text is too long.
#[must_use]
pub fn path(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (place % width + MARGIN, place / width + MARGIN);
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    Some((width + 2 * MARGIN, path))
}
