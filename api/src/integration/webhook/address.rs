//! Addresses of webhooks: read as browsers read them, so that every form of an IP address is known as what it is, and judged by the rules.

use std::time::Duration;

use domain::integration::webhook::address::{self, Host, LONGEST, Reach, Target};
use domain::integration::webhook::network::Network;
use domain::kernel::Refusal;
use domain::kernel::refusal::Invalid;
use reqwest::Url;
use tokio::time::timeout;

use crate::config::Config;

/// How long a name is looked up when a webhook is registered. One that cannot be resolved by then is judged when something is sent.
const LOOK_UP: Duration = Duration::from_secs(2);

/// The networks that may be called beside the public ones. The configuration was checked when it was read.
pub fn allowed(config: &Config) -> Vec<Network> {
    config.webhook_allowed_networks.iter().filter_map(|text| Network::parse(text).ok()).collect()
}

/// The address in its normal form, and how far calls of it may reach.
pub fn parse(text: &str, allowed: &[Network]) -> Result<(Url, Reach), Invalid> {
    if text.len() > LONGEST {
        return Err(Invalid::new("too_long", format!("An address has at most {LONGEST} bytes.")));
    }
    let invalid = || Invalid::new("url", "It is not an absolute address such as https://hooks.example.org/torg.");
    let url = Url::parse(text).map_err(|_| invalid())?;
    let host = url.host_str().ok_or_else(invalid)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let target = Target {
        scheme: url.scheme(),
        host: bare.parse().map_or(Host::Name(host), Host::Address),
        port: url.port_or_known_default().unwrap_or_default(),
        has_user: !url.username().is_empty() || url.password().is_some(),
        has_fragment: url.fragment().is_some(),
    };
    let reach = address::check(&target, allowed)?;
    Ok((url, reach))
}

/// Refuses an address whose name stands for private addresses alone. What is no good address otherwise, the use case refuses.
pub async fn check_name(config: &Config, text: &str) -> Result<(), Refusal> {
    let allowed = allowed(config);
    let Ok((url, reach)) = parse(text, &allowed) else { return Ok(()) };
    let Some(host) = url.host_str().filter(|host| !host.starts_with('[')) else { return Ok(()) };
    let Ok(Ok(found)) = timeout(LOOK_UP, tokio::net::lookup_host((host, 443))).await else { return Ok(()) };
    let found: Vec<_> = found.map(|address| address.ip()).collect();
    if found.is_empty() || found.iter().any(|address| reach.permits(*address, &allowed)) {
        return Ok(());
    }
    Err(Refusal::fault("/url", "private_address", "The name stands for no address of the public internet."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Result<String, &'static str> {
        parse(text, &[]).map(|(url, _)| url.to_string()).map_err(|invalid| invalid.code)
    }

    // S8
    #[test]
    fn every_form_of_a_private_address_is_known() {
        for private in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://017700000001/",
            "https://①②⑦.0.0.1/",
            "https://127.0.0.1./",
            "https://%31%32%37.0.0.1/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[0:0:0:0:0:ffff:7f00:1]/",
            "https://[64:ff9b::10.0.0.1]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1:8443/",
            "https://0/",
            "https://localhost/",
            "https://LOCALHOST./",
        ] {
            assert_eq!(code(private), Err("private_address"), "{private}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_webhook_is_refused() {
        for (text, expected) in [
            ("", "url"),
            ("hooks.example.org", "url"),
            ("/torg", "url"),
            ("https://", "url"),
            ("https://256.256.256.256/", "url"),
            ("http://hooks.example.org/", "scheme"),
            ("ftp://hooks.example.org/", "scheme"),
            ("file:///etc/passwd", "url"),
            ("https://user@hooks.example.org/", "address_part"),
            ("https://:secret@hooks.example.org/", "address_part"),
            ("https://hooks.example.org/#a", "address_part"),
            ("https://hooks.example.org:22/", "port"),
        ] {
            assert_eq!(code(text), Err(expected), "{text}");
        }
        let long = format!("https://hooks.example.org/{}", "a".repeat(LONGEST));
        assert_eq!(code(&long), Err("too_long"));
        assert_eq!(code("HTTPS://Hooks.Example.ORG:443/a?b=c"), Ok("https://hooks.example.org/a?b=c".into()));
    }
}
