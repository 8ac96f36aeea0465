//! A JSON value, with what the contract states of each place.

use super::keys::{Fate, Known};
use super::{Part, Pseudonyms};
use jsonschema::Validator;
use serde_json::{Map, Value};
use vigie_contract::model::escape;
use vigie_contract::schema::{Branches, Schema};

/// How often another pseudonym is tried where the contract refuses one.
const TRIES: usize = 24;

/// What is known of a value.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Its JSON schema, references in place; null where the contract has none.
    pub schema: &'a Value,
    /// Where the code of an error stands, as JSON pointers.
    pub codes: &'a [&'a str],
    /// Codes that the contract or the provider lists: no other text there is known to be one.
    pub listed: &'a [&'a str],
    /// Whether a word is the contract's; only of an answer that may have others, which are left out.
    pub known: Option<Known<'a>>,
    /// Names of the operation's parameters: an error may say which one it is about.
    pub names: &'a [&'a str],
}

/// No pseudonym fits the contract at a place.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("no pseudonym of `{pointer}` fits the contract")]
pub struct Unfit {
    /// The place, as a JSON pointer, or the name of a parameter.
    pub pointer: String,
}

impl Pseudonyms {
    /// The pseudonym of a value: of every text and number in it.
    pub fn value(&self, value: &Value, part: Part, terms: &Terms<'_>) -> Result<Value, Unfit> {
        self.place(value, &Branches::of(Schema::whole(terms.schema)), "", part, terms)
    }

    fn place(
        &self,
        value: &Value,
        schemas: &Branches<'_>,
        pointer: &str,
        part: Part,
        terms: &Terms<'_>,
    ) -> Result<Value, Unfit> {
        match value {
            Value::Null | Value::Bool(_) => Ok(value.clone()),
            _ if is_listed(value, schemas) => Ok(value.clone()),
            Value::Array(items) => {
                let inner = schemas.items();
                let each = |(place, item)| self.place(item, &inner, &format!("{pointer}/{place}"), part, terms);
                items.iter().enumerate().map(each).collect()
            }
            Value::Object(members) => {
                let mut result = Map::new();
                for (key, value) in members {
                    let inner = schemas.member(key);
                    let pointer = format!("{pointer}/{}", escape(key));
                    let value = self.place(value, &inner, &pointer, self.part(key), terms)?;
                    let key = match self.fate(key, schemas, terms.known) {
                        Fate::Name => key.clone(),
                        Fate::Data => self.text(key, Part::Any),
                        Fate::Unknown => continue,
                    };
                    result.insert(key, value);
                }
                Ok(result.into())
            }
            Value::String(text) if stays(text, pointer, terms) => Ok(value.clone()),
            Value::String(_) | Value::Number(_) => self.scalar(value, schemas, pointer, part),
        }
    }

    /// What the contract takes in the place of the original, at the first try as a rule.
    fn scalar(&self, value: &Value, schemas: &Branches<'_>, pointer: &str, part: Part) -> Result<Value, Unfit> {
        let validators: Vec<Validator> = schemas
            .iter()
            .map(Schema::node)
            .filter_map(|schema| jsonschema::options().should_validate_formats(true).build(schema).ok())
            .filter(|validator| validator.is_valid(value))
            .collect();
        for salt in 0..TRIES {
            let salt = if salt == 0 { String::new() } else { format!("/{salt}") };
            let pseudonym = match value {
                Value::String(text) => self.salted_text(text, part, &salt).into(),
                Value::Number(number) => self.number(number, part, &salt),
                other => other.clone(),
            };
            if validators.iter().all(|validator| validator.is_valid(&pseudonym)) {
                return Ok(pseudonym);
            }
        }
        Err(Unfit { pointer: pointer.to_owned() })
    }
}

/// Whether the contract lists a value; a pattern without any freedom lists one.
fn is_listed(value: &Value, schemas: &Branches<'_>) -> bool {
    let is_word =
        |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let only = |schema: Schema<'_>| {
        let pattern = schema.keyword("pattern").as_str()?.strip_prefix('^')?.strip_suffix('$')?.to_owned();
        Some(&*pattern).filter(is_word).map(Value::from)
    };
    let lists = |schema: Schema<'_>| {
        schema.keyword("enum").as_array().is_some_and(|values| values.contains(value))
            || schema.keyword("const") == value
            || only(schema).as_ref() == Some(value)
    };
    schemas.iter().any(lists)
}

/// Whether a text is nobody's: the code of an error, the name of a parameter.
fn stays(text: &str, pointer: &str, terms: &Terms<'_>) -> bool {
    let shape_of = |pointer: &str| {
        let is_place = |token: &str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        pointer.split('/').map(|token| if is_place(token) { "*" } else { token }).collect::<Vec<_>>().join("/")
    };
    let at = shape_of(pointer);
    let is_listed = || terms.codes.iter().any(|code| shape_of(code) == at) && terms.listed.contains(&text);
    let is_parameter = || at.starts_with("/errors/") && terms.names.contains(&text);
    is_listed() || is_parameter()
}

#[cfg(test)]
mod tests {
    use super::super::text::FRENCH;
    use super::{Terms, Unfit};
    use crate::pseudonym::{Part, Pseudonyms};
    use serde_json::{Value, json};

    fn of(value: &Value, schema: &Value) -> Result<Value, Unfit> {
        let codes = &["/errors/0/code", "/error"];
        let terms =
            Terms { schema, codes, listed: &["00366", "37003", "not_found"], known: None, names: &["prenoms[]"] };
        Pseudonyms::new(b"key", FRENCH).value(value, Part::Any, &terms)
    }

    #[test]
    fn what_is_nobody_s_stays() {
        let schema = json!({"properties": {
            "statut": {"type": ["string", "null"], "enum": ["inscrit", null]},
            "ping": {"type": "string", "pattern": "^pong$"},
            "either": {"oneOf": [{"enum": ["A"]}, {"type": "integer", "enum": [7]}]},
            "sexe": {"type": "string"},
            "__typename": {"type": "string", "enum": ["Mission"]},
        }});
        let kept = json!({
            "statut": "inscrit", "ping": "pong", "either": 7, "sexe": "F", "actif": true, "rien": null, "vide": "", "liste": [],
            "__typename": "Mission", "error": "not_found",
            "errors": [{"code": "00366", "source": {"parameter": "prenoms[]"}}, {"code": "37003"}],
        });
        assert_eq!(of(&kept, &schema), Ok(kept.clone()));
        for code in ["Mme OSTERMANN", "ostermann_liselotte", "OSTERMANN", "29019"] {
            let other = of(&json!({"statut": "OSTERMANN", "either": 9, "errors": [{"code": code}]}), &schema);
            let text = other.expect("no schema of the place is kept to").to_string();
            assert!(!text.contains("OSTERMANN") && !text.contains(":9") && !text.contains(code), "{text}");
        }
    }

    #[test]
    fn keys_stay_unless_they_are_data() {
        let schema = json!({"properties": {"Nom": {}}, "additionalProperties": {"type": "integer"}});
        let value = of(&json!({"Nom": 1234, "undocumented_key": 1, "OSTERMANN": 1, "0601020304": 1}), &schema);
        let keys: Vec<String> = value.expect("it fits").as_object().expect("a map").keys().cloned().collect();
        assert_eq!(keys.len(), 4);
        assert!(keys.contains(&"Nom".into()) && keys.contains(&"undocumented_key".into()));
        assert!(!keys.contains(&"OSTERMANN".into()) && !keys.contains(&"0601020304".into()));
        let mut pseudonyms = Pseudonyms::new(b"key", FRENCH);
        let value = json!({"ostermann": true, "nom": "Liselotte Ostermann"});
        pseudonyms.learn(&value);
        let terms = Terms { schema: &Value::Null, codes: &[], listed: &[], known: None, names: &[] };
        let value = pseudonyms.value(&value, Part::Any, &terms).expect("it fits").to_string();
        assert!(value.contains("nom") && !value.to_lowercase().contains("ostermann"), "{value}");
    }

    #[test]
    fn what_no_contract_knows_of_an_answer_is_left_out() {
        let schema = json!({"properties": {"Nom": {}, "par_nom": {"additionalProperties": {"type": "integer"}}}});
        let known = |key: &str| key == "mois";
        let terms = Terms { schema: &schema, codes: &[], listed: &[], known: Some(&known), names: &[] };
        let answer = json!({"Nom": 1234, "mois": {"czNjcmV0": 1}, "zorglub": 1, "par_nom": {"zorglub": 1}});
        let value = Pseudonyms::new(b"key", FRENCH).value(&answer, Part::Any, &terms).expect("it fits");
        let keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!((keys, &value["mois"]), (vec!["Nom", "mois", "par_nom"], &json!({})));
        assert_eq!(value["par_nom"].as_object().map(serde_json::Map::len), Some(1));
        assert!(!value.to_string().contains("zorglub") && !value.to_string().contains("czNjcmV0"), "{value}");
    }

    #[test]
    fn the_contract_is_kept_or_the_place_is_told() {
        let schema = json!({"properties": {
            "score": {"type": "integer", "minimum": 40, "maximum": 60},
            "date": {"type": "string", "format": "date"},
            "uai": {"type": "string", "pattern": "^\\d{7}\\w$"},
            "mail": {"type": "string", "format": "email"},
        }});
        let value = json!({"score": 55, "date": "2004-02-29", "uai": "0890003V", "mail": "a.b@c.fr"});
        let pseudonym = of(&value, &schema).expect("they fit");
        assert!((40..=60).contains(&pseudonym["score"].as_i64().expect("a number")));
        assert!(jsonschema::validate(&schema, &pseudonym).is_ok());
        for key in ["date", "uai", "mail"] {
            assert_ne!(pseudonym[key], value[key]);
        }
        // A pattern that is one word lists it; this one has a freedom, and no other text that fits.
        let narrow = json!({"properties": {"a": {"items": {"pattern": "^OSTERMAN[N]$"}}}});
        assert_eq!(of(&json!({"a": ["OSTERMANN"]}), &narrow), Err(Unfit { pointer: "/a/0".into() }));
        // What the contract refuses anyway is a case of its own.
        assert!(of(&json!({"a": ["Ostermann"]}), &narrow).is_ok());
    }
}
