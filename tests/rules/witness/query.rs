//! What a GraphQL schema says of a query: whether it is valid.

use super::opinion::Opinion;
use apollo_compiler::{ExecutableDocument, Schema};
use libtest_mimic::Failed;

pub(super) fn judge(schema: &str, query: &str) -> Result<Opinion, Failed> {
    let schema = Schema::parse_and_validate(schema, "schema").map_err(|invalid| invalid.errors.to_string())?;
    let mut opinion = Opinion::default();
    if let Err(invalid) = ExecutableDocument::parse_and_validate(&schema, query, "query") {
        for diagnostic in invalid.errors.iter() {
            opinion.refused(diagnostic.error.to_string());
        }
    }
    Ok(opinion)
}
