//! The sandbox of the release binary, as a child process.

use super::load::Connection;
use super::process::resident;
use std::fmt::Display;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A sandbox that answers.
pub(super) struct Server {
    process: Process,
    pub(super) address: SocketAddr,
    /// The token of every scope.
    pub(super) token: String,
    /// From the spawn to the first good answer.
    pub(super) ready: Duration,
}

/// A child that ends with its owner, however that ends.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Server {
    /// Starts a sandbox without quota on a free port, and waits for its first 200.
    pub(super) fn start(binary: &Path) -> Result<Self, String> {
        let failed = |reason: &dyn Display| format!("{} serve: {reason}", binary.display());
        let start = Instant::now();
        let mut command = Command::new(binary);
        command.args(["serve", "--port", "0", "--quota", "0"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Process(command.spawn().map_err(|error| failed(&error))?);
        let mut greeting = String::new();
        if let Some(stdout) = process.0.stdout.take() {
            let mut lines = BufReader::new(stdout);
            for _ in 0..2 {
                lines.read_line(&mut greeting).map_err(|error| failed(&error))?;
            }
        }
        let (address, token) =
            greeted(&greeting).ok_or_else(|| failed(&format!("no address and token in {greeting:?}")))?;
        let status = ping(address).map_err(|error| failed(&error))?;
        let ready = start.elapsed();
        match status {
            200 => Ok(Self { process, address, token, ready }),
            status => Err(failed(&format!("/api/ping answers {status}"))),
        }
    }

    /// Its resident memory, in bytes.
    pub(super) fn resident(&self) -> Option<u64> {
        resident(self.process.0.id())
    }
}

/// Address and token, as the sandbox greets a person.
fn greeted(greeting: &str) -> Option<(SocketAddr, String)> {
    let after = |mark: &str| greeting.split_once(mark)?.1.split_whitespace().next();
    Some((after(" on http://")?.parse().ok()?, after("\ntoken: ")?.to_owned()))
}

fn ping(address: SocketAddr) -> std::io::Result<u16> {
    let mut connection = Connection::open(address)?;
    connection.send(format!("GET /api/ping HTTP/1.1\r\nhost: {address}\r\n\r\n").as_bytes())?;
    connection.receive()
}

#[cfg(test)]
mod tests {
    use super::greeted;
    use std::net::SocketAddr;

    #[test]
    fn a_greeting_tells_address_and_token() {
        let greeting =
            "api-particulier sandbox on http://127.0.0.1:4010 (3 cases)\ntoken: a-b (v2: `X-Api-Key: a-b`)\n";
        assert_eq!(greeted(greeting), Some((SocketAddr::from(([127, 0, 0, 1], 4010)), "a-b".to_owned())));
        assert_eq!(greeted("error: no such port\n"), None);
    }
}
