//! What a double says of itself to who asks whether anybody is there: where its hosts are, and how often it lets itself be asked.

use super::Host;
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::sync::Arc;

/// The header that names the hosts of a double: `token=http://127.0.0.1:8080, endpointUrl=http://127.0.0.1:8081`.
const HOSTS: &str = "vigie-hosts";
/// The header that tells how many requests per second each token may send.
const QUOTA: &str = "vigie-quota";

/// A host that tells of the double to who asks with HEAD, as no case does.
struct Telling {
    host: Arc<dyn Host>,
    told: HeaderMap,
}

impl Host for Telling {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        let is_asked = request.method() == Method::HEAD;
        let answer = self.host.answer(request);
        Box::pin(async move {
            let mut answer = answer.await;
            if is_asked {
                answer.headers_mut().extend(self.told.clone());
            }
            answer
        })
    }
}

/// What is told of several hosts, one alone is where it was found, and of a quota.
pub(super) fn told(roles: &[&str], urls: &[String], quota: Option<u32>) -> HeaderMap {
    let named: Vec<String> = roles.iter().zip(urls).map(|(role, url)| format!("{role}={url}")).collect();
    let hosts = (named.len() > 1).then(|| HeaderValue::from_str(&named.join(", ")).ok()).flatten();
    let told = [(HOSTS, hosts), (QUOTA, quota.map(HeaderValue::from))].into_iter();
    told.filter_map(|(name, value)| Some((HeaderName::from_static(name), value?))).collect()
}

/// The hosts, which tell it.
pub(super) fn telling(hosts: Vec<Arc<dyn Host>>, told: &HeaderMap) -> Vec<Arc<dyn Host>> {
    if told.is_empty() {
        return hosts;
    }
    hosts.into_iter().map(|host| Arc::new(Telling { host, told: told.clone() }) as Arc<dyn Host>).collect()
}

/// The hosts that a double names, by their roles.
#[must_use]
pub fn named_hosts(headers: &HeaderMap) -> Vec<(String, String)> {
    let named = headers.get(HOSTS).and_then(|named| named.to_str().ok()).unwrap_or_default();
    let pairs = named.split(", ").filter_map(|named| named.split_once('='));
    pairs.map(|(role, url)| (role.to_owned(), url.to_owned())).collect()
}

/// How many requests per second a double takes of each token, if it counts them.
#[must_use]
pub fn named_quota(headers: &HeaderMap) -> Option<u32> {
    headers.get(QUOTA)?.to_str().ok()?.parse().ok()
}
