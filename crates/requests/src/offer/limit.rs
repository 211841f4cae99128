//! How often one address may ask and count: in memory, forgotten after the window. Whoever is over it is not helped and not
//! counted; applying goes on.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// One window, in milliseconds.
const WINDOW_MILLISECONDS: i64 = 60_000;
/// Looks of one address in a window: a hall with ten terminals types at the same time.
pub const ASKS_MAX: u32 = 120;
/// Addresses that are remembered; with more, the window begins anew.
const ADDRESSES_MAX: usize = 20_000;

#[derive(Debug, Default)]
pub struct Limit(Mutex<(i64, HashMap<IpAddr, u32>)>);

impl Limit {
    /// One more look of an address at this instant (milliseconds); `false`: too many.
    pub fn lets(&self, address: IpAddr, now: i64) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = now.div_euclid(WINDOW_MILLISECONDS);
        let full = held.1.len() >= ADDRESSES_MAX && !held.1.contains_key(&address);
        if held.0 != window || full {
            *held = (window, HashMap::new());
        }
        let asked = held.1.entry(address).or_default();
        *asked += 1;
        *asked <= ASKS_MAX
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{ADDRESSES_MAX, ASKS_MAX, Limit};

    #[test]
    fn one_too_many_is_refused_until_the_window_ends() {
        let (limit, one) = (Limit::default(), IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert!((0..ASKS_MAX).all(|_| limit.lets(one, 1_000)));
        assert!(!limit.lets(one, 59_999));
        assert!(limit.lets(IpAddr::V4(Ipv4Addr::BROADCAST), 59_999));
        assert!(limit.lets(one, 60_000));
    }

    #[test]
    fn memory_stays_bounded() {
        let limit = Limit::default();
        for n in 0..2 * ADDRESSES_MAX {
            let address = IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(n).unwrap()));
            assert!(limit.lets(address, 0));
        }
        assert!(limit.0.lock().unwrap().1.len() <= ADDRESSES_MAX);
    }
}
