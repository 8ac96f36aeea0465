//! What a run found, in the nouns that every reporter draws.

use crate::deviation::Deviation;
use crate::location::Location;
use crate::rules::Rule;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::process::ExitCode;

/// What a deviation means for a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// A consumer written against the contract can fail.
    Breaking,
    /// It cannot.
    Compatible,
    /// Null, empty or never-seen values, which prove nothing.
    Uncertain,
    /// Only values moved.
    Data,
    /// Keys are absent because the token lacks their scope.
    Masked,
    /// The document itself is not credible.
    Implausible,
    /// The provider did not answer well enough to judge.
    Outage,
    /// What the run was given does not do: a token, its rights, the host, the time. Ours to mend.
    Setup,
    /// A case could not be judged at all, and an exception with a reason may accept that.
    Unjudged,
    /// Contract and answer agree, and only the client that vigie generated does not: a defect of vigie.
    Client,
}

impl Class {
    /// Reports begin with the worst: the lowest rank.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Breaking => 0,
            Self::Compatible => 1,
            Self::Uncertain => 2,
            Self::Data => 3,
            Self::Masked => 4,
            Self::Implausible => 5,
            Self::Outage => 6,
            Self::Setup => 7,
            Self::Unjudged => 8,
            Self::Client => 9,
        }
    }

    /// Whether it leaves open what a consumer would meet: nothing can be said.
    #[must_use]
    pub fn leaves_open(self) -> bool {
        matches!(self, Self::Implausible | Self::Outage | Self::Setup | Self::Unjudged)
    }

    /// Whether a run that has it can neither be called conformant nor drift.
    #[must_use]
    pub fn is_inconclusive(self) -> bool {
        self.leaves_open() || self == Self::Client
    }
}

/// Reports list classes by their rank.
impl Ord for Class {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Class {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Breaking => "breaking",
            Self::Compatible => "compatible",
            Self::Uncertain => "uncertain",
            Self::Data => "data",
            Self::Masked => "masked",
            Self::Implausible => "implausible",
            Self::Outage => "outage",
            Self::Setup => "setup",
            Self::Unjudged => "unjudged",
            Self::Client => "client",
        })
    }
}

/// Whether a finding hits every consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Every consumer.
    Definite,
    /// It hangs on what a consumer does, or on whether the provider follows its document.
    Conditional,
}

/// A fact with a rule's opinion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Finding {
    /// The fact.
    pub fact: Deviation,
    /// The rule that judged it.
    pub rule: &'static Rule,
    /// What it means for a consumer. Exceptions may have changed what the rule says.
    pub class: Class,
    /// Whether it hits every consumer.
    pub certainty: Certainty,
    /// File and line of the contract that says so: `specs/api-particulier/v3/open-api.yml:120`.
    pub contract: Option<String>,
}

/// A finding as it stands in a report, which has what both sides state as texts.
#[derive(Serialize, Deserialize)]
struct Written {
    rule: &'static Rule,
    class: Class,
    certainty: Certainty,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    operation: String,
    #[serde(skip_deserializing)]
    title: &'static str,
    pointer: Location,
    #[serde(skip_deserializing)]
    why: &'static str,
    expected: String,
    observed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<String>,
}

impl From<Finding> for Written {
    fn from(Finding { fact, rule, class, certainty, contract }: Finding) -> Self {
        Self {
            rule,
            class,
            certainty,
            operation: fact.operation,
            title: rule.title,
            pointer: fact.location,
            why: rule.why,
            expected: text(&fact.expected),
            observed: text(&fact.observed),
            contract,
        }
    }
}

impl From<Written> for Finding {
    fn from(written: Written) -> Self {
        let Written { rule, class, certainty, operation, pointer, expected, observed, contract, .. } = written;
        Self {
            fact: Deviation::new(rule.kind, pointer, expected, observed).of(operation),
            rule,
            class,
            certainty,
            contract,
        }
    }
}

/// The one word for a case. Of several that apply, the one with the lowest [`Verdict::rank`] is the case's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No answer that can be judged.
    Outage,
    /// What the run was given does not do, so there is nothing to judge.
    Setup,
    /// The case's parameters are not the operation's.
    Params,
    /// A consumer's query is not one that the contract answers.
    Query,
    /// The status is not the documented or expected one.
    Status,
    /// Media type or headers.
    Headers,
    /// The body does not fit the contract.
    Body,
    /// The generated client cannot make the request or read the answer.
    Client,
    /// The answer is not what the case expects.
    Expectation,
    /// The answer is not of the accepted shape.
    Snapshot,
    /// Nothing was judged: it was not sent, or its file or its operation is not known.
    Skipped,
    /// Nothing fails.
    Conforms,
}

impl Verdict {
    /// What keeps a case from being judged comes first, and of what was judged what came first in its way.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Outage => 0,
            Self::Setup => 1,
            Self::Params => 2,
            Self::Query => 3,
            Self::Status => 4,
            Self::Headers => 5,
            Self::Body => 6,
            Self::Client => 7,
            Self::Expectation => 8,
            Self::Snapshot => 9,
            Self::Skipped => 10,
            Self::Conforms => 11,
        }
    }
}

/// Reports list verdicts by their rank.
impl Ord for Verdict {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Verdict {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Certainty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Definite => "definite",
            Self::Conditional => "conditional",
        })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Outage => "outage",
            Self::Setup => "setup",
            Self::Params => "params",
            Self::Query => "query",
            Self::Status => "status",
            Self::Headers => "headers",
            Self::Body => "body",
            Self::Client => "client",
            Self::Expectation => "expectation",
            Self::Snapshot => "snapshot",
            Self::Skipped => "skipped",
            Self::Conforms => "conforms",
        })
    }
}

/// One case of a run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseReport {
    /// The case's file.
    pub file: String,
    /// Whose operation it is: `mobilic`. Empty where nobody's is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider: String,
    /// Operation id.
    pub operation: String,
    /// The case's name.
    pub case: String,
    /// HTTP status that was observed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The one word.
    pub verdict: Verdict,
    /// Everything that was found, worst first.
    pub findings: Vec<Finding>,
    /// JSON pointers of properties that the contract does not list.
    #[serde(default)]
    pub undocumented: Vec<String>,
    /// Method and path, for a reader; the query may hold an identity and is left out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub request: String,
    /// Where a new snapshot was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<String>,
    /// The ids of the causes that must be accepted for it to be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending_causes: Vec<String>,
}

/// A finding that an exception takes out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ignored {
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// The case's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Why it is ignored.
    pub reason: String,
    /// The last day on which it is, `2026-12-31`.
    pub until: String,
    /// The file and line of the exception.
    pub exception: String,
}

/// How a run ends, as an exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// 0: nothing breaks a consumer.
    Conformant,
    /// 1: something does.
    Drift,
    /// 2: the run could not be made.
    Unable,
    /// 3: nothing can be said.
    Inconclusive,
}

/// A value for a reader: a text as it is, anything else as JSON.
#[must_use]
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How like a name is to one that is known, from 0 to 1, as far as a person would mistype it. A text is compared with another one
/// in time of the product of their lengths.
#[must_use]
pub fn likeness(name: &str, known: &str) -> f64 {
    const LONGEST: usize = 200;
    if name.len().max(known.len()) > LONGEST { 0.0 } else { strsim::jaro_winkler(name, known) }
}

/// Characters of one line of a message.
const MOST_OF_LINE: usize = 600;

/// A message of which no line is as long as the file that it may repeat: of a longer one its begin, which has the place, and its
/// end, which has what would be right.
#[must_use]
pub fn shortened(message: &str) -> Cow<'_, str> {
    if message.lines().all(|line| line.len() <= MOST_OF_LINE) {
        return Cow::Borrowed(message);
    }
    let line = |line: &str| {
        let characters = line.chars().count();
        if characters <= MOST_OF_LINE {
            return line.to_owned();
        }
        let end: String = line.chars().skip(characters - MOST_OF_LINE / 3).collect();
        format!("{} … {end}", line.chars().take(MOST_OF_LINE * 2 / 3).collect::<String>())
    };
    Cow::Owned(message.lines().map(line).collect::<Vec<_>>().join("\n"))
}

/// A count of things with a regular plural: `1 case`, `2 cases`.
#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// `1 property`, `2 properties`
#[must_use]
pub fn counted_as(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `1 answer carries`, `2 answers carry`
#[must_use]
pub fn counted_with(count: usize, what: &str, one: &str, many: &str) -> String {
    format!("{} {}", counted(count, what), if count == 1 { one } else { many })
}

impl CaseReport {
    /// Whether the case counts as one that holds.
    #[must_use]
    pub fn conforms(&self) -> bool {
        self.verdict == Verdict::Conforms
    }
}

impl From<Conclusion> for ExitCode {
    fn from(conclusion: Conclusion) -> Self {
        Self::from(match conclusion {
            Conclusion::Conformant => 0,
            Conclusion::Drift => 1,
            Conclusion::Unable => 2,
            Conclusion::Inconclusive => 3,
        })
    }
}
