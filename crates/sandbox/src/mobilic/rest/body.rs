//! Bodies of the REST routes, and what is said of those that do not fit.

use super::super::reply;
use super::super::state::time::parse_day;
use super::Refused;
use crate::gate::Incoming;
use serde_json::{Map, Value, json};

/// A JSON object.
pub(super) struct Body(Map<String, Value>);

const MISSING: &str = "Missing data for required field.";

fn wrong(field: &str, message: &str) -> Refused {
    reply::unparsed(&json!({field: [message]})).into()
}

impl Body {
    pub(super) fn of(incoming: &Incoming) -> Result<Self, Refused> {
        if incoming.body.is_empty() {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(&incoming.body) {
            Ok(Value::Object(map)) => Ok(Self(map)),
            Ok(_) => Err(wrong("_schema", "Invalid input type.")),
            Err(_) => Err(reply::error(400, "BAD_REQUEST", "Invalid json").into()),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn text(&self, name: &str) -> Result<String, Refused> {
        match self.0.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(wrong(name, "Not a valid string.")),
            None => Err(wrong(name, MISSING)),
        }
    }

    pub(super) fn int(&self, name: &str) -> Result<i64, Refused> {
        match self.0.get(name) {
            Some(value) => value.as_i64().ok_or_else(|| wrong(name, "Not a valid integer.")),
            None => Err(wrong(name, MISSING)),
        }
    }

    pub(super) fn flag(&self, name: &str, default: bool) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(default)
    }

    /// A list of ids with at least one.
    pub(super) fn ids(&self, name: &str) -> Result<Vec<i64>, Refused> {
        let Some(value) = self.0.get(name) else { return Err(wrong(name, MISSING)) };
        let ids: Option<Vec<i64>> = value.as_array().and_then(|items| items.iter().map(Value::as_i64).collect());
        match ids {
            Some(ids) if !ids.is_empty() => Ok(ids),
            Some(_) => Err(wrong(name, "Invalid value.")),
            None => Err(wrong(name, "Not a valid list.")),
        }
    }

    pub(super) fn day(&self, name: &str) -> Result<Option<i64>, Refused> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match value.as_str().and_then(parse_day) {
                Some(day) => Ok(Some(day)),
                None => Err(wrong(name, "Not a valid date.")),
            },
        }
    }

    /// `min_date` and `max_date`, both needed, at most so many days apart.
    pub(super) fn period(&self, most: i64) -> Result<(i64, i64), Refused> {
        let from = self.day("min_date")?.ok_or_else(|| wrong("min_date", MISSING))?;
        let until = self.day("max_date")?.ok_or_else(|| wrong("max_date", MISSING))?;
        if until < from || until - from > most {
            return Err(wrong("_schema", "The period is not valid."));
        }
        Ok((from, until))
    }
}
