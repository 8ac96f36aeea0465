//! What a sandbox says of itself to whoever asks whether anybody is there: where its hosts are, and its quota.

use super::Host;
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::sync::Arc;

/// The header that names the hosts of a sandbox: `token=http://127.0.0.1:8080, endpointUrl=http://127.0.0.1:8081`.
const HOSTS: &str = "vigie-hosts";
/// The header that says how many requests per second each token may send.
const QUOTA: &str = "vigie-quota";

/// A host that announces the sandbox to whoever asks with HEAD, as no case does.
struct Announcing {
    host: Arc<dyn Host>,
    headers: HeaderMap,
}

impl Host for Announcing {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        let is_asked = request.method() == Method::HEAD;
        let answer = self.host.answer(request);
        Box::pin(async move {
            let mut answer = answer.await;
            if is_asked {
                answer.headers_mut().extend(self.headers.clone());
            }
            answer
        })
    }
}

/// The headers that announce several hosts (one alone is where it was found) and a quota.
pub(super) fn headers(roles: &[&str], urls: &[String], quota: Option<u32>) -> HeaderMap {
    let named: Vec<String> = roles.iter().zip(urls).map(|(role, url)| format!("{role}={url}")).collect();
    let hosts = (named.len() > 1).then(|| HeaderValue::from_str(&named.join(", ")).ok()).flatten();
    let headers = [(HOSTS, hosts), (QUOTA, quota.map(HeaderValue::from))].into_iter();
    headers.filter_map(|(name, value)| Some((HeaderName::from_static(name), value?))).collect()
}

/// The hosts, which announce it.
pub(super) fn announcing(hosts: Vec<Arc<dyn Host>>, headers: &HeaderMap) -> Vec<Arc<dyn Host>> {
    if headers.is_empty() {
        return hosts;
    }
    hosts.into_iter().map(|host| Arc::new(Announcing { host, headers: headers.clone() }) as Arc<dyn Host>).collect()
}

/// The hosts that a sandbox names, by their roles.
#[must_use]
pub fn named_hosts(headers: &HeaderMap) -> Vec<(String, String)> {
    let named = headers.get(HOSTS).and_then(|named| named.to_str().ok()).unwrap_or_default();
    let pairs = named.split(", ").filter_map(|named| named.split_once('='));
    pairs.map(|(role, url)| (role.to_owned(), url.to_owned())).collect()
}

/// How many requests per second a sandbox takes of each token, if it counts them.
#[must_use]
pub fn named_quota(headers: &HeaderMap) -> Option<u32> {
    headers.get(QUOTA)?.to_str().ok()?.parse().ok()
}
