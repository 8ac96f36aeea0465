//! What a corpus holds beside the cases that are judged.

use crate::finding::counted;
use serde::{Deserialize, Serialize};

/// Cases of another provider: nobody here judges them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// Whose they are: `API Entreprise`.
    pub provider: String,
    /// Why they are not judged, or how they are: `no contract here`.
    pub reason: String,
    /// How many they are.
    pub cases: usize,
    /// Their files, sorted.
    pub files: Vec<String>,
}

/// A key that stands in case files and that no case has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownKey {
    /// The key.
    pub key: String,
    /// A key that looks like it, so that it may be a misspelling which changes what is tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meant: Option<String>,
    /// Where it stands, `folder/case.yml:3`, sorted.
    pub places: Vec<String>,
}

impl Elsewhere {
    /// `205 cases of API Entreprise: no contract here`
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} of {}: {}", counted(self.cases, "case"), self.provider, self.reason)
    }

    /// One entry for each provider, in the order of their names, each file once.
    #[must_use]
    pub fn joined(all: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut joined: Vec<Self> = Vec::new();
        for own in all {
            match joined.iter_mut().find(|known| known.provider == own.provider) {
                Some(known) => known.files.extend(own.files),
                None => joined.push(own),
            }
        }
        joined.sort_by(|a, b| a.provider.cmp(&b.provider));
        for own in &mut joined {
            own.files.sort();
            own.files.dedup();
            own.cases = own.files.len();
        }
        joined
    }
}

impl UnknownKey {
    /// `unknown key `expects` ignored in 2 cases, first at a/b.yml:3; did you mean `expect`?`
    #[must_use]
    pub fn line(&self) -> String {
        let first = self.places.first().map(|place| format!(", first at {place}")).unwrap_or_default();
        let meant = self.meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        let cases = counted(self.places.len(), "case");
        format!("unknown key `{}` ignored in {cases}{first}{meant}", self.key)
    }

    /// One entry for each key, in the order of their names, each place once.
    #[must_use]
    pub fn joined(all: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut joined: Vec<Self> = Vec::new();
        for own in all {
            match joined.iter_mut().find(|known| known.key == own.key) {
                Some(known) => known.places.extend(own.places),
                None => joined.push(own),
            }
        }
        joined.sort_by(|a, b| a.key.cmp(&b.key));
        for own in &mut joined {
            own.places.sort();
            own.places.dedup();
        }
        joined
    }
}
