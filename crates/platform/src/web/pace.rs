//! How often one address asks, for answers that cost more than a page: counted in memory, forgotten with each window.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// One window, in milliseconds.
const WINDOW_MILLISECONDS: i64 = 60_000;
/// Addresses that are remembered; with more, the window begins anew.
const ADDRESSES_MAX: usize = 20_000;

/// Counts of one kind of asking; each kind keeps its own in a type around it.
#[derive(Debug, Default)]
pub struct Pace(Mutex<(i64, HashMap<IpAddr, u32>)>);

impl Pace {
    /// One more time that an address asks at this instant (milliseconds); `false`: more than `most` in this minute.
    pub fn lets(&self, address: IpAddr, now: i64, most: u32) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let window = now.div_euclid(WINDOW_MILLISECONDS);
        let full = held.1.len() >= ADDRESSES_MAX && !held.1.contains_key(&address);
        if held.0 != window || full {
            *held = (window, HashMap::new());
        }
        let asked = held.1.entry(address).or_default();
        *asked = asked.saturating_add(1);
        *asked <= most
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{ADDRESSES_MAX, Pace};

    #[test]
    fn one_too_many_is_refused_until_the_window_ends() {
        let (pace, one) = (Pace::default(), IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert!((0..120).all(|_| pace.lets(one, 1_000, 120)));
        assert!(!pace.lets(one, 59_999, 120));
        assert!(pace.lets(IpAddr::V4(Ipv4Addr::BROADCAST), 59_999, 120));
        assert!(pace.lets(one, 60_000, 120));
    }

    #[test]
    fn memory_stays_bounded() {
        let pace = Pace::default();
        for n in 0..2 * ADDRESSES_MAX {
            let address = IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(n).unwrap()));
            assert!(pace.lets(address, 0, 1));
        }
        assert!(pace.0.lock().unwrap().1.len() <= ADDRESSES_MAX);
    }
}
