//! Where a session calls, and where it is sent when the endpoint moves.

use super::SessionError;
use reqwest::Url;

/// What stands between an endpoint and the paths of the contract.
const VERSION: &str = "/v1";

/// The base URL of a client: the endpoint as it was named, without its last slash, and the version.
pub(super) fn base(endpoint: &str) -> Result<Url, SessionError> {
    let url = crate::clients::base_url(endpoint).map_err(|_| SessionError::Endpoint)?;
    let path = url.path().trim_end_matches('/');
    Ok(with_path(&url, &format!("{}{VERSION}", path.strip_suffix(VERSION).unwrap_or(path))))
}

/// The endpoint that a token answer names. Secrets that went to a host over TLS are not sent on without it.
pub(super) fn named(endpoint: &str, by: &Url) -> Result<Url, SessionError> {
    safe(base(endpoint)?, by)
}

/// The base URL after a move: `location` is a bare base, or the whole URL of the call that was answered.
pub(super) fn moved(from: &Url, sent: &str, location: &str) -> Result<Url, SessionError> {
    let url = from.join(location).map_err(|_| SessionError::Endpoint)?;
    let call = sent.split('?').next().unwrap_or(sent);
    let call = call.strip_prefix(from.path().trim_end_matches('/')).unwrap_or(call);
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix(call.trim_end_matches('/')).unwrap_or(path);
    let mut bare = with_path(&url, path);
    bare.set_query(None);
    bare.set_fragment(None);
    let url = safe(base(bare.as_str())?, from)?;
    if url == *from { Err(SessionError::Circle) } else { Ok(url) }
}

fn safe(url: Url, from: &Url) -> Result<Url, SessionError> {
    if from.scheme() == "https" && url.scheme() != "https" { Err(SessionError::Downgrade) } else { Ok(url) }
}

fn with_path(url: &Url, path: &str) -> Url {
    let mut url = url.clone();
    url.set_path(path);
    url
}

#[cfg(test)]
mod tests {
    use super::{base, moved, named};
    use crate::clients::kaizala::SessionError;
    use reqwest::Url;

    fn url(text: &str) -> Url {
        text.parse().expect("a URL")
    }

    #[test]
    fn an_endpoint_has_one_version_whatever_it_ends_with() {
        for (endpoint, expected) in [
            ("https://inc-000.example", "https://inc-000.example/v1"),
            ("https://inc-000.example/", "https://inc-000.example/v1"),
            ("https://inc-000.example/v1", "https://inc-000.example/v1"),
            ("http://127.0.0.1:8080/kms/", "http://127.0.0.1:8080/kms/v1"),
        ] {
            assert_eq!(base(endpoint).expect("an endpoint").as_str(), expected);
        }
        for endpoint in
            ["", "inc-000.example", "ftp://inc-000.example", "https://a:b@inc-000.example", "https://x/?q=1"]
        {
            assert!(matches!(base(endpoint), Err(SessionError::Endpoint)), "{endpoint}");
        }
    }

    #[test]
    fn a_move_is_told_by_a_bare_base_or_by_the_whole_url() {
        let from = url("https://old.example/v1");
        for location in [
            "https://new.example",
            "https://new.example/",
            "https://new.example/v1",
            "https://new.example/v1/",
            "https://new.example/v1/groups/a%20b?showDetail=true",
            "https://new.example/v1/groups/a%20b/",
        ] {
            let moved = moved(&from, "/v1/groups/a%20b?showDetail=true", location).expect("it moved");
            assert_eq!(moved.as_str(), "https://new.example/v1", "{location}");
        }
    }

    #[test]
    fn no_move_leads_away_from_tls_to_nowhere_or_in_a_circle() {
        let from = url("https://old.example/v1");
        let moved = |location: &str| moved(&from, "/v1/groups", location);
        assert!(matches!(moved("http://new.example"), Err(SessionError::Downgrade)));
        assert!(matches!(moved("ftp://new.example"), Err(SessionError::Endpoint)));
        assert!(matches!(moved("https://user:word@new.example"), Err(SessionError::Endpoint)));
        assert!(matches!(moved("https://old.example/v1/groups"), Err(SessionError::Circle)));
        assert!(matches!(moved("/v1/groups"), Err(SessionError::Circle)));
        assert!(matches!(named("http://new.example", &from), Err(SessionError::Downgrade)));
    }
}
