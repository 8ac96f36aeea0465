//! Runs scenarios against a target and has every exchange judged: the only place that joins the pure and the impure.
//!
//! A target is one of a [`providers`] host or a URL ([`targets`]); what is sent goes through [`pace`], which alone decides when, and
//! [`transport`], which sends once. [`runner`] has the commands. Nothing here prints.

pub mod auth;
pub mod origin;
pub mod pace;
pub mod providers;
pub mod runner;
pub mod targets;
pub mod transport;
pub mod usages;
