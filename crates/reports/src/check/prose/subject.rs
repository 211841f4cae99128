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
const WHOLE: [&str; 70] = [
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
    "本省",
    "本市",
    "本州",
    "本县",
    "本区",
    "本旗",
    "本镇",
    "本乡",
    "总共",
    "共计",
    "合计",
    "一共",
    "各级",
    "共",
    "年",
];

/// What somebody is called who may have figures of an own.
const BODIES: [&str; 28] = [
    "单位", "部门", "机关", "机构", "政府", "街道", "中心", "公司", "学校", "医院", "局", "委",
    "办", "厅", "院", "会", "科", "处", "室", "所", "省", "市", "州", "县", "区", "旗", "镇", "乡",
];

/// How something is done: it names nobody.
const MANNER: [&str; 12] = [
    "依法", "依规", "全部", "全都", "都", "均", "已", "按期", "按时", "及时", "分别", "严格",
];

/// Whom a clause names before its verb, where that is neither the organ nor the whole of it. Words that name nobody (依法,
/// 截至12月底) make a wrong figure no better.
pub(super) fn of_another(clause: &str, organ: Option<&str>) -> Option<String> {
    let at = VERBS.iter().filter_map(|verb| clause.find(verb)).min()?;
    let mut left = clause.get(..at)?.to_owned();
    let place = organ.map(|organ| organ.trim_end_matches("人民政府"));
    let own = organ.into_iter().chain(place);
    for word in own.chain(WHOLE).filter(|word| !word.is_empty()) {
        left = left.replace(word, "");
    }
    left.retain(char::is_alphabetic);
    let mut who = left.as_str();
    while let Some(rest) = MANNER.iter().find_map(|word| who.strip_suffix(*word)) {
        who = rest;
    }
    let is_body = BODIES.iter().any(|noun| who.ends_with(*noun));
    is_body.then(|| who.to_owned())
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
            "本市收到申请3件",
            "依法办结政府信息公开申请300件",
            "依法依规答复申请300件",
            "全部按期办结",
            "及时答复申请300件",
            "截至12月底共收到申请300件",
        ] {
            assert_eq!(of_another(whole, organ), None, "{whole}");
        }
        for (part, who) in [
            ("市级部门收到政府信息公开申请300件", "市级部门"),
            ("其余单位共办结申请12件", "其余单位"),
            ("市财政局全年收到申请5件", "市财政局"),
            ("市财政局均依法按期办结申请5件", "市财政局"),
            ("云岭县收到申请5件", "云岭县"),
        ] {
            assert_eq!(of_another(part, organ).as_deref(), Some(who), "{part}");
        }
    }
}
