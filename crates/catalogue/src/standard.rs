//! What the law and the ministries fix: classes, domains, columns. Data, no rules.

/// 条例 art. 20, items 1 to 15, with our short labels.
pub const CLASSES: [(i64, &str); 15] = [
    (1, "行政法规、规章和规范性文件"),
    (2, "机关职能与机构信息"),
    (3, "规划及相关政策"),
    (4, "统计信息"),
    (5, "行政许可和其他对外管理服务事项"),
    (6, "行政处罚、行政强制"),
    (7, "财政预算、决算"),
    (8, "行政事业性收费"),
    (9, "政府集中采购"),
    (10, "重大建设项目"),
    (11, "民生政策措施及实施"),
    (12, "突发公共事件应急"),
    (13, "监督检查情况"),
    (14, "公务员招考"),
    (15, "其他应当主动公开的信息"),
];

/// 条例 art. 21: what 设区的市 and 县级 governments and their departments add.
pub const CITY_COUNTY: [&str; 7] = [
    "市政建设",
    "公共服务",
    "公益事业",
    "土地征收",
    "房屋征收",
    "治安管理",
    "社会救助",
];

/// 条例 art. 21: what 乡（镇）governments add.
pub const TOWNSHIP: [&str; 8] = [
    "贯彻落实农业农村政策",
    "农田水利工程建设运营",
    "农村土地承包经营权流转",
    "宅基地使用情况审核",
    "土地征收",
    "房屋征收",
    "筹资筹劳",
    "社会救助",
];

/// The 26 domains of the ministries' standard guides, in their order. Others may be named freely.
pub const DOMAINS: [&str; 26] = [
    "重大建设项目",
    "公共资源交易",
    "义务教育",
    "户籍管理",
    "社会救助",
    "养老服务",
    "公共法律服务",
    "财政预决算",
    "就业",
    "社会保险",
    "国土空间规划",
    "征地补偿",
    "生态环境",
    "国有土地上房屋征收与补偿",
    "保障性住房",
    "农村危房改造",
    "城市综合执法",
    "市政服务",
    "涉农补贴",
    "公共文化服务",
    "医疗卫生",
    "安全生产",
    "救灾",
    "食品药品监管",
    "税收管理",
    "扶贫",
];

/// The heads of the table that goes out and comes back: the standard catalogue's columns, its groups written out, and
/// the four fields of 条例 art. 12 that it lacks.
pub const HEADS: [&str; 16] = [
    "序号",
    "索引",
    "类别",
    "领域",
    "一级事项",
    "二级事项",
    "公开内容（要素）",
    "公开依据",
    "公开时限",
    "公开主体",
    "公开渠道和载体",
    "公开对象",
    "公开方式",
    "公开层级",
    "生成日期",
    "施行日期",
];

/// 公开对象, as the standard columns name it.
pub const AUDIENCES: [&str; 2] = ["全社会", "特定群众"];
/// 公开方式, as the standard columns name it.
pub const METHODS: [&str; 2] = ["主动", "依申请公开"];
/// 公开层级; a city's own entries say 市级.
pub const LEVELS: [&str; 4] = ["省级", "市级", "县级", "乡级"];

/// The matters of art. 21 with the levels that they are for; one that is for both stands in both.
pub const ARTICLE_21: [(&str, &[&str]); 2] =
    [("设区的市、县级", &CITY_COUNTY), ("乡镇、街道", &TOWNSHIP)];

/// What an entry's 领域 may be chosen from: the [`DOMAINS`], and behind them the matters of art. 21 that are none of them.
#[must_use]
pub fn fields() -> Vec<&'static str> {
    let mut fields = DOMAINS.to_vec();
    for matter in CITY_COUNTY.into_iter().chain(TOWNSHIP) {
        if !fields.contains(&matter) {
            fields.push(matter);
        }
    }
    fields
}

/// The place of a name among the [`fields`], from 1; `None` for one that was named freely.
#[must_use]
pub fn place(name: &str) -> Option<usize> {
    let at = fields().iter().position(|field| *field == name)?;
    Some(at + 1)
}

/// The label of a class; empty for a number that is none.
#[must_use]
pub fn class_name(class: i64) -> &'static str {
    CLASSES
        .iter()
        .find(|(number, _)| *number == class)
        .map_or("", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matters_of_article_21_stand_behind_the_domains_and_once() {
        let all = fields();
        assert_eq!(all[..26], DOMAINS);
        for (_, matters) in ARTICLE_21 {
            for matter in matters {
                let times = all.iter().filter(|field| *field == matter).count();
                assert_eq!(times, 1, "{matter}");
            }
        }
        assert_eq!(place("重大建设项目"), Some(1));
        assert_eq!(place("社会救助"), Some(5), "it is a domain, too");
        assert!(place("宅基地使用情况审核").is_some_and(|place| place > 26));
        assert_eq!(place("太空旅游"), None);
    }
}
