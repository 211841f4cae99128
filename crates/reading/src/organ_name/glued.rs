//! Two names that run together in one.

use super::super::answers;
use super::{is_organ, whole, without_brackets};

/// 各县市区: levels that stand side by side without a sign are one collective.
const LEVELS: &str = "各省市州盟县区旗乡镇街道村社";

/// Whether a name holds two whole ones without a sign between them (市司法局市教育局): a separator was lost.
pub(crate) fn is_glued(name: &str) -> bool {
    answers::glued(name, || holds_two(name))
}

fn holds_two(name: &str) -> bool {
    let base = without_brackets(name);
    base.char_indices().skip(1).any(|(i, c)| {
        let (left, right) = base.split_at(i);
        matches!(c, '市' | '区' | '县' | '省' | '州' | '镇' | '乡' | '各')
            && right.chars().count() >= 3
            && !right.starts_with("市场")
            && !left.ends_with("政府")
            && left != "全局"
            && (c != '各' || !left.ends_with("国务院"))
            && right != "各成员单位"
            && !left.chars().all(|c| LEVELS.contains(c))
            && whole(left)
            && is_organ(right)
    }) || base
        .char_indices()
        .skip(2)
        .any(|(i, _)| two_of_a_kind(base.split_at(i)))
}

/// 派出所质监所, 党政办司法所: two names that begin with no level. A section of a bureau (公安局交警支队), a branch
/// (税务局分局) and an office of an office are one.
fn two_of_a_kind((left, right): (&str, &str)) -> bool {
    const SINGLE: &[&str] = &[
        "分局",
        "支局",
        "研究所",
        "总局",
        "市中心",
        "区中心",
        "县中心",
        "镇中心",
    ];
    // 科 begins words (科学, 科技, 科教), and so do 办 and 所 (办公); 局 does not
    const GOES_ON: &[char] = &['技', '学', '研', '普', '创', '教', '协', '公', '室', '会'];
    let kinds: &[(&str, &[&str])] = &[
        ("局", &["局"]),
        ("所", &["所", "站", "办", "办公室", "中心", "科", "股"]),
        ("站", &["所", "站", "办", "办公室", "科", "股"]),
        ("办", &["办", "办公室", "所", "站"]),
        ("办公室", &["办", "办公室", "所", "站"]),
        ("科", &["科"]),
        ("股", &["股"]),
        ("中心", &["中心"]),
    ];
    let end = kinds.iter().rev().find(|(end, _)| left.ends_with(end));
    let single = |name: &str| SINGLE.iter().any(|s| name.ends_with(s));
    end.is_some_and(|(_, others)| others.iter().any(|o| right.ends_with(o)))
        && right.chars().count() >= 3
        && right != "办公室"
        && (left.ends_with('局') || !right.starts_with(GOES_ON))
        && !single(left)
        && !single(right)
        && !left.starts_with("国家")
        && !left.starts_with("中国")
        && whole(left)
        && is_organ(right)
}

#[cfg(test)]
mod tests {
    use super::is_glued;

    #[test]
    fn two_names_without_a_sign_between_them_are_seen() {
        for glued in [
            "市司法局市教育局",
            "区政务服务数据管理局区司法局",
            "市政府办公室各县（市、区）政府",
            "派出所工商质监所",
            "司法局教育局",
            "党政办公室社会事务办公室",
            "党政办司法所",
            "财政所农业服务中心",
            "财务科人事科",
        ] {
            assert!(is_glued(glued), "{glued}");
        }
        for single in [
            "市司法局",
            "市委宣传部（市政府新闻办）",
            "各县（市、区）政府",
            "安澜市人民政府办公室",
            "城管住建和农业农村局",
            "云岭县人民政府",
            "省政府驻市办事处",
            "各县市区人民政府",
            "各县区政府",
            "各乡镇街道办事处",
            "国务院各部门",
            "市公安局交警支队",
            "国家税务总局安澜市税务局",
            "市生态环境局云岭分局",
            "人民银行安澜市中心支行",
            "云岭镇中心卫生院",
            "市发展和改革委员会",
            "市政府办公室信息科",
            "市科技局科学技术科",
            "市农业科学研究所办公室",
            "县政府督查办公室",
            "区市场监管局市场监管所",
            "市委全面依法治市委员会办公室",
            "街道党政综合办公室",
            "市疾控中心卫生监督所",
        ] {
            assert!(!is_glued(single), "{single}");
        }
    }
}
