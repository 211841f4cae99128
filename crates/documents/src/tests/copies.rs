//! The text as Word: lists keep their levels and marks, columns take the room that their words ask for.

use super::*;

const BODY: &str = "<ol><li>第一项<ol type=\"a\"><li>子项</li><li>子项二</li></ol></li></ol><ul><li>圆点</li></ul>\
    <table><tr><td>编号</td><td>事项</td></tr><tr><td>1</td><td>公布本年度政务公开工作要点，并在政府网站说明落实情况</td></tr></table>";

#[tokio::test]
async fn a_copy_in_word_reads_as_the_page_does() {
    for backend in backends() {
        let world = World::on(&backend).await;
        let path = world.draft("notice", "关于工作安排的通知", BODY).await;
        world.goes_out(&path, Kind::Notice).await;
        let public = path.replace("/workspace", "");
        let page = world.public().get(&public).await.page();
        assert!(page.contains("<ol type=\"a\">"), "{page}");
        let word = world.public().get(&format!("{public}/text.docx")).await;
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(word.bytes)).unwrap();
        let mut part = archive.by_name("word/document.xml").unwrap();
        let mut document = String::new();
        std::io::Read::read_to_string(&mut part, &mut document).unwrap();
        for line in [
            ">1. 第一项<",
            ">　　a. 子项<",
            ">　　b. 子项二<",
            ">• 圆点<",
        ] {
            assert!(document.contains(line), "{line} in {document}");
        }
        let grid: Vec<u32> = document
            .split("<w:gridCol w:w=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect();
        assert!(grid.len() == 2 && grid[0] * 4 < grid[1], "{grid:?}");
        // As wide as the lines at most: 156 mm in twentieths of a point.
        assert!(grid.iter().sum::<u32>() <= 8_845, "{grid:?}");
    }
}
