//! A folder of cases: our own layout, and the official repository as a clone has it.

use super::check::check;
use super::corpus::{Corpus, Unread};
use super::near::{in_words, near_operation, stranger};
use super::parse::parse_file;
use super::steps::has_steps;
use super::{Choice, Dialect, ScenarioError};
use std::path::{Path, PathBuf};
use vigie_contract::files;
use vigie_contract::model::{Contract, Operation};
use vigie_drift::run::{Elsewhere, UnknownKey};

/// Where the folders of the operations are, in the folder that is given: the official repository, or its `mocks`.
const PAYLOADS: [&str; 2] = ["payloads", "mocks/payloads"];

/// Reads `DIR/<operation>/<case>.yml`, or the same below `DIR/payloads` or `DIR/mocks/payloads`, as the official repository
/// has it.
///
/// What is wanted and cannot be read is kept with its reason, beside what can: nothing is passed over in silence. That
/// holds for a case outside a folder of an operation, or in a folder below one, too.
pub fn read_corpus(
    folder: &Path,
    dialect: &'static Dialect,
    contracts: &[Contract],
    choice: &Choice,
) -> Result<Corpus, ScenarioError> {
    let of_clone = PAYLOADS.iter().map(|payloads| folder.join(payloads)).find(|payloads| payloads.is_dir());
    let mut reader = Reader { corpus: Corpus::new(dialect), contracts, choice, files: 0 };
    for entry in sorted_entries(of_clone.as_deref().unwrap_or(folder))? {
        if entry.is_dir() {
            reader.folder(&entry);
        } else if is_yaml(&entry) {
            reader.misplaced("", &entry);
        } else if !entry.exists() {
            // A link to a folder that is gone.
            let (topic, error) =
                (name_of(&entry), std::io::Error::other("the link leads nowhere; mend it, or delete it"));
            reader.failed(choice.takes_case(&topic, ""), &topic, "", unreadable(&entry, error));
        }
    }
    if reader.files == 0 {
        return Err(ScenarioError::Empty { path: folder.display().to_string() });
    }
    let mut corpus = reader.corpus;
    corpus.elsewhere = Elsewhere::joined(corpus.elsewhere);
    corpus.unknown_keys = UnknownKey::joined(corpus.unknown_keys);
    Ok(corpus)
}

struct Reader<'a> {
    corpus: Corpus,
    contracts: &'a [Contract],
    choice: &'a Choice,
    /// How many files of cases there are, wanted or not.
    files: usize,
}

impl Reader<'_> {
    /// Reads a folder with the name of an operation, or of a topic.
    fn folder(&mut self, folder: &Path) {
        let topic = name_of(folder);
        let entries = match sorted_entries(folder) {
            Ok(entries) => entries,
            Err(error) => return self.failed(self.choice.takes_case(&topic, ""), &topic, "", error),
        };
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.into_iter().partition(|entry| entry.is_dir());
        let files: Vec<(String, PathBuf)> =
            files.into_iter().filter(|file| is_yaml(file)).map(|file| (stem_of(&file), file)).collect();
        for below in
            folders.iter().filter_map(|below| sorted_entries(below).ok()).flatten().filter(|file| is_yaml(file))
        {
            self.misplaced(&topic, &below);
        }
        if let Some(published) = self.corpus.published(&topic) {
            for (name, file) in files {
                let read =
                    text(&file).and_then(|text| self.corpus.add_identity(&file.to_string_lossy(), &text, published));
                read.unwrap_or_else(|error| self.failed(self.choice.takes_case(&topic, &name), &topic, &name, error));
            }
            return;
        }
        self.files += files.len();
        if let Some(provider) = stranger(&topic, self.operations()) {
            return self.elsewhere(&provider, &topic, &files);
        }
        let is_operation = || near_operation(&topic, self.operations()).is_some();
        if files.is_empty() && self.choice.takes_case(&topic, "") && is_operation() {
            self.corpus.hollow.push(folder.display().to_string());
        }
        let is_wanted = files.iter().any(|(name, _)| self.choice.takes_case(&topic, name));
        for (name, file) in files {
            self.file(&topic, &name, &file, is_wanted);
        }
    }

    /// Reads a file, if it is wanted, or stands beside wanted ones: cases of one operation may hide each other.
    fn file(&mut self, topic: &str, name: &str, file: &Path, beside: bool) {
        let text = match text(file) {
            Ok(text) => text,
            Err(error) => return self.failed(self.choice.takes_case(topic, name), topic, name, error),
        };
        let stepped = has_steps(&text);
        let (is_read, is_wanted) = if stepped {
            (self.choice.may_take(&text), self.choice.may_take(&text) && self.choice.named(topic, name))
        } else {
            (beside, self.choice.takes_case(topic, name))
        };
        if !is_read {
            self.corpus.passed_over += 1;
            return;
        }
        let read = parse_file(topic, &file.to_string_lossy(), &text, self.corpus.dialect);
        match read.and_then(|read| check(&read.0, self.contracts).map(|()| read)) {
            Ok((scenario, unknown_keys)) => {
                if self.choice.takes(&scenario) {
                    self.corpus.unknown_keys.extend(unknown_keys);
                }
                self.corpus.push(scenario);
            }
            Err(error) => self.failed(is_wanted, topic, name, error),
        }
    }

    /// Counts the cases of another provider, without a look into them.
    fn elsewhere(&mut self, provider: &str, topic: &str, files: &[(String, PathBuf)]) {
        let (wanted, others): (Vec<_>, Vec<_>) =
            files.iter().partition(|(name, _)| self.choice.takes_case(topic, name));
        self.corpus.passed_over += others.len();
        if !wanted.is_empty() {
            self.corpus.elsewhere.push(Elsewhere {
                provider: in_words(provider),
                reason: "no contract here".to_owned(),
                cases: wanted.len(),
                files: wanted.into_iter().map(|(_, file)| file.to_string_lossy().into_owned()).collect(),
            });
        }
    }

    fn misplaced(&mut self, topic: &str, file: &Path) {
        self.files += 1;
        let (name, error) = (stem_of(file), ScenarioError::Misplaced { path: file.display().to_string() });
        self.failed(self.choice.takes_case(topic, &name), topic, &name, error);
    }

    fn failed(&mut self, is_wanted: bool, topic: &str, name: &str, error: ScenarioError) {
        if is_wanted {
            self.corpus.unread.push(Unread { topic: topic.to_owned(), name: name.to_owned(), error });
        } else {
            self.corpus.passed_over += 1;
        }
    }

    /// The ids of all operations.
    fn operations(&self) -> impl Iterator<Item = &str> + Clone {
        self.contracts.iter().flat_map(|contract| &contract.operations).map(|operation: &Operation| &*operation.id)
    }
}

fn text(file: &Path) -> Result<String, ScenarioError> {
    files::text(file, files::MOST_TEXT).map_err(|source| unreadable(file, source))
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>, ScenarioError> {
    let entries = std::fs::read_dir(folder).map_err(|source| unreadable(folder, source))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|source| unreadable(folder, source))?;
    paths.sort();
    Ok(paths)
}

fn unreadable(path: &Path, source: std::io::Error) -> ScenarioError {
    ScenarioError::Unreadable { path: path.display().to_string(), source }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn stem_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["yml", "yaml"].iter().any(|yaml| extension.eq_ignore_ascii_case(yaml)))
}
