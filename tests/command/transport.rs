//! What comes over the wire when a host is broken, slow, hostile or not the one it says: each has its own reason, in words that
//! are the same for every case, within a bounded time and memory.

mod tls;

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};
use support::wire::{head_of, say};
use vigie_exchange::Exchange;
use vigie_harness::transport::{MOST, Outage, Transport};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const GZIP: (&str, &str) = ("Content-Encoding", "gzip");
const SECONDS: Duration = Duration::from_secs(20);

async fn ask(url: &str, timeout: Duration) -> Result<Exchange, Outage> {
    let transport = Transport::new(url, timeout).expect("a base URL");
    let request = transport.prepare_post("/x", &serde_json::json!({"nom": "KERMORVAN"})).expect("it is built");
    transport.execute(&request).await
}

/// What comes of an answer of these bytes, after which the connection is closed.
async fn of_bytes(bytes: impl Into<Vec<u8>>) -> Result<Exchange, Outage> {
    let bytes = bytes.into();
    let (url, _) = support::wire::start(move |_, _, stream| stream.write_all(&bytes));
    ask(&url, SECONDS).await
}

fn broken(reason: &str) -> Outage {
    Outage::Broken(reason.to_owned())
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("memory takes all")
}

#[tokio::test]
async fn who_is_not_there_is_not_there_in_different_ways() {
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let url = format!("http://{}", free.expect("a free port"));
    assert_eq!(ask(&url, SECONDS).await.err(), Some(Outage::Refused));
    assert_eq!(ask("http://nobody.invalid", SECONDS).await.err(), Some(Outage::UnknownHost));
}

#[tokio::test]
async fn what_is_no_answer_says_how() {
    let bomb =
        format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Bomb: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(200_000));
    let chunked = |chunks: &str| head_of("200 OK", &[JSON, ("Transfer-Encoding", "chunked")]) + chunks;
    for (bytes, reason) in [
        (String::new(), "the connection was closed before the answer came"),
        ("HTTP/1.1 200 OK\r\nContent-".to_owned(), "the connection was closed before the answer came"),
        ("hello\r\n\r\n".to_owned(), "what came is no HTTP"),
        ("<html>It works!</html>\r\n".to_owned(), "what came is no HTTP"),
        ("HTTP/9.9 200 OK\r\n\r\n".to_owned(), "what came is no HTTP"),
        (bomb, "its headers are too large"),
        (head_of("200 OK", &[JSON, ("Content-Length", "99")]) + "{\"a\"", "the body ended early"),
        (chunked("4\r\n{\"a\"\r\n"), "the body ended early"),
        (chunked("zz\r\n{}\r\n0\r\n\r\n"), "the chunks of the body are malformed"),
        (chunked("2\r\n{}xx0\r\n\r\n"), "the chunks of the body are malformed"),
    ] {
        let start: String = bytes.chars().take(60).collect();
        assert_eq!(of_bytes(bytes).await.err(), Some(broken(reason)), "{start:?}");
    }
}

#[tokio::test]
async fn a_reset_is_told_before_the_answer_and_within_it() {
    let within = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{";
    let closed = "the connection was closed before the answer came";
    // What came before a reset may be lost with it.
    for (bytes, reasons) in [("", &[closed][..]), (within, &["the connection was reset", closed])] {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it has one"));
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a caller");
            // What is unread when a connection is closed makes it a reset.
            stream.readable().await.expect("a request");
            tokio::io::AsyncWriteExt::write_all(&mut stream, bytes.as_bytes()).await.expect("it is sent");
        });
        let outage = ask(&url, SECONDS).await.expect_err("no answer");
        assert!(reasons.iter().any(|reason| outage == broken(reason)), "{bytes:?}: {outage}");
    }
}

#[tokio::test]
async fn a_drip_and_a_stall_end_with_the_time_of_a_call() {
    let (drip, _) = support::wire::start(|_, _, stream| {
        stream.write_all(head_of("200 OK", &[JSON, ("Content-Length", "100000")]).as_bytes())?;
        loop {
            stream.write_all(b" ")?;
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let (stall, _) = support::wire::start(|_, _, stream| {
        stream.write_all(head_of("200 OK", &[JSON, ("Content-Length", "9")]).as_bytes())?;
        std::thread::park_timeout(SECONDS);
        Ok(())
    });
    for url in [drip, stall] {
        let start = Instant::now();
        assert_eq!(ask(&url, Duration::from_millis(300)).await.err(), Some(Outage::Timeout));
        assert!(start.elapsed() < SECONDS / 2, "{:?}", start.elapsed());
    }
}

#[tokio::test]
async fn an_encoding_that_nobody_asked_for_is_undone_or_named() {
    let plain = br#"{"data": {"nom": "KERMORVAN"}}"#;
    let encoded = |encoding, body: &[u8]| {
        let length = body.len().to_string();
        let head = head_of("200 OK", &[JSON, ("Content-Encoding", encoding), ("Content-Length", &length)]);
        [head.as_bytes(), body].concat()
    };
    let good = of_bytes(encoded("gzip", &gzip(plain))).await.expect("it is undone");
    assert_eq!(&good.response.body[..], plain);
    assert_eq!(good.response.headers["content-encoding"], "gzip");
    for (body, encoding, reason) in [
        (&plain[..], "gzip", "the body is no whole gzip"),
        (&gzip(plain)[..20], "gzip", "the body is no whole gzip"),
        (&plain[..], "deflate", "the body is no whole deflate"),
        (&plain[..], "br", "nobody asked for the encoding `br`, and it cannot be undone"),
    ] {
        assert_eq!(of_bytes(encoded(encoding, body)).await.err(), Some(broken(reason)), "{encoding}");
    }
}

/// A hundred megabytes that take little room.
fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    (0..100).try_for_each(|_| encoder.write_all(&vec![b' '; 1 << 20])).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// A hundred megabytes, in chunks; they end when the client goes away.
fn flood(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(head_of("200 OK", &[JSON, ("Transfer-Encoding", "chunked")]).as_bytes())?;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    (0..1600).try_for_each(|_| stream.write_all(chunk.as_bytes()))?;
    stream.write_all(b"0\r\n\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_left_there_and_sixteen_of_them_take_no_more_memory_than_a_few() {
    let bomb = bomb();
    assert!(bomb.len() < 1 << 20);
    let before = peak_memory();
    let (declared, _) = support::wire::start(|_, _, stream| {
        stream.write_all(head_of("200 OK", &[JSON, ("Content-Length", "100000000")]).as_bytes())?;
        // Nothing of the body: that it was announced is enough.
        std::thread::park_timeout(SECONDS);
        Ok(())
    });
    let (flooding, _) = support::wire::start(|_, _, stream| flood(stream));
    let (bombing, _) = support::wire::start(move |_, _, stream| say(stream, "200 OK", &[JSON, GZIP], &bomb));
    for url in [declared, flooding, bombing] {
        let start = Instant::now();
        let sixteen = (0..16).map(|_| ask(&url, 3 * SECONDS));
        for answer in futures_of(sixteen).await {
            assert_eq!(answer.err(), Some(Outage::TooLarge(MOST)));
        }
        println!("16 of {url}: {:?}, peak {:?} MiB", start.elapsed(), peak_memory().map(|kib| kib >> 10));
    }
    // Sixteen whole bodies would be half a gigabyte.
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        assert!(after - before < 256 << 10, "{} MiB more than before", (after - before) >> 10);
    }
}

async fn futures_of<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    futures::future::join_all(futures).await
}

/// The most memory that this process ever had, in KiB, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok())
}
