//! The places that a token may come from, and how it is got there. Nothing here tells what a token, a file or a command holds.

use super::token::{TokenError, set};
use crate::auth::{StoreError, TokenFile};
use secrecy::SecretString;
use std::ffi::OsString;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// How our own variables begin.
const OWN: &str = "VIGIE";
/// How long the last words of a command may be on their way.
const ECHO: Duration = Duration::from_millis(100);
/// Bytes that are read of what a command prints.
pub(super) const LARGEST: u64 = 1 << 16;

/// A place that one token comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An environment variable.
    Variable(String),
    /// A file that only its owner may read.
    File {
        /// The file.
        path: PathBuf,
        /// The folder of `vigie.toml`, from which it is named.
        base: PathBuf,
    },
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
            Self::File { path, .. } => write!(formatter, "the file {}", path.display()),
            Self::Mounted { variable, path } => write!(formatter, "the file {} ({variable})", path.display()),
            // Arguments may hold what nobody else shall see.
            Self::Command { program, .. } => write!(formatter, "the command `{}`", program.display()),
        }
    }
}

impl Source {
    pub(super) async fn read(&self, patience: Duration, withheld: &[String]) -> Result<SecretString, TokenError> {
        match self {
            Self::Variable(name) => match set(name) {
                None => Err(TokenError::NotSet { place: self.clone() }),
                // What is no text holds characters that no token has.
                Some(value) => {
                    self.checked(&value.into_string().unwrap_or_else(|_| char::REPLACEMENT_CHARACTER.to_string()))
                }
            },
            Self::File { path, base } => {
                let text = TokenFile::at(path).text().map_err(|error| unreadable("token_file", path, base, error))?;
                self.checked(text.trim_end())
            }
            Self::Mounted { variable, path } => {
                let text = TokenFile::at(path)
                    .shared_text()
                    .map_err(|error| unreadable(variable, path, Path::new(""), error))?;
                self.checked(text.trim_end())
            }
            Self::Command { program, arguments } => self.run(program, arguments, patience, withheld).await,
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
    async fn run(
        &self,
        program: &Path,
        arguments: &[String],
        limit: Duration,
        withheld: &[String],
    ) -> Result<SecretString, TokenError> {
        let refused = |reason: std::io::Error| match reason.kind() {
            ErrorKind::NotFound if !is_in_folder(program, Path::new("")) => {
                TokenError::NotThere { key: "token_command".to_owned(), what: "program" }
            }
            _ => TokenError::NoCommand { place: self.clone(), reason },
        };
        let mut command = tokio::process::Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        // It keeps what it may need to get its own token, and is given none of the others, and no key.
        for name in own_variables() {
            command.env_remove(name);
        }
        for name in withheld {
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
        if line.len() as u64 == LARGEST {
            return Err(TokenError::TooLong { place: self.clone() });
        }
        self.checked(std::str::from_utf8(line).unwrap_or("\u{fffd}").trim_end())
    }
}

/// Why a file cannot be read. Where there is none, a person may have written the token in the place of its name.
fn unreadable(key: &str, path: &Path, base: &Path, error: StoreError) -> TokenError {
    let is_there = path.symlink_metadata().is_ok() || is_in_folder(path, base);
    let key = key.to_owned();
    if is_there { TokenError::File(error) } else { TokenError::NotThere { key, what: "file" } }
}

/// Whether a path names a folder that exists, below the one that it is named from: then it is no token.
fn is_in_folder(path: &Path, base: &Path) -> bool {
    path.parent().is_some_and(|folder| folder != base && folder.is_dir())
}

/// Our own variables, which may hold tokens and keys: no other program is given them.
pub(crate) fn own_variables() -> impl Iterator<Item = OsString> {
    std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with(OWN))
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Source, TokenError};
    use std::time::Duration;

    #[tokio::test]
    async fn what_a_command_leaves_behind_does_not_keep_its_token() {
        let arguments = ["-c".to_owned(), "sleep 600 & echo s3cret-token".to_owned()].to_vec();
        let agent = Source::Command { program: "sh".into(), arguments };
        let token = agent.read(Duration::from_secs(30), &[]).await.expect("it ended, and said its token");
        assert_eq!(secrecy::ExposeSecret::expose_secret(&token), "s3cret-token");
    }

    #[tokio::test]
    async fn a_command_that_waits_for_ever_or_prints_for_ever_ends() {
        let command = |arguments: &[&str]| Source::Command {
            program: arguments[0].into(),
            arguments: arguments[1..].iter().map(|argument| (*argument).to_owned()).collect(),
        };
        let waits = command(&["sleep", "600"]).read(Duration::from_millis(50), &[]).await.expect_err("it waits");
        assert!(matches!(waits, TokenError::Slow { .. }) && waits.is_outage(), "{waits}");
        assert!(waits.to_string().contains("`sleep`") && !waits.to_string().contains("600"), "{waits}");
        // Its pipe is closed, and that ends it.
        let prints = command(&["yes"]).read(Duration::from_secs(60), &[]).await.expect_err("it prints");
        assert!(matches!(prints, TokenError::Failed { .. }), "{prints}");
    }
}
