//! Runs scenarios against a target and has every exchange judged: the only place that joins the pure and the impure.
//!
//! A target is one of a [`providers`] host or a URL ([`targets`]); what is sent goes through [`pace`], which alone decides when, and
//! [`transport`], which sends once. [`runner`] is the run itself. The commands stand beside it: [`doctor`], [`record`], [`merge`],
//! [`accept`], [`exchanges`] and [`queries`] (which send nothing), [`compare`] and [`history`] (two documents, or a series).
//! The runner imports none of them. Nothing here prints.

pub mod accept;
pub mod auth;
mod beside;
pub mod compare;
pub mod doctor;
mod download;
pub mod exchanges;
pub mod history;
pub mod merge;
pub mod origin;
pub mod pace;
pub mod providers;
pub mod queries;
pub mod record;
pub mod runner;
pub mod targets;
pub mod transport;
pub mod usages;
