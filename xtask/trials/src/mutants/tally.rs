//! The outcomes, counted by kind and drawn.

use crate::trial::Outcome;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};
use trials::kind::{Due, Kind};

/// How many mutants had which outcome.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) mutants: usize,
    /// The contract alone says that it breaks.
    pub(crate) contract: usize,
    /// The comparison alone says so.
    pub(crate) snapshot: usize,
    /// One of the two does.
    pub(crate) caught: usize,
    /// Neither does, but more is said than that data moved.
    pub(crate) told: usize,
    /// What is due was not said: too little, or for a moved value too much.
    pub(crate) wrong: usize,
}

impl Counts {
    fn add(&mut self, outcome: &Outcome) {
        self.mutants += 1;
        self.contract += usize::from(outcome.contract.breaks);
        self.snapshot += usize::from(outcome.snapshot.breaks);
        self.caught += usize::from(outcome.is_caught());
        self.told += usize::from(!outcome.is_caught() && outcome.is_told());
        self.wrong += usize::from(!outcome.is_right());
    }

    fn cells(&self) -> [usize; 6] {
        [self.mutants, self.contract, self.snapshot, self.caught, self.told, self.wrong]
    }

    fn json(&self) -> Value {
        let [mutants, contract, snapshot, caught, told, wrong] = self.cells();
        json!({"mutants": mutants, "contract": contract, "snapshot": snapshot, "caught": caught, "told": told, "wrong": wrong})
    }
}

/// Every outcome of a corpus, counted.
pub(crate) struct Tally {
    answers: usize,
    kinds: BTreeMap<Kind, Counts>,
    /// Those about which the wrong thing was said, and moved values that were called uncertain.
    noted: Vec<Outcome>,
}

impl Tally {
    /// Counts the outcomes of so many answers.
    pub(crate) fn new(answers: usize, outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let mut tally = Self { answers, kinds: BTreeMap::new(), noted: Vec::new() };
        for outcome in outcomes {
            tally.kinds.entry(outcome.kind).or_default().add(&outcome);
            if !outcome.is_right() || outcome.kind.due() == Due::Pass && outcome.is_told() {
                tally.noted.push(outcome);
            }
        }
        tally
    }

    /// The counts of all kinds about which the same is due.
    pub(crate) fn sum(&self, due: Due) -> Counts {
        let mut sum = Counts::default();
        for (_, counts) in self.kinds.iter().filter(|(kind, _)| kind.due() == due) {
            sum.mutants += counts.mutants;
            sum.contract += counts.contract;
            sum.snapshot += counts.snapshot;
            sum.caught += counts.caught;
            sum.told += counts.told;
            sum.wrong += counts.wrong;
        }
        sum
    }

    /// Whether a breaking change or a hint was missed, or an alarm was false, beyond the goal: 99 of 100 breaking
    /// changes, every hint, and no false alarm.
    pub(crate) fn is_enough(&self) -> bool {
        let breaking = self.sum(Due::Break);
        breaking.caught * 100 >= breaking.mutants * 99 && self.sum(Due::Tell).wrong + self.sum(Due::Pass).wrong == 0
    }

    /// The table, and what is noted: by kind and rules, or one by one.
    pub(crate) fn draw(&self, each: bool, out: &mut dyn Write) -> io::Result<()> {
        let total: usize = self.kinds.values().map(|counts| counts.mutants).sum();
        writeln!(out, "{total} mutants of {} answers", self.answers)?;
        for (due, title, wrong) in [
            (Due::Break, "breaks a consumer", "missed"),
            (Due::Tell, "proves nothing, or breaks no consumer", "wrong"),
            (Due::Pass, "only a value changed", "alarms"),
        ] {
            let heads = ["mutants", "contract", "snapshot", "caught", "told", wrong];
            write!(out, "\n{title:34}")?;
            heads.iter().try_for_each(|head| write!(out, "{head:>10}"))?;
            writeln!(out)?;
            for (kind, counts) in self.kinds.iter().filter(|(kind, _)| kind.due() == due) {
                row(out, kind.name(), counts)?;
            }
            row(out, "all", &self.sum(due))?;
        }
        let breaking = self.sum(Due::Break);
        write!(
            out,
            "\nbreaking changes detected: {} by the contract alone",
            percent(breaking.contract, breaking.mutants)
        )?;
        write!(out, ", {} by the snapshot alone", percent(breaking.snapshot, breaking.mutants))?;
        writeln!(out, ", {} together", percent(breaking.caught, breaking.mutants))?;
        if each { self.draw_each(out) } else { self.draw_groups(out) }
    }

    fn draw_each(&self, out: &mut dyn Write) -> io::Result<()> {
        for outcome in &self.noted {
            let Outcome { kind, case, pointer, now, .. } = outcome;
            writeln!(out, "{}: {case} at `{pointer}`: {now}: {}", kind.name(), said(outcome))?;
        }
        Ok(())
    }

    fn draw_groups(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut groups: BTreeMap<(Kind, String), usize> = BTreeMap::new();
        for outcome in &self.noted {
            *groups.entry((outcome.kind, said(outcome))).or_default() += 1;
        }
        for ((kind, said), count) in groups {
            writeln!(out, "{count} x {}: {said}", kind.name())?;
        }
        Ok(())
    }

    /// Everything, for a program.
    pub(crate) fn json(&self) -> Value {
        let kinds = self.kinds.iter().map(|(kind, counts)| (kind.name().to_owned(), counts.json()));
        let noted = self.noted.iter().map(|outcome| {
            json!({
                "kind": outcome.kind.name(), "case": outcome.case, "pointer": outcome.pointer, "now": outcome.now,
                "said": said(outcome),
            })
        });
        json!({
            "answers": self.answers,
            "breaks": self.sum(Due::Break).json(),
            "tells": self.sum(Due::Tell).json(),
            "moves": self.sum(Due::Pass).json(),
            "kinds": kinds.collect::<serde_json::Map<_, _>>(),
            "noted": noted.collect::<Vec<_>>(),
        })
    }
}

fn row(out: &mut dyn Write, name: &str, counts: &Counts) -> io::Result<()> {
    write!(out, "  {name:32}")?;
    counts.cells().iter().try_for_each(|cell| write!(out, "{cell:>10}"))?;
    writeln!(out)
}

/// The rules that spoke.
fn said(outcome: &Outcome) -> String {
    let rules: Vec<&str> = outcome.contract.rules.union(&outcome.snapshot.rules).copied().collect();
    if rules.is_empty() { "nothing was reported".to_owned() } else { rules.join(", ") }
}

fn percent(part: usize, whole: usize) -> String {
    let tenths = (part * 1000).checked_div(whole).unwrap_or_default();
    format!("{}.{} %", tenths / 10, tenths % 10)
}
