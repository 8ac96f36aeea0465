//! What the exchanges of a run say about a published document. No value of an answer is kept: places alone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use vigie_contract::model::Operation;
use vigie_drift::deviation::{Deviation, Kind};
use vigie_drift::finding::text;
use vigie_drift::location::{Location, Part};
use vigie_judge::{Evidence, Judge, Judgement};

/// What was heard of each case, by file and name, in the look that counts.
pub(crate) type ByCase = BTreeMap<(String, String), Heard>;

/// A fact about an answer: its kind, none for a property that is not listed, and its place.
type Key = (Option<Kind>, Location);

/// Facts with what the contract states there.
type Facts = HashMap<Key, BTreeSet<String>>;

/// One exchange beside both.
#[derive(Debug)]
pub(crate) struct Heard {
    /// Method and path.
    pub(super) operation: String,
    pub(super) status: u16,
    /// Whether the published document has the operation.
    pub(super) is_listed: bool,
    /// What the answer breaks in the accepted contract alone.
    pub(super) only_accepted: HashSet<Key>,
    /// What it breaks in the published document alone.
    pub(super) only_published: HashSet<Key>,
    /// Of each fact against the accepted contract, what the published document says.
    says: HashMap<Key, Says>,
}

/// What the published document says where an answer breaks the accepted contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    /// The answer is right.
    Right,
    /// What the accepted contract says.
    Same,
    /// Something else, which the answer breaks too.
    Other,
}

/// How a place in an answer may be told.
pub(super) type Told<'a> = &'a dyn Fn(Location) -> Location;

impl Heard {
    /// What the published document says about a finding.
    pub(super) fn says(&self, kind: Kind, place: &Location) -> Option<Says> {
        self.says.get(&(Some(kind), place.clone())).copied()
    }

    /// `judgement` is what the accepted contract says.
    pub(super) fn new(judge: &Judge, evidence: &Evidence<'_>, judgement: &Judgement, told: Told<'_>) -> Self {
        let accepted = facts(judgement, told);
        let own = evidence.operation;
        let operation = find(judge, own);
        let published = operation.map(|operation| {
            let mut facts = facts(&judge.judge(&Evidence { operation, typed: None, ..*evidence }), told);
            // A document that says of an operation that it is gone is right.
            if operation.responses.contains_key(&410) {
                facts.retain(|(kind, _), _| *kind != Some(Kind::OperationGone));
            }
            facts
        });
        let says = accepted.iter().map(|(key, stated)| (key.clone(), says(key, stated, published.as_ref())));
        let says = says.collect();
        let published = published.unwrap_or_default();
        Self {
            operation: format!("{} {}", own.method, own.path),
            status: evidence.exchange.response.status.as_u16(),
            is_listed: operation.is_some(),
            only_accepted: only(&accepted, &published),
            only_published: only(&published, &accepted),
            says,
        }
    }
}

/// The same operation in another version of the document: by its place, or by its id when it moved.
fn find<'a>(judge: &'a Judge, own: &Operation) -> Option<&'a Operation> {
    let is_there = |operation: &&Operation| operation.method == own.method && operation.path == own.path;
    let there = judge.contract.operations.iter().find(is_there);
    there.or_else(|| judge.contract.operation(&own.id))
}

/// What an answer breaks of what a contract says; nothing of what a case or a snapshot expects.
fn facts(judgement: &Judgement, told: Told<'_>) -> Facts {
    let mut facts = Facts::new();
    for deviation in &judgement.deviations {
        let Some(stated) = stated(deviation) else { continue };
        facts.entry((Some(deviation.kind), told(deviation.location.clone()))).or_default().extend(stated);
    }
    for pointer in &judgement.undocumented {
        facts.entry((None, told(Location::pointer(pointer)))).or_default();
        // A closed object tells at itself of what is in it: the place of what is in it says more.
        if let Some((object, _)) = pointer.rsplit_once('/') {
            facts.remove(&(Some(Kind::BodyInvalid), told(Location::pointer(object))));
        }
    }
    facts
}

/// What the contract states at the place of a deviation, where that may differ: nothing of its other statuses, media types
/// and headers. `None` for what no contract says.
fn stated(deviation: &Deviation) -> Option<BTreeSet<String>> {
    match deviation.kind {
        Kind::BodyInvalid => Some(BTreeSet::from([text(&deviation.expected)])),
        Kind::OperationGone | Kind::StatusUndocumented | Kind::MediaTypeUndocumented | Kind::HeaderMissing => {
            Some(BTreeSet::new())
        }
        _ => None,
    }
}

fn says(key: &Key, stated: &BTreeSet<String>, published: Option<&Facts>) -> Says {
    let Some(published) = published else {
        let is_gone = key.0 == Some(Kind::OperationGone);
        return if is_gone { Says::Right } else { Says::Other };
    };
    let knows_no_status = published.keys().any(|(kind, _)| *kind == Some(Kind::StatusUndocumented));
    match published.get(key) {
        Some(theirs) if theirs == stated => Says::Same,
        Some(_) => Says::Other,
        None if knows_no_status => Says::Other,
        None => Says::Right,
    }
}

fn only(one: &Facts, other: &Facts) -> HashSet<Key> {
    one.iter().filter(|(key, stated)| other.get(key) != Some(stated)).map(|(key, _)| key.clone()).collect()
}

/// Whether a fact about an answer is one about a part of it in a document.
pub(super) fn touches((kind, place): &Key, part: &Part) -> bool {
    match (kind, part) {
        (Some(Kind::StatusUndocumented | Kind::OperationGone), part) => *part == Part::Whole,
        (Some(Kind::MediaTypeUndocumented), part) => matches!(part, Part::MediaType(_)),
        (Some(Kind::HeaderMissing), Part::Header(name)) => name.eq_ignore_ascii_case(&place.to_string()),
        (Some(Kind::HeaderMissing), _) => false,
        (_, part) => {
            let words = place.in_words().unwrap_or_default();
            let stated = part.to_string();
            let stated = stated.trim_start();
            let below = |inner: &str, outer: &str| {
                inner
                    .strip_prefix(outer)
                    .is_some_and(|rest| outer.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
            };
            below(&words, stated) || below(stated, &words)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::touches;
    use vigie_drift::deviation::Kind;
    use vigie_drift::location::{Location, Part};

    #[test]
    fn a_fact_is_about_its_own_place_and_not_about_its_neighbours() {
        let touched = |kind, place: &str, part: &str| {
            let (Ok(place), Ok(whole)) = (place.parse(), format!("200 {part}").trim_end().parse());
            let Location::Answer { part, .. } = whole else { panic!("{whole:?}") };
            touches(&(kind, place), &part)
        };
        let body = Some(Kind::BodyInvalid);
        assert!(touched(body, "/data/nom", "data.nom") && touched(None, "/data/nom", "data.nom"));
        assert!(
            touched(body, "/data/eleves/3", "data.eleves[].nom") && touched(body, "/data/eleves/3/nom", "data.eleves")
        );
        assert!(!touched(body, "/data/nom", "data.nom_usage") && !touched(body, "/data/nom", "meta"));
        let status = Some(Kind::StatusUndocumented);
        assert!(touched(status, "", "") && !touched(status, "", "data.nom"));
        assert!(touched(Some(Kind::HeaderMissing), "retry-after", "header Retry-After"));
        assert!(!touched(Some(Kind::HeaderMissing), "retry-after", "header RateLimit-Reset"));
        assert!(touched(Some(Kind::MediaTypeUndocumented), "content-type", "media type text/plain"));
        assert_eq!(Part::Whole.to_string(), "");
    }
}
