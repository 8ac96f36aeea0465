//! YAML values as JSON values, and JSON values as the YAML text of a canonical contract.

use serde_json::Value;
use std::fmt::Write;

/// A YAML value as JSON: keys that are numbers or booleans become text, dates stay text.
pub fn to_json(value: serde_yaml::Value) -> Result<Value, String> {
    Ok(match value {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(value) => value.into(),
        serde_yaml::Value::String(value) => value.into(),
        serde_yaml::Value::Number(number) => match serde_json::to_value(&number) {
            Ok(value @ Value::Number(_)) => value,
            _ => return Err(format!("is {number}, which is no JSON number")),
        },
        serde_yaml::Value::Sequence(items) => items.into_iter().map(to_json).collect::<Result<_, _>>()?,
        serde_yaml::Value::Mapping(map) => {
            let members = map.into_iter().map(|(key, value)| Ok((key_text(key)?, to_json(value)?)));
            members.collect::<Result<serde_json::Map<_, _>, String>>()?.into()
        }
        serde_yaml::Value::Tagged(tagged) => return Err(format!("the tag {} is not plain YAML", tagged.tag)),
    })
}

fn key_text(key: serde_yaml::Value) -> Result<String, String> {
    match key {
        serde_yaml::Value::String(key) => Ok(key),
        serde_yaml::Value::Number(key) => Ok(key.to_string()),
        serde_yaml::Value::Bool(key) => Ok(key.to_string()),
        _ => Err("a key is not text".into()),
    }
}

/// The digest that a contract's header states, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The text of a canonical contract: header comment, then the sections in the order in which a reader wants them.
pub fn emit(document: &Value, header: &str) -> Result<String, serde_yaml::Error> {
    let mut text = String::new();
    for line in header.lines() {
        let _ = writeln!(text, "# {line}");
    }
    for section in ["openapi", "info", "servers", "security", "paths", "components"] {
        if let Some(value) = document.get(section) {
            let section = serde_yaml::to_string(&serde_json::json!({ section: sorted(value) }))?;
            text.push_str(&section);
        }
    }
    Ok(text)
}

/// Sorted keys, whatever order the map type of the build keeps.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let members: std::collections::BTreeMap<_, _> =
                map.iter().map(|(key, value)| (key, sorted(value))).collect();
            members.into_iter().map(|(key, value)| (key.clone(), value)).collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        value => value.clone(),
    }
}
