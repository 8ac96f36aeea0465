//! A run's JSON report, as far as issues need it. Read with types of its own: a report that gains keys is still read.

use serde::Deserialize;
use serde_json::Value;
use std::path::Path;
use vigie_contract::files;

/// The version of the document's form that is read here.
const VERSION: u32 = 1;

/// The report of a run against one target.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    version: u32,
    pub(super) target: String,
    pub(super) cases: Vec<Case>,
    pub(super) causes: Vec<Cause>,
    pub(super) ignored: Vec<Ignored>,
}

/// One case, or one step of a scenario.
#[derive(Debug, Deserialize)]
pub(super) struct Case {
    pub(super) file: String,
    pub(super) operation: String,
    pub(super) verdict: String,
    pub(super) findings: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Finding {
    pub(super) class: String,
    pub(super) pointer: String,
}

/// What made findings, everywhere it shows.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Cause {
    pub(super) id: String,
    pub(super) rule: String,
    pub(super) class: String,
    pub(super) certainty: String,
    pub(super) title: String,
    pub(super) why: String,
    pub(super) places: Vec<Spot>,
    #[serde(rename = "before", default)]
    pub(super) expected: Value,
    #[serde(rename = "after", default)]
    pub(super) observed: Value,
}

/// Where a cause shows, in its own report.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Spot {
    pub(super) operation: String,
    pub(super) location: String,
    pub(super) case: Option<String>,
}

/// A finding that an exception takes out.
#[derive(Debug, Deserialize)]
pub(super) struct Ignored {
    pub(super) rule: String,
    pub(super) pointer: String,
    pub(super) case: Option<String>,
    pub(super) exception: String,
}

impl Report {
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let refused = |reason: String| format!("{}: {reason}", path.display());
        let bytes = files::read(path, files::MOST_TEXT).map_err(|error| refused(error.to_string()))?;
        Self::parse(&bytes).map_err(refused)
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let report: Self = serde_json::from_slice(bytes)
            .map_err(|error| format!("not the JSON report of a check: {error}; `vigie merge` writes one"))?;
        if report.version != VERSION {
            return Err(format!("a report of version {}, and only version {VERSION} can be read", report.version));
        }
        // Both stand in an issue as they are, and the id finds it again.
        for cause in &report.causes {
            let is_id = cause.id.len() == 8 && cause.id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            if !is_id {
                return Err(format!(
                    "`{}` is not the id of a cause: eight hexadecimal digits",
                    cause.id.escape_debug()
                ));
            }
            if !cause.rule.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                return Err(format!("`{}` is not the id of a rule", cause.rule.escape_debug()));
            }
        }
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use super::Report;
    use serde_json::{Value, json};

    fn parse(change: impl Fn(&mut Value)) -> Result<Report, String> {
        let cause = json!({"id": "6a67e4b1", "rule": "body-invalid", "class": "breaking", "certainty": "definite",
            "title": "t", "why": "w", "places": []});
        let mut report = json!({"version": 1, "target": "t", "cases": [], "causes": [cause], "ignored": [], "new": 1});
        change(&mut report);
        Report::parse(report.to_string().as_bytes())
    }

    #[test]
    fn only_a_report_that_is_understood_is_read() {
        assert!(parse(|_| {}).is_ok());
        let refused = |change: fn(&mut Value)| parse(change).expect_err("it is refused");
        assert!(refused(|report| report["version"] = json!(2)).starts_with("a report of version 2"));
        assert!(refused(|report| drop(report.as_object_mut().expect("an object").remove("cases"))).contains("`cases`"));
        assert!(refused(|report| report["causes"][0]["id"] = json!("6a67e4b1 -->")).contains("id of a cause"));
        assert!(refused(|report| report["causes"][0]["rule"] = json!("x\n/close")).contains("x\\n/close"));
    }
}
