//! Is the error code the one that the case expects?

use super::Evidence;
use crate::deviation::{Deviation, Kind};
use crate::finding::text;
use serde_json::Value;

pub(super) fn judge(evidence: &Evidence<'_>, body: Option<&Value>) -> Vec<Deviation> {
    let case = evidence.case;
    let Some(expected) = &case.expect.code else { return Vec::new() };
    let codes = case.dialect.codes;
    let found = codes.iter().find_map(|pointer| Some((*pointer, body?.pointer(pointer)?)));
    let (pointer, observed) = found.unzip();
    if observed.and_then(Value::as_str) == Some(expected) {
        return Vec::new();
    }
    let pointer = pointer.or_else(|| codes.first().copied()).unwrap_or_default();
    let observed = observed.map_or_else(|| "none".to_owned(), text);
    vec![Deviation::new(Kind::ErrorCodeDiffers, pointer, expected.as_str(), observed)]
}
