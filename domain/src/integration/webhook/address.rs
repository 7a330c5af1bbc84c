//! Which addresses a webhook may have. What a name stands for is judged anew at each connection; here is what its text tells.

use core::net::IpAddr;

use super::network::{Network, is_public};
use crate::kernel::refusal::Invalid;

/// The longest address, in bytes.
pub const LONGEST: usize = 2000;

/// Ports of public addresses that are called: those of HTTPS. Behind others may stand what was never meant to be called.
const PUBLIC_PORTS: [u16; 2] = [443, 8443];

/// The parts of an address, as a parser of URLs (WHATWG) gives them: every form of an IP address has become that IP address.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    pub scheme: &'a str,
    pub host: Host<'a>,
    pub port: u16,
    /// Whether a name or password stands in it.
    pub has_user: bool,
    pub has_fragment: bool,
}

/// Whom an address names.
#[derive(Debug, Clone, Copy)]
pub enum Host<'a> {
    Name(&'a str),
    Address(IpAddr),
}

/// Where a call may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// At public addresses, and in allowed networks.
    Public,
    /// In allowed networks alone: it is not encrypted, or goes to a port that is not called elsewhere.
    AllowedOnly,
}

impl Reach {
    /// Whether a call may end at this address.
    pub fn permits(self, address: IpAddr, allowed: &[Network]) -> bool {
        let is_allowed = allowed.iter().any(|network| network.contains(address));
        is_allowed || (self == Self::Public && is_public(address))
    }
}

/// How far calls of this address may reach, or why it cannot be one of a webhook. `allowed` are networks of the operator's, for development.
pub fn check(target: &Target<'_>, allowed: &[Network]) -> Result<Reach, Invalid> {
    if !["https", "http"].contains(&target.scheme) || (target.scheme == "http" && allowed.is_empty()) {
        return Err(Invalid::new("scheme", "The address of a webhook begins with https://."));
    }
    if target.has_user || target.has_fragment {
        return Err(Invalid::new("address_part", "The address holds no user, password or fragment."));
    }
    let is_plain = target.scheme == "https" && PUBLIC_PORTS.contains(&target.port);
    let reach = if is_plain { Reach::Public } else { Reach::AllowedOnly };
    match target.host {
        Host::Address(address) if !reach.permits(address, allowed) => Err(match is_public(address) {
            true => only_standard(target),
            false => Invalid::new("private_address", "The address is not one of the public internet."),
        }),
        Host::Name(name) if allowed.is_empty() && is_local(name) => {
            Err(Invalid::new("private_address", "The name is not one of the public internet."))
        }
        Host::Name(_) if allowed.is_empty() && !is_plain => Err(only_standard(target)),
        _ => Ok(reach),
    }
}

fn only_standard(target: &Target<'_>) -> Invalid {
    if target.scheme == "http" {
        return Invalid::new("scheme", "The address of a webhook begins with https://.");
    }
    Invalid::new("port", "Webhooks are called at the ports 443 and 8443.")
}

/// Names that never stand for anything public (RFC 6761, RFC 6762, RFC 8375), and such without a dot.
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    !name.contains('.')
        || ["localhost", "local", "internal", "onion", "test", "invalid"].contains(&last)
        || name == "home.arpa"
        || name.ends_with(".home.arpa")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target<'a>(scheme: &'a str, host: &'a str, port: u16) -> Target<'a> {
        let host = host.parse().map_or(Host::Name(host), Host::Address);
        Target { scheme, host, port, has_user: false, has_fragment: false }
    }

    fn code(target: Target<'_>, allowed: &[Network]) -> Result<Reach, &'static str> {
        check(&target, allowed).map_err(|invalid| invalid.code)
    }

    // S8
    #[test]
    fn only_https_to_public_addresses_at_its_ports() {
        for (scheme, host, port, expected) in [
            ("https", "hooks.example.org", 443, Ok(Reach::Public)),
            ("https", "hooks.example.org", 8443, Ok(Reach::Public)),
            ("https", "1.1.1.1", 443, Ok(Reach::Public)),
            ("http", "hooks.example.org", 80, Err("scheme")),
            ("ftp", "hooks.example.org", 443, Err("scheme")),
            ("https", "hooks.example.org", 22, Err("port")),
            ("https", "1.1.1.1", 6379, Err("port")),
            ("https", "127.0.0.1", 443, Err("private_address")),
            ("https", "::1", 443, Err("private_address")),
            ("https", "::ffff:10.0.0.1", 8080, Err("private_address")),
            ("https", "localhost", 443, Err("private_address")),
            ("https", "LOCALHOST.", 443, Err("private_address")),
            ("https", "a.localhost", 443, Err("private_address")),
            ("https", "printer.local", 443, Err("private_address")),
            ("https", "router.home.arpa", 443, Err("private_address")),
            ("https", "metadata.google.internal", 443, Err("private_address")),
            ("https", "intranet", 443, Err("private_address")),
        ] {
            assert_eq!(code(target(scheme, host, port), &[]), expected, "{scheme} {host} {port}");
        }
        let plain = target("https", "hooks.example.org", 443);
        assert_eq!(code(Target { has_user: true, ..plain }, &[]), Err("address_part"));
        assert_eq!(code(Target { has_fragment: true, ..plain }, &[]), Err("address_part"));
    }

    #[test]
    fn an_allowed_network_may_be_called_in_any_way_and_nothing_else_is_opened_by_it() {
        let allowed = [Network::parse("127.0.0.0/8").unwrap()];
        assert_eq!(code(target("http", "127.0.0.1", 9000), &allowed), Ok(Reach::AllowedOnly));
        assert_eq!(code(target("https", "127.0.0.1", 443), &allowed), Ok(Reach::Public));
        assert_eq!(code(target("http", "localhost", 9000), &allowed), Ok(Reach::AllowedOnly));
        assert_eq!(code(target("http", "10.0.0.1", 80), &allowed), Err("private_address"));
        assert_eq!(code(target("http", "1.1.1.1", 80), &allowed), Err("scheme"));
        assert_eq!(code(target("https", "1.1.1.1", 22), &allowed), Err("port"));
        assert_eq!(code(target("gopher", "127.0.0.1", 70), &allowed), Err("scheme"));
        let address = |text: &str| text.parse().unwrap();
        assert!(Reach::AllowedOnly.permits(address("127.0.0.1"), &allowed));
        assert!(!Reach::AllowedOnly.permits(address("1.1.1.1"), &allowed));
        assert!(
            Reach::Public.permits(address("1.1.1.1"), &[]) && !Reach::Public.permits(address("10.0.0.1"), &allowed)
        );
    }
}
