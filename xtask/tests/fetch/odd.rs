//! What was kept and then changed, odd answers of good servers, and two at once.

use super::{Tree, YAML, changing, document, host, http, whole};
use std::io::Write;

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
    let url = host::start(move |_, stream| {
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
    let url = host::start(|head, stream| {
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
