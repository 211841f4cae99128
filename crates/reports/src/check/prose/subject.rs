//! For whom a clause counts: 全年收到申请12件 is the report's own figure, 市级部门收到申请12件 may be that of a part.

/// What is done with applications as a whole.
const VERBS: [&str; 9] = [
    "新收",
    "收到",
    "受理",
    "接收",
    "接到",
    "收件",
    "办结",
    "答复",
    "办理完毕",
];

/// What may stand before the verb and still speaks of the whole, longer words first.
const WHOLE: [&str; 62] = [
    "政府信息公开工作方面",
    "依申请公开工作方面",
    "政府信息公开申请",
    "依申请公开方面",
    "依申请公开工作",
    "各级行政机关",
    "政府信息公开",
    "依申请公开",
    "公开申请",
    "本年度",
    "年度内",
    "全系统",
    "全街道",
    "我街道",
    "我单位",
    "我机关",
    "本街道",
    "本单位",
    "本机关",
    "本部门",
    "申请",
    "方面",
    "全省",
    "全市",
    "全州",
    "全县",
    "全区",
    "全旗",
    "全镇",
    "全乡",
    "全局",
    "全委",
    "全厅",
    "全年",
    "我省",
    "我市",
    "我州",
    "我县",
    "我区",
    "我旗",
    "我镇",
    "我乡",
    "我局",
    "我委",
    "我厅",
    "我办",
    "本局",
    "本委",
    "本厅",
    "本办",
    "各类",
    "本年",
    "年度",
    "年内",
    "今年",
    "总共",
    "共计",
    "合计",
    "一共",
    "各级",
    "共",
    "年",
];

/// Whom a clause names before its verb, where that is neither the organ nor the whole of it.
pub(super) fn of_another(clause: &str, organ: Option<&str>) -> Option<String> {
    let at = VERBS.iter().filter_map(|verb| clause.find(verb)).min()?;
    let mut left = clause.get(..at)?.to_owned();
    let place = organ.map(|organ| organ.trim_end_matches("人民政府"));
    let own = organ.into_iter().chain(place);
    for word in own.chain(WHOLE).filter(|word| !word.is_empty()) {
        left = left.replace(word, "");
    }
    left.retain(char::is_alphabetic);
    (!left.is_empty()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::of_another;

    #[test]
    fn a_part_is_told_from_the_whole() {
        let organ = Some("安澜市人民政府");
        for whole in [
            "收到政府信息公开申请300件",
            "2026年全市共收到政府信息公开申请300件",
            "安澜市人民政府新收政府信息公开申请300件",
            "安澜市全年办结申请300件",
            "依申请公开方面",
            "本机关受理申请3件",
        ] {
            assert_eq!(of_another(whole, organ), None, "{whole}");
        }
        for (part, who) in [
            ("市级部门收到政府信息公开申请300件", "市级部门"),
            ("其余单位共办结申请12件", "其余单位"),
            ("市财政局全年收到申请5件", "市财政局"),
        ] {
            assert_eq!(of_another(part, organ).as_deref(), Some(who), "{part}");
        }
    }
}
