//! What a caller can meet: the types that answers hold, and the types that a caller sends.

use std::collections::{BTreeMap, BTreeSet};
use vigie_contract::graphql::model::{Input, Schema, Type};

/// The types that the operations of a schema reach. What none reaches can change and nobody sees it.
#[derive(Default)]
pub(super) struct Reach<'s> {
    /// Types of answers, and the interfaces that fragments in them may name.
    pub(super) output: BTreeSet<&'s str>,
    /// Types of answers that a field has, or a union: what a value may be.
    pub(super) values: BTreeSet<&'s str>,
    /// Types that a caller sends.
    pub(super) input: BTreeSet<&'s str>,
    /// What each abstract type may be: the members of a union, the objects that implement an interface.
    pub(super) members: BTreeMap<&'s str, BTreeSet<&'s str>>,
}

impl<'s> Reach<'s> {
    /// Follows every operation of a schema, with a list of what is left to do: the graph is cyclic and may be deep.
    pub(super) fn of(schema: &'s Schema) -> Self {
        let mut reach = Self { members: members(schema), ..Self::default() };
        let mut outputs: Vec<&str> = schema.roots.values().map(String::as_str).collect();
        let mut inputs: Vec<&str> = Vec::new();
        while let Some(name) = outputs.pop() {
            if !reach.values.insert(name) {
                continue;
            }
            reach.output.insert(name);
            outputs.extend(reach.members.get(name).into_iter().flatten());
            if let Some(Type::Object { interfaces, .. }) = schema.types.get(name) {
                reach.output.extend(interfaces.iter().map(String::as_str));
            }
            for field in schema.fields(name).into_iter().flat_map(|fields| fields.values()) {
                outputs.push(&field.ty.name);
                inputs.extend(field.arguments.values().map(named));
            }
        }
        while let Some(name) = inputs.pop() {
            if let (true, Some(Type::Input { fields })) = (reach.input.insert(name), schema.types.get(name)) {
                inputs.extend(fields.values().map(named));
            }
        }
        reach
    }

    /// Whether an answer or a request can hold it.
    pub(super) fn has(&self, name: &str) -> bool {
        self.output.contains(name) || self.input.contains(name)
    }
}

/// Once for all, since asking the schema for each interface would be quadratic.
fn members(schema: &Schema) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, ty) in &schema.types {
        match ty {
            Type::Union { members: objects } => {
                members.insert(name, objects.iter().map(String::as_str).collect());
            }
            Type::Object { interfaces, .. } => {
                for interface in interfaces {
                    members.entry(interface).or_default().insert(name);
                }
            }
            _ => {}
        }
    }
    members
}

fn named(input: &Input) -> &str {
    &input.ty.name
}

#[cfg(test)]
mod tests {
    use super::Reach;
    use vigie_contract::graphql::read;

    #[test]
    fn answers_requests_and_fragments_are_told_apart() {
        let text = "type Query { a(i: In): Node  b: U } input In { e: E i: In } enum E { A } interface Node { n: Int }
            type X implements Node & Tag { n: Int t: Int y: Y } interface Tag { t: Int } type Y { x: X } union U = Z
            type Z { s: S } scalar S type Lone { m: Never } scalar Never";
        let schema = read(text).expect("it is whole");
        let reach = Reach::of(&schema);
        let output = ["Node", "Query", "S", "Tag", "U", "X", "Y", "Z", "Int"];
        assert!(output.iter().all(|name| reach.output.contains(name)), "{:?}", reach.output);
        assert_eq!(reach.output.len(), output.len());
        assert!(!reach.values.contains("Tag"));
        assert_eq!(reach.input.iter().copied().collect::<Vec<_>>(), ["E", "In"]);
        assert!(!reach.has("Lone") && !reach.has("Never"));
    }
}
