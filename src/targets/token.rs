//! Where a token comes from, and how it is got. Nothing here tells what a token, a file or a command holds.

use crate::auth::{StoreError, TokenFile};
use crate::clients::{base_url, is_here};
use secrecy::SecretString;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// How long a command may take: somebody may have to type a passphrase, and nobody is there at three in the morning.
const PATIENCE: Duration = Duration::from_secs(30);
/// How our own variables begin.
const OWN: &str = "VIGIE";
/// How long the last words of a command may be on their way.
const ECHO: Duration = Duration::from_millis(100);
/// Bytes that are read of what a command prints.
const LARGEST: u64 = 1 << 16;

/// A place that one token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An environment variable.
    Variable(String),
    /// A file that only its owner may read.
    File(PathBuf),
    /// A file that an environment variable names: others may read it, as they may the secrets of a container, but not
    /// write it.
    Mounted {
        /// The variable.
        variable: String,
        /// The file.
        path: PathBuf,
    },
    /// The first line that a command prints.
    Command {
        /// The program.
        program: PathBuf,
        /// Its arguments; there is no shell.
        arguments: Vec<String>,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(formatter, "the variable {name}"),
            Self::File(path) => write!(formatter, "the file {}", path.display()),
            Self::Mounted { variable, path } => write!(formatter, "the file {} ({variable})", path.display()),
            // Arguments may hold what nobody else shall see.
            Self::Command { program, .. } => write!(formatter, "the command `{}`", program.display()),
        }
    }
}

/// Why there is no token. No message holds anything of a token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A real host, and no token for it.
    #[error(
        "the target is no vigie sandbox: set {variable} to a token for it, or name one in `vigie.toml`; `vigie doctor` says \
         how to get one"
    )]
    None {
        /// The environment variable.
        variable: &'static str,
    },
    /// The variable's token is another target's.
    #[error(
        "{variable} is the token of {owner}, and goes nowhere else: name this target's own with token_env, token_file or \
         token_command in `vigie.toml`"
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
    #[error("{place}, which is to hold the token, is not set")]
    NotSet {
        /// Where it was looked for.
        place: Source,
    },
    /// Nothing there.
    #[error("{place} holds no token: it is empty")]
    Empty {
        /// Where it was looked for.
        place: Source,
    },
    /// The token cannot be sent.
    #[error("{place} holds characters that no token has (spaces, line breaks, letters beyond ASCII)")]
    Characters {
        /// Where it comes from.
        place: Source,
    },
    /// Anybody on the way could read it.
    #[error(
        "the target has no TLS, and is another machine: {variable} is not sent there. Take an https:// URL, or a table for it \
         in `vigie.toml` with a token of its own"
    )]
    Clear {
        /// The environment variable.
        variable: &'static str,
    },
    /// The file.
    #[error("the file of the token: {0}")]
    File(#[from] StoreError),
    /// There is no such program.
    #[error("{place}, which is to print the token, cannot be run: {reason}")]
    NoCommand {
        /// The command.
        place: Source,
        /// What the system says.
        reason: std::io::Error,
    },
    /// It failed.
    #[error("{place}, which is to print the token, ended with {status}; run it by hand to see what it says")]
    Failed {
        /// The command.
        place: Source,
        /// How it ended: `exit status: 1`.
        status: std::process::ExitStatus,
    },
    /// It did not end.
    #[error("{place}, which is to print the token, did not end within {} s; does it wait for somebody?", .limit.as_secs_f32())]
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
        Self { source: Ok(source) }
    }

    pub(super) fn of_environment(variable: &'static str, claim: Option<String>, target: &str) -> Self {
        Self { source: Err(Environment { variable, claim, clear: is_clear(target) }) }
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
            Some(source) => source.read(PATIENCE).await.map(Some),
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

impl Source {
    async fn read(&self, patience: Duration) -> Result<SecretString, TokenError> {
        match self {
            Self::Variable(name) => match set(name) {
                None => Err(TokenError::NotSet { place: self.clone() }),
                // What is no text holds characters that no token has.
                Some(value) => {
                    self.checked(&value.into_string().unwrap_or_else(|_| char::REPLACEMENT_CHARACTER.to_string()))
                }
            },
            Self::File(path) => self.checked(TokenFile::at(path).text()?.trim_end()),
            Self::Mounted { path, .. } => self.checked(TokenFile::at(path).shared_text()?.trim_end()),
            Self::Command { program, arguments } => self.run(program, arguments, patience).await,
        }
    }

    fn checked(&self, token: &str) -> Result<SecretString, TokenError> {
        if token.is_empty() {
            return Err(TokenError::Empty { place: self.clone() });
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Characters { place: self.clone() });
        }
        Ok(token.to_owned().into())
    }

    /// What it says beside the token goes nowhere: it may hold a part of it.
    async fn run(&self, program: &PathBuf, arguments: &[String], limit: Duration) -> Result<SecretString, TokenError> {
        let refused = |reason| TokenError::NoCommand { place: self.clone(), reason };
        let mut command = tokio::process::Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        // It keeps what it may need to get its own token, and is given none of the others, and no key.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with(OWN)) {
            command.env_remove(name);
        }
        let mut child = command.spawn().map_err(refused)?;
        let told = child.stdout.take();
        let work = async {
            let mut bytes = Vec::new();
            if let Some(told) = told {
                let mut told = told.take(LARGEST);
                // A program that it leaves behind, an agent, may keep the pipe open: it has spoken when it has ended.
                let ended = async {
                    let ended = child.wait().await;
                    tokio::time::sleep(ECHO).await;
                    ended
                };
                let mut ended = std::pin::pin!(ended);
                loop {
                    tokio::select! {
                        read = told.read_buf(&mut bytes) => if read? == 0 { break },
                        ended = &mut ended => return Ok((ended?, bytes)),
                    }
                }
            }
            // Who prints on and on is told by the closed pipe.
            Ok((child.wait().await?, bytes))
        };
        let (status, bytes) = match tokio::time::timeout(limit, work).await {
            Ok(ended) => ended.map_err(refused)?,
            Err(_) => return Err(TokenError::Slow { place: self.clone(), limit }),
        };
        if !status.success() {
            return Err(TokenError::Failed { place: self.clone(), status });
        }
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        self.checked(std::str::from_utf8(line).unwrap_or("\u{fffd}").trim_end())
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
    use super::{Source, TokenError, is_clear};
    use std::time::Duration;

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

    #[cfg(unix)]
    #[tokio::test]
    async fn what_a_command_leaves_behind_does_not_keep_its_token() {
        let arguments = ["-c".to_owned(), "sleep 600 & echo s3cret-token".to_owned()].to_vec();
        let agent = Source::Command { program: "sh".into(), arguments };
        let token = agent.read(Duration::from_secs(30)).await.expect("it ended, and said its token");
        assert_eq!(secrecy::ExposeSecret::expose_secret(&token), "s3cret-token");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_command_that_waits_for_ever_or_prints_for_ever_ends() {
        let command = |arguments: &[&str]| Source::Command {
            program: arguments[0].into(),
            arguments: arguments[1..].iter().map(|argument| (*argument).to_owned()).collect(),
        };
        let waits = command(&["sleep", "600"]).read(Duration::from_millis(50)).await.expect_err("it waits");
        assert!(matches!(waits, TokenError::Slow { .. }) && waits.is_outage(), "{waits}");
        assert!(waits.to_string().contains("`sleep`") && !waits.to_string().contains("600"), "{waits}");
        // Its pipe is closed, and that ends it.
        let prints = command(&["yes"]).read(Duration::from_secs(60)).await.expect_err("it prints");
        assert!(matches!(prints, TokenError::Failed { .. }), "{prints}");
    }
}
