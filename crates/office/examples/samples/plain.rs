//! A town's or a district's plan as text copied from a web page: every cell on a line of its own. A unit line stands for all items since
//! the last one, so here an item without units waits for those of an item below.

use crate::source::Plan;

pub(crate) fn plan(plan: &Plan) -> Vec<u8> {
    let notice = &plan.notice;
    let place = plan.title.split("20").next().unwrap_or_default();
    let above = notice.issuer.split(place).next().unwrap_or_default();
    let mut lines: Vec<String> = vec![
        "无障碍版 长者助手".to_owned(),
        format!("您当前的位置: 首页 > {place} > 通知公告"),
        notice.title.clone(),
        format!(
            "信息来源:{above}{place}人民政府 发布日期:{} 分享:",
            notice.posted_on
        ),
        plan.mark.clone(),
    ];
    if !notice.number.is_empty() {
        lines.push(notice.number.clone());
    }
    lines.push(notice.to.clone());
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
