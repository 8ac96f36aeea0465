//! Whether a schema can stand for the API that another one describes.

use super::model::Schema;
use crate::plausible::{Implausible, Naming, Operations};
use std::collections::BTreeSet;

/// Refuses a new schema that has no operation, or that has lost what no change of an API takes away at once.
pub fn credible(old: &Schema, new: &Schema) -> Result<(), Implausible> {
    let names = |schema| Schema::operations(schema).map(|(root, name, _)| (root, name)).collect::<BTreeSet<_>>();
    let (before, after) = (names(old), names(new));
    let all = before.len();
    if after.is_empty() {
        return Err(Implausible::NoOperations { all });
    }
    let gone: Vec<_> = before.difference(&after).collect();
    let first = gone.first().map(|(root, name)| format!("{} {name}", root.word()));
    Operations { what: "operations", gone: gone.len(), all, first, naming: Naming::Unknown }.check()
}

#[cfg(test)]
mod tests {
    use super::credible;
    use crate::graphql::read;

    fn refused(old: &str, new: &str) -> Option<String> {
        let schema = |fields: &str| read(&format!("type Query {{ {fields} }}")).expect("it is whole");
        credible(&schema(old), &schema(new)).err().map(|reason| reason.to_string())
    }

    #[test]
    fn some_operations_may_go() {
        assert_eq!(refused("a: Int", "b: Int"), None);
        assert_eq!(refused("a: Int b: Int c: Int", "a: Int"), None);
        assert_eq!(refused("a: Int b: Int c: Int d: Int e: Int f: Int g: Int", "d: Int e: Int f: Int g: Int"), None);
    }

    #[test]
    fn another_schema_is_refused_with_a_count() {
        assert!(refused("a: Int b: Int c: Int d: Int e: Int f: Int", "d: Int e: Int f: Int").is_some());
        let reason = refused("a: Int b: Int c: Int d: Int", "d: Int x: Int y: Int").expect("most is gone");
        assert!(reason.starts_with("3 of 4 operations are gone at once (first: `query a`)"), "{reason}");
        assert!(refused("a: Int b: Int", "c: Int d: Int").is_some());
    }
}
