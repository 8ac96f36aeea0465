//! A value without its values: types, keys, what is null or empty, and the form of each text. No key is needed, since
//! nothing of what was there is left.

use super::Pseudonyms;
use super::keys::{Fate, Known};
use crate::shape::Form;
use serde_json::{Map, Value};
use vigie_contract::schema::{Branches, Schema};

impl Pseudonyms {
    /// What stands for a value where not even a pseudonym may. Elements of a list that look alike become one, so that it does
    /// not tell how many there were. Keys stay where they are names, and tell no word that was learnt; those that no contract knows
    /// are left out.
    #[must_use]
    pub fn outline(&self, value: &Value, schema: &Value, known: Option<Known<'_>>) -> Value {
        self.outlined(value, &Branches::of(Schema::whole(schema)), known)
    }

    fn outlined(&self, value: &Value, schemas: &Branches<'_>, known: Option<Known<'_>>) -> Value {
        match value {
            Value::Null => Value::Null,
            Value::Bool(_) => false.into(),
            Value::Number(number) if number.is_f64() => 0.5.into(),
            Value::Number(_) => 0.into(),
            Value::String(text) => of_text(text).into(),
            Value::Array(items) => {
                let mut outlines: Vec<Value> = Vec::new();
                let inner = schemas.items();
                for item in items {
                    let outline = self.outlined(item, &inner, known);
                    if !outlines.contains(&outline) {
                        outlines.push(outline);
                    }
                }
                outlines.sort_by_cached_key(Value::to_string);
                outlines.into()
            }
            Value::Object(members) => {
                let outlined = |(key, value): (&String, &Value)| {
                    let name = match self.fate(key, schemas, known) {
                        Fate::Name => key.clone(),
                        Fate::Data => of_text(key),
                        Fate::Unknown => return None,
                    };
                    Some((name, self.outlined(value, &schemas.member(key), known)))
                };
                members.iter().filter_map(outlined).collect::<Map<_, _>>().into()
            }
        }
    }
}

fn of_text(text: &str) -> String {
    let Some(form) = Form::of(text) else { return text.to_owned() };
    let is_padded = text.trim().len() < text.len();
    form.example() + if is_padded { " " } else { "" }
}

#[cfg(test)]
mod tests {
    use super::super::Pseudonyms;
    use crate::pseudonym::Formats;
    use crate::shape::{Terms, compare};
    use serde_json::json;

    #[test]
    fn an_outline_is_of_the_same_shape_and_holds_no_value() {
        let value = json!({
            "nom": "OSTERMANN", "prenom": "Liselotte", "naissance": "1989-07-18", "qf": 790, "taux": 12.5, "actif": true,
            "rien": null, "vide": "", "mail": "l@ostermann.fr", "commune": "2A004", "siret": "13002526500013",
            "enfants": [{"prenom": "Ada"}, {"prenom": "Bob"}, {"prenom": null}], "OSTERMANN": "75002 PARIS", "Nom": 1,
        });
        let schema = json!({"properties": {"Nom": {"type": "integer"}}});
        let mut pseudonyms = Pseudonyms::new(&[], Formats::NONE);
        let outlined = pseudonyms.outline(&value, &schema, None);
        let text = outlined.to_string().to_lowercase();
        for told in ["ostermann", "liselotte", "1989", "790", "12.5", "true", "ada", "2a004", "13002", "paris"] {
            assert!(!text.contains(told), "{told}: {text}");
        }
        assert_eq!(outlined["enfants"].as_array().map(Vec::len), Some(2));
        let mut known = value.clone();
        known.as_object_mut().expect("a map").remove("OSTERMANN");
        let kinds: Vec<String> = compare(&pseudonyms.outline(&known, &schema, None), &known, &Terms::NONE)
            .iter()
            .map(|deviation| format!("{:?}", deviation.kind))
            .collect();
        assert!(kinds.iter().all(|kind| kind == "DataChanged"), "{kinds:?}");
        // Of a map the keys are data, and of what was learnt nothing stays, however it is written.
        pseudonyms.learn(&value);
        let map = json!({"par_nom": {"ada": 1}, "ostermann": 1, "dossier_liselotte": 2});
        let schema = json!({"properties": {"par_nom": {"additionalProperties": {"type": "integer"}}}});
        let text = pseudonyms.outline(&map, &schema, None).to_string();
        assert!(["ada", "ostermann", "liselotte"].iter().all(|told| !text.contains(told)), "{text}");
    }
}
