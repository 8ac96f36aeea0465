//! vigie keeps watch on the contracts of public APIs that a program depends on.
//!
//! It is typed clients ([`clients`]), generated at compile time; a conformance harness that replays cases against a target
//! and judges every exchange; and a diff of two contracts ([`contract::diff`]). With `default-features = false` and the
//! feature of one client, only that client is built.
//!
//! # Data flow, one way
//!
//! A case file becomes a [`scenario::Case`], which is bound to its operation of a [`contract`] and sent by [`transport`] to one
//! of the [`targets`], when its [`pace`] allows. The raw [`exchange`] goes to the [`judge`], and beside the accepted
//! [`snapshot`]; each gives [`deviation`]s, which are facts. Exactly one rule of [`drift`] turns each into a [`finding`].
//! What failed at a target is sent again before it counts, and a [`report`] draws the findings once.
//!
//! An answer has two other ways: published documents judge it beside the accepted contract, and what they say is advice
//! ([`run::Witness`]); and what is recorded of it goes through [`pseudonym`] before it is written.
//!
//! Two documents join on the way: [`contract::read`] reads each, and [`contract::diff`] gives deviations of the same kinds,
//! which the same rules judge. [`exceptions`] are applied to findings before [`drift::causes`] tells what made them.
//!
//! # Floors
//!
//! A floor uses only the floors below it: `judge` and `drift` do no IO, `report` sees only nouns, and [`runner`] alone
//! joins the pure and the impure. `cargo xtask tidy` checks it.

#![cfg_attr(
    not(feature = "harness"),
    allow(
        rustdoc::broken_intra_doc_links,
        reason = "the page above links to modules that a client alone does not have"
    )
)]

// Floor 0: nouns.
#[cfg(feature = "documents")]
pub mod comparison;
#[cfg(feature = "documents")]
pub mod deviation;
#[cfg(feature = "client")]
pub mod exchange;
#[cfg(feature = "documents")]
pub mod finding;
#[cfg(feature = "documents")]
pub mod run;
#[cfg(feature = "documents")]
pub mod visible;

// Floor 1: documents and files.
#[cfg(feature = "documents")]
pub mod contract;
#[cfg(feature = "documents")]
pub mod files;
#[cfg(feature = "documents")]
pub mod pattern;
#[cfg(feature = "documents")]
pub mod scenario;

// Floor 2: judgement. Pure.
#[cfg(feature = "documents")]
pub mod drift;
#[cfg(feature = "harness")]
pub mod exceptions;
#[cfg(feature = "harness")]
pub mod judge;
#[cfg(feature = "harness")]
pub mod pseudonym;
#[cfg(feature = "harness")]
pub mod shape;
#[cfg(feature = "harness")]
pub mod snapshot;

// Floor 3: the outside.
#[cfg(feature = "harness")]
pub mod auth;
#[cfg(feature = "client")]
pub mod clients;
#[cfg(feature = "harness")]
pub mod embedded;
#[cfg(feature = "harness")]
pub mod origin;
#[cfg(feature = "harness")]
pub mod pace;
#[cfg(feature = "harness")]
pub mod providers;
#[cfg(feature = "harness")]
pub mod sandbox;
#[cfg(feature = "harness")]
pub mod targets;
#[cfg(feature = "harness")]
pub mod transport;
#[cfg(feature = "harness")]
pub mod usages;

// Floor 4: where they meet.
#[cfg(feature = "harness")]
pub mod runner;

// Floor 5: drawing.
#[cfg(feature = "harness")]
pub mod report;

// Floor 6: the command line.
#[cfg(feature = "harness")]
pub mod cli;

/// The README's code is compiled with the doc tests.
#[cfg(all(doctest, feature = "harness"))]
#[doc = include_str!("../README.md")]
struct Readme;
