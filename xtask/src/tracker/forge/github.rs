//! Issues of GitHub, over its REST interface.

use super::super::LABEL;
use super::client::{Client, Failure};
use super::{Forge, Issue};
use serde_json::{Value, json};

pub(super) struct GitHub {
    client: Client,
    repository: String,
}

impl GitHub {
    /// `repository` is `owner/name`.
    pub(super) fn new(client: Client, repository: &str) -> Result<Self, String> {
        let is_name = |name: &str| {
            let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !name.is_empty() && name.bytes().all(is_legal) && name.bytes().any(|byte| byte != b'.')
        };
        match repository.split_once('/') {
            Some((owner, name)) if is_name(owner) && is_name(name) => {
                Ok(Self { client, repository: repository.to_owned() })
            }
            _ => Err(format!("GITHUB_REPOSITORY: `{repository}` is not `owner/name`")),
        }
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Failure> {
        let path = format!("/repos/{}/issues{path}", self.repository);
        self.client.send(method, &path, body, ("Authorization", "Bearer "))
    }

    fn change(&self, number: u64, change: &Value) -> Result<(), Failure> {
        self.send("PATCH", &format!("/{number}"), Some(change)).map(drop)
    }
}

impl Forge for GitHub {
    fn issues(&self) -> Result<Vec<Issue>, Failure> {
        let listed = super::all_pages(|page| {
            self.send("GET", &format!("?labels={LABEL}&state=all&per_page=100&page={page}"), None)
        })?;
        // A pull request is listed as an issue too.
        let issues = listed.iter().filter(|issue| issue["pull_request"].is_null());
        Ok(issues.filter_map(|issue| super::issue(issue, "number", "body", "open")).collect())
    }

    fn open(&self, title: &str, body: &str) -> Result<u64, Failure> {
        let opened = self.send("POST", "", Some(&json!({"title": title, "body": body, "labels": [LABEL]})))?;
        // Who may not set labels is not told so.
        let labels = opened["labels"].as_array().into_iter().flatten();
        super::opened(&opened["number"], labels.filter_map(|label| label["name"].as_str().or(label.as_str())))
    }

    fn edit(&self, number: u64, body: &str) -> Result<(), Failure> {
        self.change(number, &json!({"body": body}))
    }

    fn reopen(&self, number: u64, body: &str) -> Result<(), Failure> {
        self.change(number, &json!({"body": body, "state": "open", "state_reason": "reopened"}))
    }

    fn close(&self, number: u64) -> Result<(), Failure> {
        self.change(number, &json!({"state": "closed", "state_reason": "completed"}))
    }

    fn comment(&self, number: u64, text: &str) -> Result<(), Failure> {
        self.send("POST", &format!("/{number}/comments"), Some(&json!({"body": text}))).map(drop)
    }
}
