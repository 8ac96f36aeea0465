//! Exceptions with a reason and an end, and what a rule's class is here. Pure: the text of `vigie.toml` and the
//! day are arguments.
//!
//! An exception that ended ignores nothing, and one that nothing needs is told: none of them can rot unseen.

mod cases;
mod comparisons;
mod parse;
mod place;

pub use parse::ConfigError;
pub use parse::line;

use chrono::NaiveDate;
use place::Places;
use std::collections::HashMap;
use vigie_drift::causes::renaming;
use vigie_drift::deviation::Kind;
use vigie_drift::finding::{Class, Finding, Ignored};
use vigie_drift::rules::{Compared, Rule, compared};
use vigie_scenario::pattern::Pattern;

/// What `vigie.toml` says. The default says nothing.
#[derive(Debug, Clone, Default)]
pub struct Exceptions {
    file: String,
    today: Option<NaiveDate>,
    ignores: Vec<Ignore>,
    severity: HashMap<&'static Rule, Class>,
    allow_skipped: bool,
}

/// One `[[ignore]]`.
#[derive(Debug, Clone)]
struct Ignore {
    rule: &'static Rule,
    operation: Option<Pattern>,
    location: Option<Pattern>,
    reason: String,
    until: NaiveDate,
    /// Line of the file, from 1.
    line: usize,
}

/// What was compared: an exception for what it cannot raise is not called unused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Two contracts.
    Documents,
    /// Answers, beside their contract or beside accepted ones.
    Answers,
    /// A part of the operations or cases: what is unused here may be needed elsewhere.
    Part,
    /// One step of a history, in which only what met something is worth a word.
    Step,
}

/// Findings, with the exceptions applied.
#[derive(Debug, Default)]
struct Applied {
    /// What counts, with the classes that hold here.
    kept: Vec<Finding>,
    /// What does not, and why.
    ignored: Vec<Ignored>,
    /// Exceptions that ended, and exceptions that nothing needs.
    notes: Vec<String>,
}

impl Exceptions {
    /// Applies the exceptions to the findings of a comparison.
    fn apply(&self, findings: Vec<Finding>, scope: Scope) -> Applied {
        let mut ledger = Ledger::new(self);
        let mut applied = Applied::default();
        for finding in findings {
            match ledger.judge(finding, &Places::default(), None) {
                Ok(finding) => applied.kept.push(finding),
                Err(ignored) => applied.ignored.push(*ignored),
            }
        }
        applied.notes = ledger.notes(scope);
        applied
    }

    /// Lets cases pass that could not be judged, for one run: they are reported, and prove nothing.
    pub fn allow_skipped(&mut self) {
        self.allow_skipped = true;
    }

    /// An exception holds on its last day.
    fn ended(&self, ignore: &Ignore) -> bool {
        self.today.is_some_and(|today| today > ignore.until)
    }

    /// The class that a finding has here. Half of a renaming is known by the renaming's name too.
    fn class(&self, finding: &Finding) -> Class {
        let own = self.severity.get(&finding.rule);
        let renamed = || renaming(finding).and_then(|rule| self.severity.get(&rule));
        match own.or_else(renamed).copied().unwrap_or(finding.class) {
            Class::Unjudged if self.allow_skipped => Class::Uncertain,
            class => class,
        }
    }
}

/// Counts what each exception did.
struct Ledger<'a> {
    exceptions: &'a Exceptions,
    /// How many findings each exception met.
    met: Vec<usize>,
}

impl<'a> Ledger<'a> {
    fn new(exceptions: &'a Exceptions) -> Self {
        Self { exceptions, met: vec![0; exceptions.ignores.len()] }
    }

    /// A finding with its class, or why it is ignored.
    fn judge(&mut self, mut finding: Finding, places: &Places, case: Option<&str>) -> Result<Finding, Box<Ignored>> {
        let mut exception = None;
        for (position, ignore) in self.exceptions.ignores.iter().enumerate() {
            if ignore.meets(&finding, places) {
                self.met[position] += 1;
                exception = exception.or((!self.exceptions.ended(ignore)).then_some(ignore));
            }
        }
        finding.class = self.exceptions.class(&finding);
        match exception {
            None => Ok(finding),
            Some(ignore) => Err(Box::new(Ignored {
                finding,
                case: case.map(str::to_owned),
                reason: ignore.reason.clone(),
                until: ignore.until.to_string(),
                exception: self.place(ignore),
            })),
        }
    }

    fn place(&self, ignore: &Ignore) -> String {
        format!("{}:{}", self.exceptions.file, ignore.line)
    }

    fn notes(&self, scope: Scope) -> Vec<String> {
        let note = |(ignore, met): (&Ignore, &usize)| {
            let (place, rule) = (self.place(ignore), ignore.rule.id);
            if self.exceptions.ended(ignore) {
                let until = ignore.until;
                let again = match met {
                    0 if scope == Scope::Step => return None,
                    0 => "remove it, or decide again".to_owned(),
                    1 => "1 finding counts again".to_owned(),
                    met => format!("{met} findings count again"),
                };
                return Some(format!(
                    "{place}: the exception for `{rule}` ended on {until} ({}): {again}",
                    ignore.reason
                ));
            }
            let unused = *met == 0 && raised_in(ignore.rule.kind, scope);
            unused
                .then(|| format!("{place}: the exception for `{rule}` ({}) ignored nothing in this run; remove it, unless another run needs it", ignore.reason))
        };
        self.exceptions.ignores.iter().zip(&self.met).filter_map(note).collect()
    }
}

impl Ignore {
    fn meets(&self, finding: &Finding, places: &Places) -> bool {
        let rule = finding.rule == self.rule || renaming(finding) == Some(self.rule);
        let among = |wild: &Option<Pattern>, own: &str, others: &[String]| {
            wild.as_ref().is_none_or(|wild| wild.fits(own) || others.iter().any(|other| wild.fits(other)))
        };
        rule && among(&self.operation, &finding.fact.operation, &places.operations)
            && among(&self.location, &finding.fact.location.to_string(), &places.locations)
    }
}

/// Whether a kind of deviation can show in what was compared.
fn raised_in(kind: Kind, scope: Scope) -> bool {
    // An answer beside an accepted one raises three kinds of documents too.
    let of_both =
        matches!(kind, Kind::ResponsePropertyAdded | Kind::ResponsePropertyRemoved | Kind::ResponseTypeChanged);
    let compared = compared(kind);
    match scope {
        Scope::Documents => compared == Some(Compared::Contracts),
        Scope::Answers => compared == Some(Compared::Answers) || of_both,
        Scope::Part | Scope::Step => false,
    }
}

#[cfg(test)]
mod tests;
