//! Why scenarios could not be read.

/// Why scenarios could not be read. The message says which file, where in it, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// A file or a folder that cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Not a case.
    #[error("{file}{}: {message}", place(.text, *.offset))]
    Syntax {
        /// The file.
        file: String,
        /// Its text, for a reader who wants to see the place.
        text: String,
        /// Byte offset of the place, if it is known.
        offset: Option<usize>,
        /// What is wrong there.
        message: String,
    },
    /// A case where none is read.
    #[error("{path}: not in the folder of an operation; move it to `<operation id>/<case>.yml`")]
    Misplaced {
        /// The file.
        path: String,
    },
    /// A folder without any case.
    #[error("{path}: no cases; expected `<operation id>/<case>.yml` below it, or below `payloads/`")]
    Empty {
        /// The folder.
        path: String,
    },
}

impl ScenarioError {
    /// The file or folder.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Unreadable { path, .. } | Self::Misplaced { path } | Self::Empty { path } => path,
            Self::Syntax { file, .. } => file,
        }
    }

    /// What is wrong, without the name of the file, and with the place in it where that is known.
    #[must_use]
    pub fn reason(&self) -> String {
        let whole = self.to_string();
        let reason = whole.strip_prefix(self.file()).unwrap_or(&whole);
        reason.trim_start_matches([':', ' ']).to_owned()
    }
}

/// `:3:5`, line and column from 1; nothing where the place is not known.
fn place(text: &str, offset: Option<usize>) -> String {
    let Some(before) = offset.and_then(|offset| text.get(..offset)) else { return String::new() };
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!(":{line}:{column}")
}
