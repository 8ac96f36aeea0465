//! Typed clients of API Particulier, Mobilic and Kaizala, generated at compile time from the contracts in `specs/`.
//!
//! One feature each: `api-particulier-v2`, `api-particulier-v3`, `mobilic`, `kaizala`. The page of [`clients`] has an example.
//! The harness that checks these contracts, and the command `vigie`, are packages of their own.

#![cfg_attr(
    not(any(
        feature = "api-particulier-v2",
        feature = "api-particulier-v3",
        feature = "kaizala",
        feature = "mobilic"
    )),
    allow(dead_code, unused_imports, unused_macros, reason = "without a client, nothing uses what clients share")
)]

pub mod clients;

/// The raw exchange of a call: what was sent, and what came back.
pub use vigie_exchange as exchange;
