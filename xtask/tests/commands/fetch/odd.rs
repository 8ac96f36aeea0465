//! What was kept and then changed, odd answers of good servers, and two at once.

use super::{Tree, YAML, changing, document, http, whole};
use std::io::Write;

/// What is no document: each answer with a name, and a part of why it is not taken.
pub(super) fn answers(next: &str) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let redirect = |place| http("302 Found", &[("Location", place)], b"");
    let latin = next.replace("prose", "é").chars().map(|c| u8::try_from(c).expect("it is Latin")).collect::<Vec<u8>>();
    let levels =
        (1..12).map(|level| format!("x{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", ")));
    let bomb = format!("x0: &a0 [1, 2, 3]\n{}{next}", levels.collect::<String>());
    let chunks = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/yaml\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{next}\r\n",
        next.len()
    );
    let endless = format!("HTTP/1.1 200 OK\r\nContent-Type: text/yaml\r\nContent-Length: {}\r\n\r\n{next}", usize::MAX);
    vec![
        ("to a file", redirect("file:///etc/passwd"), "`file:` is neither http nor https"),
        (
            "with a password",
            redirect("http://user:hunter2@127.0.0.1/v1.yml"),
            "redirected: the URL has a user or a password",
        ),
        ("text of another alphabet", http("200 OK", &[YAML], &latin), "rejected: the document is not YAML"),
        ("aliases of aliases", http("200 OK", &[YAML], bomb.as_bytes()), "rejected: the document is not YAML"),
        (
            "two documents",
            http("200 OK", &[YAML], format!("{next}---\n{next}").as_bytes()),
            "rejected: the document is not YAML",
        ),
        (
            "another API under the same title",
            http("200 OK", &[YAML], document(&["/x", "/y", "/z"]).as_bytes()),
            "rejected: 4 of 4 accepted operations are gone",
        ),
        ("two lengths", http("200 OK", &[YAML, ("Content-Length", "5")], next.as_bytes()), "outage:"),
        ("longer than anything", endless.into_bytes(), "outage:"),
        ("chunks that break off", chunks.into_bytes(), "outage:"),
    ]
}

#[test]
fn what_is_kept_about_a_document_may_be_damaged_and_odd_answers_are_taken() {
    let good = whole();
    let (url, answer, heads) = changing(http("200 OK", &[YAML], good.as_bytes()));
    let tree = Tree::new(&format!("{url}/v1.yml"));
    let last = || heads.lock().expect("no panic").last().cloned().unwrap_or_default();
    // As servers write them; what came is sent back as it came.
    for (tag, sent) in [("\"a\"", "\"a\""), ("W/\"a\"", "w/\"a\""), ("bare", "bare")] {
        *answer.lock().expect("no panic") = http("200 OK", &[YAML, ("ETag", tag)], good.as_bytes());
        assert_eq!(tree.xtask(&["fetch", "p"]).0, Some(0), "{tag}");
        assert_eq!(tree.xtask(&["fetch", "p"]).0, Some(0), "{tag}");
        assert!(last().contains(&format!("if-none-match: {sent}\r\n")), "{}", last());
    }
    let meta = "published/p/v1/meta.json";
    let (_, kept) = tree.stored("p/v1").expect("it is kept");
    for damaged in ["", "{", "[]", "{\"url\": 1}"] {
        tree.write(meta, damaged);
        let (code, _, error) = tree.xtask(&["regenerate", "p"]);
        assert!(code == Some(2) && error.contains("run `cargo xtask fetch` first"), "{damaged}: {error}");
        *answer.lock().expect("no panic") = http("304 Not Modified", &[], b"");
        let (code, out, _) = tree.xtask(&["fetch", "p"]);
        assert!(code == Some(3) && out.contains("outage: status 304"), "{damaged}: {out}");
        *answer.lock().expect("no panic") = http("200 OK", &[YAML], good.as_bytes());
        assert_eq!(tree.xtask(&["fetch", "p"]).0, Some(0), "{damaged}");
    }
    // What no header can be is no condition.
    let mut odd = kept;
    odd["etag"] = "a\r\nCookie: b".into();
    tree.write(meta, &odd.to_string());
    let (code, out, _) = tree.xtask(&["fetch", "p"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(!last().contains("cookie") && !last().contains("if-none-match"), "{}", last());

    let marked = format!("\u{feff}{}", document(&["/a", "/b", "/c", "/d", "/e"]));
    *answer.lock().expect("no panic") = http("200 OK", &[YAML], marked.as_bytes());
    assert_eq!(tree.xtask(&["fetch", "p"]).0, Some(0));
    assert_eq!(tree.stored("p/v1").map(|(bytes, _)| bytes), Some(marked.into_bytes()));
    assert_eq!(tree.xtask(&["regenerate", "p", "--accept"]).0, Some(0));

    std::fs::remove_dir_all(tree.root.path().join("published")).expect("it is removed");
    tree.write("published", "a file where the folder should be");
    let (code, _, error) = tree.xtask(&["fetch", "p"]);
    assert!(code == Some(2) && error.contains("published/p/v1"), "{error}");
}

#[test]
fn two_fetches_at_once_leave_one_whole_document() {
    let turns = std::sync::atomic::AtomicUsize::new(0);
    let url = support::bytes_host::start(move |_, stream| {
        let turn = turns.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let body = whole() + &format!("# {}\n", turn.to_string().repeat(200_000));
        stream.write_all(&http("200 OK", &[YAML], body.as_bytes()))
    });
    let tree = Tree::new(&format!("{url}/v1.yml"));
    for _ in 0..4 {
        std::thread::scope(|scope| {
            let fetches: Vec<_> = (0..4).map(|_| scope.spawn(|| tree.xtask(&["fetch", "p"]))).collect();
            for fetch in fetches {
                let (code, out, error) = fetch.join().expect("no panic");
                assert_eq!(code, Some(0), "{out}{error}");
            }
        });
        let (code, _, error) = tree.xtask(&["regenerate", "p"]);
        assert_eq!(code, Some(1), "it is what was fetched: {error}");
    }
    assert_eq!(tree.files().len(), 2);
}

#[test]
fn a_redirect_on_the_same_host_is_followed() {
    let url = support::bytes_host::start(|head, stream| {
        let moved = http("301 Moved Permanently", &[("Location", "new/v1.yml")], b"");
        stream.write_all(&if head.starts_with("get /new/") {
            http("200 OK", &[YAML], whole().as_bytes())
        } else {
            moved
        })
    });
    let tree = Tree::new(&format!("{url}/v1.yml"));
    let (code, out, _) = tree.xtask(&["fetch", "p"]);
    assert_eq!(code, Some(0), "{out}");
    assert_eq!(tree.stored("p/v1").map(|(bytes, _)| bytes), Some(whole().into_bytes()));
}
