//! One document over HTTP: within a time, within a size, from the host that was asked, and not as a web page.

use std::io::Read;
use std::time::{Duration, Instant};
use ureq::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use ureq::{Agent, Body, RequestExt};
use url::Url;

/// Redirects on one host that are followed.
const MOST_REDIRECTS: usize = 3;

/// What a transfer may take.
pub(super) struct Limits {
    /// From the first look-up of the host to the last byte.
    pub(super) time: Duration,
    /// Bytes of the document, inflated.
    pub(super) bytes: u64,
}

/// What is asked for.
pub(super) struct Wanted<'a> {
    /// The address.
    pub(super) url: &'a str,
    /// JSON that is posted; without it the document is got.
    pub(super) post: Option<&'a str>,
    /// The `ETag` of what is here already.
    pub(super) etag: Option<&'a str>,
    /// The `Last-Modified` of what is here already.
    pub(super) last_modified: Option<&'a str>,
}

/// What came.
pub(super) enum Answer {
    /// The server says that what is here already is the document.
    Unchanged,
    /// A document.
    Document(Fetched),
}

/// A document, whole, and not yet looked at.
pub(super) struct Fetched {
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
}

/// Gets a document. An error says what came in its place, in words of ours; nothing of an answer is told but its status,
/// its headers and where it leads.
pub(super) fn fetch(wanted: &Wanted<'_>, limits: &Limits) -> Result<Answer, String> {
    let mut url = address(wanted.url)?;
    let started = Instant::now();
    for _ in 0..=MOST_REDIRECTS {
        let left = limits.time.saturating_sub(started.elapsed());
        let response = send(&url, wanted, left).map_err(|error| told(&error, limits))?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED && (wanted.etag.is_some() || wanted.last_modified.is_some()) {
            return Ok(Answer::Unchanged);
        }
        if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
            url = redirected(&url, &response, wanted)?;
            continue;
        }
        if status != StatusCode::OK {
            return Err(format!("status {}", status.as_u16()));
        }
        return document(response, limits).map(Answer::Document);
    }
    Err(format!("redirected more than {MOST_REDIRECTS} times"))
}

/// An address that may be asked: credentials have no place in it.
fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("not a URL: {error}"))?;
    if !["http", "https"].contains(&url.scheme()) {
        return Err(format!("`{}:` is neither http nor https", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the URL has a user or a password; documents are fetched without".into());
    }
    Ok(url)
}

fn send(url: &Url, wanted: &Wanted<'_>, left: Duration) -> Result<Response<Body>, ureq::Error> {
    // Redirects are followed by us, and every status is looked at by us.
    let config = Agent::config_builder()
        .timeout_global(Some(left))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION"), " (", env!("CARGO_PKG_REPOSITORY"), ")"));
    let agent = Agent::new_with_config(config.build());
    let mut request = ureq::http::Request::builder().uri(url.as_str());
    for (name, value) in [(header::IF_NONE_MATCH, wanted.etag), (header::IF_MODIFIED_SINCE, wanted.last_modified)] {
        // What stands in a file may have been changed into what no header can be: then the question has no condition.
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            request = request.header(name, value);
        }
    }
    match wanted.post {
        None => request.method("GET").body(())?.with_agent(agent).run(),
        Some(body) => {
            let request = request.method("POST").header(header::CONTENT_TYPE, "application/json");
            request.body(body.to_owned())?.with_agent(agent).run()
        }
    }
}

/// Where a redirect leads, if it stays on the host. A document that moved elsewhere is for a person to decide.
fn redirected(from: &Url, response: &Response<Body>, wanted: &Wanted<'_>) -> Result<Url, String> {
    let status = response.status().as_u16();
    let place =
        text(response.headers(), &header::LOCATION).ok_or_else(|| format!("status {status} without a location"))?;
    let to = from.join(&place).map_err(|error| format!("status {status} with an invalid location: {error}"))?;
    // What is wrong with an address is told without the address: a password may stand in it.
    let to = address(to.as_str()).map_err(|error| format!("status {status}, redirected: {error}"))?;
    let stays = to.origin() == from.origin() || (to.scheme() == "https" && to.host_str() == from.host_str());
    if !stays && from.scheme() == "https" && to.scheme() == "http" {
        return Err(format!("redirected to {to}, which does not use TLS"));
    }
    if !stays || wanted.post.is_some() {
        return Err(format!(
            "redirected to {to}; if the document moved there, change the URL (`extends` of the overlay, or `servers`)"
        ));
    }
    Ok(to)
}

/// Reads a document to its end. What is compressed is limited by what it inflates to.
fn document(mut response: Response<Body>, limits: &Limits) -> Result<Fetched, String> {
    let headers = response.headers();
    let content_type = text(headers, &header::CONTENT_TYPE);
    if let Some(given) = content_type.as_deref().filter(|given| !is_plausible(given)) {
        return Err(format!("`{given}` instead of a document"));
    }
    let encoding = text(headers, &header::CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase();
    if !["", "identity", "gzip"].contains(&encoding.as_str()) {
        return Err(format!("compressed as `{encoding}`, which was not asked for"));
    }
    let (etag, last_modified) = (text(headers, &header::ETAG), text(headers, &header::LAST_MODIFIED));
    let mut bytes = Vec::new();
    let read = response.body_mut().as_reader().take(limits.bytes + 1).read_to_end(&mut bytes);
    read.map_err(|error| told(&ureq::Error::from(error), limits))?;
    if bytes.len() as u64 > limits.bytes {
        return Err(format!("larger than {} bytes", limits.bytes));
    }
    Ok(Fetched { bytes, content_type, etag, last_modified })
}

/// Whether a document may be served so. What says nothing of itself is judged by what it holds.
fn is_plausible(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (_, subtype) = media_type.split_once('/').unwrap_or_default();
    ["yaml", "json"].iter().any(|form| subtype.contains(form))
        || ["text/plain", "application/octet-stream"].contains(&media_type.as_str())
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn told(error: &ureq::Error, limits: &Limits) -> String {
    match error {
        ureq::Error::Timeout(_) => format!("no complete answer within {:?}", limits.time),
        ureq::Error::HostNotFound => "no such host".to_owned(),
        ureq::Error::Io(error) => format!("the connection failed or was closed: {error}"),
        other => other.to_string(),
    }
}
