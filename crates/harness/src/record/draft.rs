//! What is kept of a scenario's answers, before anything is written.

use super::unanswered;
use crate::runner::{Outcome, Run};
use serde_json::Value;
use std::collections::HashSet;
use vigie_contract::model::{Operation, escape};
use vigie_drift::deviation::Kind;
use vigie_drift::finding::Class;
use vigie_drift::location::Location;
use vigie_exchange::Response;
use vigie_judge::Judge;
use vigie_judge::pseudonym::{Known, Part, Pseudonyms, Terms, Unfit};
use vigie_judge::snapshot::Observation;
use vigie_scenario::{Case, Credential, Scenario};

/// A scenario that can be written.
pub(super) struct Draft {
    /// `topic/name`, as the corpus has it.
    pub(super) origin: String,
    /// With pseudonyms; of outlines, as it was.
    pub(super) scenario: Scenario,
    /// What a snapshot keeps of each case, in their order.
    pub(super) observations: Vec<Option<Observation>>,
    /// What was found at the target, by case: the same is found in a replay.
    pub(super) found: Vec<HashSet<(Kind, Location)>>,
    /// What is worth a word.
    pub(super) notes: Vec<String>,
}

impl Draft {
    /// `topic/name`, as it is written.
    pub(super) fn key(&self) -> String {
        format!("{}/{}", self.scenario.topic, self.scenario.name)
    }

    /// Everything that would be written.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        let snapshots = self.observations.iter().flatten().map(Observation::content);
        let names = self.scenario.cases().map(|case| case.name.clone());
        snapshots.chain(names).chain(self.scenario.to_yaml())
    }

    /// Who wrote the cases may have written of people.
    pub(super) fn forget_descriptions(&mut self) {
        self.scenario.description.clear();
        self.scenario.cases_mut().for_each(|case| case.description.clear());
    }
}

/// Headers that a program writes, whoever the person is.
const TECHNICAL: [&str; 5] = ["accept", "accept-language", "cache-control", "content-type", "prefer"];
/// What stands before a token in a header.
const SCHEMES: [&str; 3] = ["Bearer ", "Basic ", "Token "];

impl Run {
    /// The draft of a scenario whose every case was answered well, or why there is none.
    pub(super) fn draft(
        &self,
        mut scenario: Scenario,
        judged: Vec<Outcome>,
        pseudonyms: &Pseudonyms,
        (outlined, public): (bool, bool),
    ) -> Result<Draft, String> {
        let origin = format!("{}/{}", scenario.topic, scenario.name);
        let (mut observations, mut found, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        // Steps are answered by the double's own world, which knows our own requests, and no others.
        let as_written = public && scenario.has_steps();
        for (case, judged) in scenario.cases_mut().zip(judged) {
            let Some((judge, operation)) = self.context.find(&case.operation) else {
                return Err(unanswered(&judged.report.findings));
            };
            let (observation, answer) = judged.reply.recorded().ok_or_else(|| unanswered(&judged.report.findings))?;
            let status = observation.status();
            if operation.answer(status).is_none() && !case.callback {
                return Err(format!("answered {status}, which the contract does not document"));
            }
            if status != case.status && !case.callback {
                notes.push(format!("answered {status}, but the case says {}", case.status));
            }
            let breaking = judged.report.findings.iter().filter(|finding| finding.class == Class::Breaking);
            for finding in breaking.clone().filter(|finding| finding.fact.kind != Kind::StatusDiffers) {
                notes.push(format!("{} {}", finding.rule, finding.fact.location).trim_end().to_owned());
            }
            found.push(breaking.map(|finding| (finding.fact.kind, finding.fact.location.clone())).collect());
            // It would stand in the snapshot, and may be anything.
            if judged.report.findings.iter().any(|finding| finding.fact.kind == Kind::MediaTypeUndocumented) {
                return Err("answered with a media type that the contract does not document".to_owned());
            }
            let schema = judge.schema(operation, status);
            let names: Vec<&str> = operation.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let own = case.expect.code.clone();
            let listed: Vec<&str> = self.context.codes(judge, case.dialect).chain(own.as_deref()).collect();
            // What a real host says beyond the contract may be somebody's.
            let is_word = |key: &str| judge.vocabulary().names(key);
            let known: Option<Known<'_>> = if self.context.peer.is_real() { Some(&is_word) } else { None };
            let terms = Terms { schema, codes: case.dialect.codes, listed: &listed, known, names: &names };
            if !outlined {
                let unfit = |unfit: Unfit| unfit.to_string();
                if !as_written {
                    request(case, judge, operation, pseudonyms).map_err(unfit)?;
                }
                self.scoped(case, operation);
                refresh(case, answer.as_ref(), &observation, pseudonyms, &terms)?;
                if case.payload.is_some() {
                    let body = pseudonyms.value(observation.body(), Part::Any, &terms).map_err(unfit)?;
                    observations.push(Some(observation.with_body(body)));
                    continue;
                }
            }
            // What the double answers by itself has no value of the target's.
            let outline = pseudonyms.outline(observation.body(), schema, known);
            observations.push(Some(observation.with_outline(outline)));
        }
        notes.dedup();
        Ok(Draft { origin, scenario, observations, found, notes })
    }

    /// The scopes of a real token that may not see all of an answer: the double of the case must hide the same.
    fn scoped(&self, case: &mut Case, operation: &Operation) {
        if let Some(scopes) = self.context.peer.scopes.as_ref().filter(|_| case.scopes.is_none())
            && !self.context.provider.masked(&operation.id, scopes).is_empty()
        {
            case.scopes = Some(scopes.clone());
        }
    }
}

/// Takes what the target answered. Only a case that stores an answer stores the new one: to the others the double's door
/// answers, as the target's does.
fn refresh(
    case: &mut Case,
    answer: Option<&Response>,
    observation: &Observation,
    pseudonyms: &Pseudonyms,
    terms: &Terms<'_>,
) -> Result<(), String> {
    if case.callback {
        return Ok(());
    }
    case.status = observation.status();
    if case.expect.code.as_ref().is_some_and(|expected| !expected.contains("{{")) {
        let body = pseudonyms.value(observation.body(), Part::Any, terms).map_err(|unfit| unfit.to_string())?;
        case.expect.code = case.dialect.codes.iter().find_map(|at| Some(body.pointer(at)?.as_str()?.to_owned()));
    }
    let Some(answer) = answer.filter(|_| case.payload.is_some()) else { return Ok(()) };
    let body =
        std::str::from_utf8(&answer.body).map_err(|_| "the answer is not text, so no case can hold it".to_owned())?;
    case.payload = Some(match answer.body.json() {
        Ok(value) => {
            let value = pseudonyms.value(value, Part::Any, terms).map_err(|unfit| unfit.to_string())?;
            serde_json::to_string_pretty(&value).map_err(|error| error.to_string())?
        }
        Err(_) => pseudonyms.text(body, Part::Any),
    });
    Ok(())
}

/// Pseudonyms in the request of a case: parameters or variables, body, headers.
fn request(case: &mut Case, judge: &Judge, operation: &Operation, pseudonyms: &Pseudonyms) -> Result<(), Unfit> {
    for (name, value) in &mut case.params {
        let variable = || Some(&operation.graphql.as_ref()?.variables.get(name)?.schema);
        let schema = operation.parameter(name).map(|parameter| &parameter.schema).or_else(variable);
        let schema = schema.map(|schema| judge.resolved(schema)).unwrap_or_default();
        let named = |unfit: Unfit| Unfit { pointer: format!("{name}{}", unfit.pointer) };
        *value = pseudonyms.value(value, pseudonyms.part(name), &stated(&schema)).map_err(named)?;
    }
    if let Some(body) = &mut case.body {
        let pointer = operation.body.as_ref().and_then(|body| {
            let (media_type, _) = body.content.iter().find(|(_, has_schema)| **has_schema)?;
            Some(format!("{}/content/{}/schema", body.pointer, escape(media_type)))
        });
        let schema = pointer.and_then(|pointer| judge.contract.document.pointer(&pointer));
        let schema = schema.map(|schema| judge.resolved(schema)).unwrap_or_default();
        *body = pseudonyms.value(body, Part::Any, &stated(&schema))?;
    }
    for (_, value) in case.headers.iter_mut().filter(|(name, _)| !TECHNICAL.contains(&&*name.to_ascii_lowercase())) {
        *value = pseudonyms.text(value, Part::Any);
    }
    if let Credential::Headers(headers) = &mut case.credential {
        for value in headers.values_mut() {
            let scheme = SCHEMES.iter().find(|scheme| value.starts_with(**scheme)).map_or("", |scheme| *scheme);
            *value = format!("{scheme}{}", pseudonyms.text(&value[scheme.len()..], Part::Any));
        }
    }
    Ok(())
}

/// What is known of a part of a request.
fn stated(schema: &Value) -> Terms<'_> {
    Terms { schema, codes: &[], listed: &[], known: None, names: &[] }
}
