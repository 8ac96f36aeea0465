//! Are the documented headers there, and can a caller pace itself after a 429?

use vigie_contract::model::Answer;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_exchange::Response;

pub(super) fn judge(response: &Response, answer: &Answer) -> Vec<Deviation> {
    let absent = |name: &str| !response.headers.contains_key(name);
    let mut deviations: Vec<Deviation> = answer
        .headers
        .iter()
        .filter(|name| absent(name))
        .map(|name| {
            Deviation::new(Kind::HeaderMissing, Location::name(name), "present", "absent")
                .stated_at(format!("{}/headers/{name}", answer.pointer))
        })
        .collect();
    if response.status.as_u16() == 429 && absent("retry-after") {
        deviations.push(Deviation::new(
            Kind::HeaderMissing,
            Location::name("retry-after"),
            "seconds to wait",
            "absent",
        ));
    }
    deviations
}
