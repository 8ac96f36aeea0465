//! What tests share: hosts on loopback, providers of a test's own, the binary as a process.

#![allow(
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "what goes wrong here is a failed test, and what a test does not use is no defect"
)]

pub mod bytes_host;
pub mod host;
#[cfg(target_os = "linux")]
pub mod process;
pub mod staged;
pub mod tiny;
pub mod wire;

use std::path::Path;

/// The root of the workspace.
///
/// # Panics
/// Never: this package lies in `tests/support`.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("this package is in a folder of a folder")
}
