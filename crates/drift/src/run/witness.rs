//! Published document, served answers and accepted contract: who agrees with whom.

use crate::rules::Rule;
use serde::{Deserialize, Serialize};

/// One thing on which published document, served answers and accepted contract do not all agree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Witness {
    /// Who agrees with whom.
    pub testimony: Testimony,
    /// The two that agree; none where nothing can be said.
    pub agree: Vec<Party>,
    /// What follows.
    pub advice: String,
    /// Where it was seen.
    pub seen: Seen,
    /// The id of the cause: of findings of this run, or of changes of the document.
    pub cause: String,
    /// Its rule.
    pub rule: &'static Rule,
    /// The contract, or the schema of one: `api-particulier/v3`, `mobilic/schema.graphql`.
    pub contract: String,
    /// The operation of its first place: an operation id, or method and path.
    pub operation: String,
    /// Its first place: a JSON pointer, or words.
    pub location: String,
    /// How many places it has.
    pub places: usize,
}

/// One of three that tell what an API does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The document that the provider publishes.
    Published,
    /// The answers of this run.
    Served,
    /// The contract that was accepted.
    Accepted,
}

/// Where a disagreement was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// The answers of this run are not what was accepted.
    InAnswers,
    /// The published document is not what was accepted.
    InDocument,
}

/// Who agrees with whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Testimony {
    /// Published and served agree.
    ContractBehind,
    /// Published and accepted agree.
    ServiceDiffers,
    /// Accepted and served agree.
    DocumentAhead,
    /// No two agree, or not the same two everywhere.
    Undecided,
    /// The answers fit the published document and the accepted contract, which differ.
    NotShown,
    /// No answer of this run could show it.
    NotSeen,
}

impl Testimony {
    /// The two that agree.
    #[must_use]
    pub fn agree(self) -> &'static [Party] {
        match self {
            Self::ContractBehind => &[Party::Published, Party::Served],
            Self::ServiceDiffers => &[Party::Published, Party::Accepted],
            Self::DocumentAhead => &[Party::Accepted, Party::Served],
            Self::Undecided | Self::NotShown | Self::NotSeen => &[],
        }
    }

    /// What it says, and what follows.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::ContractBehind => "published and served agree: the accepted contract is behind, regenerate it",
            Self::ServiceDiffers => "published and accepted agree: the service does something else, tell the provider",
            Self::DocumentAhead => {
                "accepted and served agree: the document changed and the service did not, wait before you regenerate"
            }
            Self::Undecided => "no two agree, or not the same two everywhere: look at each location",
            Self::NotShown => "the document changed, and the answers of this run fit it before and after",
            Self::NotSeen => "the document changed, and no answer of this run could show it",
        }
    }
}
