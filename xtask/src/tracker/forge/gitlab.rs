//! Issues of GitLab, over its REST interface, version 4.

use super::super::LABEL;
use super::client::{Client, Failure};
use super::{Forge, Issue};
use serde_json::{Value, json};

pub(super) struct GitLab {
    client: Client,
    project: String,
}

impl GitLab {
    /// `project` is its number, or its path.
    pub(super) fn new(client: Client, project: &str) -> Result<Self, String> {
        let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
        if !project.bytes().all(is_legal) {
            return Err(format!("CI_PROJECT_ID: `{project}` is not the number of a project, nor `group/name`"));
        }
        Ok(Self { client, project: project.replace('/', "%2F") })
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Failure> {
        let path = format!("/projects/{}/issues{path}", self.project);
        self.client.send(method, &path, body, ("PRIVATE-TOKEN", ""))
    }

    fn change(&self, number: u64, change: &Value) -> Result<(), Failure> {
        self.send("PUT", &format!("/{number}"), Some(change)).map(drop)
    }
}

impl Forge for GitLab {
    fn issues(&self) -> Result<Vec<Issue>, Failure> {
        let listed = super::all_pages(|page| {
            self.send("GET", &format!("?labels={LABEL}&state=all&scope=all&per_page=100&page={page}"), None)
        })?;
        Ok(listed.iter().filter_map(|issue| super::issue(issue, "iid", "description", "opened")).collect())
    }

    fn open(&self, title: &str, body: &str) -> Result<u64, Failure> {
        let opened = self.send("POST", "", Some(&json!({"title": title, "description": body, "labels": LABEL})))?;
        super::opened(&opened["iid"], opened["labels"].as_array().into_iter().flatten().filter_map(Value::as_str))
    }

    fn edit(&self, number: u64, body: &str) -> Result<(), Failure> {
        self.change(number, &json!({"description": body}))
    }

    fn reopen(&self, number: u64, body: &str) -> Result<(), Failure> {
        self.change(number, &json!({"description": body, "state_event": "reopen"}))
    }

    fn close(&self, number: u64) -> Result<(), Failure> {
        self.change(number, &json!({"state_event": "close"}))
    }

    fn comment(&self, number: u64, text: &str) -> Result<(), Failure> {
        self.send("POST", &format!("/{number}/notes"), Some(&json!({"body": text}))).map(drop)
    }
}
