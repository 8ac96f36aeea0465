//! What must be found nowhere: every value in every way of writing it.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Fewer characters than this come by chance.
const TELLING: usize = 6;

/// The last label of every address that stands for another one (RFC 2606), and of those of our own cases.
const RESERVED: &str = "example";

/// Values, and their spellings.
#[derive(Default)]
pub(crate) struct Needles {
    values: BTreeSet<String>,
    spellings: BTreeSet<Vec<u8>>,
}

impl Needles {
    /// Values that are looked for whatever their length.
    pub(crate) fn of_people(values: &[&str]) -> Self {
        let mut needles = Self::default();
        for value in values {
            needles.add(value);
        }
        needles
    }

    pub(crate) fn add_secrets(&mut self, secrets: &[&str]) {
        for secret in secrets {
            self.add(secret);
        }
    }

    /// Every text and number of a corpus, and every word of it, but for what the contracts say: keys, listed values, codes.
    pub(crate) fn add_corpus(&mut self, folder: &Path) {
        let public: String = ["api-particulier/v2", "api-particulier/v3"]
            .iter()
            .filter_map(|name| vigie_embedded::contract_text(name))
            .collect::<String>()
            .to_lowercase();
        let mut values = BTreeSet::new();
        for operation in std::fs::read_dir(folder).expect("the corpus is there").flatten() {
            for file in std::fs::read_dir(operation.path()).into_iter().flatten().flatten() {
                let Ok(text) = std::fs::read_to_string(file.path()) else { continue };
                let Ok(case) = serde_yaml::from_str::<Value>(&text) else { continue };
                collect(&case["params"], &mut values);
                // The sentences of an error are the API's: a name of a file may say one of their words.
                if case["status"].as_u64().is_some_and(|status| status >= 400) {
                    continue;
                }
                if let Some(Ok(payload)) = case["payload"].as_str().map(serde_json::from_str::<Value>) {
                    collect(&payload, &mut values);
                }
            }
        }
        let is_public = |value: &str| value == RESERVED || public.contains(&value.to_lowercase());
        for value in values.iter().filter(|value| !is_public(value) && value.chars().count() >= TELLING) {
            self.add(value);
        }
    }

    /// How many values there are.
    pub(crate) fn values(&self) -> usize {
        self.values.len()
    }

    /// In how many spellings.
    pub(crate) fn spellings(&self) -> usize {
        self.spellings.len()
    }

    fn add(&mut self, value: &str) {
        if !self.values.insert(value.to_owned()) {
            return;
        }
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let mut spellings = vec![value.to_owned(), value.to_uppercase(), value.to_lowercase()];
        spellings.extend(spellings.clone().iter().flat_map(|text| {
            let form: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            [encode(text), form, base64(text), text.replace(' ', "-"), text.replace(' ', "_")]
        }));
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        spellings.extend(Some(digits).filter(|digits| digits.len() >= TELLING));
        self.spellings.extend(spellings.into_iter().map(String::into_bytes));
    }

    /// Looks through every file, its name and its content; returns how many there were.
    pub(crate) fn assert_absent(&self, folder: &Path) -> usize {
        let files = files(folder);
        for (path, content) in &files {
            let name = path.display().to_string();
            for (what, hay) in [("the name", name.as_bytes()), ("the content", content.as_slice())] {
                // As it is and in small letters, so that a mixed case is found too.
                let lower = String::from_utf8_lossy(hay).to_lowercase().into_bytes();
                for needle in &self.spellings {
                    let is_there = [hay, &lower].iter().any(|hay| memchr::memmem::find(hay, needle).is_some());
                    assert!(!is_there, "{what} of {name} holds {:?}", String::from_utf8_lossy(needle));
                }
            }
        }
        files.len()
    }
}

/// Without the ends, which depend on what stands beside it.
fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(text)
}

fn collect(value: &Value, values: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            values.insert(text.clone());
            values.extend(text.split(|character: char| !character.is_alphanumeric()).map(str::to_owned));
        }
        Value::Number(number) => drop(values.insert(number.to_string())),
        Value::Array(items) => items.iter().for_each(|item| collect(item, values)),
        Value::Object(members) => members.values().for_each(|member| collect(member, values)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Every file of a folder, by its path in it.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            let inner = files(&entry.path()).into_iter();
            found.extend(inner.map(|(path, text)| (PathBuf::from(entry.file_name()).join(path), text)));
        } else {
            found.insert(entry.file_name().into(), std::fs::read(entry.path()).expect("it reads"));
        }
    }
    found
}
