//! Faults as a person asks for them: `[OPERATION=]KIND[:RATE]`.

use super::kind::Kind;
use std::str::FromStr;
use vigie_drift::finding::likeness;

/// What a sandbox does wrong.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    /// Which faults strike. The first that does is the one that a client sees.
    pub faults: Vec<Fault>,
    /// What the draws begin from: the same seed and the same requests in the same order give the same faults.
    pub seed: u64,
}

/// One fault: what it does, to which requests, and how often.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The operations that it strikes, a glob of their ids: `*`, `api_particulier_v3_*`.
    pub operations: String,
    /// What it does; `None` draws any of [`Kind::ALL`] each time.
    pub kind: Option<Kind>,
    /// How often it strikes.
    pub often: Often,
}

/// How often a fault strikes a request of its operations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Often {
    /// Every request.
    Always,
    /// A share of them, above 0 and at most 1, drawn at random.
    Share(f64),
    /// The first ones, so many.
    First(u64),
}

/// Why a fault is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No kind has that name.
    #[error("no kind of fault `{name}`{}; known: any, {}", near(.name), names())]
    Kind {
        /// The name as it was written.
        name: String,
    },
    /// Nothing says how often.
    #[error("`:{text}` is not a rate; write a share such as `:5%` or `:0.05`, or `:3x` for the first 3 requests")]
    Often {
        /// What stands after the colon.
        text: String,
    },
    /// The glob cannot be read.
    #[error("`{glob}` is not a glob of operation ids: {reason}")]
    Glob {
        /// As it was written.
        glob: String,
        /// What the reader of globs says.
        reason: String,
    },
    /// Nothing would ever go wrong.
    #[error("no operation matches `{glob}`{}; `vigie list operations` lists them all", hint(.near.as_deref()))]
    Operation {
        /// As it was written.
        glob: String,
        /// An operation that looks like it.
        near: Option<String>,
    },
}

impl Fault {
    /// A kind that strikes every request of every operation.
    #[must_use]
    pub fn always(kind: Kind) -> Self {
        Self { operations: "*".to_owned(), kind: Some(kind), often: Often::Always }
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self { faults: vec![fault], seed: 0 }
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (operations, rest) = text.split_once('=').unwrap_or(("*", text));
        let (name, often) = match rest.split_once(':') {
            Some((name, often)) => (name, often.parse()?),
            None => (rest, Often::Always),
        };
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        if kind.is_none() && name != ANY {
            return Err(FaultError::Kind { name: name.to_owned() });
        }
        Ok(Self { operations: operations.to_owned(), kind, often })
    }
}

impl FromStr for Often {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let often = if let Some(first) = text.strip_suffix('x') {
            first.parse().ok().filter(|first| *first > 0).map(Self::First)
        } else {
            let share = match text.strip_suffix('%') {
                Some(percent) => percent.parse::<f64>().ok().map(|percent| percent / 100.0),
                None => text.parse().ok(),
            };
            share.filter(|share| *share > 0.0 && *share <= 1.0).map(Self::Share)
        };
        often.ok_or_else(|| FaultError::Often { text: text.to_owned() })
    }
}

/// The name that stands for every kind.
const ANY: &str = "any";

fn names() -> String {
    Kind::ALL.map(Kind::name).join(", ")
}

fn near(name: &str) -> String {
    hint(nearest(name, Kind::ALL.into_iter().map(Kind::name)))
}

/// The known name that looks most like one.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const LEAST: f64 = 0.75;
    let best = known.max_by(|a, b| likeness(a, name).total_cmp(&likeness(b, name)))?;
    (likeness(best, name) >= LEAST).then_some(best)
}

fn hint(near: Option<&str>) -> String {
    near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultError, Often};
    use crate::faults::Kind;

    #[test]
    fn a_fault_is_an_operation_a_kind_and_how_often() {
        let fault = |operations: &str, kind, often| Ok(Fault { operations: operations.to_owned(), kind, often });
        assert_eq!("stall".parse(), fault("*", Some(Kind::Stall), Often::Always));
        assert_eq!("any:5%".parse(), fault("*", None, Often::Share(0.05)));
        assert_eq!("any:0.05".parse(), fault("*", None, Often::Share(0.05)));
        assert_eq!("v3_*=gzip-bomb:2x".parse(), fault("v3_*", Some(Kind::GzipBomb), Often::First(2)));
        assert_eq!("a=any:1".parse(), fault("a", None, Often::Share(1.0)));
    }

    #[test]
    fn what_is_wrong_is_named_with_what_it_may_have_meant() {
        let error = |text: &str| text.parse::<Fault>().expect_err(text).to_string();
        assert!(error("stal").starts_with("no kind of fault `stal`, did you mean `stall`?; known: any, refuse, reset"));
        assert!(error("op=").starts_with("no kind of fault ``; known: "), "{}", error("op="));
        for often in ["", "0", "0%", "101%", "1.5", "-1", "x", "0x", "NaN", "inf", "5 %"] {
            assert_eq!(format!("any:{often}").parse::<Fault>(), Err(FaultError::Often { text: often.to_owned() }));
        }
    }
}
