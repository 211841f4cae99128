//! What stands in a deadline column and is no moment of a sentence: years, figures, words of lasting.

use jiff::civil::Date;

use super::super::number::digits;
use super::super::text::{Mark, from, part, plain, starts, starts_any, tidy, trim};
use super::{Deadline, DeadlineKind, Doubt, Found, RANGE};

/// 2022年, 2022—2024年 alone in a deadline column: by the end of the last year.
pub(super) fn whole_years(run: &[Mark]) -> Option<Found> {
    let body = trim(run);
    let four = |run: &[Mark]| digits(run).filter(|(_, len)| *len == 4);
    let (mut year, mut len) = four(body)?;
    let nian = starts(from(body, len), "年").unwrap_or(0);
    if let Some(dash) = starts_any(from(body, len + nian), RANGE)
        && let Some((last, figures)) = four(from(body, len + nian + dash))
    {
        (year, len) = (last, len + nian + dash + figures);
    }
    let word = starts_any(from(body, len), &["年度", "年"])?;
    let date = Date::new(i16::try_from(year).ok()?, 12, 31).ok()?;
    (len + word == body.len()).then(|| Found {
        deadline: Deadline {
            text: tidy(body),
            date: Some(date),
            kind: DeadlineKind::By,
        },
        doubt: None,
        run: body.to_vec(),
    })
}

/// 2022.12.31, 2022-12-31, 2022.12, 2022.6—2022.12 in a deadline column: the last of them.
pub(super) fn in_figures(run: &[Mark]) -> Option<Found> {
    let body = trim(run);
    let last = (1..body.len()).find_map(|i| {
        let rest = from(body, i + starts_any(from(body, i), RANGE)?);
        figures(rest).filter(|_| figures(part(body, 0, i)).is_some())
    });
    let date = last.or_else(|| figures(body))?;
    Some(Found {
        deadline: Deadline {
            text: tidy(body),
            date: Some(date),
            kind: DeadlineKind::By,
        },
        doubt: None,
        run: body.to_vec(),
    })
}

/// The day, or the last day of the month, that figures and signs name.
fn figures(body: &[Mark]) -> Option<Date> {
    let month = || {
        let (year, len) = digits(body).filter(|(_, len)| *len == 4)?;
        let sign = body.get(len)?.fold;
        let (month, more) = digits(from(body, len + 1)).filter(|(_, len)| *len <= 2)?;
        if !matches!(sign, '.' | '-' | '/' | '—') || len + 1 + more != body.len() {
            return None;
        }
        let first = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
        Some(first.last_of_month())
    };
    super::super::notice::date_of(body).or_else(month)
}

/// 持续推进, 长期, 全年: a period without end; anything else is kept and shown.
pub(super) fn whole_cell(run: &[Mark]) -> Found {
    const LASTING: &[&str] = &[
        "持续",
        "长期",
        "常态",
        "全年",
        "日常",
        "长效",
        "适时",
        "随时",
        "及时",
        "按时",
        "定期",
        "实时",
        "坚持",
        "经常",
        "即时",
        "贯穿",
        "动态",
        "同步",
        "法定",
        "规定时",
        "常年",
        "按需",
    ];
    let text = plain(run);
    let lasting = LASTING.iter().any(|w| text.contains(w));
    let kind = if lasting {
        DeadlineKind::Recurring
    } else {
        DeadlineKind::By
    };
    Found {
        deadline: Deadline {
            text: tidy(run),
            date: None,
            kind,
        },
        doubt: (!lasting).then_some(Doubt::Unread),
        run: trim(run).to_vec(),
    }
}
