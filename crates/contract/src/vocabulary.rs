//! The words of a contract: names that it gives to properties and parameters, and codes of errors that it lists. Whatever else
//! an answer has for a key or a code may be somebody's.

use super::members;
use serde_json::Value;
use std::collections::HashSet;

/// Names and codes, wherever in the document they stand.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    names: HashSet<String>,
    /// Words of names, of ids of operations and of listed values, in lower case.
    words: HashSet<String>,
    codes: HashSet<String>,
}

impl Vocabulary {
    /// The words of a document.
    #[must_use]
    pub fn of(document: &Value) -> Self {
        let mut vocabulary = Self::default();
        vocabulary.add(document);
        for name in &vocabulary.names {
            add_words(&mut vocabulary.words, name);
        }
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

    /// The words of its names, ids of operations and listed values, in lower case: `user` and `email` of `updateUserEmail`. A
    /// document names nobody.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
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
                let listed = node["enum"].as_array().into_iter().flatten().chain([&node["operationId"]]);
                listed.filter_map(Value::as_str).for_each(|text| add_words(&mut self.words, text));
                let codes = node["x-error-codes"].as_array().into_iter().flatten().filter_map(Value::as_str);
                self.codes.extend(codes.map(str::to_owned));
                map.values().for_each(|inner| self.add(inner));
            }
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            _ => {}
        }
    }
}

/// Words begin at a capital after a small letter, and end at what is no letter.
fn add_words(words: &mut HashSet<String>, text: &str) {
    let mut word = String::new();
    let mut was_small = false;
    for letter in text.chars().chain([' ']) {
        if !letter.is_alphanumeric() || (was_small && letter.is_uppercase()) {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| word.chars().any(char::is_alphabetic)));
        }
        was_small = letter.is_lowercase();
        word.extend(Some(letter).filter(|letter| letter.is_alphanumeric()).into_iter().flat_map(char::to_lowercase));
    }
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;
    use serde_json::json;

    #[test]
    fn names_and_codes_are_those_of_the_contract() {
        let schema = json!({"properties": {"nom": {"items": {"properties": {"rue": {"enum": ["Nord"]}}}}}, "required": ["nom", "mois"]});
        let answer = json!({"content": {"application/json": {"schema": schema, "x-error-codes": ["00366"]}}});
        let parameters = json!([{"name": "prenoms[]", "in": "query"}]);
        let document = json!({"paths": {"/a": {"get": {"operationId": "updateUserEmail", "parameters": parameters, "responses": {"200": answer}}}}});
        let mut vocabulary = Vocabulary::of(&document);
        assert!(["nom", "rue", "mois", "prenoms[]"].iter().all(|name| vocabulary.names(name)));
        assert!(!vocabulary.names("OSTERMANN") && !vocabulary.names("get"));
        assert!(vocabulary.lists("00366") && !vocabulary.lists("00367"));
        let words: std::collections::HashSet<&str> = vocabulary.words().collect();
        assert!(["nom", "prenoms", "update", "email", "nord"].iter().all(|word| words.contains(word)), "{words:?}");
        vocabulary.learn(&json!({"meta": [{"source": "OSTERMANN"}]}));
        assert!(vocabulary.names("source") && !vocabulary.names("OSTERMANN"));
    }
}
