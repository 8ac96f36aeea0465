//! From a name to a host that answers.

use super::{Check, Subject};
use crate::pace::Pace;
use crate::targets::Resolved;
use crate::transport::{Outage, Transport};
use std::net::SocketAddr;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use vigie::clients::is_here;

/// The way to the host. Whether it is a vigie sandbox; `None` if it does not answer.
pub(super) async fn reach(
    pace: &Pace,
    transport: &Transport,
    target: &Resolved,
    checks: &mut Vec<Check>,
) -> Option<bool> {
    let url = transport.base_url();
    let host = url.host_str().unwrap_or_default().to_owned();
    let is_secure = url.scheme() == "https";
    let proxy = if is_here(url) { None } else { proxy(is_secure) };
    let port = url.port_or_known_default().unwrap_or(443);
    if let Some(variable) = proxy {
        let told = format!("requests go through a proxy ({variable})");
        checks.push(Check::not_tried(Subject::HostName, told.clone()));
        checks.push(Check::not_tried(Subject::Connection, told));
    } else {
        let addresses = name(&host, port, target, checks).await?;
        connection(&addresses, target, checks).await?;
    }
    let probed = pace.probe(transport).await;
    let subject = Subject::Tls;
    match &probed {
        // Somebody listens, as was just seen: what fails then is the handshake.
        Err(Outage::Tls(_) | Outage::Refused) if is_secure && proxy.is_none() => {
            let mend = "check that the host uses HTTPS, and check its certificate and this machine's certificates; SSL_CERT_FILE can name others";
            checks.push(Check::problem(subject, "the port is open, but the TLS handshake failed", mend));
            return None;
        }
        Err(outage) => {
            let mend = "check the address and port, or try again later; `vigie serve` starts a sandbox on this machine";
            checks.push(Check::problem(Subject::Api, format!("no answer: {outage}"), mend));
        }
        Ok(_) if is_secure => checks.push(Check::ok(subject, "the certificate is valid")),
        Ok(_) => {}
    }
    if !is_secure {
        checks.push(if target.is_clear() {
            let told =
                "none, and the target is another machine: anyone on the network can read the token and the answers";
            Check::warning(subject, told, "use the https:// URL of the target")
        } else {
            Check::not_tried(subject, "the target is this machine and does not use TLS")
        });
    }
    probed.ok().map(|double| double.is_some())
}

async fn name(host: &str, port: u16, target: &Resolved, checks: &mut Vec<Check>) -> Option<Vec<SocketAddr>> {
    let bare = host.trim_matches(['[', ']']);
    let found = timeout(target.timeout, lookup_host((bare, port))).await;
    let addresses: Vec<SocketAddr> = found.ok().and_then(Result::ok).map(Iterator::collect).unwrap_or_default();
    let subject = Subject::HostName;
    if addresses.is_empty() {
        let mend = "check the spelling, and the network and DNS of this machine";
        checks.push(Check::problem(subject, format!("`{host}` has no address"), mend));
        return None;
    }
    let told = match bare.parse::<std::net::IpAddr>() {
        Ok(_) => format!("{bare} is an address"),
        Err(_) => format!("`{host}` has {}", count(addresses.len(), "address", "addresses")),
    };
    checks.push(Check::ok(subject, told));
    Some(addresses)
}

async fn connection(addresses: &[SocketAddr], target: &Resolved, checks: &mut Vec<Check>) -> Option<()> {
    let connected = timeout(target.timeout, TcpStream::connect(addresses)).await;
    let subject = Subject::Connection;
    let told = match connected {
        Ok(Ok(_)) => {
            checks.push(Check::ok(subject, "port open"));
            return Some(());
        }
        Ok(Err(error)) => format!("cannot connect: {}", error.kind()),
        Err(_) => format!("no connection within {} s", target.timeout.as_secs_f32()),
    };
    let mend = "check the port and the firewall. A provider may block a client for hours if it ignored 429s. `vigie serve` starts a sandbox on this machine";
    checks.push(Check::problem(subject, told, mend));
    None
}

/// The variable of the proxy that would be asked, as the HTTP client reads it.
fn proxy(is_secure: bool) -> Option<&'static str> {
    let own = if is_secure { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let mut all = own.into_iter().chain(["ALL_PROXY", "all_proxy"]);
    all.find(|variable| std::env::var_os(variable).is_some_and(|value| !value.is_empty()))
}

/// `1 operation`, `3 operations`
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
