//! The limits of a transfer, which nobody waits a minute for here.

use super::transfer::{Answer, Limits, Wanted, fetch};
use std::io::Write;
use std::time::{Duration, Instant};
use support::bytes_host::{gzip, http};

const YAML: (&str, &str) = ("Content-Type", "application/yaml");

fn get(url: &str, limits: &Limits) -> Result<Vec<u8>, String> {
    let wanted = Wanted { url, post: None, etag: None, last_modified: None };
    match fetch(&wanted, limits)? {
        Answer::Document(fetched) => Ok(fetched.bytes),
        Answer::Unchanged => Err("unchanged".into()),
    }
}

fn generous() -> Limits {
    Limits { time: Duration::from_secs(60), bytes: 1000 }
}

#[test]
fn a_host_that_never_ends_its_answer_is_left_in_time() {
    let short = Limits { time: Duration::from_millis(300), bytes: 1 << 20 };
    let silent = support::bytes_host::start(|_, stream| {
        // The client hangs up; until then nothing is said.
        std::io::copy(stream, &mut std::io::sink()).map(drop)
    });
    let drips = support::bytes_host::start(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n")?;
        loop {
            stream.write_all(b"x")?;
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    for url in [silent, drips] {
        let started = Instant::now();
        assert_eq!(get(&url, &short), Err("no complete answer within 300ms".into()));
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn a_document_is_as_large_as_allowed_and_not_larger_also_inflated() {
    for (size, fits) in [(1000, true), (1001, false)] {
        let body = vec![b'x'; size];
        let plain = http("200 OK", &[YAML], &body);
        let small = gzip(&body);
        assert!(small.len() < 100);
        let zipped = http("200 OK", &[YAML, ("Content-Encoding", "gzip")], &small);
        for answer in [plain, zipped] {
            let url = support::bytes_host::start(move |_, stream| stream.write_all(&answer));
            let expected = if fits { Ok(body.clone()) } else { Err("larger than 1000 bytes".into()) };
            assert_eq!(get(&url, &generous()), expected, "{size}");
        }
    }
    // Without a length there is no promise that could be believed.
    let endless = support::bytes_host::start(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")?;
        loop {
            stream.write_all(&[b'x'; 1000])?;
        }
    });
    assert_eq!(get(&endless, &generous()), Err("larger than 1000 bytes".into()));
}

#[test]
fn only_plain_addresses_are_asked() {
    for (url, reason) in [
        ("ftp://example.org/a.yml", "neither http nor https"),
        ("file:///etc/hosts", "neither http nor https"),
        ("a.yml", "not a URL"),
        ("https://user:word@example.org/a.yml", "user or a password"),
    ] {
        let error = get(url, &generous()).expect_err("it is refused");
        assert!(error.contains(reason) && !error.contains("word@"), "{error}");
    }
}
