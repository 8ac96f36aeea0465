//! Is the media type a documented one? `application/vnd.api+json` is JSON to every JSON reader (RFC 6839).

use vigie_contract::model::Answer;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;
use vigie_exchange::Response;

pub(super) fn judge(response: &Response, answer: &Answer) -> Option<Deviation> {
    if answer.content.is_empty() {
        return None;
    }
    let observed = response.media_type().unwrap_or_default();
    let fits = |documented: &String| {
        *documented == observed || (documented == "application/json" && observed.ends_with("+json"))
    };
    if answer.content.keys().any(fits) {
        return None;
    }
    let expected: Vec<&str> = answer.content.keys().map(String::as_str).collect();
    let observed = if observed.is_empty() { "no Content-Type".to_owned() } else { observed };
    let place = format!("{}/content", answer.pointer);
    Some(
        Deviation::new(Kind::MediaTypeUndocumented, Location::name("content-type"), expected.join(", "), observed)
            .stated_at(place),
    )
}
