//! Whether a schema can stand for the API that another one describes.

use super::model::Schema;
use std::collections::BTreeSet;

/// Fewer operations than this may go at once, whatever their share.
const FEW: usize = 3;

/// Refuses a new schema that has no operation, that has none of several old ones, or that has lost half of them
/// and at least three.
pub fn credible(old: &Schema, new: &Schema) -> Result<(), String> {
    let names = |schema| Schema::operations(schema).map(|(root, name, _)| (root, name)).collect::<BTreeSet<_>>();
    let (before, after) = (names(old), names(new));
    if after.is_empty() {
        return Err("the schema has no operation".into());
    }
    let gone: Vec<_> = before.difference(&after).collect();
    let is_other = before.len() > 1 && gone.len() == before.len();
    match gone.first() {
        Some((root, name)) if is_other || (gone.len() >= FEW && gone.len() * 2 >= before.len()) => {
            let (gone, before, word) = (gone.len(), before.len(), root.word());
            Err(format!(
                "{gone} of {before} operations are gone at once (first: `{word} {name}`): it looks like another API's"
            ))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::credible;
    use crate::graphql::read;

    fn refused(old: &str, new: &str) -> Option<String> {
        let schema = |fields: &str| read(&format!("type Query {{ {fields} }}")).expect("it is whole");
        credible(&schema(old), &schema(new)).err()
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
