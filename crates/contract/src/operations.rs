//! The operations of a path item, in every version of `OpenAPI`.

use super::members;
use super::model::escape;
use serde_json::Value;

/// HTTP methods that are keys of a path item, in the order of the specification; `query` came with 3.2.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Methods of any other name are keys of this map, since 3.2.
pub const OTHERS: &str = "additionalOperations";

/// Whether a key of a path item is that of an operation; others are parameters, servers, prose.
#[must_use]
pub fn is_method(key: &str) -> bool {
    METHODS.contains(&key)
}

/// The operations of a path item, each with its method as the document has it: `get`, or `COPY` of `additionalOperations`.
pub fn operations(item: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let named = METHODS.iter().filter_map(|method| Some((*method, item.get(method)?)));
    named.chain(item.get(OTHERS).into_iter().flat_map(members).map(|(method, operation)| (method.as_str(), operation)))
}

/// Where an operation stands in its path item, as a JSON pointer.
#[must_use]
pub fn pointer(method: &str) -> String {
    if is_method(method) { format!("/{method}") } else { format!("/{OTHERS}/{}", escape(method)) }
}

#[cfg(test)]
mod tests {
    use super::{operations, pointer};
    use serde_json::json;

    #[test]
    fn operations_of_every_version_are_found_in_one_order() {
        let item = json!({
            "additionalOperations": {"COPY": {"at": 3}, "a/b": {"at": 4}}, "delete": {"at": 1}, "get": {"at": 0},
            "parameters": [], "query": {"at": 2}, "x-get": {},
        });
        for (at, (method, operation)) in operations(&item).enumerate() {
            assert_eq!(operation["at"], at);
            assert_eq!(item.pointer(&pointer(method)), Some(operation));
        }
        assert_eq!(operations(&item).count(), 5);
    }
}
