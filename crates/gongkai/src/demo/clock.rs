//! The demo's past: what the seeder does "in June" is stored with June's time.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use gongkai_basis::Date;
use gongkai_platform::db::Clock;
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};

tokio::task_local! {
    static THEN: Timestamp;
}

/// A clock that tells the time of [`at`] inside it, and the given one's everywhere else.
#[must_use]
pub fn dated(now: Clock) -> Clock {
    Arc::new(move || THEN.try_with(|then| *then).unwrap_or_else(|_| now()))
}

/// Does some work as if it were ten o'clock in Beijing on that day. The work lies on the heap: a year of it, unoptimised,
/// would be too much for a thread's stack.
pub fn at<W: Future>(day: Date, work: W) -> Pin<Box<impl Future<Output = W::Output>>> {
    let ten = day.at(10, 0, 0, 0).to_zoned(TimeZone::fixed(offset(8)));
    Box::pin(async move {
        match ten {
            Ok(ten) => THEN.scope(ten.timestamp(), work).await,
            Err(_) => work.await,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_work_inside_lives_in_the_past() {
        let now: Timestamp = "2026-10-12T01:00:00Z".parse().unwrap();
        let clock = dated(Arc::new(move || now));
        assert_eq!(clock(), now);
        let day: Date = "2026-03-18".parse().unwrap();
        let then = at(day, async { clock() }).await;
        assert_eq!(then.to_string(), "2026-03-18T02:00:00Z");
        assert_eq!(clock(), now);
    }
}
