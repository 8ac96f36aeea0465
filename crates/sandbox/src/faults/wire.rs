//! Faults below HTTP: what is written to a connection that was taken from the server.

use super::kind::Kind;
use axum::http::header;
use axum::http::response::Parts;
use std::io;
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Between two bytes of [`Kind::Drip`].
const DRIP: Duration = Duration::from_secs(1);
/// How much longer than the body [`Kind::WrongLength`] says that it is.
const LACKING: usize = 100;

/// What happens to a connection whose request has been read.
#[derive(Debug)]
pub(super) enum Script {
    /// These bytes, then a reset.
    Reset(Vec<u8>),
    /// These bytes, then an orderly end.
    Close(Vec<u8>),
    /// These bytes at once, those one by one, then an orderly end.
    Drip(Vec<u8>, Vec<u8>),
    /// Nothing, until the client goes away.
    Hold,
}

impl Script {
    /// What comes in place of an answer.
    pub(super) fn instead(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Refuse => Self::Reset(Vec::new()),
            Kind::Stall => Self::Hold,
            // What a port says that belongs to somebody else.
            Kind::NoHttp => Self::Close(b"SSH-2.0-OpenSSH_9.7\r\n".to_vec()),
            _ => return None,
        })
    }

    /// The good answer, as no server would send it.
    pub(super) fn spoilt(kind: Kind, head: &Parts, body: &[u8]) -> Option<Self> {
        let length = match kind {
            Kind::Reset | Kind::Drip => body.len(),
            Kind::WrongLength => body.len() + LACKING,
            Kind::ShortLength => body.len() / 2,
            _ => return None,
        };
        let mut bytes = head_of(head, length);
        // An answer without a body has a head to break off.
        let start = if body.is_empty() { 0 } else { bytes.len() };
        bytes.extend(body);
        Some(match kind {
            Kind::Reset => {
                bytes.truncate(start.midpoint(bytes.len()));
                Self::Reset(bytes)
            }
            Kind::Drip => {
                let slow = bytes.split_off(start);
                Self::Drip(bytes, slow)
            }
            _ => Self::Close(bytes),
        })
    }

    /// Plays it to its end, or until the client goes away.
    pub(super) async fn play(self, mut stream: TcpStream) -> io::Result<()> {
        match self {
            Self::Reset(bytes) => {
                stream.write_all(&bytes).await?;
                stream.set_zero_linger()
            }
            Self::Close(bytes) => {
                stream.write_all(&bytes).await?;
                stream.shutdown().await
            }
            Self::Drip(bytes, slow) => {
                let (mut reader, mut writer) = stream.split();
                let drip = async {
                    writer.write_all(&bytes).await?;
                    for byte in slow {
                        tokio::time::sleep(DRIP).await;
                        writer.write_all(&[byte]).await?;
                    }
                    writer.shutdown().await
                };
                tokio::select! {
                    gone = gone(&mut reader) => gone,
                    dripped = drip => dripped,
                }
            }
            Self::Hold => gone(&mut stream).await,
        }
    }
}

/// Waits until the client goes away. What it still sends is not looked at.
async fn gone(reader: &mut (impl AsyncReadExt + Unpin)) -> io::Result<()> {
    let mut ignored = [0; 1024];
    while reader.read(&mut ignored).await? > 0 {}
    Ok(())
}

/// The head of an answer that says this length, as the server would write it.
fn head_of(head: &Parts, length: usize) -> Vec<u8> {
    let reason = head.status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", head.status.as_u16()).into_bytes();
    let is_ours = |name: &header::HeaderName| [header::CONTENT_LENGTH, header::TRANSFER_ENCODING].contains(name);
    for (name, value) in head.headers.iter().filter(|(name, _)| !is_ours(name)) {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    let date = httpdate::fmt_http_date(SystemTime::now());
    bytes.extend(format!("content-length: {length}\r\ndate: {date}\r\n\r\n").into_bytes());
    bytes
}
