//! What a contract says of a request, an answer or a document.

use serde::Deserialize;
use serde_json::Value;
use std::fmt;
use vigie_drift::diff::credible;

/// The whole of an opinion in one word, from mild to harsh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    /// Everything in it is documented, and right.
    Accepts,
    /// Nothing in it is forbidden, and something is not documented.
    Undocumented,
    /// Something in it is forbidden, or something required is absent.
    Refuses,
}

/// One thing that a contract has to say against it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// It has no such parameter, property, header, status, ..
    Undocumented(String),
    /// It forbids it.
    Refused(String),
}

/// Everything that a contract has to say against it.
#[derive(Debug, Default)]
pub(super) struct Opinion {
    pub(super) reasons: Vec<Reason>,
}

impl Reason {
    fn verdict(&self) -> Verdict {
        match self {
            Self::Undocumented(_) => Verdict::Undocumented,
            Self::Refused(_) => Verdict::Refuses,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undocumented(what) => write!(formatter, "no {what}"),
            Self::Refused(why) => formatter.write_str(why),
        }
    }
}

impl Opinion {
    pub(super) fn verdict(&self) -> Verdict {
        self.reasons.iter().map(Reason::verdict).max().unwrap_or(Verdict::Accepts)
    }

    /// Why the harsher of two opinions has its verdict.
    pub(super) fn because(&self, other: &Self) -> String {
        let harsher = if self.verdict() > other.verdict() { self } else { other };
        let decides = |reason: &&Reason| reason.verdict() == harsher.verdict();
        harsher.reasons.iter().filter(decides).map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    pub(super) fn undocumented(&mut self, what: impl Into<String>) {
        self.reasons.push(Reason::Undocumented(what.into()));
    }

    pub(super) fn refused(&mut self, why: impl Into<String>) {
        self.reasons.push(Reason::Refused(why.into()));
    }

    /// Something required that is not there.
    pub(super) fn absent(&mut self, place: &str) {
        self.refused(format!("{place}: required, and absent"));
    }

    /// What is to be said against a document where `accepted` was the API's.
    pub(super) fn of_document(document: &Value, accepted: &Value) -> Self {
        let mut opinion = Self::default();
        if let Err(reason) = credible(accepted, document) {
            opinion.refused(reason.to_string());
        }
        opinion
    }
}
