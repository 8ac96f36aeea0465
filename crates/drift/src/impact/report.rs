//! What the places of one cause do to a client, gathered.

use super::Pair;
use super::client::{Call, Client};
use super::reads::Reader;
use super::spot::{Spot, declared, reachable};
use crate::comparison::{Effect, Impact, Semver};
use crate::location::Step;
use serde_json::Value;
use std::collections::BTreeSet;
use vigie_contract::lower::{Prefix, ident, json_schema};
use vigie_contract::schema::Schema;

/// What is known so far.
pub(super) struct Report<'a> {
    pair: &'a Pair,
    request: Effect,
    decode: Effect,
    types: BTreeSet<String>,
    methods: BTreeSet<String>,
    semver: Semver,
}

impl<'a> Report<'a> {
    pub(super) fn new(pair: &'a Pair) -> Self {
        Self {
            pair,
            request: Effect::Works,
            decode: Effect::Works,
            types: BTreeSet::new(),
            methods: BTreeSet::new(),
            semver: Semver::Patch,
        }
    }

    pub(super) fn into_impact(self) -> Impact {
        Impact {
            request: self.request,
            decode: self.decode,
            types: self.types.into_iter().collect(),
            methods: self.methods.into_iter().collect(),
            semver: self.semver,
        }
    }

    pub(super) fn request(&mut self, effect: Effect) {
        self.request = self.request.max(effect);
    }

    fn decode(&mut self, effect: Effect) {
        self.decode = self.decode.max(effect);
    }

    fn owes(&mut self, semver: Semver) {
        self.semver = self.semver.max(semver);
    }

    /// An operation that came, went or is called otherwise.
    pub(super) fn operation(&mut self, operation: &str, renamed: Option<&str>) {
        let (old, mut new) = self.calls(operation);
        new = new.or_else(|| Some(self.pair.new.call(renamed?)?.1));
        if let (Some(old), Some(new)) = (old, new) {
            if old.id != new.id && old.name != new.name {
                self.methods.extend([method(old), method(new)]);
                self.owes(Semver::Major);
                self.types(self.pair.old.used(old), self.pair.new.used(new));
                self.prefix(&old.id);
                self.prefix(&new.id);
            }
            return;
        }
        if let Some(call) = old {
            self.methods.insert(method(call));
            self.owes(Semver::Major);
            self.types(self.pair.old.used(call), BTreeSet::new());
            self.prefix(&call.id);
        }
        if let Some(call) = new {
            self.methods.insert(method(call));
            self.owes(Semver::Minor);
            self.types(BTreeSet::new(), self.pair.new.used(call));
            self.prefix(&call.id);
        }
    }

    /// A parameter, which is a setter of the operation's builder.
    pub(super) fn parameter(&mut self, operation: &str, whither: &str, name: &str, renamed: Option<&str>) {
        let (Some(old_call), Some(new_call)) = self.calls(operation) else { return };
        let old = parameter(self.pair.old.lowered(old_call), whither, name);
        let new = parameter(self.pair.new.lowered(new_call), whither, renamed.unwrap_or(name));
        let setter = |call: &Call, parameter: &Value| {
            let name = parameter["name"].as_str().unwrap_or_default();
            format!("{}.{}()", method(call), ident(name, Prefix::Underscore))
        };
        let semver = match (old, new) {
            (None, None) => return,
            // The call compiles without the setter, and is refused before it is sent.
            (None, Some(new)) if new["required"] == true => Semver::Major,
            (None, Some(_)) => Semver::Minor,
            (Some(_), None) => Semver::Major,
            (Some(old), Some(new)) => {
                let stricter = new["required"] == true && old["required"] != true;
                if setter(old_call, old) == setter(new_call, new) && old["schema"] == new["schema"] && !stricter {
                    return;
                }
                Semver::Major
            }
        };
        self.methods.extend(old.map(|old| setter(old_call, old)));
        self.methods.extend(new.map(|new| setter(new_call, new)));
        self.owes(semver);
    }

    /// A place in the body of an answer; the place itself is the status when there are no steps.
    pub(super) fn answer(&mut self, operation: &str, status: &str, steps: &[Step<'_>], renamed: Option<&str>) {
        let (Some(old_call), Some(new_call)) = self.calls(operation) else { return };
        let pair = self.pair;
        let (old, new) = (&pair.old, &pair.new);
        self.decode(decoding((old, old_call), (new, new_call), status, steps));
        let bodies = (old.body(old_call, status), new.body(new_call, status));
        let returned = |client: &Client, body: Option<Schema<'_>>| body.map(|body| declared(client, body, true));
        let is_other = returned(old, bodies.0) != returned(new, bodies.1);
        if steps.is_empty() && (is_other || old.returned(old_call) != new.returned(new_call)) {
            self.methods.extend([method(old_call), method(new_call)]);
            self.owes(Semver::Major);
        }
        let mut moved = steps.to_vec();
        if let (Some(Step::Property(last)), Some(renamed)) = (moved.last_mut(), renamed) {
            *last = renamed;
        }
        let before = bodies.0.and_then(|body| Spot::find(old, body, steps));
        let after = bodies.1.and_then(|body| Spot::find(new, body, &moved));
        self.spots(before.as_ref(), after.as_ref());
        if before.is_none()
            && after.is_some()
            && let Some((_, holder)) = steps.split_last()
        {
            // What had no types of its own has them now: the field above is another one.
            let before = bodies.0.and_then(|body| Spot::find(old, body, holder));
            let after = bodies.1.and_then(|body| Spot::find(new, body, holder));
            if before.as_ref().map(Spot::declaration) != after.as_ref().map(Spot::declaration) {
                self.spots(before.as_ref(), after.as_ref());
            }
        }
    }

    /// A place in the body of a request; the place itself is the whole body when there are no steps.
    pub(super) fn body(&mut self, operation: &str, steps: &[Step<'_>], renamed: Option<&str>) {
        let (Some(old_call), Some(new_call)) = self.calls(operation) else { return };
        let (old, new) = (&self.pair.old, &self.pair.new);
        let taken = (old.taken(old_call), new.taken(new_call));
        let bodies = (old.sent(old_call), new.sent(new_call));
        if taken.0 != taken.1 {
            // The builder has another setter, or none; without what a new one requires it sends nothing.
            let is_idle = |schema: Schema<'_>| {
                schema.component().is_some_and(|name| new.component(name).own_required().next().is_none())
            };
            let is_minor = taken.0.is_none() && bodies.1.is_some_and(is_idle);
            let setters = [(old_call, &taken.0), (new_call, &taken.1)];
            let setters = setters.into_iter().filter(|(_, taken)| taken.is_some());
            self.methods.extend(setters.map(|(call, _)| format!("{}.body()", method(call))));
            self.owes(if is_minor { Semver::Minor } else { Semver::Major });
        }
        let steps = match steps {
            // The document is no type, and its variables are the whole body.
            [Step::Property(first), rest @ ..] if old.is_graphql(old_call) && new.is_graphql(new_call) => {
                if *first != "variables" {
                    return;
                }
                rest
            }
            steps => steps,
        };
        let mut moved = steps.to_vec();
        if let (Some(Step::Property(last)), Some(renamed)) = (moved.last_mut(), renamed) {
            *last = renamed;
        }
        let before = bodies.0.and_then(|body| Spot::find(old, body, steps));
        let after = bodies.1.and_then(|body| Spot::find(new, body, &moved));
        self.spots(before.as_ref(), after.as_ref());
        // A builder refuses to build without what is required.
        if before.is_none() && bodies.0.is_some() && after.is_some_and(|spot| !spot.may_be_absent) {
            self.owes(Semver::Major);
        }
    }

    fn spots(&mut self, before: Option<&Spot<'a>>, after: Option<&Spot<'a>>) {
        let (old, new) = (&self.pair.old, &self.pair.new);
        let declared = (before.map(Spot::declaration), after.map(Spot::declaration));
        let mut chains = (BTreeSet::new(), BTreeSet::new());
        chains.0.extend(before.into_iter().flat_map(|spot| spot.chain.iter().copied()));
        chains.1.extend(after.into_iter().flat_map(|spot| spot.chain.iter().copied()));
        if declared.0 != declared.1 {
            if let Some(spot) = before {
                reachable(old, spot.schema, &mut chains.0);
            }
            if let Some(spot) = after {
                reachable(new, spot.schema, &mut chains.1);
            }
            self.types.extend(before.into_iter().chain(after).filter_map(Spot::name));
            self.owes(if before.is_none() { Semver::Minor } else { Semver::Major });
        } else if let Some((name, values)) = before.and_then(|spot| spot.variants(old))
            && let Some((new_name, new_values)) = after.and_then(|spot| spot.variants(new))
            && values != new_values
        {
            self.types.extend([name.to_owned(), new_name.to_owned()]);
            self.owes(if values.is_subset(&new_values) { Semver::Minor } else { Semver::Major });
        }
        self.types(chains.0, chains.1);
    }

    /// Types that a change touches: those that came, those that went, and those that have another name now.
    fn types(&mut self, old: BTreeSet<&str>, new: BTreeSet<&str>) {
        let pair = self.pair;
        for (one, other) in &pair.renamed {
            if old.contains(one.as_str()) || new.contains(other.as_str()) {
                self.types.extend([one.clone(), other.clone()]);
                self.owes(Semver::Major);
            }
        }
        let gone: Vec<&str> = old.into_iter().filter(|name| !pair.new.lowered.types.contains(*name)).collect();
        let come: Vec<&str> = new.into_iter().filter(|name| !pair.old.lowered.types.contains(*name)).collect();
        if !come.is_empty() {
            self.owes(Semver::Minor);
        }
        if !gone.is_empty() {
            self.owes(Semver::Major);
        }
        self.types.extend(gone.into_iter().chain(come).map(str::to_owned));
    }

    /// The words that all ids begin with are left out of all methods: an operation with another id brings them back.
    fn prefix(&mut self, id: &str) {
        let (old, new) = (&self.pair.old, &self.pair.new);
        if id.starts_with(old.prefix().max(new.prefix())) {
            return;
        }
        for (key, call) in &old.calls {
            if let Some(counterpart) = old.counterpart(key, call, new)
                && call.id == counterpart.id
                && call.name != counterpart.name
            {
                self.methods.extend([method(call), method(counterpart)]);
                self.owes(Semver::Major);
            }
        }
    }

    /// The calls that a place names, in both clients.
    fn calls(&self, operation: &str) -> (Option<&'a Call>, Option<&'a Call>) {
        let (old, new) = (&self.pair.old, &self.pair.new);
        match (old.call(operation), new.call(operation)) {
            (Some((key, call)), None) => (Some(call), old.counterpart(key, call, new)),
            (old, new) => (old.map(|(_, call)| call), new.map(|(_, call)| call)),
        }
    }
}

/// Whether the old client reads what the new contract answers at a place.
fn decoding<'a>(
    (old, old_call): (&'a Client, &'a Call),
    (new, new_call): (&'a Client, &'a Call),
    status: &str,
    steps: &[Step<'_>],
) -> Effect {
    let (was, is) = (old.answer(old_call, status), new.answer(new_call, status));
    match (was, is) {
        // It comes no more; without any success that the client knows, no call succeeds.
        (_, None) => {
            let known = |status: &&str| status.starts_with('2') && old.answer(old_call, status).is_some();
            let succeeds = new.statuses(new_call).any(|status| known(&status));
            if succeeds || !status.starts_with('2') { Effect::Works } else { Effect::Fails }
        }
        (None, Some(answer)) => {
            let reads = match (old.body(old_call, status), json_schema(answer)) {
                (Some(body), Some(schema)) => Reader::new(old, &new.contract).body(body, schema),
                // No arm of the client takes this status, or no JSON comes with it.
                _ => Effect::MayFail,
            };
            reads.min(Effect::MayFail)
        }
        (Some(_), Some(answer)) => match (old.body(old_call, status), json_schema(answer)) {
            (Some(body), Some(schema)) => match Spot::find(old, body, steps) {
                Some(spot) => Reader::new(old, &new.contract).place(&spot, schema, steps),
                None => Effect::Works,
            },
            (Some(_), None) => Effect::Fails,
            (None, _) => Effect::Works,
        },
    }
}

/// A parameter of a lowered operation by the words of a place, in which other words may follow its name.
fn parameter<'a>(operation: &'a Value, whither: &str, words: &str) -> Option<&'a Value> {
    let names = |parameter: &&Value| {
        let name = parameter["name"].as_str().unwrap_or_default();
        let rest = words.get(name.len()..).unwrap_or("?");
        let same = words.get(..name.len()).is_some_and(|head| match whither {
            "header" => head.eq_ignore_ascii_case(name),
            _ => head == name,
        });
        same && (rest.is_empty() || rest.starts_with([' ', '[']))
    };
    let parameters = operation["parameters"].as_array()?.iter().filter(|parameter| parameter["in"] == whither);
    parameters.filter(names).max_by_key(|parameter| parameter["name"].as_str().map_or(0, str::len))
}

fn method(call: &Call) -> String {
    format!("{}()", call.name)
}
