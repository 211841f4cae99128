//! How often one address may ask and count: in memory, forgotten after the window. Whoever is over it is not helped and not
//! counted; applying goes on.

use std::net::IpAddr;

use gongkai_platform::web::Pace;

/// Looks of one address in a minute: a hall with ten terminals types at the same time.
pub const ASKS_MAX: u32 = 120;

#[derive(Debug, Default)]
pub struct Limit(Pace);

impl Limit {
    /// One more look of an address at this instant (milliseconds); `false`: too many.
    pub fn lets(&self, address: IpAddr, now: i64) -> bool {
        self.0.lets(address, now, ASKS_MAX)
    }
}
