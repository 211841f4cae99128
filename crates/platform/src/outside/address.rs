//! Which addresses lie inside a network and are nobody's public site.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address is of this machine, of a private network, or of no host that the public could reach: RFC 6890 and the
/// IPv6 forms that carry such an IPv4 address.
#[must_use]
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        // Between a provider and its customers.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        // Measuring.
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, fourth, fifth, sixth, high, low] = address.segments();
    let carried = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || (first == 0x2001 && second == 0x0db8)
        // 6to4 and the well-known prefix of NAT64; the old form with nothing before the IPv4 address.
        || (first == 0x2002 && carried(second, third))
        || (first == 0x64 && second == 0xff9b && carried(high, low))
        || ([first, second, third, fourth, fifth, sixth] == [0; 6] && carried(high, low))
}

#[cfg(test)]
mod tests {
    use super::is_private;

    #[test]
    fn inner_addresses_in_every_dress_are_private() {
        for inner in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::a00:1",
        ] {
            assert!(is_private(inner.parse().unwrap()), "{inner}");
        }
        for outer in [
            "1.2.4.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.32.0.1",
            "223.5.5.5",
            "2400:3200::1",
            "::ffff:1.2.4.8",
            "64:ff9b::104:408",
        ] {
            assert!(!is_private(outer.parse().unwrap()), "{outer}");
        }
    }
}
