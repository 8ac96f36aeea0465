//! What `vigie check` says of a target that misbehaves: the right class, in bounded time and memory, and the other cases
//! as if nothing were wrong.

use std::path::Path;
use std::time::Duration;
use support::process::Run;

/// Bytes of a process, at most: far less than any of the large bodies, once it is inflated.
const MEMORY: u64 = 300 << 20;
/// How long a run may take: the provider's advice is 5 seconds a call.
const TIME: Duration = Duration::from_secs(60);

/// The exit status, and class and rule of what was found of the case that is struck. The others must conform.
fn check(fault: &str) -> (Option<i32>, Vec<String>) {
    let run = Run::of(Path::new(env!("CARGO_BIN_EXE_vigie")), fault);
    assert!(run.elapsed < TIME, "{fault}: {run:?}");
    assert!(run.check_memory < MEMORY && run.serve_memory < MEMORY, "{fault}: {run:?}");
    assert_eq!(run.others, (2, 2), "{fault}: {run:?}");
    (run.code, run.found)
}

/// A test a fault, so that each of them is seen to fail.
macro_rules! faults {
    ($($name:ident $fault:literal $code:literal $found:expr;)*) => {
        $(#[test]
        fn $name() {
            let found: &[&str] = &$found;
            assert_eq!(check($fault), (Some($code), found.iter().map(ToString::to_string).collect()));
        })*
    };
}

faults! {
    refuse "refuse" 3 ["outage answer-broken"];
    reset "reset" 3 ["outage answer-broken"];
    stall "stall" 3 ["outage answer-timeout"];
    drip "drip" 3 ["outage answer-timeout"];
    no_http "no-http" 3 ["outage answer-broken"];
    wrong_length "wrong-length" 3 ["outage answer-broken"];
    empty "empty" 3 ["outage answer-empty"];
    page "page" 3 ["outage web-page"];
    maintenance "maintenance" 3 ["outage maintenance"];
    error "error" 3 ["outage server-error"];
    bad_gateway "bad-gateway" 3 ["outage web-page"];
    quota "quota" 3 ["outage rate-limited"];
    skew "skew" 0 [];
    short_length "short-length" 3 ["outage answer-broken"];
    bad_gzip "bad-gzip" 3 ["outage answer-broken"];
    gzip_bomb "gzip-bomb" 3 ["outage answer-too-large"];
    huge "huge" 3 ["outage answer-too-large"];
    redirect "redirect" 3 ["outage redirected"];
    // Who answers so every time has changed its API.
    invalid_utf8 "invalid-utf8" 1 ["breaking body-not-json"];
    duplicate_keys "duplicate-keys" 1 ["breaking client-decode-failed"];
    deep_json "deep-json" 1 ["breaking body-not-json"];
    wrong_type "wrong-type" 1 ["breaking media-type-undocumented"];
    // Once is a fluke, whatever it is: the case is looked at again.
    once_refuse "refuse:1x" 0 [];
    once_reset "reset:1x" 0 [];
    once_stall "stall:1x" 0 [];
    once_drip "drip:1x" 0 [];
    once_no_http "no-http:1x" 0 [];
    once_short_length "short-length:1x" 0 [];
    once_bad_gzip "bad-gzip:1x" 0 [];
    once_gzip_bomb "gzip-bomb:1x" 0 [];
    once_huge "huge:1x" 0 [];
    once_empty "empty:1x" 0 [];
    once_invalid_utf8 "invalid-utf8:1x" 0 [];
    once_duplicate_keys "duplicate-keys:1x" 0 [];
    once_deep_json "deep-json:1x" 0 [];
    once_wrong_type "wrong-type:1x" 0 [];
    once_page "page:1x" 0 [];
    once_maintenance "maintenance:1x" 0 [];
    once_redirect "redirect:1x" 0 [];
    once_error "error:1x" 0 [];
    once_bad_gateway "bad-gateway:1x" 0 [];
    once_quota "quota:1x" 0 [];
    once_skew "skew:1x" 0 [];
}
