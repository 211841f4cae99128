//! People named beside their organ: 县自然资源局（王磊，0752-7781234）, 县生态环境局 刘洋.

use super::super::organ_name::{is_organ, is_organ_run};
use super::super::text::{Mark, Run, from, is_empty, is_han, part, plain, trim, trim_by};

/// The names without their people, and the people that were cut out.
#[derive(Debug, Default)]
pub(super) struct Parted {
    pub(super) names: Run,
    /// With a telephone number, so that nothing else can be meant.
    pub(super) reached: Vec<Run>,
    /// A bare name, which may be another word.
    pub(super) named: Vec<Run>,
}

impl Parted {
    fn note(&mut self, run: &[Mark], who: Who) {
        match who {
            Who::Reached => self.reached.push(run.to_vec()),
            Who::Named => self.named.push(run.to_vec()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Reached,
    Named,
}

/// Cuts people from behind the names of a clause.
pub(super) fn part_persons(names: &[Mark]) -> Parted {
    let mut out = Parted::default();
    let (mut depth, mut start) = (0i32, 0);
    for (i, m) in names.iter().enumerate() {
        match m.fold {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '、' if depth <= 0 => {
                one(part(names, start, i), &mut out);
                out.names.push(*m);
                start = i + 1;
            }
            _ => {}
        }
    }
    one(from(names, start), &mut out);
    out
}

/// The name between two 、.
fn one(name: &[Mark], out: &mut Parted) {
    let body = trim(name);
    if let Some(open) = body.iter().rposition(|m| m.fold == '(')
        && let Some((last, rest)) = body.split_last()
        && last.fold == ')'
        && is_organ_run(part(body, 0, open))
        && let Some(who) = who(from(rest, open + 1))
    {
        out.note(from(rest, open + 1), who);
        out.names.extend_from_slice(part(body, 0, open));
        return;
    }
    let blanks = body.iter().enumerate().filter(|(_, m)| m.is_blank());
    let found = blanks.map(|(at, _)| at).find_map(|at| {
        let person = trim(from(body, at));
        let who = who(person).filter(|_| is_organ_run(part(body, 0, at)))?;
        Some((at, person, who))
    });
    match found {
        Some((at, person, who)) => {
            out.note(person, who);
            out.names.extend_from_slice(part(body, 0, at));
        }
        None => out.names.extend_from_slice(name),
    }
}

/// Longest list of people, in characters.
const PERSONS_MAX: usize = 60;

/// Whether a text is nothing but people and their telephone numbers.
fn who(run: &[Mark]) -> Option<Who> {
    if is_empty(run) || run.len() > PERSONS_MAX {
        return None;
    }
    let sign = |m: Mark| m.is_blank() || matches!(m.fold, ',' | '、' | ';' | ':' | '/' | '.');
    let mut pieces: Vec<String> = Vec::new();
    for piece in trim_by(run, sign).split(|m| sign(*m)) {
        let text = plain(piece);
        match pieces.last_mut() {
            // 王 磊
            Some(last) if one_char(last) && one_char(&text) => last.push_str(&text),
            _ if text.is_empty() => {}
            _ => pieces.push(text),
        }
    }
    let (mut reached, mut named) = (false, false);
    for piece in &pieces {
        match piece.split_at(
            piece
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(piece.len()),
        ) {
            (name, "") if is_label(name) => {}
            (name, "") if is_name(name) => named = true,
            (name, phone) if is_phone(phone) && (is_label(name) || is_name(name)) => reached = true,
            _ => return None,
        }
    }
    match (reached, named) {
        (true, _) => Some(Who::Reached),
        (false, true) => Some(Who::Named),
        _ => None,
    }
}

fn one_char(text: &str) -> bool {
    text.chars().count() == 1 && text.chars().all(is_han)
}

/// Fewest and most figures of a telephone number.
const FIGURES: std::ops::RangeInclusive<usize> = 6..=13;

fn is_phone(text: &str) -> bool {
    let figures = text.chars().filter(char::is_ascii_digit).count();
    let signs = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | '—' | '(' | ')'));
    signs && FIGURES.contains(&figures)
}

fn is_label(text: &str) -> bool {
    const LABELS: &[&str] = &[
        "",
        "联系人",
        "责任人",
        "负责人",
        "联络员",
        "电话",
        "联系电话",
        "手机",
        "手机号",
        "办公电话",
        "座机",
    ];
    LABELS.contains(&text)
}

/// A surname of one or two characters, and one or two more; perhaps with an office behind it (王磊副局长).
fn is_name(text: &str) -> bool {
    const OFFICES: &[&str] = &[
        "副局长",
        "局长",
        "副主任",
        "主任",
        "科长",
        "股长",
        "所长",
        "站长",
        "镇长",
        "乡长",
        "书记",
        "同志",
    ];
    const WORDS: &[&str] = &[
        "金融", "安全", "高新", "文化", "史志", "方志", "房管", "路政", "车管", "常务", "江北",
        "江南", "江东", "高铁", "石化", "金属", "白云", "于洪", "文明", "文物", "文旅", "文体",
        "安监", "安置", "方案", "成员", "房产", "石油", "管理", "高速", "高校", "牵头", "常年",
        "万元",
    ];
    let office = OFFICES.iter().find_map(|office| text.strip_suffix(office));
    let name = office.unwrap_or(text);
    let len = name.chars().count();
    let double = DOUBLE_SURNAMES.iter().any(|s| name.starts_with(s)) && (3..=4).contains(&len);
    let single = name.starts_with(|c: char| SURNAMES.contains(c)) && (2..=3).contains(&len);
    let bare = office.is_some() && name.chars().all(|c| SURNAMES.contains(c)) && len == 1;
    let word = WORDS.iter().any(|word| name.starts_with(word)) || is_organ(name);
    (double || single || bare) && !word && name.chars().all(is_han)
}

const DOUBLE_SURNAMES: &[&str] = &[
    "欧阳", "上官", "司马", "诸葛", "司徒", "夏侯", "皇甫", "尉迟", "东方",
];
/// The surnames that nearly all people have.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈\
姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤\
温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍\
涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆卓古吉缪简车连芦麦褚娄窦戚岑景\
宫费卜冷晏席卫米柏宗瞿桂全佟臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝";

#[cfg(test)]
mod tests {
    use super::super::super::text::{printed, run};
    use super::*;

    fn check(text: &str, names: &str, reached: usize, named: usize) {
        let parted = part_persons(&run(text));
        assert_eq!(printed(&parted.names), names, "{text}");
        assert_eq!(
            (parted.reached.len(), parted.named.len()),
            (reached, named),
            "{text}"
        );
    }

    #[test]
    fn people_are_cut_from_behind_their_organ() {
        check("县自然资源局（王磊，0752-7781234）", "县自然资源局", 1, 0);
        check("县生态环境局 刘洋 13800000000", "县生态环境局", 1, 0);
        check(
            "县应急局(陈静)、县消防救援大队(何勇)",
            "县应急局、县消防救援大队",
            0,
            2,
        );
        check("区教育局 张三", "区教育局", 0, 1);
        check("区教育局（欧阳明、5551234）、各镇", "区教育局、各镇", 1, 0);
        check("县司法局（联系人：王 磊 电话：7785678）", "县司法局", 1, 0);
    }

    #[test]
    fn other_brackets_and_blanks_stay() {
        for text in [
            "市委宣传部（市政府新闻办）",
            "各县（市、区）政府",
            "县公安局 金融办",
            "各镇（街道）",
            "县发改局（牵头）",
            "县委办（史志）",
            "县档案局（馆）",
            "县公安局（110）",
        ] {
            check(text, text, 0, 0);
        }
    }
}
