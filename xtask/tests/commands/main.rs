//! The maintainers' commands.

mod fetch;
mod nightly;
mod regenerate;
mod tidy;
mod tracker;
mod workflows;
