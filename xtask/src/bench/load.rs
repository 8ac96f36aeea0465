//! A small load generator: keep-alive connections, one request at a time on each, every status checked.
//!
//! It shares the cores with the server that it measures, so a request costs it one write, one read and little else.

use super::mix::Prepared;
use super::stats::percentile;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// An answer that takes longer is a failure, not a figure.
const PATIENCE: Duration = Duration::from_secs(5);

/// Threads, each with its share of the connections. With one a connection, half of the time would go to waking them.
const THREADS: usize = 2;

/// What a load found.
pub(super) struct Load {
    pub(super) per_second: u64,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
}

/// Keeps one request under way on each connection for some time.
pub(super) fn run(address: SocketAddr, mix: &[Prepared], connections: usize, time: Duration) -> Result<Load, String> {
    let share = connections.div_ceil(THREADS);
    let start = Instant::now();
    let lanes: Vec<Result<Vec<u32>, String>> = std::thread::scope(|scope| {
        let lane = |first: usize| {
            let last = connections.min(first + share);
            scope.spawn(move || lane(address, mix, first..last, start + time))
        };
        let threads: Vec<_> = (0..connections).step_by(share).map(lane).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Result<Vec<u32>, String>>| {
            thread.join().unwrap_or_else(|_| Err("a thread of the load panicked".into()))
        };
        threads.into_iter().map(join).collect()
    });
    let elapsed = start.elapsed();
    let mut micros = Vec::new();
    for lane in lanes {
        micros.append(&mut lane?);
    }
    micros.sort_unstable();
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let at = |percent| Duration::from_micros(percentile(&micros, percent).unwrap_or_default().into());
    Ok(Load { per_second: micros.len() as u64 * 1000 / millis, p50: at(50), p99: at(99) })
}

/// Serves some connections in turn, and returns the latency of each request in microseconds. An answer that waits for
/// its turn counts as late, so latencies are never told too low.
fn lane(
    address: SocketAddr,
    mix: &[Prepared],
    positions: std::ops::Range<usize>,
    end: Instant,
) -> Result<Vec<u32>, String> {
    let mut latencies = Vec::with_capacity(1 << 16);
    let mut lines = Vec::new();
    for position in positions {
        let connection = Connection::open(address).map_err(|error| format!("{address}: {error}"))?;
        // Each connection starts elsewhere in the mix, so that not all ask the same at once.
        lines.push(Line { connection, next: position % mix.len(), sent: Instant::now() });
    }
    for line in &mut lines {
        line.send(mix)?;
    }
    loop {
        for line in &mut lines {
            let now = line.receive(mix)?;
            latencies.push(u32::try_from((now - line.sent).as_micros()).unwrap_or(u32::MAX));
            if now >= end {
                // What is still under way is dropped with its connection, and not counted.
                return Ok(latencies);
            }
            line.next = (line.next + 1) % mix.len();
            line.send(mix)?;
        }
    }
}

/// A connection and the request that is under way on it.
struct Line {
    connection: Connection,
    next: usize,
    sent: Instant,
}

impl Line {
    fn send(&mut self, mix: &[Prepared]) -> Result<(), String> {
        let request = &mix[self.next];
        self.sent = Instant::now();
        self.connection.send(&request.bytes).map_err(|error| format!("{}: {error}", request.case))
    }

    fn receive(&mut self, mix: &[Prepared]) -> Result<Instant, String> {
        let request = &mix[self.next];
        let status = self.connection.receive().map_err(|error| format!("{}: {error}", request.case))?;
        if status == request.status {
            Ok(Instant::now())
        } else {
            Err(format!(
                "{} answers {status} instead of {}; figures of a wrong answer are worthless",
                request.case, request.status
            ))
        }
    }
}

/// An HTTP/1.1 connection that reads no more of an answer than its status and its length.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Box<[u8]>,
}

impl Connection {
    pub(super) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: vec![0; 1 << 14].into() })
    }

    pub(super) fn send(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request)
    }

    /// Reads one whole answer, and returns its status.
    pub(super) fn receive(&mut self) -> io::Result<u16> {
        let mut filled = 0;
        let head = loop {
            filled += self.read(filled)?;
            if let Some(head) = Head::read(&self.buffer[..filled])? {
                break head;
            }
        };
        let mut missing = (head.bytes + head.body).checked_sub(filled).ok_or_else(|| bad("more than one answer"))?;
        while missing > 0 {
            let read = self.read(0)?;
            missing = missing.checked_sub(read).ok_or_else(|| bad("more than one answer"))?;
        }
        Ok(head.status)
    }

    fn read(&mut self, from: usize) -> io::Result<usize> {
        match self.stream.read(&mut self.buffer[from..])? {
            0 => Err(bad("the answer ends too early, or its head is too long")),
            read => Ok(read),
        }
    }
}

/// The head of an answer.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// Length of the head, with the empty line.
    bytes: usize,
    /// Length of the body.
    body: usize,
}

impl Head {
    /// `None` while the head is not whole.
    fn read(bytes: &[u8]) -> io::Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { return Ok(None) };
        let text = std::str::from_utf8(&bytes[..end]).map_err(|_| bad("the head is no text"))?;
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
        let length = lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        let status = status.ok_or_else(|| bad("no HTTP/1.1 status"))?;
        let body = length.ok_or_else(|| bad("no content-length"))?;
        Ok(Some(Self { status, bytes: end + 4, body }))
    }
}

fn bad(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::{Head, Load, Prepared, run};
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener};
    use std::time::Duration;

    #[test]
    fn a_head_is_read_when_it_is_whole() {
        let whole = b"HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\nx: y\r\n\r\n{";
        assert_eq!(Head::read(whole).ok(), Some(Some(Head { status: 404, bytes: whole.len() - 1, body: 12 })));
        assert_eq!(Head::read(&whole[..40]).ok(), Some(None));
        for bad in [&b"HTTP/1.1 200 OK\r\nx: y\r\n\r\n"[..], b"SSH-2.0\r\ncontent-length: 1\r\n\r\n"] {
            assert!(Head::read(bad).is_err());
        }
    }

    /// Answers each request of each connection with 200, the body in a packet of its own.
    fn server() -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    let mut buffer = [0; 512];
                    while stream.read(&mut buffer).is_ok_and(|read| read > 0) {
                        let head = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n");
                        if head.and_then(|()| stream.write_all(b"{}")).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        address
    }

    fn load(status: u16) -> Result<Load, String> {
        let bytes = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n".to_vec();
        let mix = [Prepared { case: "op/case".into(), status, bytes }];
        run(server(), &mix, 3, Duration::from_millis(50))
    }

    #[test]
    fn answers_are_counted_and_timed() {
        let load = load(200).expect("every answer is right");
        assert!(load.per_second > 0 && load.p50 <= load.p99, "{} {:?}", load.per_second, load.p50);
    }

    #[test]
    fn a_wrong_status_ends_the_load() {
        let error = load(422).err().unwrap_or_default();
        assert!(error.contains("op/case answers 200 instead of 422"), "{error}");
    }
}
