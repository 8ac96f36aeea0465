//! What came of a case, in one attempt.

use super::likeness::Origin;
use super::witness::Heard;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::{CaseReport, Finding};
use vigie_exchange::Response;
use vigie_judge::Observed;
use vigie_judge::snapshot::Observation;
use vigie_scenario::Case;

/// What came of a case.
pub struct Outcome {
    /// What was found.
    pub report: CaseReport,
    /// Beside each finding, what another attempt must have in common to have seen the same.
    pub(super) marks: Vec<String>,
    /// What came back.
    pub(crate) reply: Reply,
}

/// What came back for a case's request.
pub(crate) enum Reply {
    /// Nothing was sent.
    Unsent,
    /// Nobody answered, and why.
    Silence(Deviation),
    /// Somebody answered, and nothing of it could be judged.
    Unjudged,
    /// An answer that was judged.
    Answer(Box<Answer>),
    /// A call of the provider, which a step waited for.
    Call(Accepting),
}

/// An answer that was judged.
pub(crate) struct Answer {
    pub(super) accepting: Accepting,
    /// As it came, for a recording.
    pub(super) response: Response,
    /// Documented properties that a 200 answer had.
    pub(super) seen: Option<Observed>,
    /// What a published document says of it.
    pub(super) heard: Option<Heard>,
    /// Whose it seems to be.
    pub(super) origin: Origin,
}

/// What a snapshot keeps.
pub(crate) struct Accepting {
    pub(super) observation: Observation,
    /// Which causes must be accepted for it to take the place of the accepted one, none where nothing differs; `None` where it
    /// may not.
    pub(super) successor: Option<Vec<String>>,
}

impl Reply {
    /// Where there is no answer to judge, which may be since nobody gave one.
    pub(super) fn instead(reason: &Deviation) -> Self {
        match reason.kind {
            Kind::HostRefused | Kind::HostUnknown | Kind::TlsFailed | Kind::AnswerTimeout => {
                Self::Silence(reason.clone())
            }
            Kind::RequestUnbuilt => Self::Unsent,
            _ => Self::Unjudged,
        }
    }

    fn accepting(&self) -> Option<&Accepting> {
        match self {
            Self::Answer(answer) => Some(&answer.accepting),
            Self::Call(accepting) => Some(accepting),
            Self::Unsent | Self::Silence(_) | Self::Unjudged => None,
        }
    }

    /// What a snapshot keeps of it.
    pub(crate) fn observation(&self) -> Option<&Observation> {
        self.accepting().map(|accepting| &accepting.observation)
    }

    /// The same, and the answer as it came; a call of the provider is none.
    pub(crate) fn recorded(self) -> Option<(Observation, Option<Response>)> {
        match self {
            Self::Answer(answer) => Some((answer.accepting.observation, Some(answer.response))),
            Self::Call(accepting) => Some((accepting.observation, None)),
            Self::Unsent | Self::Silence(_) | Self::Unjudged => None,
        }
    }
}

impl Outcome {
    /// A report of a case that was not sent.
    pub(super) fn of(report: CaseReport) -> Self {
        let marks = report.findings.iter().map(|finding| mark(&finding.fact)).collect();
        Self { report, marks, reply: Reply::Unsent }
    }

    /// What a snapshot keeps of the answer; `None` without an answer.
    #[must_use]
    pub fn observation(&self) -> Option<&Observation> {
        self.reply.observation()
    }

    /// Whose the answer seems to be; `None` without one that was judged.
    pub(super) fn origin(&self) -> Option<&Origin> {
        if let Reply::Answer(answer) = &self.reply { Some(&answer.origin) } else { None }
    }

    /// What a snapshot keeps, and what must be accepted for it.
    pub(super) fn proposal(&self) -> Option<(&Observation, &[String])> {
        let accepting = self.reply.accepting()?;
        Some((&accepting.observation, accepting.successor.as_deref()?))
    }

    /// Takes it out of those that may be accepted.
    pub(super) fn forbid(&mut self) {
        match &mut self.reply {
            Reply::Answer(answer) => answer.accepting.successor = None,
            Reply::Call(accepting) => accepting.successor = None,
            Reply::Unsent | Reply::Silence(_) | Reply::Unjudged => {}
        }
    }

    /// Drops the findings that do not count.
    pub(super) fn retain(&mut self, counts: &[bool]) {
        let mut own = counts.iter();
        self.report.findings.retain(|_| own.next().copied().unwrap_or(true));
        let mut own = counts.iter();
        self.marks.retain(|_| own.next().copied().unwrap_or(true));
        self.report.decide(&[]);
    }

    /// Reports one thing more.
    pub(super) fn with(mut self, finding: Finding) -> Self {
        self.marks.push(mark(&finding.fact));
        self.report.findings.push(finding);
        self.report.decide(&[]);
        self
    }
}

/// What makes a fact the same one as another attempt's.
pub(super) fn mark(fact: &Deviation) -> String {
    let Deviation { kind, operation, location, expected, observed, .. } = fact;
    serde_json::json!([kind.rank(), operation, location, expected, observed]).to_string()
}

/// The report of a case of which nothing is known yet.
pub(super) fn empty_report(case: &Case) -> CaseReport {
    CaseReport::new(&case.file, &case.operation, &case.name)
}
