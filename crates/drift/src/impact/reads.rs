//! Does a client read what another version of its contract promises?
//!
//! The old side is lowered, as the client decodes; the new side is the contract, as the provider answers.

use super::client::Client;
use super::spot::{Spot, is_option, is_required, may_be_absent};
use crate::comparison::Effect;
use crate::location::Step;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use vigie_contract::schema::{Additional, Choice, Schema, address};

/// JSON types as bits.
type Kinds = u8;
const NULL: Kinds = 1;
const STRING: Kinds = 2;
const INTEGER: Kinds = 4;
const FRACTION: Kinds = 8;
const BOOLEAN: Kinds = 16;
const ARRAY: Kinds = 32;
const OBJECT: Kinds = 64;
const ANY: Kinds = 127;

/// A client that reads the answers of a contract.
pub(super) struct Reader<'a> {
    client: &'a Client,
    contract: &'a Value,
    /// What schemas let through, by where they stand in memory: schemas may refer to each other in rings.
    kinds: HashMap<usize, Kinds>,
    /// Types and schemas that were compared, or are being compared.
    seen: HashSet<(&'a str, usize)>,
    /// How many schemas within schemas are open.
    depth: usize,
}

/// Schemas within schemas that are followed; behind them anything may stand.
const DEEPEST: usize = 200;

impl<'a> Reader<'a> {
    pub(super) fn new(client: &'a Client, contract: &'a Value) -> Self {
        Self { client, contract, kinds: HashMap::new(), seen: HashSet::new(), depth: 0 }
    }

    /// Whether the client reads one place of a body; what stands below is a place of its own.
    pub(super) fn place(&mut self, spot: &Spot<'_>, body: &'a Value, steps: &[Step<'_>]) -> Effect {
        let found = steps.iter().try_fold((body, true), |(schema, _), step| self.inside(schema, *step));
        match found {
            // It never comes any more.
            None if spot.may_be_absent => Effect::Works,
            None => Effect::Fails,
            Some((schema, always)) => {
                absence(always || spot.may_be_absent).max(self.value(spot.schema, spot.may_be_null, schema))
            }
        }
    }

    /// Whether the client reads a whole body, to its last property.
    pub(super) fn body(&mut self, lowered: Schema<'a>, schema: &'a Value) -> Effect {
        self.deep(lowered, is_option(lowered, true), schema)
    }

    fn deep(&mut self, lowered: Schema<'a>, may_be_null: bool, schema: &'a Value) -> Effect {
        let mut effect = self.value(lowered, may_be_null, schema);
        if let Some(items) = lowered.own_items()
            && let Some((inner, _)) = self.inside(schema, Step::Items)
        {
            effect = effect.max(self.deep(items, is_option(items, true), inner));
        }
        let Some(name) = lowered.component().filter(|name| self.seen.insert((name, address(schema)))) else {
            return effect;
        };
        if self.depth == DEEPEST {
            return effect.max(Effect::MayFail);
        }
        self.depth += 1;
        let object = self.client.component(name);
        for (name, property) in object.own_properties() {
            let required = is_required(object, name);
            let (may_be_absent, may_be_null) = (may_be_absent(property, required), is_option(property, required));
            effect = effect.max(match self.inside(schema, Step::Property(name)) {
                None if may_be_absent => Effect::Works,
                None => Effect::Fails,
                Some((inner, always)) => absence(always || may_be_absent).max(self.deep(property, may_be_null, inner)),
            });
        }
        self.depth -= 1;
        effect
    }

    /// Whether a value of a schema decodes, apart from what stands in it.
    fn value(&mut self, lowered: Schema<'_>, may_be_null: bool, schema: &'a Value) -> Effect {
        let null = if may_be_null { NULL } else { 0 };
        let (taken, sent) = (self.taken(lowered) | null, self.sent(schema));
        if sent & !taken == 0 {
            Effect::Works
        } else if sent & taken & !NULL == 0 {
            // A null that still passes is no answer to go on with.
            Effect::Fails
        } else {
            Effect::MayFail
        }
    }

    /// What the generated type of a lowered schema takes, apart from null.
    fn taken(&self, lowered: Schema<'_>) -> Kinds {
        match (lowered.component(), lowered.own_types().next()) {
            // An enum is open: it takes any text.
            (Some(name), _) if self.client.lowered.enums.contains(name) => STRING,
            (Some(_), _) | (None, Some("object")) => OBJECT,
            (None, Some(kind)) => named(kind, lowered),
            (None, None) => ANY,
        }
    }

    /// What a schema of the contract lets through.
    fn sent(&mut self, schema: &'a Value) -> Kinds {
        if let Some(kinds) = self.kinds.get(&address(schema)) {
            return *kinds;
        }
        if self.depth == DEEPEST {
            return ANY;
        }
        self.depth += 1;
        // What a ring adds to itself is nothing.
        self.kinds.insert(address(schema), 0);
        let own = Schema::new(self.contract, schema);
        let mut kinds = match own.own_types().fold(0, |all, kind| all | named(kind, own)) {
            0 if own.own_properties().next().is_some() => OBJECT,
            0 if own.own_items().is_some() => ARRAY,
            0 => ANY,
            kinds => kinds,
        };
        for part in own.target().into_iter().chain(own.all_of()) {
            kinds &= self.sent(part.node());
        }
        for choice in Choice::ALL {
            let alternatives: Vec<_> = own.alternatives().filter(|(of, _)| *of == choice).collect();
            if !alternatives.is_empty() {
                kinds &= alternatives.into_iter().fold(0, |all, (_, one)| all | self.sent(one.node()));
            }
        }
        self.depth -= 1;
        if own.own_nullable() {
            kinds |= NULL;
        }
        self.kinds.insert(address(schema), kinds);
        kinds
    }

    /// What stands one step into a schema, and whether it is always there.
    fn inside(&self, schema: &'a Value, step: Step<'_>) -> Option<(&'a Value, bool)> {
        Schema::new(self.contract, schema).branches().into_iter().find_map(|branch| {
            let (inner, always) = match step {
                Step::Property(name) => (branch.own_property(name)?, branch.own_required().any(|own| own == name)),
                Step::Items => (branch.own_items()?, true),
                Step::Values => match branch.own_additional() {
                    Additional::Schema(inner) => (inner, false),
                    Additional::Open | Additional::Closed => return None,
                },
            };
            Some((inner.node(), always))
        })
    }
}

fn absence(is_no_matter: bool) -> Effect {
    if is_no_matter { Effect::Works } else { Effect::MayFail }
}

fn named(kind: &str, schema: Schema<'_>) -> Kinds {
    match kind {
        "null" => NULL,
        "string" => STRING,
        "integer" => INTEGER,
        // Codes with leading zeros, which are text on the wire: the lowering takes them so too.
        "number" if schema.keyword("format") == "string" => STRING,
        "number" => INTEGER | FRACTION,
        "boolean" => BOOLEAN,
        "array" => ARRAY,
        "object" => OBJECT,
        _ => ANY,
    }
}
