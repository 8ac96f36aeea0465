//! A host on loopback that answers every request in the way that a test wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Starts a host. `answer` gets the request's first line and returns the whole answer; see [`http`]. It ends with the
/// test's process.
pub fn start(answer: impl Fn(&str) -> String + Send + 'static) -> String {
    start_reading(move |first, _| answer(first))
}

/// The same, where the answer depends on the request's body too.
pub fn start_reading(answer: impl Fn(&str, &[u8]) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it has one"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that went away is the test's matter, and it tells.
            reply(&stream, &answer).ok();
        }
    });
    url
}

fn reply(mut stream: &TcpStream, answer: &impl Fn(&str, &[u8]) -> String) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = || -> std::io::Result<String> {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    };
    let first = match line() {
        // What begins to speak TLS is told in HTTP that this is none, as real servers do.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            return stream.write_all(http("400 Bad Request", [], "").as_bytes());
        }
        first => first?,
    };
    let mut body = 0;
    loop {
        let header = line()?.to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        body = header.strip_prefix("content-length:").and_then(|length| length.trim().parse().ok()).unwrap_or(body);
    }
    // A body that is left unread would have the connection reset, and the answer lost.
    let mut sent = Vec::new();
    reader.take(body).read_to_end(&mut sent)?;
    stream.write_all(answer(&first, &sent).as_bytes())
}

/// An answer as it goes over the wire.
pub fn http<'a>(status: &str, headers: impl IntoIterator<Item = (&'a str, &'a str)>, body: &str) -> String {
    let length = format!("Content-Length: {}", body.len());
    let mut head = vec![format!("HTTP/1.1 {status}"), length, "Connection: close".to_owned()];
    head.extend(headers.into_iter().map(|(name, value)| format!("{name}: {value}")));
    format!("{}\r\n\r\n{body}", head.join("\r\n"))
}
