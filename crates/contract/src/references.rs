//! References by `$id` and `$anchor`, as JSON pointers: what reads a document after this needs to know no other kind.

use super::model::escape;
use super::subschemas::names_below;
use serde_json::{Map, Value};
use std::collections::HashMap;
use url::Url;

/// The base of a document that gives itself none. No document can lie below a host of this name.
const NAMELESS: &str = "https://document.invalid/";

/// Replaces each reference that an `$id` or an anchor in the document answers by the JSON pointer to the same schema. What
/// none answers stays: it leads nowhere, or to another document.
pub(super) fn by_pointer(document: &mut Value) {
    let mut found = Found::default();
    let base = Url::parse(NAMELESS).ok();
    let own = document["$self"].as_str().and_then(|own| base.as_ref()?.join(own).ok());
    let Some(base) = own.or(base) else { return };
    found.schemas.insert(without_fragment(&base), String::new());
    found.walk(document, &base, "", false);
    let changes: Vec<(String, &str, String)> = found
        .references
        .iter()
        .filter_map(|(place, keyword, reference)| {
            let target = found.target(reference, document)?;
            Some((place.clone(), *keyword, format!("#{target}")))
        })
        .collect();
    for (place, keyword, target) in changes {
        if let Some(node) = document.pointer_mut(&place) {
            node[keyword] = target.into();
        }
    }
}

/// What a walk over a document found.
#[derive(Default)]
struct Found {
    /// Where the schemas with an `$id` stand, and the document itself, by their addresses.
    schemas: HashMap<String, String>,
    /// Where anchors stand, by the address of the schema that they are in, with the anchor as its fragment.
    anchors: HashMap<String, String>,
    /// Where a reference stands, under which keyword, and its address.
    references: Vec<(String, &'static str, Url)>,
}

impl Found {
    /// `is_named` says that the keys of this map are names.
    fn walk(&mut self, node: &Value, base: &Url, place: &str, is_named: bool) {
        match node {
            Value::Object(map) => {
                let own = if is_named { None } else { self.note(map, base, place) };
                let base = own.as_ref().unwrap_or(base);
                for (key, inner) in map {
                    if let Some(names) = names_below(key, is_named).filter(|_| inner.is_object() || inner.is_array()) {
                        self.walk(inner, base, &format!("{place}/{}", escape(key)), names);
                    }
                }
            }
            Value::Array(items) => {
                for (at, inner) in items.iter().enumerate() {
                    self.walk(inner, base, &format!("{place}/{at}"), false);
                }
            }
            _ => {}
        }
    }

    /// Notes what an object says of itself; gives the base of what is in it, if it sets one.
    fn note(&mut self, map: &Map<String, Value>, base: &Url, place: &str) -> Option<Url> {
        let text = |keyword: &str| map.get(keyword).and_then(Value::as_str);
        let own = text("$id").and_then(|id| base.join(id).ok());
        let base = own.as_ref().unwrap_or(base);
        if own.is_some() {
            self.schemas.entry(without_fragment(base)).or_insert_with(|| place.to_owned());
        }
        for anchor in ["$anchor", "$dynamicAnchor"].iter().filter_map(|keyword| text(keyword)) {
            self.anchors.entry(format!("{}#{anchor}", without_fragment(base))).or_insert_with(|| place.to_owned());
        }
        for keyword in ["$ref", "$dynamicRef"] {
            let reference = text(keyword).and_then(|reference| base.join(reference).ok());
            self.references.extend(reference.map(|reference| (place.to_owned(), keyword, reference)));
        }
        own
    }

    /// The pointer to what a reference names.
    fn target(&self, reference: &Url, document: &Value) -> Option<String> {
        let schema = self.schemas.get(&without_fragment(reference));
        let fragment = reference.fragment().unwrap_or_default();
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return self.anchors.get(reference.as_str()).cloned();
        }
        // A pointer may be percent-encoded, since it stands in a URL.
        let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
        // Many write `#/components/..` inside a schema with an `$id`, and mean the document.
        let targets = [schema?.as_str(), ""].map(|schema| format!("{schema}{fragment}"));
        targets.into_iter().find(|target| document.pointer(target).is_some())
    }
}

fn without_fragment(url: &Url) -> String {
    url.as_str().split('#').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::by_pointer;
    use crate::schema::Schema;
    use serde_json::{Value, json};

    /// Where a reference leads, written in a property of a schema of this document.
    fn target(reference: &str) -> Value {
        let mut document = json!({"components": {"schemas": {
            "Tree": {"$id": "https://q.example/tree", "$dynamicAnchor": "node", "$defs": {
                "leaf": {"$anchor": "leaf", "type": "integer"},
                "up": {"$ref": "#leaf"},
                "far": {"$ref": "#/components/schemas/Kind"},
                "again": {"$dynamicRef": "#node"},
                "beside": {"$ref": "twig"},
            }},
            "Twig": {"$id": "https://q.example/twig", "type": "boolean"},
            "Kind": {"$anchor": "kind", "type": "string"},
            "Relative": {"$id": "relative", "type": "null"},
            "User": {"properties": {"$id": {"type": "number"}, "default": {"$ref": reference}}, "default": {"$ref": reference}},
        }}});
        by_pointer(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["User"]["default"]["$ref"], reference, "a default is data");
        let inner = |name: &str, keyword: &str| schemas["Tree"]["$defs"][name][keyword].clone();
        assert_eq!(inner("up", "$ref"), "#/components/schemas/Tree/$defs/leaf");
        assert_eq!(inner("far", "$ref"), "#/components/schemas/Kind");
        assert_eq!(inner("again", "$dynamicRef"), "#/components/schemas/Tree");
        assert_eq!(inner("beside", "$ref"), "#/components/schemas/Twig");
        let property = &schemas["User"]["properties"]["default"];
        let resolved = Schema::new(&document, property).resolved();
        resolved.only_type().map_or_else(|| property["$ref"].clone(), Value::from)
    }

    #[test]
    fn anchors_and_ids_lead_to_their_schemas() {
        for (reference, kind) in [
            ("#kind", "string"),
            ("https://q.example/twig", "boolean"),
            ("https://q.example/tree#leaf", "integer"),
            ("https://q.example/tree#/$defs/leaf", "integer"),
            ("#/components/schemas/Kind", "string"),
            ("#/components/schemas/User/properties/%24id", "number"),
        ] {
            assert_eq!(target(reference), kind, "{reference}");
        }
        assert_eq!(target("relative"), "#/components/schemas/Relative");
    }

    #[test]
    fn what_nothing_answers_stays() {
        for reference in ["#missing", "https://q.example/other", "twig", "other.yml#/A", "#/components/schemas/None"] {
            assert_eq!(target(reference), reference);
        }
    }
}
