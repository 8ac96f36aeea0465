//! What is replayed. A case is one call, as data; the format is that of the provider's own sandbox, extended.
//! A scenario is a file: one case, or steps that hand values to each other. `docs/scenarios.md` is for those who write one.

mod bind;
mod body;
mod capture;
mod check;
mod choice;
mod corpus;
mod error;
mod fill;
mod folder;
mod identity;
mod near;
mod parse;
pub mod pattern;
mod place;
pub mod recorded;
mod steps;
mod write;

pub use bind::{Bound, Misfit, bind, text};
pub use body::{Body, Content, Part};
pub use capture::Source;
pub use choice::Choice;
pub use corpus::{Corpus, Unread};
pub use error::ScenarioError;
pub use fill::{CALLBACK, Captures, fill};
pub use folder::read_corpus;
pub use identity::{Compared, Identity, IdentityPart, Published, Written};
pub use near::near_operation;
pub use parse::{parse_case, parse_scenario};

use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use vigie_contract::model::Operation;

/// A file: one case, or steps that are sent one after the other, and what cleans up after them.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The folder's name: an operation id, or for steps a topic.
    pub topic: String,
    /// The file's name without its extension.
    pub name: String,
    /// The file as a person finds it.
    pub file: String,
    /// What it shows.
    pub description: String,
    /// The cases, in their order.
    pub steps: Vec<Case>,
    /// Cases that are sent whatever became of the steps, as far as what they need was captured.
    pub cleanup: Vec<Case>,
    /// How the runner answers the calls that the provider makes back.
    pub listener: Listener,
    /// Whether it was written as steps.
    stepped: bool,
    /// The file's text where the contracts may find fault with a place in it; else empty.
    text: String,
}

impl Scenario {
    /// Every case, the cleanup's last.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.steps.iter().chain(&self.cleanup)
    }

    /// The same, to be changed.
    pub fn cases_mut(&mut self) -> impl Iterator<Item = &mut Case> {
        self.steps.iter_mut().chain(&mut self.cleanup)
    }

    /// Gives it another name, and its cases with it.
    fn rename(&mut self, name: &str) {
        let (old, new) = if self.stepped {
            (format!("{}-{}-", self.topic, self.name), format!("{}-{name}-", self.topic))
        } else {
            (self.name.clone(), name.to_owned())
        };
        for case in self.cases_mut() {
            case.name = case.name.replacen(&old, &new, 1);
        }
        name.clone_into(&mut self.name);
    }

    /// Whether it was written as steps.
    #[must_use]
    pub fn has_steps(&self) -> bool {
        self.stepped
    }

    /// Whether the provider calls back: a step waits for it, or hands out where to call.
    #[must_use]
    pub fn listens(&self) -> bool {
        self.cases().any(|case| {
            case.callback || fill(case, &Captures::new()).is_err_and(|names| names.iter().any(|name| name == CALLBACK))
        })
    }
}

/// A case alone.
impl From<Case> for Scenario {
    fn from(case: Case) -> Self {
        Self {
            topic: case.operation.clone(),
            name: case.name.clone(),
            file: case.file.clone(),
            description: case.description.clone(),
            steps: vec![case],
            cleanup: Vec::new(),
            listener: Listener::default(),
            stepped: false,
            text: String::new(),
        }
    }
}

/// How the runner's listener answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listener {
    /// To the question whether it is there.
    pub validation: Validation,
    /// To what it is told: a status.
    pub status: u16,
    /// How many seconds a step waits for a call.
    pub patience: u64,
}

impl Default for Listener {
    fn default() -> Self {
        Self { validation: Validation::Echo, status: 200, patience: 6 }
    }
}

/// The answer to `?validationToken=..`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validation {
    /// The token, as plain text.
    #[default]
    Echo,
    /// The token, as a JSON text.
    Quoted,
    /// Another text.
    Wrong,
    /// Status 500.
    Refused,
    /// None.
    Silent,
}

/// One call: what is sent, what the sandbox stores as the answer, what is expected.
#[derive(Debug, Clone)]
pub struct Case {
    /// What its provider's cases may say.
    pub dialect: &'static Dialect,
    /// Operation id: the folder's name.
    pub operation: String,
    /// The file's name without its extension.
    pub name: String,
    /// The file as a person finds it.
    pub file: String,
    /// What the case shows.
    pub description: String,
    /// Parameters by internal name (`prenoms` for `prenoms[]`), or the variables of a GraphQL operation. With a
    /// credential that stands for a person, the parts of the identity too.
    pub params: Map<String, Value>,
    /// The request body: its value, or its text.
    pub body: Option<Value>,
    /// Further request headers.
    pub headers: BTreeMap<String, String>,
    /// Who calls.
    pub credential: Credential,
    /// The scopes of the token; `None` for a token with every scope.
    pub scopes: Option<Vec<String>>,
    /// The status that is stored, or that the gate must give.
    pub status: u16,
    /// The stored answer. Without one, the gate answers.
    pub payload: Option<String>,
    /// What else the answer must be.
    pub expect: Expect,
    /// What later steps use of the answer, by name.
    pub capture: Vec<(String, Source)>,
    /// Whether nothing is sent: the provider calls, and its request is judged.
    pub callback: bool,
}

/// Who calls, as a case says it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "the name of a credential, or a map of headers")]
pub enum Credential {
    /// One of [`Dialect::credentials`]: the target knows the token.
    Named(String),
    /// These headers, which may hold what an earlier step captured.
    Headers(BTreeMap<String, String>),
}

/// Names only: a header may hold a token.
impl std::fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named(name) => formatter.debug_tuple("Named").field(name).finish(),
            Self::Headers(headers) => formatter.debug_set().entries(headers.keys()).finish(),
        }
    }
}

impl Credential {
    /// Its name; empty for headers.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Headers(_) => "",
        }
    }
}

/// What the cases of one provider say beyond the common form.
#[derive(Debug)]
pub struct Dialect {
    /// Names of credentials; the first is that of a case which names none.
    pub credentials: &'static [&'static str],
    /// Credentials whose request is sent twice at once.
    pub twins: &'static [&'static str],
    /// Values of parameters, unless a case has its own.
    pub defaults: &'static [(&'static str, &'static str)],
    /// What stands for a person, and is never sent.
    pub identity: Identity,
    /// The name of the case that answers whatever no other case of its operation matches; its parameters are not compared.
    pub fallback: Option<&'static str>,
    /// Where an error answer has its code, as JSON pointers.
    pub codes: &'static [&'static str],
    /// Codes that say that a token is not taken (any more), or not for this.
    pub refusals: &'static [(&'static str, Refusal)],
    /// Codes that say that the same request is under way elsewhere.
    pub busy: &'static [&'static str],
    /// Statuses with which a service refuses a request before it looks for whom it names, by what its path begins with;
    /// the first entry that fits counts.
    pub decided: &'static [(&'static str, &'static [u16])],
}

/// Why a token that should be good is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is past its end.
    Expired,
    /// It was taken back.
    Revoked,
    /// Nobody knows it: it is another host's, or no token.
    Unknown,
    /// It is not taken, and nobody says why.
    Unclear,
    /// It is good, and has no right to the operation.
    NoRight,
    /// It is good, and not from this address.
    Address,
}

impl Dialect {
    /// What an error code says of a token, and the code as the table has it.
    #[must_use]
    pub fn refusal(&self, code: &str) -> Option<(&'static str, Refusal)> {
        self.refusals.iter().copied().find(|(own, _)| *own == code)
    }

    /// The credential of a case that names none.
    #[must_use]
    pub fn credential(&self) -> Credential {
        Credential::Named(self.credentials.first().copied().unwrap_or_default().to_owned())
    }
}

impl Case {
    /// A plain call of an operation, without parameters.
    #[must_use]
    pub fn call(operation: &str, dialect: &'static Dialect) -> Self {
        Self {
            dialect,
            operation: operation.to_owned(),
            name: "call".into(),
            file: "call".into(),
            description: String::new(),
            params: Map::new(),
            body: None,
            headers: BTreeMap::new(),
            credential: dialect.credential(),
            scopes: None,
            status: 200,
            payload: None,
            expect: Expect::default(),
            capture: Vec::new(),
            callback: false,
        }
    }

    /// Whether the token stands for a person: parts of the identity in `params` are never sent.
    #[must_use]
    pub fn has_identity(&self) -> bool {
        let prefix = self.dialect.identity.credentials;
        !prefix.is_empty() && self.credential.name().starts_with(prefix)
    }

    /// What its operation compares of the identity that the token stands for; `None` where it stands for nobody.
    #[must_use]
    pub fn compared(&self, operation: &Operation) -> Option<Compared> {
        self.has_identity().then(|| (self.dialect.identity.compared)(operation))
    }

    /// Whether it answers whatever no other case of its operation matches.
    #[must_use]
    pub fn is_fallback(&self) -> bool {
        self.payload.is_some() && self.dialect.fallback == Some(self.name.as_str())
    }

    /// Whether the request is sent twice at once.
    #[must_use]
    pub fn is_twin(&self) -> bool {
        self.dialect.twins.contains(&self.credential.name())
    }

    /// Whether the request must be refused, by its status or by an error code: there is no stored answer to a bad request.
    #[must_use]
    pub fn expects_refusal(&self) -> bool {
        let has_error = self.expect.code.is_some() || self.expect.uncoded;
        self.payload.is_none() && ((400..500).contains(&self.status) || has_error)
    }
}

/// What the answer must be, beside its status and its stored payload.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The code of the error, wherever the provider's form has it.
    #[serde(alias = "error")]
    pub code: Option<String>,
    /// Whether the answer must have an error without a code, below a successful status.
    #[serde(default)]
    pub uncoded: bool,
}

impl Dialect {
    /// What cases say of an API that has one token and nothing else of its own.
    pub const PLAIN: Self = Self {
        credentials: &["token", "none"],
        twins: &[],
        defaults: &[],
        identity: Identity::NONE,
        fallback: None,
        codes: &[],
        refusals: &[],
        busy: &[],
        decided: &[],
    };
}

/// A dialect for tests of what every dialect has.
#[cfg(test)]
pub(crate) static SOME: Dialect = Dialect {
    credentials: &["token", "none", "person"],
    twins: &[],
    defaults: &[("recipient", "13002526500013")],
    identity: Identity {
        name: "Person",
        published: None,
        credentials: "person",
        compared: |_| Compared {
            parts: vec![
                IdentityPart { name: "prenoms", written: None },
                IdentityPart { name: "sexe", written: Some(Written { how: "M or F", fits: |text| text == "M" }) },
            ],
            beside: vec!["annee"],
        },
    },
    fallback: None,
    codes: &["/code"],
    refusals: &[],
    busy: &[],
    decided: &[],
};
