//! The smallest PDF that holds a ruled table of Chinese text: lines, words, and a font known by its text map alone.

use std::fmt::Write as _;

use super::{TITLE, rows};

/// A4 in points.
const PAGE: (f64, f64) = (595.0, 842.0);
const TOP: f64 = 780.0;
const ROW_HEIGHT: f64 = 24.0;
const ROWS_ON_A_PAGE: usize = 28;
const FONT_SIZE: f64 = 9.0;
/// Left edges of the columns, and the right edge of the last.
const EDGES: [f64; 5] = [40.0, 80.0, 350.0, 470.0, 555.0];

/// A document with the plan's title and one table over as many pages as it takes.
pub(crate) fn pdf(count: usize) -> Vec<u8> {
    let all: Vec<[String; 4]> = rows(count).collect();
    let pages: Vec<String> = all
        .chunks(ROWS_ON_A_PAGE)
        .enumerate()
        .map(|(number, rows)| page(number, rows))
        .collect();
    // 1 catalogue, 2 page tree, 3–5 font, 6 its text map; then a page and its content in turn.
    let kids: Vec<String> = (0..pages.len())
        .map(|at| format!("{} 0 R", 7 + 2 * at))
        .collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {} /Kids [{}] >>", pages.len(), kids.join(" ")),
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>".to_owned(),
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R /DW 1000 >>".to_owned(),
        "<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>".to_owned(),
        stream(&text_map()),
    ];
    for (at, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            PAGE.0,
            PAGE.1,
            8 + 2 * at
        ));
        objects.push(stream(content));
    }
    file(&objects)
}

fn page(number: usize, rows: &[[String; 4]]) -> String {
    let mut content = String::from("0.5 w\n");
    if number == 0 {
        show(&mut content, (150.0, TOP + 20.0), TITLE);
    }
    let (left, right) = (40.0, 555.0);
    let mut y = TOP;
    for row in rows {
        let _ = writeln!(content, "{left} {y} m {right} {y} l S");
        for (edge, cell) in EDGES.iter().zip(row) {
            show(&mut content, (edge + 3.0, y - ROW_HEIGHT / 2.0 - 3.0), cell);
        }
        y -= ROW_HEIGHT;
    }
    let _ = writeln!(content, "{left} {y} m {right} {y} l S");
    for edge in EDGES {
        let _ = writeln!(content, "{edge} {TOP} m {edge} {y} l S");
    }
    content
}

fn show(content: &mut String, (x, y): (f64, f64), text: &str) {
    let codes: String = text
        .encode_utf16()
        .map(|unit| format!("{unit:04X}"))
        .collect();
    let _ = writeln!(content, "BT /F1 {FONT_SIZE} Tf {x} {y} Td <{codes}> Tj ET");
}

/// Codes are the characters themselves; a range may not cross the low byte, so there is one for each high byte.
fn text_map() -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let high: Vec<u32> = (0x00..=0xFF).collect();
    for block in high.chunks(100) {
        let _ = writeln!(map, "{} beginbfrange", block.len());
        for byte in block {
            let _ = writeln!(map, "<{byte:02X}00> <{byte:02X}FF> <{byte:02X}00>");
        }
        map.push_str("endbfrange\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
    map
}

fn stream(content: &str) -> String {
    format!(
        "<< /Length {} >>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// Objects in order, the table of their places, the trailer.
fn file(objects: &[String]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.7\n");
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let start = file.len();
    let size = objects.len() + 1;
    let _ = write!(file, "xref\n0 {size}\n0000000000 65535 f \n");
    for place in places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::{ROWS_ON_A_PAGE, pdf};

    #[test]
    fn pages_hold_all_rows() {
        let text = String::from_utf8_lossy(&pdf(60)).into_owned();
        assert_eq!(
            text.matches("/Type /Page ").count(),
            61_usize.div_ceil(ROWS_ON_A_PAGE)
        );
        // Four cells for each row and the head, and the title.
        assert_eq!(text.matches(" Tj ET").count(), 61 * 4 + 1);
    }
}
