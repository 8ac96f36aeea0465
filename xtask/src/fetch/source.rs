//! Where each contract's document is published. That is data: the overlay's `extends`, and of a contract written by hand the
//! paths of its `x-graphql`, asked of its first server. A contract with neither has nothing that could be fetched.

use crate::specs::Spec;
use serde_json::Value;
use std::path::{Path, PathBuf};
use vigie_contract::overlay::Overlay;

/// One published document.
pub(crate) struct Source {
    /// `api-particulier/v3`, or `mobilic/schema` for one schema of several.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) url: String,
    /// What it is, beside what was accepted.
    pub(crate) form: Form,
}

/// What is published.
pub(crate) enum Form {
    /// An `OpenAPI` document, and the vendored contract that was made from the one before.
    Document(PathBuf),
    /// A GraphQL schema that a server tells when it is asked, and our own one.
    Schema(PathBuf),
}

/// What of a contract is published; empty where nothing is.
pub(crate) fn of(spec: &Spec) -> Result<Vec<Source>, String> {
    let overlay = spec.overlay();
    if overlay.is_file() {
        let parsed = Overlay::parse(&read(&overlay)?).map_err(|error| at(&overlay, &error))?;
        let Some(url) = parsed.extends() else {
            return Err(at(&overlay, &"no `extends`: write the URL of the published document there"));
        };
        return Ok(vec![Source {
            name: spec.name.clone(),
            url: url.to_owned(),
            form: Form::Document(spec.contract()),
        }]);
    }
    let path = spec.contract();
    let contract: Value = serde_yaml::from_str(&read(&path)?).map_err(|error| at(&path, &error))?;
    let schemas = contract["x-graphql"].as_array().into_iter().flatten();
    let source = |entry: &Value| {
        let (Some(place), Some(file)) = (entry["path"].as_str(), entry["schema"].as_str()) else {
            return Err(at(&path, &"an entry of `x-graphql` needs `path` and `schema`"));
        };
        let Some(server) = contract["servers"][0]["url"].as_str() else {
            return Err(at(&path, &"`x-graphql` needs `servers`: the first one is asked for the schemas"));
        };
        let stem = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
        Ok(Source {
            name: format!("{}/{stem}", spec.name),
            url: format!("{}{place}", server.trim_end_matches('/')),
            form: Form::Schema(spec.folder.join(file)),
        })
    };
    schemas.map(source).collect()
}

pub(super) fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| at(path, &error))
}

fn at(path: &Path, what: &dyn std::fmt::Display) -> String {
    format!("{}: {what}", path.display())
}
