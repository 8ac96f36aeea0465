//! A value without its values: types, keys, what is null or empty, and the form of each text. No key is needed, since
//! nothing of what was there is left.

use super::tree::is_identifier;
use crate::shape::Form;
use serde_json::{Map, Value};

/// What stands for a value where not even a pseudonym may. Elements of a list that look alike become one, so that it does not
/// tell how many there were. Keys stay where the schema lists them, or where they are written as programs write them.
#[must_use]
pub fn outline(value: &Value, schema: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Bool(_) => false.into(),
        Value::Number(number) if number.is_f64() => 0.5.into(),
        Value::Number(_) => 0.into(),
        Value::String(text) => of_text(text).into(),
        Value::Array(items) => {
            let mut outlines: Vec<Value> = Vec::new();
            for item in items {
                let outline = outline(item, &schema["items"]);
                if !outlines.contains(&outline) {
                    outlines.push(outline);
                }
            }
            outlines.sort_by_cached_key(Value::to_string);
            outlines.into()
        }
        Value::Object(members) => {
            let outlined = |(key, member): (&String, &Value)| {
                let stated = &schema["properties"][key];
                let key = if stated.is_object() || is_identifier(key) { key.clone() } else { of_text(key) };
                (key, outline(member, stated))
            };
            members.iter().map(outlined).collect::<Map<_, _>>().into()
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
    use super::outline;
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
        let outlined = outline(&value, &schema);
        let text = outlined.to_string().to_lowercase();
        for told in ["ostermann", "liselotte", "1989", "790", "12.5", "true", "ada", "2a004", "13002", "paris"] {
            assert!(!text.contains(told), "{told}: {text}");
        }
        assert_eq!(outlined["enfants"].as_array().map(Vec::len), Some(2));
        let mut known = value.clone();
        known.as_object_mut().expect("a map").remove("OSTERMANN");
        let kinds: Vec<String> = compare(&outline(&known, &schema), &known, &Terms::NONE)
            .iter()
            .map(|deviation| format!("{:?}", deviation.kind))
            .collect();
        assert!(kinds.iter().all(|kind| kind == "DataChanged"), "{kinds:?}");
    }
}
