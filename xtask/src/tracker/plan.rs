//! What is to be done with the issues after a night. Pure: the same night and issues give the same steps.

use super::forge::Issue;
use super::memory::{self, Memory};
use super::night::{Drift, Night, Place};
use super::text;
use vigie_drift::rules::by_id;

/// One thing to do with one issue, or the reason to do nothing.
#[derive(Debug)]
pub(super) enum Step {
    /// A cause that has no issue.
    Open { title: String, body: String },
    /// It shows at other places than before; what is said if there are further ones.
    Edit { number: u64, body: String, comment: Option<String> },
    /// A cause that was gone is back.
    Reopen { number: u64, body: String, comment: String },
    /// A cause is gone.
    Close { number: u64, comment: String },
    /// Nothing to do.
    Leave { number: u64, reason: String },
}

/// The steps, by the id of their cause.
pub(super) fn plan<'a>(night: &'a Night, issues: &'a [Issue], run: Option<&str>) -> Vec<(&'a str, Step)> {
    let drifts = night.drifts();
    let mut steps = Vec::new();
    for (id, drift) in &drifts {
        // An open one is the one; of closed ones the newest.
        let about = || issues.iter().filter(|issue| memory::id(&issue.body) == Some(*id));
        let open = about().filter(|issue| issue.open).min_by_key(|issue| issue.number);
        let step = match open.or_else(|| about().max_by_key(|issue| issue.number)) {
            None => Step::Open { title: text::title(drift), body: body(id, drift, &drift.places, night, run) },
            Some(issue) if issue.open => still_there(id, drift, issue, night, run),
            Some(issue) => Step::Reopen {
                number: issue.number,
                body: memory::rewrap(&issue.body, &body(id, drift, &drift.places, night, run)),
                comment: text::back(&drift.places, run),
            },
        };
        steps.push((*id, step));
    }
    for issue in issues.iter().filter(|issue| issue.open) {
        match memory::id(&issue.body) {
            Some(id) if !drifts.contains_key(id) => steps.push((id, not_seen(id, issue, night, run))),
            _ => {}
        }
    }
    steps
}

fn body(id: &str, drift: &Drift, places: &[Place], night: &Night, run: Option<&str>) -> String {
    let memory = remember(drift, places, night);
    memory::wrap(id, &memory, &text::body(drift, places, run))
}

fn remember(drift: &Drift, places: &[Place], night: &Night) -> Memory {
    let mut memory = Memory::new(drift.cause.rule.id, places.to_vec(), 0);
    if memory.more > 0 {
        memory.of = night.cases(&memory.targets());
    }
    memory
}

/// An open issue whose cause shows tonight. A place stays until it was judged without the drift.
fn still_there(id: &str, drift: &Drift, issue: &Issue, night: &Night, run: Option<&str>) -> Step {
    let number = issue.number;
    let old = memory::read(&issue.body);
    let remembered = old.as_ref().map_or(&[][..], |memory| &memory.places);
    let mut places = drift.places.clone();
    let unsure = |place: &&Place| !drift.places.contains(place) && night.doubt(Some(drift.cause.rule), place).is_some();
    places.extend(remembered.iter().filter(unsure).cloned());
    places.sort();
    if old.as_ref() == Some(&remember(drift, &places, night)) {
        return Step::Leave { number, reason: "open, and the drift is still there".into() };
    }
    let added: Vec<Place> = places.iter().filter(|place| !remembered.contains(place)).cloned().collect();
    // Of places that are counted alone nobody knows which are new.
    let is_known = old.is_some_and(|memory| memory.more == 0);
    Step::Edit {
        number,
        body: memory::rewrap(&issue.body, &body(id, drift, &places, night, run)),
        comment: (is_known && !added.is_empty()).then(|| text::spread(&added, run)),
    }
}

/// An open issue whose cause does not show tonight: closed only if every one of its places was judged.
fn not_seen(id: &str, issue: &Issue, night: &Night, run: Option<&str>) -> Step {
    let number = issue.number;
    let leave = |reason: String| Step::Leave { number, reason };
    if let Some(class) = night.milder(id) {
        return leave(format!("still there, and only {class}: by a severity of vigie.toml, or by its rule"));
    }
    let Some(memory) = memory::read(&issue.body).filter(|memory| !memory.places.is_empty()) else {
        return leave("its list of locations is no longer readable: close it by hand when the drift is gone".into());
    };
    // A rule that this version does not have has no exceptions.
    let rule = by_id(&memory.rule);
    let doubts: Vec<String> = memory.places.iter().filter_map(|place| night.doubt(rule, place)).collect();
    if let Some(first) = doubts.first() {
        return leave(format!("{} of its {} locations: {first}", doubts.len(), memory.places.len()));
    }
    let targets = memory.targets();
    if memory.more > 0 && !(night.is_whole(&targets) && night.cases(&targets) >= memory.of) {
        return leave(format!("{} of its locations are only counted, and the run was not complete", memory.more));
    }
    Step::Close { number, comment: text::gone(memory.places.len() + memory.more, run) }
}
