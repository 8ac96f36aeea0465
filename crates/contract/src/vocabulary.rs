//! The words of a contract: names that it gives to properties and parameters, and codes of errors that it lists. Whatever else
//! an answer has for a key or a code may be somebody's.

use super::members;
use serde_json::Value;
use std::collections::HashSet;

/// Names and codes, wherever in the document they stand.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    names: HashSet<String>,
    codes: HashSet<String>,
}

impl Vocabulary {
    /// The words of a document.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let mut vocabulary = Self::default();
        vocabulary.add(document);
        vocabulary
    }

    /// Learns the keys of a value that a person has accepted, or has written as an answer.
    pub fn learn(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                self.names.extend(map.keys().cloned());
                map.values().for_each(|member| self.learn(member));
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }

    /// Whether a property or a parameter of the contract has this name.
    #[must_use]
    pub fn names(&self, key: &str) -> bool {
        self.names.contains(key)
    }

    /// Whether the contract lists this code of an error.
    #[must_use]
    pub fn lists(&self, code: &str) -> bool {
        self.codes.contains(code)
    }

    /// Every code of an error that the contract lists.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(String::as_str)
    }

    fn add(&mut self, node: &Value) {
        match node {
            Value::Object(map) => {
                for (name, _) in members(&node["properties"]) {
                    self.names.insert(name.clone());
                }
                let required = node["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
                self.names.extend(required.map(str::to_owned));
                if node["in"].is_string() {
                    self.names.extend(node["name"].as_str().map(str::to_owned));
                }
                let codes = node["x-error-codes"].as_array().into_iter().flatten().filter_map(Value::as_str);
                self.codes.extend(codes.map(str::to_owned));
                map.values().for_each(|inner| self.add(inner));
            }
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;
    use serde_json::json;

    #[test]
    fn names_and_codes_are_those_of_the_contract() {
        let schema =
            json!({"properties": {"nom": {"items": {"properties": {"rue": {}}}}}, "required": ["nom", "mois"]});
        let answer = json!({"content": {"application/json": {"schema": schema, "x-error-codes": ["00366"]}}});
        let parameters = json!([{"name": "prenoms[]", "in": "query"}]);
        let document = json!({"paths": {"/a": {"get": {"parameters": parameters, "responses": {"200": answer}}}}});
        let mut vocabulary = Vocabulary::of(&document);
        assert!(["nom", "rue", "mois", "prenoms[]"].iter().all(|name| vocabulary.names(name)));
        assert!(!vocabulary.names("OSTERMANN") && !vocabulary.names("get"));
        assert!(vocabulary.lists("00366") && !vocabulary.lists("00367"));
        vocabulary.learn(&json!({"meta": [{"source": "OSTERMANN"}]}));
        assert!(vocabulary.names("source") && !vocabulary.names("OSTERMANN"));
    }
}
