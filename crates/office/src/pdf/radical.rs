//! Radicals to characters: some writers name the glyph of 工 as the radical ⼯ (U+2F2F).

/// The characters of U+2F00 … U+2FD5, by Unicode's compatibility decomposition; where simplified writing
/// has the same shape under another number (户, 青), that one.
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈户手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨青非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// Simplified radicals of the supplement, which Unicode leaves undecomposed, with the character of the same shape.
const SIMPLIFIED: [(char, char); 26] = [
    ('⺟', '母'),
    ('⺠', '民'),
    ('⻁', '虎'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻑', '長'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻩', '黄'),
    ('⻬', '齐'),
    ('⻮', '齿'),
    ('⻰', '龙'),
];

pub(super) fn unified(c: char) -> char {
    match c {
        '\u{2F00}'..='\u{2FD5}' => KANGXI.chars().nth((c as usize) - 0x2F00).unwrap_or(c),
        '\u{2E80}'..='\u{2EF3}' => SIMPLIFIED
            .iter()
            .find(|(radical, _)| *radical == c)
            .map_or(c, |pair| pair.1),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn radicals_become_the_characters_they_look_like() {
        let text: String = "⼯作⽅案，⻓期⻔户⺠⽣".chars().map(unified).collect();
        assert_eq!(text, "工作方案，长期门户民生");
        assert_eq!((unified('\u{2FD5}'), unified('⺀')), ('龠', '⺀'));
    }
}
