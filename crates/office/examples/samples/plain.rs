//! The town's plan as text copied from a web page: every cell on a line of its own. A unit line stands for all items since
//! the last one, so here an item without units waits for those of an item below.

use crate::source::Plan;

pub(crate) fn plan(plan: &Plan) -> Vec<u8> {
    let notice = &plan.notice;
    let mut lines: Vec<String> = vec![
        "无障碍版 长者助手".to_owned(),
        "您当前的位置: 首页 > 青禾镇 > 通知公告".to_owned(),
        notice.title.clone(),
        format!(
            "信息来源:云岭县青禾镇人民政府 发布日期:{} 分享:",
            notice.posted_on
        ),
        plan.mark.clone(),
        notice.to.clone(),
    ];
    lines.extend(notice.paragraphs.iter().cloned());
    lines.extend([
        notice.issuer.clone(),
        notice.date.clone(),
        plan.title.clone(),
    ]);
    lines.extend(plan.columns.iter().cloned());
    let (mut section_above, mut group_above) = ("", "");
    for (section, group, item) in plan.items() {
        if section.name != section_above {
            lines.push(section.name.clone());
            section_above = &section.name;
        }
        if group.name != group_above {
            lines.push(group.name.clone());
            group_above = &group.name;
        }
        lines.push(format!("{}.{}", item.no, item.text));
        lines.extend(item.units.iter().cloned());
    }
    lines.push(String::new());
    lines.join("\n\n").trim_end().to_owned().into_bytes()
}
