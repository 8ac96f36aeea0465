//! Is the status documented, and is it the one that the case expects?

use super::Evidence;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::location::Location;

pub(super) fn judge(evidence: &Evidence<'_>) -> Vec<Deviation> {
    let code = evidence.exchange.response.status.as_u16();
    let operation = evidence.operation;
    let mut deviations = Vec::new();
    if code == 410 && evidence.case.status != 410 {
        let listed = format!("an answer of {} {}", operation.method, operation.path);
        deviations.push(
            Deviation::new(Kind::OperationGone, Location::Whole, listed, "410 Gone").stated_at(&operation.pointer),
        );
        return deviations;
    }
    if operation.answer(code).is_none() {
        let ranges = operation.ranges.keys().map(|range| format!("{range}XX"));
        let known: Vec<String> = operation.responses.keys().map(u16::to_string).chain(ranges).collect();
        let place = format!("{}/responses", operation.pointer);
        deviations.push(
            Deviation::new(Kind::StatusUndocumented, Location::Whole, known.join(", "), code.to_string())
                .stated_at(place),
        );
    }
    if code != evidence.case.status {
        deviations.push(Deviation::new(
            Kind::StatusDiffers,
            Location::Whole,
            evidence.case.status.to_string(),
            code.to_string(),
        ));
    }
    deviations
}
