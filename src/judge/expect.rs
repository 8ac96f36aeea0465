//! Is the error code the one that the case expects?

use super::Evidence;
use crate::deviation::{Deviation, Kind};
use crate::finding::text;
use serde_json::Value;

pub(super) fn judge(evidence: &Evidence<'_>, body: Option<&Value>) -> Vec<Deviation> {
    let case = evidence.case;
    let mut deviations = Vec::new();
    let codes = [("/errors/0/code", &case.expect.code), ("/error", &case.expect.error)];
    for (pointer, expected) in codes {
        let Some(expected) = expected else { continue };
        let observed = body.and_then(|body| body.pointer(pointer));
        if observed.and_then(Value::as_str) != Some(expected) {
            let observed = observed.map_or_else(|| "none".to_owned(), text);
            deviations.push(Deviation::new(Kind::ErrorCodeDiffers, pointer, expected.as_str(), observed));
        }
    }
    deviations
}
