//! Where issues are kept: GitHub or GitLab, by the variables that their runners set.

mod client;
mod github;
mod gitlab;

pub(super) use client::Failure;

use super::LABEL;
use client::Client;
use github::GitHub;
use gitlab::GitLab;
use serde_json::Value;

/// An issue with our label.
#[derive(Debug)]
pub(super) struct Issue {
    /// Its number in the project.
    pub(super) number: u64,
    pub(super) open: bool,
    pub(super) body: String,
}

/// What a tracker of issues is asked for.
pub(super) trait Forge {
    /// All issues with our label, open and closed.
    fn issues(&self) -> Result<Vec<Issue>, Failure>;
    /// Opens one with our label, and gives its number.
    fn open(&self, title: &str, body: &str) -> Result<u64, Failure>;
    /// Changes its body.
    fn edit(&self, number: u64, body: &str) -> Result<(), Failure>;
    /// Opens it again, with a new body.
    fn reopen(&self, number: u64, body: &str) -> Result<(), Failure>;
    /// Closes it as done.
    fn close(&self, number: u64) -> Result<(), Failure>;
    /// Says something below it.
    fn comment(&self, number: u64, text: &str) -> Result<(), Failure>;
}

/// More pages than a project has; a host that never ends its list must not keep us.
const PAGES: u32 = 200;

/// Every entry of a list, until a page has none: an address of a next page would have to be trusted with the token.
fn all_pages(page: impl Fn(u32) -> Result<Value, Failure>) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    for number in 1..=PAGES {
        match page(number)? {
            Value::Array(entries) if entries.is_empty() => return Ok(all),
            Value::Array(entries) => all.extend(entries),
            _ => return Err(Failure("the tracker's list of issues is not a list".into())),
        }
    }
    Err(Failure(format!("the tracker's list of issues has more than {PAGES} pages")))
}

/// An issue of a list; `open` is the state of an open one.
fn issue(issue: &Value, number: &str, body: &str, open: &str) -> Option<Issue> {
    let number = issue[number].as_u64()?;
    Some(Issue { number, open: issue["state"] == open, body: issue[body].as_str().unwrap_or_default().to_owned() })
}

/// The number of an issue that was opened. Without its label it would be opened again every night.
fn opened<'a>(number: &Value, mut labels: impl Iterator<Item = &'a str>) -> Result<u64, Failure> {
    let number = number.as_u64().ok_or_else(|| Failure("the tracker opened an issue without a number".into()))?;
    if labels.any(|label| label == LABEL) {
        return Ok(number);
    }
    Err(Failure(format!(
        "#{number} was opened without its label: set `{LABEL}` by hand, and give the token the right to set labels"
    )))
}

/// Variables of the environment; an empty one is as good as none.
type Variables<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The tracker that the environment names. A dry run needs neither a tracker nor a token.
pub(super) fn find(variable: &Variables<'_>, dry_run: bool) -> Result<Option<Box<dyn Forge>>, String> {
    let token = |name: &str, right: &str| match variable(name) {
        Some(token) => Ok(Some(token)),
        None if dry_run => Ok(None),
        None => Err(format!("{name} is not set: it needs a token that may write issues ({right})")),
    };
    match (variable("GITHUB_REPOSITORY"), variable("CI_PROJECT_ID")) {
        (Some(repository), None) => {
            let base = variable("GITHUB_API_URL").unwrap_or_else(|| "https://api.github.com".into());
            let token = token("GITHUB_TOKEN", "`permissions: issues: write` of the job")?;
            Ok(Some(Box::new(GitHub::new(Client::new(&base, "GITHUB_API_URL", token)?, &repository)?)))
        }
        (None, Some(project)) => {
            let base = variable("CI_API_V4_URL").unwrap_or_else(|| "https://gitlab.com/api/v4".into());
            let token = token("GITLAB_TOKEN", "a project access token with the scope `api` and the role Reporter")?;
            Ok(Some(Box::new(GitLab::new(Client::new(&base, "CI_API_V4_URL", token)?, &project)?)))
        }
        (Some(_), Some(_)) => Err("both GITHUB_REPOSITORY and CI_PROJECT_ID are set: unset one".into()),
        (None, None) if dry_run => Ok(None),
        (None, None) => Err(
            "no tracker: GitHub's runners set GITHUB_REPOSITORY (`owner/name`), GitLab's CI_PROJECT_ID; with `--dry-run` none is needed".into(),
        ),
    }
}

/// The address of the run that asks, where a runner tells it.
pub(super) fn run_url(variable: &Variables<'_>) -> Option<String> {
    let github = || {
        let [server, repository, run] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(variable);
        Some(format!("{}/{}/actions/runs/{}", server?, repository?, run?))
    };
    github().or_else(|| variable("CI_PIPELINE_URL"))
}

#[cfg(test)]
mod tests {
    use super::{find, run_url};
    use std::collections::BTreeMap;

    fn refused(variables: &[(&str, &str)], dry_run: bool) -> Option<String> {
        let variables: BTreeMap<&str, &str> = variables.iter().copied().collect();
        find(&|name| variables.get(name).map(|value| (*value).to_owned()), dry_run).err()
    }

    #[test]
    fn a_tracker_needs_a_repository_and_a_token() {
        let repository = ("GITHUB_REPOSITORY", "o/r");
        assert!(refused(&[], false).is_some_and(|error| error.starts_with("no tracker")));
        assert_eq!(refused(&[], true), None);
        assert!(refused(&[repository], false).is_some_and(|error| error.starts_with("GITHUB_TOKEN is not set")));
        assert_eq!(refused(&[repository, ("GITHUB_TOKEN", "t")], false), None);
        assert_eq!(refused(&[("CI_PROJECT_ID", "12"), ("GITLAB_TOKEN", "t")], false), None);
        assert!(refused(&[repository, ("CI_PROJECT_ID", "12")], true).is_some_and(|error| error.starts_with("both")));
    }

    #[test]
    fn a_token_goes_to_no_host_in_clear_text() {
        let send =
            |base| refused(&[("GITHUB_REPOSITORY", "o/r"), ("GITHUB_TOKEN", "t"), ("GITHUB_API_URL", base)], false);
        for base in ["http://github.example/api/v3", "ftp://x", "https://u:p@x", "http://127.0.0.1.example"] {
            assert!(send(base).is_some_and(|error| error.starts_with("GITHUB_API_URL")), "{base}");
        }
        for base in ["https://github.example/api/v3/", "http://127.0.0.1:8000", "http://[::1]:1", "http://localhost:1"]
        {
            assert_eq!(send(base), None, "{base}");
        }
    }

    #[test]
    fn a_repository_cannot_lead_elsewhere() {
        let named = |name| refused(&[("GITHUB_REPOSITORY", name), ("GITHUB_TOKEN", "t")], false);
        for name in ["o", "o/r/issues", "o/../x", "o/r?x", "../.."] {
            assert!(named(name).is_some(), "{name}");
        }
        assert_eq!(named("vigie-rs/vigie.rs_2"), None);
    }

    #[test]
    fn a_run_is_named_by_its_runner() {
        let variables = [("GITHUB_SERVER_URL", "https://g"), ("GITHUB_REPOSITORY", "o/r"), ("GITHUB_RUN_ID", "7")];
        let all: BTreeMap<&str, &str> = variables.into_iter().collect();
        let get = |name: &str| all.get(name).map(|value| (*value).to_owned());
        assert_eq!(run_url(&get).as_deref(), Some("https://g/o/r/actions/runs/7"));
        assert_eq!(run_url(&|_| None), None);
    }
}
