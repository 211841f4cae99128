//! The print form of a 督办单.

use gongkai_office::form::letter::{Letter, Line, Listing};

use super::{Item, Order};
use crate::when;

/// 督办通知单 as a letter to the unit.
#[must_use]
pub fn letter(order: &Order, items: &[Item]) -> Letter {
    let due = order.reply_due_on.map_or_else(
        || format!("印发之日起{}个工作日内", order.reply_days),
        |due| format!("{}前", when::date(due)),
    );
    let rows = (1..).zip(items).map(|(n, item)| {
        vec![
            n.to_string(),
            format!("{}：{}", item.kind.name(), item.text),
            item.due_text.clone(),
        ]
    });
    Letter {
        title: order.title.clone(),
        number: order.number.clone().unwrap_or_default(),
        to: format!("{}：", order.organ_name),
        body: vec![
            Line::Heading("一、督办要求".to_owned()),
            Line::Text(order.requirement.clone()),
            Line::Heading("二、回复期限".to_owned()),
            Line::Text(format!(
                "请在签收后抓紧办理，{due}书面回复办理情况，并附佐证材料。"
            )),
        ],
        listings: vec![Listing {
            title: "督办事项清单".to_owned(),
            headers: vec![
                ("序号".to_owned(), 1),
                ("事项".to_owned(), 8),
                ("时限".to_owned(), 3),
            ],
            rows: rows.collect(),
        }],
        signed: order.office_name.clone(),
        dated: order.issued_on.map_or_else(String::new, when::date),
    }
}
