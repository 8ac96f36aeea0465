//! Floor 1: what is replayed. A case is one call, as data; the format is that of the provider's own sandbox, extended.

mod bind;
mod corpus;
mod parse;

pub use bind::{Bound, Misfit, bind, text};
pub use corpus::{Corpus, FALLBACK, read_corpus};
pub use parse::{ScenarioError, parse_case};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One call: what is sent, what the sandbox stores as the answer, what is expected.
#[derive(Debug, Clone)]
pub struct Case {
    /// Operation id: the folder's name.
    pub operation: String,
    /// The file's name without its extension.
    pub name: String,
    /// The file as a person finds it.
    pub file: String,
    /// What the case shows.
    pub description: String,
    /// Parameters by internal name (`prenoms` for `prenoms[]`). With a FranceConnect credential, the pivot identity too.
    pub params: Map<String, Value>,
    /// Further request headers.
    pub headers: BTreeMap<String, String>,
    /// Who calls.
    pub credential: Credential,
    /// The scopes of the token; `None` for a token with every scope.
    pub scopes: Option<Vec<String>>,
    /// The status that is stored, or that the door must give.
    pub status: u16,
    /// The stored answer. Without one, the door answers.
    pub payload: Option<String>,
    /// What else the answer must be.
    pub expect: Expect,
}

/// Who calls, as a case says it; the target knows the tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// A good token with every scope.
    Token,
    /// No token.
    None,
    /// A token that nobody issued.
    Unknown,
    /// A token past its end.
    Expired,
    /// A token that was taken back.
    Blacklisted,
    /// A good token without any scope.
    NoScopes,
    /// A token without quota.
    Exhausted,
    /// A good token whose request is sent twice at once.
    Twin,
    /// A FranceConnect token for the identity in `params`.
    FranceConnect,
    /// A text that is no FranceConnect token.
    FranceConnectMalformed,
    /// A FranceConnect token past its end.
    FranceConnectExpired,
    /// A FranceConnect token without a pivot identity.
    FranceConnectAnonymous,
    /// A FranceConnect token without any scope.
    FranceConnectNoScopes,
    /// A FranceConnect token without quota.
    FranceConnectExhausted,
    /// A FranceConnect token whose request is sent twice at once.
    FranceConnectTwin,
}

impl Credential {
    /// Whether `params` hold the pivot identity, which the caller never sends.
    #[must_use]
    pub fn is_france_connect(self) -> bool {
        matches!(
            self,
            Self::FranceConnect
                | Self::FranceConnectMalformed
                | Self::FranceConnectExpired
                | Self::FranceConnectAnonymous
                | Self::FranceConnectNoScopes
                | Self::FranceConnectExhausted
                | Self::FranceConnectTwin
        )
    }

    /// Whether the runner sends the request twice at once.
    #[must_use]
    pub fn is_twin(self) -> bool {
        matches!(self, Self::Twin | Self::FranceConnectTwin)
    }
}

impl Case {
    /// A plain call of an operation, without parameters.
    #[must_use]
    pub fn call(operation: &str) -> Self {
        Self {
            operation: operation.to_owned(),
            name: "call".into(),
            file: "call".into(),
            description: String::new(),
            params: Map::new(),
            headers: BTreeMap::new(),
            credential: Credential::Token,
            scopes: None,
            status: 200,
            payload: None,
            expect: Expect::default(),
        }
    }

    /// Whether the sandbox's door must refuse the request: there is no stored answer to a bad request.
    #[must_use]
    pub fn expects_refusal(&self) -> bool {
        self.payload.is_none() && (400..500).contains(&self.status)
    }
}

/// What the answer must be, beside its status and its stored payload.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// `errors[0].code` of the structured error form.
    pub code: Option<String>,
    /// `error` of the flat error form.
    pub error: Option<String>,
}

/// Names of a FranceConnect pivot identity, as cases write them: v3, v2, and the OpenID claims.
pub const PIVOT: [&str; 21] = [
    "nomNaissance",
    "nomUsage",
    "prenoms",
    "anneeDateNaissance",
    "moisDateNaissance",
    "jourDateNaissance",
    "sexeEtatCivil",
    "codeCogInseeCommuneNaissance",
    "codeCogInseePaysNaissance",
    "anneeDateDeNaissance",
    "moisDateDeNaissance",
    "jourDateDeNaissance",
    "sexe",
    "codeInseeLieuDeNaissance",
    "codePaysLieuDeNaissance",
    "given_name",
    "family_name",
    "birthdate",
    "gender",
    "birthplace",
    "birthcountry",
];
