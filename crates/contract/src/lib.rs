//! What one document promises.
//!
//! The pipeline of a published document: [`plausible`] (is it credible?), [`overlay`] (our corrections),
//! [`canonical`] (facts only), [`yaml`] (the text that is vendored). [`model`] is what the harness asks of the result.
//! [`graphql`] is the other kind of contract.

pub mod bounds;
pub mod bundle;
pub mod canonical;
pub mod files;
pub mod graphql;
pub mod hoist;
mod inline;
pub mod locate;
pub mod lower;
pub mod model;
pub mod operations;
pub mod overlay;
pub mod path;
pub mod plausible;
pub mod read;
mod references;
pub mod route;
pub mod schema;
pub mod subschemas;
pub mod swagger;
pub mod tree;
pub mod types;
pub mod vocabulary;
pub mod yaml;

/// The members of what is an object; none of what is not.
pub fn members(value: &serde_json::Value) -> impl Iterator<Item = (&String, &serde_json::Value)> {
    value.as_object().into_iter().flatten()
}
