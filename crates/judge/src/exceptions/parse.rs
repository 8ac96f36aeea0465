//! The text of `vigie.toml`.

use super::{Exceptions, Ignore};
use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::value::Datetime;
use vigie_drift::finding::Class;
use vigie_drift::rules::{Rule, by_id, near};
use vigie_scenario::pattern::Pattern;

/// What is wrong in `vigie.toml`, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct ConfigError {
    /// The file.
    pub file: String,
    /// Its text, for a reader who wants to see the place.
    pub text: String,
    /// The bytes that are wrong.
    pub span: Range<usize>,
    /// The line that they begin on, from 1.
    pub line: usize,
    /// What is wrong there, and what would be right.
    pub message: String,
}

impl ConfigError {
    /// What is wrong at a place of a file.
    #[must_use]
    pub fn new(file: &str, text: &str, span: Range<usize>, message: String) -> Self {
        Self { file: file.to_owned(), text: text.to_owned(), line: line(text, span.start), span, message }
    }
}

/// Exceptions of one file: each is held against every finding of its rule.
const MOST_EXCEPTIONS: usize = 2_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `[[ignore]]` entries, `[severity]` and `[target]`")]
struct File {
    #[serde(default)]
    ignore: Vec<Spanned<Entry>>,
    #[serde(default)]
    severity: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Another reader's: see `targets`.
    #[serde(rename = "target")]
    _target: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an exception: `rule`, `reason`, `until`, and optionally `operation` and `location`"
)]
struct Entry {
    rule: Spanned<String>,
    operation: Option<Spanned<String>>,
    location: Option<Spanned<String>>,
    reason: Spanned<String>,
    until: Spanned<Until>,
}

/// A date, or a text that a person took for one.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a date without quotes and without a time: 2026-12-31")]
enum Until {
    Date(Datetime),
    Text(String),
}

impl Exceptions {
    /// Reads `vigie.toml`. `file` is its path as a person finds it; `today` decides which exceptions ended.
    pub fn parse(file: &str, text: &str, today: NaiveDate) -> Result<Self, ConfigError> {
        let wrong = |(span, message): (Range<usize>, String)| ConfigError::new(file, text, span, message);
        let content: File = toml::from_str(text)
            .map_err(|error| wrong((error.span().unwrap_or_default(), message(error.message()))))?;
        if let Some(more) = content.ignore.get(MOST_EXCEPTIONS) {
            let message =
                format!("more than {MOST_EXCEPTIONS} exceptions: use `*` to cover many locations in one of them");
            return Err(wrong((more.span(), message)));
        }
        let ignores = content.ignore.into_iter().map(|entry| ignore(entry, text)).collect::<Result<_, _>>();
        let severity = content.severity.iter().map(severity).collect::<Result<_, _>>();
        Ok(Self {
            file: file.to_owned(),
            today: Some(today),
            ignores: ignores.map_err(wrong)?,
            severity: severity.map_err(wrong)?,
            allow_skipped: false,
        })
    }
}

type Wrong = (Range<usize>, String);

/// What the reader of TOML says, with what would be right where it knows types only.
fn message(said: &str) -> String {
    let mend = match said {
        _ if said.ends_with("expected a sequence") => ": write each exception under its own `[[ignore]]`",
        _ if said.ends_with("expected a map") => {
            ": write `[severity]`, and a line `rule = \"compatible\"` for each rule"
        }
        _ if said.ends_with("expected a string") => ": write a text between quotes",
        _ if said == "duplicate key" => ": it is defined twice; keep one of them",
        _ => "",
    };
    format!("{said}{mend}")
}

fn ignore(entry: Spanned<Entry>, text: &str) -> Result<Ignore, Wrong> {
    let line = line(text, entry.span().start);
    let entry = entry.into_inner();
    let wild = |glob: Option<Spanned<String>>| {
        let read = |glob: Spanned<String>| Pattern::place(glob.get_ref()).map_err(|message| (glob.span(), message));
        glob.map(read).transpose()
    };
    if entry.reason.get_ref().trim().is_empty() {
        return Err((entry.reason.span(), "an empty reason: say who decided it, and where that is documented".into()));
    }
    Ok(Ignore {
        rule: rule(&entry.rule)?,
        operation: wild(entry.operation)?,
        location: wild(entry.location)?,
        until: until(&entry.until)?,
        reason: entry.reason.into_inner(),
        line,
    })
}

fn until(until: &Spanned<Until>) -> Result<NaiveDate, Wrong> {
    match until.get_ref() {
        Until::Date(Datetime { date: Some(date), time: None, offset: None }) => {
            let known = NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into());
            known.ok_or_else(|| (until.span(), format!("{date} does not exist")))
        }
        Until::Date(_) => Err((until.span(), "a time is not a last day: write only a date, such as 2026-12-31".into())),
        Until::Text(text) => {
            Err((until.span(), format!("\"{text}\" is text: write a date without quotes, such as 2026-12-31")))
        }
    }
}

fn severity((rule_id, class): (&Spanned<String>, &Spanned<String>)) -> Result<(&'static Rule, Class), Wrong> {
    let class = match class.get_ref().as_str() {
        "breaking" => Class::Breaking,
        "compatible" => Class::Compatible,
        "uncertain" => Class::Uncertain,
        other => {
            return Err((class.span(), format!("`{other}` is not a severity: use breaking, compatible or uncertain")));
        }
    };
    let rule = rule(rule_id)?;
    // Who lets something pass that nobody judged says why, and until when.
    if rule.class == Class::Unjudged && class != Class::Breaking {
        let message = format!(
            "`{}` means that a case could not be judged; write an `[[ignore]]` with a reason, or run with --allow-skipped",
            rule.id
        );
        return Err((rule_id.span(), message));
    }
    Ok((rule, class))
}

/// A rule that may have exceptions.
fn rule(id: &Spanned<String>) -> Result<&'static Rule, Wrong> {
    let Some(rule) = by_id(id.get_ref()) else {
        let near = near(id.get_ref());
        let hint = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err((id.span(), format!("no rule `{}`{hint}", id.get_ref())));
    };
    // Without an answer, or with another document, nothing was judged: no exception can turn that into a pass.
    if matches!(rule.class, Class::Outage | Class::Setup | Class::Implausible) {
        let message = format!("`{}` means that nothing could be judged; it cannot have exceptions", rule.id);
        return Err((id.span(), message));
    }
    Ok(rule)
}

/// The line of a byte, from 1.
#[must_use]
pub fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::Exceptions;
    use chrono::NaiveDate;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();

    #[test]
    fn every_mistake_is_told_with_its_line_and_what_would_be_right() {
        let entry = |rest: &str| format!("# ours\n[[ignore]]\nrule = \"data-changed\"\n{rest}");
        let good = "reason = \"r\"\nuntil = 2026-12-31\n";
        for (text, line, parts) in [
            (entry("until = 2026-12-31\n"), 2, vec!["missing field `reason`"]),
            (entry("reason = \"r\"\n"), 2, vec!["missing field `until`"]),
            (entry("reason = \" \"\nuntil = 2026-12-31\n"), 4, vec!["empty reason"]),
            (entry("reason = \"r\"\nuntil = \"2026-12-31\"\n"), 5, vec!["without quotes"]),
            (entry("reason = \"r\"\nuntil = 2026-12-31T10:00:00Z\n"), 5, vec!["only a date"]),
            (entry("reason = \"r\"\nuntil = 10:00:00\n"), 5, vec!["only a date"]),
            (entry("reason = \"r\"\nuntil = 2026-02-30\n"), 5, vec!["day"]),
            (entry("reason = \"r\"\nuntil = 31.12.2026\n"), 5, vec![]),
            (entry("reason = \"r\"\nuntil = 7\n"), 5, vec!["2026-12-31"]),
            (entry(good) + "unitl = 1\n", 6, vec!["unknown field `unitl`", "`until`"]),
            (entry(good).replace("data-changed", "data-chnged"), 3, vec!["no rule `data-chnged`", "`data-changed`"]),
            (entry(good).replace("data-changed", "server-error"), 3, vec!["cannot have exceptions"]),
            ("[ignored]\n".into(), 1, vec!["unknown field `ignored`", "`ignore`"]),
            ("[severity]\ndata-changed = \"bad\"\n".into(), 2, vec!["`bad`", "breaking, compatible or uncertain"]),
            ("[severity]\ndata = \"breaking\"\n".into(), 2, vec!["no rule `data`", "data-changed"]),
            ("[severity]\ndocument-implausible = \"compatible\"\n".into(), 2, vec!["cannot have exceptions"]),
            ("[[ignore]\n".into(), 1, vec![]),
            ("[ignore]\nrule = \"x\"\n".into(), 1, vec!["`[[ignore]]`"]),
            ("severity = 3\n".into(), 1, vec!["`[severity]`"]),
            ("[severity]\ndata-changed = 1\n".into(), 2, vec!["between quotes"]),
            ("[severity]\n[severity]\n".into(), 2, vec!["duplicate", "keep one"]),
        ] {
            let error = Exceptions::parse("vigie.toml", &text, TODAY).expect_err(&text);
            let message = error.to_string();
            assert!(message.starts_with(&format!("vigie.toml:{line}: ")), "{text}\n{message}");
            for part in parts {
                assert!(message.contains(part), "{part:?} is missing in\n{message}");
            }
        }
        let many = entry(good).repeat(2_001);
        let error = Exceptions::parse("vigie.toml", &many, TODAY).expect_err("too many").to_string();
        assert!(error.starts_with("vigie.toml:10002: more than 2000 exceptions"), "{error}");
        let long = entry(&format!("operation = \"{}\"\n{good}", "?".repeat(200_000)));
        let error = Exceptions::parse("vigie.toml", &long, TODAY).expect_err("too long").to_string();
        assert!(error.starts_with("vigie.toml:4: a pattern of more than"), "{error}");
        assert!(Exceptions::parse("vigie.toml", &entry(good), TODAY).is_ok());
        assert!(Exceptions::parse("vigie.toml", "", TODAY).is_ok());
    }
}
