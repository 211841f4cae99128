//! Small parts that forms and lists share.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Rows on one page of a list.
pub const PAGE_ROWS: i64 = 50;
/// Beyond this page a list wants a filter, not paging.
const PAGE_MAX: i64 = 100_000;

/// Errors of a form: shown under their fields, and in a summary at the top that links to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormErrors(Vec<(String, String)>);

impl FormErrors {
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push((field.into(), message.into()));
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The error under one field.
    #[must_use]
    pub fn on(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, message)| message.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(field, message)| (field.as_str(), message.as_str()))
    }
}

/// Where a list stands: 第 1–50 条，共 312 条.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// From 1.
    pub page: i64,
    pub total: i64,
}

impl Paging {
    /// Behind the last page stands the last: a list may have become shorter since its address was written.
    #[must_use]
    pub fn new(page: Option<i64>, total: i64) -> Self {
        let last = (total - 1).max(0) / PAGE_ROWS + 1;
        Self {
            page: page.unwrap_or(1).clamp(1, last),
            total,
        }
    }

    /// The page that was asked for, of a list that is read before it is counted; [`Paging::holds`] says whether it is there.
    #[must_use]
    pub fn wanted(page: Option<i64>) -> Self {
        Self {
            page: page.unwrap_or(1).clamp(1, PAGE_MAX),
            total: 0,
        }
    }

    /// Takes the count; behind the last page it turns to the last, whose rows are still to be read.
    pub fn holds(&mut self, total: i64) -> bool {
        let wanted = self.page;
        *self = Self::new(Some(wanted), total);
        self.page == wanted
    }

    /// The rows of one page, of a list that is in memory.
    #[must_use]
    pub fn of<T>(page: Option<i64>, all: Vec<T>) -> (Vec<T>, Self) {
        let paging = Self::new(page, i64::try_from(all.len()).unwrap_or(i64::MAX));
        let size = |n: i64| usize::try_from(n).unwrap_or(0);
        let rows = all.into_iter().skip(size(paging.offset()));
        (rows.take(size(paging.rows())).collect(), paging)
    }

    #[must_use]
    pub const fn rows(&self) -> i64 {
        PAGE_ROWS
    }

    #[must_use]
    pub const fn offset(&self) -> i64 {
        (self.page - 1) * PAGE_ROWS
    }

    #[must_use]
    pub fn first(&self) -> i64 {
        (self.offset() + 1).min(self.total)
    }

    #[must_use]
    pub fn last(&self) -> i64 {
        (self.offset() + PAGE_ROWS).min(self.total)
    }

    #[must_use]
    pub fn previous(&self) -> Option<i64> {
        (self.page > 1).then(|| self.page - 1)
    }

    #[must_use]
    pub fn next(&self) -> Option<i64> {
        (self.offset() + PAGE_ROWS < self.total).then(|| self.page + 1)
    }
}

/// `?a=…&b=…&` of the filled parts, for links that keep a list's state.
#[must_use]
pub fn address(path: &str, parts: &[(&str, &str)]) -> String {
    let mut address = format!("{path}?");
    for (name, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
        address.push_str(name);
        address.push('=');
        address.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        address.push('&');
    }
    address
}

/// Sends the browser on after a change, with one sentence for the next page to show.
pub fn redirect_with(path: &str, message: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    let cookie = format!(
        "gk_flash={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
        utf8_percent_encode(message, NON_ALPHANUMERIC)
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_the_last_page_stands_the_last() {
        assert_eq!(Paging::new(Some(999), PAGE_ROWS + 3).page, 2);
        assert_eq!(Paging::new(Some(999), PAGE_ROWS).page, 1);
        assert_eq!(Paging::new(Some(-1), 0).page, 1);
        let mut paging = Paging::wanted(Some(999));
        assert_eq!(paging.offset(), 998 * PAGE_ROWS);
        assert!(!paging.holds(PAGE_ROWS + 3));
        assert_eq!(paging.offset(), PAGE_ROWS);
        assert!(paging.holds(PAGE_ROWS + 3));
    }

    #[test]
    fn a_list_in_memory_is_turned_page_by_page() {
        let all: Vec<i64> = (1..=PAGE_ROWS + 3).collect();
        let (first, paging) = Paging::of(None, all.clone());
        assert_eq!((first.len(), first[0]), (50, 1));
        assert!(paging.next() == Some(2) && paging.previous().is_none());
        let (last, paging) = Paging::of(Some(2), all.clone());
        assert_eq!(last, [51, 52, 53]);
        assert!(paging.next().is_none() && paging.first() == 51);
        assert_eq!(Paging::of(Some(9), all), (last, paging));
    }
}
