//! Where a token comes from, and how it is got. Nothing here tells what a token, a file or a command holds.

use super::source::{LARGEST, Source};
use crate::auth::StoreError;
use secrecy::SecretString;
use std::ffi::OsString;
use std::time::Duration;
use vigie::clients::{base_url, is_here};

/// How long a command may take: somebody may have to type a passphrase, and nobody is there at three in the morning.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no token. No message holds anything of a token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A real host, and no token for it.
    #[error(
        "the target is not a vigie sandbox: set {variable} to its token, or name the source of one in `vigie.toml`; `vigie doctor` says how to get one"
    )]
    None {
        /// The environment variable.
        variable: &'static str,
    },
    /// The variable's token is another target's.
    #[error(
        "{variable} is the token of {owner} and is sent nowhere else: name this target's own with token_env, token_file or token_command in `vigie.toml`"
    )]
    Claimed {
        /// The environment variable.
        variable: &'static str,
        /// The target and its table.
        owner: String,
    },
    /// The variable and its twin are both set.
    #[error("{variable} and {variable}_FILE are both set: unset one of them")]
    Both {
        /// The environment variable.
        variable: &'static str,
    },
    /// A table's variable is not set.
    #[error("{place}, which should hold the token, is not set")]
    NotSet {
        /// Where it was looked for.
        place: Source,
    },
    /// Nothing there.
    #[error("{place} has no token: it is empty")]
    Empty {
        /// Where it was looked for.
        place: Source,
    },
    /// The token cannot be sent.
    #[error("{place} has characters that no token contains (spaces, line breaks, non-ASCII letters)")]
    Characters {
        /// Where it comes from.
        place: Source,
    },
    /// Anybody on the way could read it.
    #[error(
        "the target is another machine without TLS, so {variable} is not sent there. Use an https:// URL, or give the target a table with its own token in `vigie.toml`"
    )]
    Clear {
        /// The environment variable.
        variable: &'static str,
    },
    /// The file.
    #[error("the token file: {0}")]
    File(#[source] StoreError),
    /// What is named may be the token itself.
    #[error("the {what} of {key} does not exist; its name is not shown, since it may be the token itself")]
    NotThere {
        /// Where it is named: `token_file`.
        key: String,
        /// `file` or `program`.
        what: &'static str,
    },
    /// More than a token.
    #[error("the first line of {place} has more than {LARGEST} bytes, so it is not a token")]
    TooLong {
        /// Where it comes from.
        place: Source,
    },
    /// There is no such program.
    #[error("{place}, which should print the token, cannot be run: {reason}")]
    NoCommand {
        /// The command.
        place: Source,
        /// What the system says.
        reason: std::io::Error,
    },
    /// It failed.
    #[error("{place}, which should print the token, failed with {status}; run it by hand to see why")]
    Failed {
        /// The command.
        place: Source,
        /// How it ended: `exit status: 1`.
        status: std::process::ExitStatus,
    },
    /// It did not end.
    #[error("{place}, which should print the token, did not finish within {} s; does it wait for input?", .limit.as_secs_f32())]
    Slow {
        /// The command.
        place: Source,
        /// The limit.
        limit: Duration,
    },
}

impl TokenError {
    /// Whether there is one that is not for this target. A vigie sandbox, which needs none, does not miss it.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        matches!(self, Self::Claimed { .. } | Self::Clear { .. })
    }

    /// Whether the next try may go well: who keeps the token did not answer.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::Slow { .. })
    }
}

/// Where the token of a target comes from.
#[derive(Debug, Clone)]
pub struct TokenPlace {
    source: Result<Source, Environment>,
    /// Variables with tokens of other targets, which a command is not given.
    withheld: Vec<String>,
}

/// The environment, for a target of which no table says where its token is.
#[derive(Debug, Clone)]
struct Environment {
    variable: &'static str,
    /// The target that has claimed the variable.
    claim: Option<String>,
    /// Whether it would go to another machine without TLS.
    clear: bool,
}

impl TokenPlace {
    pub(super) fn of_table(source: Source) -> Self {
        Self { source: Ok(source), withheld: Vec::new() }
    }

    pub(super) fn of_environment(variable: &'static str, claim: Option<String>, target: &str) -> Self {
        Self { source: Err(Environment { variable, claim, clear: is_clear(target) }), withheld: Vec::new() }
    }

    /// The same, with the variables that hold the tokens of other targets.
    pub(super) fn withholding(self, withheld: Vec<String>) -> Self {
        Self { withheld, ..self }
    }

    /// The place itself; `None` if there is none.
    pub fn source(&self) -> Result<Option<Source>, TokenError> {
        match &self.source {
            Ok(source) => Ok(Some(source.clone())),
            Err(environment) => environment.source(),
        }
    }

    /// The token; `None` where nobody says anything of one.
    pub async fn read(&self) -> Result<Option<SecretString>, TokenError> {
        match self.source()? {
            Some(source) => source.read(PATIENCE, &self.withheld).await.map(Some),
            None => Ok(None),
        }
    }

    /// The token of a host that needs one.
    pub async fn require(&self) -> Result<SecretString, TokenError> {
        let token = self.read().await?;
        token.ok_or_else(|| match &self.source {
            // A table's source gives a token or an error.
            Ok(source) => TokenError::NotSet { place: source.clone() },
            Err(Environment { variable, .. }) => TokenError::None { variable },
        })
    }
}

impl Environment {
    fn source(&self) -> Result<Option<Source>, TokenError> {
        let Self { variable, claim, clear } = self;
        let source = match (is_set(variable), set(&format!("{variable}_FILE"))) {
            (false, None) => return Ok(None),
            (true, Some(_)) => return Err(TokenError::Both { variable }),
            (true, None) => Source::Variable((*variable).to_owned()),
            (false, Some(path)) => Source::Mounted { variable: format!("{variable}_FILE"), path: path.into() },
        };
        match claim {
            Some(owner) if matches!(source, Source::Variable(_)) => {
                Err(TokenError::Claimed { variable, owner: owner.clone() })
            }
            _ if *clear => Err(TokenError::Clear { variable }),
            _ => Ok(Some(source)),
        }
    }
}

/// A variable that is set to something.
pub(super) fn set(variable: &str) -> Option<OsString> {
    std::env::var_os(variable).filter(|value| !value.is_empty())
}

pub(super) fn is_set(variable: &str) -> bool {
    set(variable).is_some()
}

/// Whether what is sent to a base URL can be read on the way.
pub(super) fn is_clear(target: &str) -> bool {
    let Ok(url) = base_url(target) else { return true };
    url.scheme() != "https" && !is_here(&url)
}

#[cfg(test)]
mod tests {
    use super::is_clear;

    #[test]
    fn only_this_machine_is_reached_without_tls_and_unseen() {
        for url in ["http://nobody.invalid", "http://192.0.2.1:8080", "http://localhost.example", "http://127.example"]
        {
            assert!(is_clear(url), "{url}");
        }
        for url in
            ["https://nobody.invalid", "http://localhost:1", "http://127.0.0.1:1", "http://127.0.0.9", "http://[::1]:1"]
        {
            assert!(!is_clear(url), "{url}");
        }
    }
}
