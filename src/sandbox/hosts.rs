//! A double of several hosts says where they are, in the answer to the question whether anybody is there.

use super::Host;
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::sync::Arc;

/// The header that names the hosts of a double: `token=http://127.0.0.1:8080, endpointUrl=http://127.0.0.1:8081`.
const HOSTS: &str = "vigie-hosts";

/// A host that names itself and its neighbours to who asks with HEAD, as no case does.
struct Naming {
    host: Arc<dyn Host>,
    hosts: HeaderValue,
}

impl Host for Naming {
    fn answer(&self, request: Request) -> BoxFuture<'_, Response> {
        let is_asked = request.method() == Method::HEAD;
        let answer = self.host.answer(request);
        Box::pin(async move {
            let mut answer = answer.await;
            if is_asked {
                answer.headers_mut().insert(HeaderName::from_static(HOSTS), self.hosts.clone());
            }
            answer
        })
    }
}

/// What names several hosts; one alone is where it was found.
pub(super) fn name(roles: &[&str], urls: &[String]) -> Option<HeaderValue> {
    let named: Vec<String> = roles.iter().zip(urls).map(|(role, url)| format!("{role}={url}")).collect();
    (named.len() > 1).then(|| HeaderValue::from_str(&named.join(", ")).ok()).flatten()
}

/// The hosts, which name themselves.
pub(super) fn naming(hosts: Vec<Arc<dyn Host>>, named: Option<&HeaderValue>) -> Vec<Arc<dyn Host>> {
    let Some(named) = named else { return hosts };
    hosts.into_iter().map(|host| Arc::new(Naming { host, hosts: named.clone() }) as Arc<dyn Host>).collect()
}

/// The hosts that a double names, by their roles.
pub(crate) fn named_hosts(headers: &HeaderMap) -> Vec<(String, String)> {
    let named = headers.get(HOSTS).and_then(|named| named.to_str().ok()).unwrap_or_default();
    let pairs = named.split(", ").filter_map(|named| named.split_once('='));
    pairs.map(|(role, url)| (role.to_owned(), url.to_owned())).collect()
}
