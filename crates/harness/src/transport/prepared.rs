//! A request that is ready to be sent, perhaps more than once.

use sha2::{Digest, Sha256};
use std::fmt;

/// A request that is ready to be sent.
pub struct Prepared {
    pub(super) client: reqwest::Client,
    pub(super) request: reqwest::Request,
    /// How many bytes of the path come before the API's own.
    pub(super) prefix: usize,
}

impl Prepared {
    /// Who sends it, as a digest that leads back to no token. All who send no credentials are one.
    #[must_use]
    pub fn credential(&self) -> [u8; 8] {
        let digest: [u8; 32] = self.credentials(Sha256::new()).finalize().into();
        std::array::from_fn(|place| digest[place])
    }

    /// What makes two requests one for a provider: method, URL, body and credentials, as a digest.
    #[must_use]
    pub fn identity(&self) -> [u8; 32] {
        let request = &self.request;
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
        let mut digest = Sha256::new();
        for part in [request.method().as_str().as_bytes(), request.url().as_str().as_bytes(), body] {
            add(&mut digest, part);
        }
        self.credentials(digest).finalize().into()
    }

    /// Where it goes, whatever it asks for there, as a digest: a path may hold a person's identity.
    #[must_use]
    pub fn place(&self) -> [u8; 32] {
        let url = self.request.url();
        let mut digest = Sha256::new();
        add(&mut digest, url.origin().ascii_serialization().as_bytes());
        add(&mut digest, url.path().as_bytes());
        digest.finalize().into()
    }

    /// Headers that are marked as sensitive are credentials.
    fn credentials(&self, mut digest: Sha256) -> Sha256 {
        for (name, value) in self.request.headers().iter().filter(|(_, value)| value.is_sensitive()) {
            add(&mut digest, name.as_str().as_bytes());
            add(&mut digest, value.as_bytes());
        }
        digest
    }
}

/// With the length before it, so that no two lists of parts are one text.
fn add(digest: &mut Sha256, part: &[u8]) {
    digest.update((part.len() as u64).to_be_bytes());
    digest.update(part);
}

/// A query may hold a person's identity, and a path does so too where a case fills it.
impl fmt::Debug for Prepared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ..", self.request.method())
    }
}
