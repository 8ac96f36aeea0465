//! The typed clients over real HTTP on the loopback interface.

#[cfg(feature = "harness")]
#[path = "clients/api_particulier.rs"]
mod api_particulier;
#[cfg(any(feature = "kaizala", feature = "mobilic"))]
#[path = "clients/host.rs"]
mod host;
#[cfg(feature = "kaizala")]
#[path = "clients/kaizala.rs"]
mod kaizala;
#[cfg(feature = "harness")]
#[path = "clients/lossless.rs"]
mod lossless;
#[cfg(feature = "mobilic")]
#[path = "clients/mobilic.rs"]
mod mobilic;
