//! Crates that do no IO. Cargo keeps the direction between crates; that these read no clock and open no file it cannot see.

use super::{Source, Violation};

/// The crates that judge and draw. The same input gives the same output.
const PURE: [&str; 4] = ["crates/drift/", "crates/exchange/", "crates/judge/", "crates/report/"];
/// What they must not name.
const IO: [&[&str]; 8] = [
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process", "Command"],
    &["std", "time", "Instant"],
    &["std", "time", "SystemTime"],
    &["tokio"],
    &["reqwest"],
];

/// Checks a file.
pub(super) fn check(source: &Source, violations: &mut Vec<Violation>) {
    let Some(own) = PURE.iter().find(|own| source.path.starts_with(**own)) else { return };
    // A test may read a fixture.
    let is_test = source.path.ends_with("/tests.rs");
    for named in source.named.iter().filter(|named| !named.test && !is_test) {
        let segments: Vec<&str> = named.segments.iter().map(String::as_str).collect();
        if let Some(io) = IO.iter().find(|io| segments.starts_with(io)) {
            let message = format!("`{}` does no IO, and names `{}`", own.trim_end_matches('/'), io.join("::"));
            violations.push(source.at(named.line, message));
        }
    }
}
