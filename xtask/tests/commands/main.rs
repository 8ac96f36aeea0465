//! The maintainers' commands.

mod fetch;
mod new_rule;
mod nightly;
mod provider_names;
mod regenerate;
mod tidy;
mod tracker;
mod workflows;
