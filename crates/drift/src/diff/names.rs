//! What a program may call an operation.

use super::Document;
use super::operations::Surface;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use vigie_contract::lower::shared_prefix;

/// Every operation, `GET /v3/..`, with its id and the name of its method in a client like ours.
#[must_use]
pub fn names(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let document = Document::new(document);
    let surface = Surface::of(&document);
    let ids: Vec<&str> = surface.operations.iter().filter_map(|operation| operation.id).collect();
    let prefix = shared_prefix(&ids);
    let of_id = |id: &str| BTreeSet::from([id.to_owned(), id.strip_prefix(prefix).unwrap_or(id).to_owned()]);
    surface.operations.iter().map(|one| (one.name.clone(), one.id.map(of_id).unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::names;
    use serde_json::json;

    #[test]
    fn an_operation_goes_by_its_id_and_by_its_method() {
        let path = |id: &str| json!({"get": {"operationId": id, "responses": {}}});
        let document = json!({"paths": {"/a": path("api_v3_a_b"), "/c": path("api_v3_c"), "/d": {"get": {}}}});
        let names = names(&document);
        assert_eq!(names["GET /a"], ["a_b".to_owned(), "api_v3_a_b".to_owned()].into());
        assert!(names["GET /d"].is_empty());
    }
}
