//! What lies below an error of the HTTP client. Its own words hold addresses, names and times, so they are put into ours.

use super::Outage;
use rustls::{CertificateError, InvalidMessage};
use std::error::Error;
use std::io::ErrorKind;

/// How it ends where nothing comes.
const CLOSED: &str = "the connection was closed before the answer came";

/// How it ends where something came.
const RESET: &str = "the connection was reset";

impl From<reqwest::Error> for Outage {
    fn from(error: reqwest::Error) -> Self {
        if error.is_connect() {
            no_connection(&error)
        } else if error.is_timeout() {
            Self::Timeout
        } else {
            Self::Broken(broken(&error).to_owned())
        }
    }
}

/// Why no connection came about.
fn no_connection(error: &reqwest::Error) -> Outage {
    if error.is_dns() {
        return Outage::UnknownHost;
    }
    for cause in causes(error) {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Outage::Tls(of_tls(tls).to_owned());
        }
        // Nothing but TLS reads and writes before a request is sent.
        let closed = [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
        if cause.downcast_ref::<std::io::Error>().is_some_and(|io| closed.contains(&io.kind())) {
            return Outage::Tls("the connection was closed".to_owned());
        }
    }
    if error.is_timeout() { Outage::Unreachable } else { Outage::Refused }
}

fn of_tls(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "the certificate has expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the certificate is not valid yet"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the certificate is that of another host"
            }
            CertificateError::UnknownIssuer => "nobody known has issued the certificate",
            CertificateError::Revoked => "the certificate was revoked",
            _ => "the certificate is not valid",
        },
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => "what answers speaks no TLS",
        rustls::Error::AlertReceived(_) => "the host refuses",
        rustls::Error::PeerIncompatible(_) => "the host has no version or cipher that is still safe",
        rustls::Error::NoCertificatesPresented => "the host has no certificate",
        _ => "the handshake failed",
    }
}

/// How an answer broke off.
fn broken(error: &reqwest::Error) -> &'static str {
    // Before the body, it is chance whether a reset is seen as one: who asks again must find the same words.
    let has_body = error.is_body() || error.is_decode();
    let mut told = None;
    for cause in causes(error) {
        if let Some(http) = cause.downcast_ref::<hyper::Error>() {
            told = match () {
                () if http.is_parse_too_large() => Some("its headers are too large"),
                () if http.is_parse() => Some("what came is no HTTP"),
                () if http.is_incomplete_message() => Some(CLOSED),
                () => told,
            };
        }
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        told = match kind {
            Some(ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe) => {
                Some(if has_body { RESET } else { CLOSED })
            }
            Some(ErrorKind::UnexpectedEof) => Some(if has_body { "the body ended early" } else { CLOSED }),
            Some(ErrorKind::InvalidInput | ErrorKind::InvalidData) => Some("the chunks of the body are malformed"),
            _ => told,
        };
    }
    told.unwrap_or(if has_body { RESET } else { CLOSED })
}

/// Everything below an error, from above. An error of IO hides what it was made of from `source`.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |above| {
        let above: &(dyn Error + 'static) = *above;
        match above.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => above.source(),
        }
    })
}
