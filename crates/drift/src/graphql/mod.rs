//! GraphQL: what two schemas differ in, and whether a consumer's queries still work. Pure: no IO.
//!
//! [`diff()`] reports every change once, at the type where it was made: the graph of types is cyclic, so a change cannot be reported for
//! each operation that meets it.

pub mod consumer;
mod deprecated;
mod diff;
mod reach;

pub use diff::diff;

#[cfg(test)]
mod tests;
