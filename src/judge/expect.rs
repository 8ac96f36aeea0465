//! Is the answer the one that the case expects: its error code, or its stored payload?

use super::Evidence;
use crate::deviation::{Deviation, Kind};
use crate::shape;
use serde_json::Value;

pub(super) fn judge(evidence: &Evidence<'_>, body: Option<&Value>) -> Vec<Deviation> {
    let case = evidence.case;
    let mut deviations = Vec::new();
    let codes = [("/errors/0/code", &case.expect.code), ("/error", &case.expect.error)];
    for (pointer, expected) in codes {
        let Some(expected) = expected else { continue };
        let observed = body.and_then(|body| body.pointer(pointer)).and_then(Value::as_str).unwrap_or("none");
        if observed != expected {
            deviations.push(Deviation::new(Kind::ErrorCodeDiffers, pointer, expected, observed));
        }
    }
    // A masked answer is less than the stored one by right; the schema check tells it apart.
    if evidence.exchange.response.status.as_u16() == case.status
        && evidence.masked.is_empty()
        && let Some(payload) = &case.payload
        && let Ok(stored) = serde_json::from_str::<Value>(payload)
        && let Some(body) = body
        && stored != *body
    {
        deviations.extend(shape::compare(&stored, body));
    }
    deviations
}
