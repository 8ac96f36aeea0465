//! Answers of a target, kept as cases and snapshots: with pseudonyms, or of production as outlines alone.

mod draft;
mod folder;
mod replay;

use crate::runner::{Outcome, PlanError, Run};
use draft::Draft;
use folder::{Fate, Folder};
use futures::stream::{self, StreamExt};
use secrecy::ExposeSecret;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::pin::pin;
use vigie_drift::deviation::Kind;
use vigie_drift::finding::{Finding, Verdict, text};
use vigie_drift::run::Elsewhere;
use vigie_judge::pseudonym::{Formats, Pseudonyms};
use vigie_scenario::Scenario;

/// Characters of a part of a token that is a secret by itself.
const SECRET: usize = 8;

/// What of an answer may be written.
pub enum Redaction {
    /// Pseudonyms in the place of values.
    Pseudonyms(Box<Pseudonyms>),
    /// No value and no pseudonym: snapshots of types, keys and forms, and no case.
    Outlines,
}

/// Where a recording goes.
pub struct Recording {
    /// The folder: cases in it, snapshots in `snapshots/` below it.
    pub out: PathBuf,
    /// What may be written.
    pub redaction: Redaction,
    /// Whether names and descriptions of the cases are public, since they are our own: then they stay as they are.
    pub public: bool,
}

/// What became of a recording. Every line names a case by `operation/name`.
#[derive(Debug, Default)]
pub struct Record {
    /// Files that were written, by their path in the folder.
    pub written: Vec<String>,
    /// Files that say already what was answered.
    pub unchanged: usize,
    /// Cases that were not recorded, and why; their old files are as they were.
    pub left_out: Vec<(String, String)>,
    /// Cases of other providers, which nobody here can record.
    pub elsewhere: Vec<Elsewhere>,
    /// What of recorded answers is not as documented, or not as its case says.
    pub notes: Vec<(String, String)>,
    /// Whether the target was down for some case, or does not take the token.
    pub outage: bool,
    /// Whether a case was left out because its files could not be read or written.
    pub unwritten: bool,
    /// Whether a case was left out that was meant to be recorded.
    pub incomplete: bool,
}

impl Record {
    /// Whether nothing was recorded at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.unchanged == 0
    }

    fn leave_out(&mut self, scenario: &str, reason: impl Into<String>) {
        self.incomplete = true;
        self.left_out.push((scenario.to_owned(), reason.into()));
    }

    /// One file that cannot be read or written costs its own case alone.
    fn cannot_write(&mut self, scenario: &str, error: &PlanError) {
        self.unwritten = true;
        self.leave_out(scenario, error.to_string());
    }
}

impl Run {
    /// Records every case.
    pub async fn record(self, recording: Recording) -> Result<Record, PlanError> {
        let mut answered = self.answers().await?;
        answered.sort_by(|(a, _), (b, _)| (&a.topic, &a.name).cmp(&(&b.topic, &b.name)));
        let record = self.kept(recording, answered).await;
        if let Some(running) = self.running {
            running.stop().await;
        }
        record
    }

    /// What every scenario was answered.
    async fn answers(&self) -> Result<Vec<(Scenario, Vec<Outcome>)>, PlanError> {
        let scenarios = &self.schedule.scenarios;
        let chains = self.schedule.chains((0..scenarios.len()).collect());
        let answers = |chain: Vec<usize>| async {
            let mut answered = Vec::with_capacity(chain.len());
            for position in chain {
                let scenario = &scenarios[position];
                answered.push((scenario.clone(), self.until_settled(scenario).await?));
            }
            Ok::<_, PlanError>(answered)
        };
        let mut running = pin!(stream::iter(chains).map(answers).buffer_unordered(self.schedule.jobs));
        let mut answered: Vec<(Scenario, Vec<Outcome>)> = Vec::new();
        while let Some(chain) = running.next().await {
            answered.extend(chain?);
        }
        Ok(answered)
    }

    async fn kept(&self, recording: Recording, answered: Vec<(Scenario, Vec<Outcome>)>) -> Result<Record, PlanError> {
        let mut record = Record::default();
        let folder = Folder::at(&recording.out, self.context.provider);
        let (mut pseudonyms, outlined) = match recording.redaction {
            Redaction::Pseudonyms(pseudonyms) => (*pseudonyms, false),
            Redaction::Outlines => (Pseudonyms::new(&[], Formats::NONE), true),
        };
        for judge in &self.context.judges {
            pseudonyms.know(judge.vocabulary().words());
        }
        for (scenario, judged) in &answered {
            for case in scenario.cases() {
                case.params.values().chain(&case.body).for_each(|value| pseudonyms.learn(value));
            }
            // The sentences of an error are the API's, and name nobody who is not in a request.
            let answers = judged.iter().filter_map(Outcome::observation);
            answers.filter(|answer| answer.status() < 400).for_each(|answer| pseudonyms.learn(answer.body()));
        }
        for unread in &self.aside.unread {
            record.leave_out(&format!("{}/{}", unread.operation, unread.case), unanswered(&unread.findings));
        }
        record.elsewhere.clone_from(&self.aside.elsewhere);
        let mut drafts = Vec::new();
        for (scenario, judged) in answered {
            let key = format!("{}/{}", scenario.topic, scenario.name);
            record.outage |=
                judged.iter().any(|judged| matches!(judged.report.verdict, Verdict::Outage | Verdict::Setup));
            let kept_from_it = judged
                .iter()
                .any(|judged| judged.report.findings.iter().any(|found| found.fact.kind == Kind::CaseLeftOut));
            match self.draft(scenario, judged, &pseudonyms, (outlined, recording.public)) {
                Ok(draft) => drafts.push(draft),
                Err(reason) if kept_from_it => record.left_out.push((key, reason)),
                Err(reason) => record.leave_out(&key, reason),
            }
        }
        if outlined {
            if !recording.public {
                nameable(&mut drafts, &pseudonyms, &mut record);
            }
        } else {
            for draft in drafts.iter_mut().filter(|_| !recording.public) {
                let names = |draft: &Draft| draft.scenario.cases().map(|case| case.name.clone()).collect::<Vec<_>>();
                let before = names(draft);
                draft.scenario.rename_parts(|name| pseudonyms.concealed(name));
                for (_, written) in before.iter().zip(names(draft)).filter(|(before, written)| *before != written) {
                    draft.notes.push(format!(
                        "written as {written}, because its name contains a value: rename it, so that a check of your case \
                         finds the snapshot"
                    ));
                }
                draft.forget_descriptions();
            }
            folder.keep_names(&mut drafts, &mut record);
            distinct(&mut drafts, &mut record);
        }
        self.keep_secrets(&mut drafts, &mut record);
        if !outlined {
            // The replay writes them to a folder of its own.
            replay::verify(self.context.provider, self.context.peer.is_real(), &mut drafts, &mut record).await?;
        }
        for draft in drafts {
            let fates = match folder.put(&draft, !outlined) {
                Ok(fates) => fates,
                Err(error) => {
                    record.cannot_write(&draft.origin, &error);
                    continue;
                }
            };
            for (path, fate) in fates {
                match fate {
                    Fate::Written => record.written.push(path),
                    Fate::Unchanged => record.unchanged += 1,
                }
            }
            record.notes.extend(draft.notes.iter().map(|note| (draft.origin.clone(), note.clone())));
        }
        record.left_out.sort();
        Ok(record)
    }
}

impl Run {
    /// The last look before anything is written: a token that a target says in some way that nobody thought of.
    fn keep_secrets(&self, drafts: &mut Vec<Draft>, record: &mut Record) {
        let Some(token) = self.context.peer.token() else { return };
        let token = token.expose_secret().to_lowercase();
        // Some are made of several: `264810537:eyJ..`.
        let parts: Vec<&str> = token.split(':').filter(|part| part.len() >= SECRET || *part == token).collect();
        drafts.retain(|draft| {
            let tells_in = |text: String| parts.iter().any(|part| text.to_lowercase().contains(part));
            let tells = draft.texts().any(tells_in);
            if tells {
                record.leave_out(&draft.origin, "the request or the answer contains the token of the target");
            }
            !tells
        });
    }
}

/// The snapshot of an outline is found by the name of its case, so the name cannot be another one.
fn nameable(drafts: &mut Vec<Draft>, pseudonyms: &Pseudonyms, record: &mut Record) {
    drafts.retain(|draft| {
        let tells = draft.scenario.cases().any(|case| pseudonyms.tells(&case.name));
        if tells {
            record.leave_out(&draft.origin, "its name contains a value of the request or of the answer; rename it");
        }
        !tells
    });
}

/// Two cases of one name would be one file.
fn distinct(drafts: &mut Vec<Draft>, record: &mut Record) {
    let mut names = BTreeSet::new();
    drafts.retain(|draft| {
        let is_new = names.insert(draft.key());
        if !is_new {
            record.leave_out(&draft.origin, "without its values, its name is that of another case; rename it");
        }
        is_new
    });
}

/// Why a case has no answer that can be kept, in words of ours.
fn unanswered(findings: &[Finding]) -> String {
    let worst = findings.iter().max_by_key(|finding| finding.class.leaves_open());
    worst.map_or_else(
        || "no answer".to_owned(),
        |finding| format!("{}: {}", finding.rule.title, text(&finding.fact.observed)),
    )
}
