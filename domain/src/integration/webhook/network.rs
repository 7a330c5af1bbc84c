//! Which addresses of the internet protocol anybody may be made to call: public ones, and networks that the operator allows.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::kernel::refusal::Invalid;

/// A network in CIDR form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// The bits of the prefix; all others are zero.
    prefix: u128,
    length: u32,
    is_v4: bool,
}

impl Network {
    /// Reads `10.1.0.0/16`, `fd00::/8`, or a single address.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid::new("network", format!("`{text}` is no network such as 10.1.0.0/16."));
        let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
        let address: IpAddr = address.parse().map_err(|_| invalid())?;
        let (bits, width) = bits_of(address);
        let length = length.map_or(Ok(width), str::parse).map_err(|_| invalid())?;
        if length > width || bits & !mask(length, width) != 0 {
            return Err(invalid());
        }
        Ok(Self { prefix: bits, length, is_v4: width == 32 })
    }

    /// Whether the address lies in it. An IPv4 address in IPv6 form (`::ffff:10.0.0.1`) is that IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (bits, width) = bits_of(address.to_canonical());
        (width == 32) == self.is_v4 && bits & mask(self.length, width) == self.prefix
    }
}

fn bits_of(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (u32::from(address).into(), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    }
}

fn mask(length: u32, width: u32) -> u128 {
    let ones = if width == 32 { u128::from(u32::MAX) } else { u128::MAX };
    ones & !ones.checked_shr(length).unwrap_or_default()
}

/// Whether the address is one of the public internet. Everything with a special purpose (IANA's registries of special-purpose addresses) is
/// not, and an address in which an IPv4 address is embedded (mapped; NAT64) is what that one is.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127, ..)              // this network, private, loopback
            | (100, 64..=127, _)        // shared by carriers (CGNAT)
            | (169, 254, _)             // link-local
            | (172, 16..=31, _)         // private
            | (192, 0, 0 | 2)           // protocol assignments, documentation
            | (192, 88, 99)             // 6to4 relays
            | (192, 168, _)             // private
            | (198, 18 | 19, _)         // benchmarks
            | (198, 51, 100)            // documentation
            | (203, 0, 113)             // documentation
            | (224.., ..) // multicast, reserved, broadcast
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(embedded) = address.to_ipv4_mapped() {
        return is_public_v4(embedded);
    }
    match address.segments() {
        // NAT64 (RFC 6052): what is called is the IPv4 address.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(((u32::from(high) << 16) | u32::from(low)).into()),
        [0x2001, 0..=0x1ff, ..] => false, // protocol assignments: Teredo, benchmarks, ORCHID
        [0x2001, 0xdb8, ..] => false,     // documentation
        [0x2002, ..] => false,            // 6to4, in which any IPv4 address may stand
        [0x3fff, 0..=0xfff, ..] => false, // documentation
        [0x2000..=0x3fff, ..] => true,    // global unicast
        _ => false,                       // loopback, unique local, link-local, multicast, all the rest
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    // S8
    #[test]
    fn what_has_a_special_purpose_is_not_public() {
        for special in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:c0a8:101::1",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip(special)), "{special}");
        }
    }

    #[test]
    fn other_addresses_are_public() {
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.0.0.1",
            "128.0.0.1",
            "169.253.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450::1",
            "3fff:1000::1",
        ] {
            assert!(is_public(ip(public)), "{public}");
        }
    }

    #[test]
    fn networks_are_prefixes() {
        let network = |text: &str| Network::parse(text).unwrap();
        assert!(
            network("127.0.0.0/8").contains(ip("127.9.9.9")) && network("127.0.0.0/8").contains(ip("::ffff:127.0.0.1"))
        );
        assert!(!network("127.0.0.0/8").contains(ip("128.0.0.1")) && !network("127.0.0.0/8").contains(ip("::1")));
        assert!(network("::1").contains(ip("::1")) && !network("::1").contains(ip("::2")));
        assert!(network("fd00::/8").contains(ip("fdff::1")) && !network("fd00::/8").contains(ip("fc00::1")));
        assert!(network("0.0.0.0/0").contains(ip("8.8.8.8")) && !network("0.0.0.0/0").contains(ip("2a00::1")));
        assert!(network("::/0").contains(ip("2a00::1")));
        for odd in ["", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "fd00::/129", "localhost"]
        {
            assert!(Network::parse(odd).is_err(), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn an_embedded_address_is_what_it_is_by_itself(bits in any::<u32>()) {
            let plain = Ipv4Addr::from(bits);
            let [a, b, c, d] = plain.octets();
            let nat64 = format!("64:ff9b::{:x}:{:x}", u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            for embedded in [IpAddr::V6(plain.to_ipv6_mapped()), ip(&nat64)] {
                prop_assert_eq!(is_public(embedded), is_public_v4(plain));
            }
        }

        #[test]
        fn a_network_holds_the_addresses_with_its_prefix(bits in any::<u128>(), length in 0..=128_u32, other in any::<u128>()) {
            let prefix = bits & mask(length, 128);
            // Of an IPv4 address in IPv6 form the network of that is asked.
            prop_assume!(prefix >> 32 != 0xffff && Ipv6Addr::from(prefix | (other & !mask(length, 128))).to_ipv4_mapped().is_none());
            let network = Network::parse(&format!("{}/{length}", Ipv6Addr::from(prefix))).unwrap();
            prop_assert!(network.contains(IpAddr::V6((prefix | (other & !mask(length, 128))).into())));
            if let Some(flipped) = (length > 0).then(|| prefix ^ (1 << (128 - length)))
                && Ipv6Addr::from(flipped).to_ipv4_mapped().is_none()
            {
                prop_assert!(!network.contains(IpAddr::V6(flipped.into())));
            }
        }
    }
}
