//! Guessing passwords is made slow: an account locks for a while, and an address is turned away for a while.
//!
//! The account's count lies in the store. The address's count lies in memory, for each serving process by itself: it is
//! a brake, and forgetting it at a restart does no harm. No lock lasts, so that an outsider cannot shut a person out for good.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// Wrong passwords or codes in a row before an account locks.
pub(super) const FAILURES_MAX: i64 = 5;
pub(super) const LOCK: SignedDuration = SignedDuration::from_mins(15);
/// Failed sign-ins of one address within [`ADDRESS_WINDOW`]. An office of hundreds may share one address.
pub(super) const ADDRESS_FAILURES_MAX: u32 = 50;
pub(super) const ADDRESS_WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Addresses remembered at once; beyond it the oldest windows go first.
const ADDRESSES_MAX: usize = 20_000;

#[derive(Debug, Clone, Copy)]
struct Window {
    since: Timestamp,
    failures: u32,
}

/// Counts failed sign-ins of each address.
#[derive(Debug, Default)]
pub struct Gate(Mutex<HashMap<IpAddr, Window>>);

impl Gate {
    /// May this address try at all?
    pub(super) fn admits(&self, address: IpAddr, now: Timestamp) -> bool {
        let windows = self.lock();
        windows
            .get(&network(address))
            .is_none_or(|window| window.failures < ADDRESS_FAILURES_MAX || window.is_over(now))
    }

    /// Notes a failure.
    pub(super) fn failed(&self, address: IpAddr, now: Timestamp) {
        let address = network(address);
        let mut windows = self.lock();
        if windows.len() >= ADDRESSES_MAX && !windows.contains_key(&address) {
            windows.retain(|_, window| !window.is_over(now));
            if windows.len() >= ADDRESSES_MAX {
                let oldest = windows.iter().min_by_key(|(_, window)| window.since);
                if let Some(oldest) = oldest.map(|(address, _)| *address) {
                    windows.remove(&oldest);
                }
            }
        }
        let window = windows.entry(address).or_insert(Window {
            since: now,
            failures: 0,
        });
        if window.is_over(now) {
            *window = Window {
                since: now,
                failures: 0,
            };
        }
        window.failures = window.failures.saturating_add(1);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, Window>> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Who has one IPv6 address has its whole /64; they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & (u128::MAX << 64)).into()),
        address @ IpAddr::V4(_) => address,
    }
}

impl Window {
    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) >= ADDRESS_WINDOW
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{ADDRESS_FAILURES_MAX, ADDRESS_WINDOW, ADDRESSES_MAX, Gate};

    #[test]
    fn an_address_is_turned_away_at_the_limit_and_let_in_again() {
        let gate = Gate::default();
        let (here, there): (IpAddr, IpAddr) =
            ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let now = "2026-10-12T01:00:00Z".parse().unwrap();
        for _ in 1..ADDRESS_FAILURES_MAX {
            gate.failed(here, now);
        }
        assert!(gate.admits(here, now));
        gate.failed(here, now);
        assert!(!gate.admits(here, now));
        assert!(gate.admits(there, now));
        let later = now + ADDRESS_WINDOW;
        assert!(gate.admits(here, later));
        gate.failed(here, later);
        assert!(gate.admits(here, later));
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let gate = Gate::default();
        let now = "2026-10-12T01:00:00Z".parse().unwrap();
        for number in 0..ADDRESS_FAILURES_MAX {
            gate.failed(format!("2001:db8::{number:x}").parse().unwrap(), now);
        }
        assert!(!gate.admits("2001:db8::ffff".parse().unwrap(), now));
        assert!(gate.admits("2001:db8:0:1::1".parse().unwrap(), now));
    }

    #[test]
    fn the_memory_of_addresses_is_bounded() {
        let gate = Gate::default();
        let now = "2026-10-12T01:00:00Z".parse().unwrap();
        for number in 0..u32::try_from(ADDRESSES_MAX).unwrap() + 10 {
            gate.failed(IpAddr::from(number.to_be_bytes()), now);
        }
        assert_eq!(gate.lock().len(), ADDRESSES_MAX);
    }
}
