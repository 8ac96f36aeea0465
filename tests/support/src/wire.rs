//! A server of raw bytes: what HTTP servers never send, and when each request came.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// A request that came.
#[derive(Debug, Clone)]
pub struct Seen {
    /// When its head was read.
    pub at: Instant,
    /// When its answer was given.
    pub until: Instant,
    /// `GET /path HTTP/1.1`
    pub first: String,
}

/// What came so far.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Seen>>>);

impl Log {
    /// Every request so far, in the order of their arrival.
    pub fn seen(&self) -> Vec<Seen> {
        self.0.lock().expect("no panic").clone()
    }

    /// Without the question whether anybody is there.
    pub fn calls(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| !seen.first.starts_with("HEAD")).collect()
    }
}

/// Starts a server with a thread for each connection, of one request each. `answer` gets the number of the request, from 0, and
/// its first line; it writes whatever it wants. The server ends with the test's process.
pub fn start(
    answer: impl Fn(usize, &str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
) -> (String, Log) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it has one"));
    let (log, answer, numbers) = (Log::default(), Arc::new(answer), Arc::new(Mutex::new(0)));
    let shared = log.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (log, answer, numbers) = (shared.clone(), Arc::clone(&answer), Arc::clone(&numbers));
            std::thread::spawn(move || {
                let Ok(first) = head(&stream) else { return };
                let at = Instant::now();
                let number = {
                    let mut next = numbers.lock().expect("no panic");
                    *next += usize::from(!first.starts_with("HEAD"));
                    *next - usize::from(!first.starts_with("HEAD"))
                };
                // A client that went away is the test's matter, and it tells.
                answer(number, &first, &mut stream).ok();
                log.0.lock().expect("no panic").push(Seen { at, until: Instant::now(), first });
            });
        }
    });
    (url, log)
}

/// Reads a request to its end, so that closing the connection is no reset.
fn head(stream: &TcpStream) -> std::io::Result<String> {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let length =
        lines.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    std::io::copy(&mut reader.take(length.unwrap_or(0)), &mut std::io::sink())?;
    Ok(lines.into_iter().next().unwrap_or_default())
}

/// The head of an answer whose connection ends with it.
pub fn head_of(status: &str, headers: &[(&str, &str)]) -> String {
    let lines = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{}\r\n", lines.collect::<String>())
}

/// Writes a whole answer.
pub fn say(stream: &mut TcpStream, status: &str, headers: &[(&str, &str)], body: &[u8]) -> std::io::Result<()> {
    let length = body.len().to_string();
    let headers = [headers, &[("Content-Length", length.as_str())]].concat();
    stream.write_all(head_of(status, &headers).as_bytes())?;
    stream.write_all(body)
}
