//! What a run heard, as testimonies: of each cause among its findings, and of each change of the document.

use super::Published;
use super::heard::{ByCase, Heard, Says, touches};
use std::collections::BTreeSet;
use vigie_drift::causes;
use vigie_drift::comparison::{Cause, Place};
use vigie_drift::deviation::Kind;
use vigie_drift::finding::{CaseReport, Class, Finding};
use vigie_drift::location::Location;
use vigie_drift::run::{RunReport, Seen, Testimony, Witness};

impl Published {
    /// Writes into a report what the published documents make of it.
    pub(crate) fn testify(&self, report: &mut RunReport, heard: &ByCase) {
        report.notes.extend(self.notes.iter().cloned());
        let mut witnesses = Vec::new();
        for witness in &self.documents {
            let contract = &witness.judge.contract;
            for cause in &report.causes {
                let is_ours = cause.places.iter().any(|place| contract.operation(&place.operation).is_some());
                let said = said(cause, &report.cases, heard);
                if let Some(testimony) = of_answers(&said).filter(|_| is_ours) {
                    witnesses.push(tell(testimony, Seen::InAnswers, cause, &contract.name));
                }
            }
            for change in &witness.changes {
                let places = change.places.iter().map(|place| of_place(change.rule.kind, place, heard));
                let testimony = together(&places.collect());
                witnesses.push(tell(testimony, Seen::InDocument, change, &contract.name));
            }
        }
        for witness in &self.schemas {
            let file = format!("specs/{}", witness.name);
            let Some(case) = report.cases.iter().find(|case| case.file == file) else {
                let unseen = |change| tell(Testimony::NotSeen, Seen::InDocument, change, &witness.name);
                witnesses.extend(witness.changes.iter().map(unseen));
                continue;
            };
            let ignored = report.ignored.iter().filter(|ignored| ignored.case.as_ref() == Some(&file));
            let told: Vec<&Finding> = case.findings.iter().chain(ignored.map(|ignored| &ignored.finding)).collect();
            let live = told.iter().map(|finding| causes::id(&finding.fact, &case.operation)).collect();
            // Who did not tell its schema says nothing about it.
            let silent = |class| matches!(class, Class::Outage | Class::Setup | Class::Implausible);
            let live = (!told.iter().any(|finding| silent(finding.class))).then_some(live);
            witnesses.extend(of_schema(&witness.changes, live.as_ref(), &report.causes, &witness.name));
        }
        witnesses.sort();
        report.witnesses = witnesses;
    }
}

fn tell(testimony: Testimony, seen: Seen, cause: &Cause, contract: &str) -> Witness {
    let first = cause.places.first();
    Witness {
        testimony,
        agree: testimony.agree().to_vec(),
        advice: testimony.advice().to_owned(),
        seen,
        cause: cause.id.clone(),
        rule: cause.rule,
        contract: contract.to_owned(),
        operation: first.map(|place| place.operation.clone()).unwrap_or_default(),
        location: first.map(|place| place.location.to_string()).unwrap_or_default(),
        places: cause.places.len(),
    }
}

/// What the published document says about each finding of a cause.
fn said(cause: &Cause, cases: &[CaseReport], heard: &ByCase) -> BTreeSet<Says> {
    let mut said = BTreeSet::new();
    for case in cases {
        let Some(heard) = heard.get(&(case.file.clone(), case.case.clone())) else { continue };
        let own = case.findings.iter().filter(|finding| finding.rule == cause.rule);
        for finding in own.filter(|finding| causes::id(&finding.fact, &case.operation) == cause.id) {
            said.extend(heard.says(finding.fact.kind, &finding.fact.location));
        }
    }
    said
}

fn of_answers(said: &BTreeSet<Says>) -> Option<Testimony> {
    match said.iter().collect::<Vec<_>>()[..] {
        [] => None,
        [Says::Right] => Some(Testimony::ContractBehind),
        [Says::Same] => Some(Testimony::ServiceDiffers),
        _ => Some(Testimony::Undecided),
    }
}

/// What the answers say about one place of a change of the document.
fn of_place(change: Kind, place: &Place, heard: &ByCase) -> Testimony {
    let of_operation = || heard.values().filter(|exchange| exchange.operation == place.operation);
    let is_success = |exchange: &&Heard| (200..300).contains(&exchange.status);
    if change == Kind::OperationRemoved {
        let gone = of_operation().any(|exchange| exchange.status == 410);
        let there = of_operation().any(|exchange| is_success(&exchange));
        return weigh(of_operation().next().is_some(), gone, there);
    }
    let is_asked_more = matches!(change, Kind::ParameterAddedRequired | Kind::RequestBodyAddedRequired);
    let Location::Answer { status, part } = &place.location else {
        // What the document asks for and nobody sent was not missed.
        let is_taken = is_asked_more && of_operation().any(|exchange| is_success(&exchange));
        return weigh(of_operation().next().is_some(), false, is_taken);
    };
    let of_status = || of_operation().filter(|exchange| exchange.is_listed && is_of(exchange.status, status));
    let as_published = of_status().any(|exchange| exchange.only_accepted.iter().any(|fact| touches(fact, part)));
    let as_accepted = of_status().any(|exchange| exchange.only_published.iter().any(|fact| touches(fact, part)));
    weigh(of_status().next().is_some(), as_published, as_accepted)
}

fn weigh(was_seen: bool, as_published: bool, as_accepted: bool) -> Testimony {
    match (as_published, as_accepted) {
        (true, true) => Testimony::Undecided,
        (true, false) => Testimony::ContractBehind,
        (false, true) => Testimony::DocumentAhead,
        (false, false) if was_seen => Testimony::NotShown,
        (false, false) => Testimony::NotSeen,
    }
}

fn is_of(code: u16, status: &str) -> bool {
    match status.strip_suffix("XX") {
        Some(range) => range == (code / 100).to_string(),
        None => status == "default" || status == code.to_string(),
    }
}

/// The testimony of a change as a whole: what was shown anywhere was shown.
fn together(places: &BTreeSet<Testimony>) -> Testimony {
    let shown = |testimony: &&Testimony| !matches!(testimony, Testimony::NotShown | Testimony::NotSeen);
    match places.iter().filter(shown).collect::<Vec<_>>()[..] {
        [one] => *one,
        [] if places.contains(&Testimony::NotShown) => Testimony::NotShown,
        [] => Testimony::NotSeen,
        _ => Testimony::Undecided,
    }
}

/// A published schema, and the causes in the one that the target told, if it did: the same comparison twice.
fn of_schema(changes: &[Cause], live: Option<&BTreeSet<String>>, causes: &[Cause], name: &str) -> Vec<Witness> {
    let mut witnesses = Vec::new();
    for change in changes {
        let testimony = match live.map(|live| live.contains(&change.id)) {
            None => Testimony::NotSeen,
            Some(true) => Testimony::ContractBehind,
            Some(false) => Testimony::DocumentAhead,
        };
        witnesses.push(tell(testimony, Seen::InDocument, change, name));
    }
    let is_told = |cause: &&Cause| live.is_some_and(|live| live.contains(&cause.id));
    let is_published = |cause: &Cause| changes.iter().any(|change| change.id == cause.id);
    for cause in causes.iter().filter(is_told) {
        let testimony = if is_published(cause) { Testimony::ContractBehind } else { Testimony::ServiceDiffers };
        witnesses.push(tell(testimony, Seen::InAnswers, cause, name));
    }
    witnesses
}

#[cfg(test)]
mod tests {
    use super::{is_of, of_answers, of_schema, together};
    use crate::runner::witness::by_cause;
    use crate::runner::witness::heard::Says;
    use std::collections::BTreeSet;
    use vigie_contract::graphql::read;
    use vigie_drift::graphql::diff;
    use vigie_drift::run::{Testimony, Witness};

    #[test]
    fn a_status_is_of_its_range_and_of_the_default() {
        assert!(is_of(503, "5XX") && is_of(418, "default") && is_of(200, "200") && !is_of(404, "5XX"));
    }

    #[test]
    fn what_was_shown_anywhere_was_shown() {
        use Testimony::{ContractBehind, DocumentAhead, NotSeen, NotShown, Undecided};
        for (places, expected) in [
            (vec![], NotSeen),
            (vec![NotSeen, NotShown], NotShown),
            (vec![NotSeen, NotShown, DocumentAhead], DocumentAhead),
            (vec![ContractBehind, DocumentAhead], Undecided),
        ] {
            assert_eq!(together(&places.into_iter().collect()), expected);
        }
        assert_eq!(of_answers(&BTreeSet::from([Says::Right, Says::Same])), Some(Undecided));
        assert_eq!(of_answers(&BTreeSet::new()), None);
    }

    #[test]
    fn two_schemas_beside_ours_are_three_witnesses() {
        let changes = |fields: &str| {
            let schema = |fields: &str| read(&format!("type Query {{ a: Int {fields} }}")).expect("it is whole");
            by_cause(diff(&schema("b: Int"), &schema(fields)))
        };
        let told = |published: &str, served: Option<&str>| {
            let live = served.map(changes).unwrap_or_default();
            let ids = served.map(|_| live.iter().map(|cause| cause.id.clone()).collect());
            let witnesses = of_schema(&changes(published), ids.as_ref(), &live, "x/schema.graphql");
            witnesses.into_iter().map(|witness: Witness| witness.testimony).collect::<Vec<_>>()
        };
        let (same, other) = ("b: Int", "b: String");
        assert_eq!(told(same, Some(same)), []);
        assert_eq!(told(other, Some(other)), [Testimony::ContractBehind, Testimony::ContractBehind]);
        assert_eq!(told(same, Some(other)), [Testimony::ServiceDiffers]);
        assert_eq!(told(other, Some(same)), [Testimony::DocumentAhead]);
        assert_eq!(told(other, None), [Testimony::NotSeen]);
    }
}
