//! Likes and comments.

use super::clock::{NOW, millis, ticks};
use super::posts::Reaction;
use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::state::{Holder, Series, State};
use crate::gate::Query;
use serde_json::{Value, json};

const TYPES: [&str; 2] = ["Like", "Comment"];

impl State {
    /// `POST /groups/{groupId}/reaction`
    pub(super) fn react(&mut self, caller: &Holder, group: &str, fields: Fields<'_>) -> Answer {
        self.reached(caller, group)?;
        let (reference, source) = (fields.needed(&["referenceId"])?, fields.needed(&["sourceGroupId"])?);
        let kind = fields.one_of("reactionType", &TYPES)?.ok_or_else(|| Refusal::missing("reactionType"))?;
        self.reached(caller, source)?;
        self.referenced(source, reference)?;
        let comment = kind == "Comment";
        if comment {
            fields.needed(&["comment"])?;
        }
        let own = |known: &&Reaction| known.reference == reference && !known.comment && known.person == caller.person;
        if let Some(liked) = self.reactions.iter().find(own).filter(|_| !comment) {
            return Ok(json!({"reactionId": liked.id}));
        }
        // The clock stands still, and a cursor has to separate one from the next.
        let last = self.reactions.iter().map(|known| known.ticks).max().unwrap_or(ticks(NOW));
        let id = self.counter.next(Series::Reaction);
        self.reactions.keep(Reaction {
            id: id.clone(),
            reference: reference.to_owned(),
            group: source.to_owned(),
            person: caller.person.clone(),
            comment,
            ticks: last + 1,
        });
        Ok(json!({"reactionId": id}))
    }

    /// Reactions to what was sent in the group that a query names.
    fn reactions_of(&self, caller: &Holder, group: &str, query: &Query) -> Answer<Vec<&Reaction>> {
        self.reached(caller, group)?;
        let source = query.needed("sourceGroupId")?;
        self.reached(caller, source)?;
        Ok(self.reactions.iter().filter(|known| known.group == source).collect())
    }

    /// `GET /groups/{groupId}/reaction/{referenceId}/summary`
    pub(super) fn action_summary(&self, caller: &Holder, group: &str, reference: &str, query: &Query) -> Answer {
        let reactions = self.reactions_of(caller, group, query)?;
        self.referenced(query.needed("sourceGroupId")?, reference)?;
        Ok(json!({"summary": [summary(reference, &reactions)]}))
    }

    /// `GET /groups/{groupId}/reaction/summary`
    pub(super) fn group_summary(&self, caller: &Holder, group: &str, query: &Query) -> Answer {
        let reactions = self.reactions_of(caller, group, query)?;
        let from = query.integer("cursor")?.unwrap_or(0);
        let newer: Vec<&Reaction> = reactions.iter().copied().filter(|known| known.ticks > from).collect();
        let mut references: Vec<&str> = newer.iter().map(|known| known.reference.as_str()).collect();
        references.sort_unstable();
        references.dedup();
        let shown: Vec<Value> = references.into_iter().map(|reference| summary(reference, &reactions)).collect();
        Ok(json!({"cursor": next(from, &newer), "summary": shown}))
    }

    /// `GET /groups/{groupId}/reaction/{referenceId}`
    pub(super) fn list_reactions(&self, caller: &Holder, group: &str, reference: &str, query: &Query) -> Answer {
        let reactions = self.reactions_of(caller, group, query)?;
        self.referenced(query.needed("sourceGroupId")?, reference)?;
        let kind = query.needed("reactionType")?;
        let kind = TYPES.iter().find(|known| known.eq_ignore_ascii_case(kind));
        let comment = *kind.ok_or_else(|| Refusal::invalid("there is no such reactionType"))? == "Comment";
        let from = query.integer("cursor")?.unwrap_or(0);
        let newer = |known: &&Reaction| known.reference == reference && known.comment == comment && known.ticks > from;
        let newer: Vec<&Reaction> = reactions.into_iter().filter(newer).collect();
        let shown = |known: &&Reaction| json!({"reactionId": known.id, "userId": known.person, "lastModifiedTime": millis(NOW)});
        Ok(json!({"cursor": next(from, &newer), "reactionDetails": newer.iter().map(shown).collect::<Vec<Value>>()}))
    }
}

/// What comes after a page: the same again if there was nothing on it.
fn next(from: i64, page: &[&Reaction]) -> i64 {
    page.iter().map(|known| known.ticks).max().unwrap_or(from)
}

fn summary(reference: &str, reactions: &[&Reaction]) -> Value {
    let count = |comment: bool| {
        reactions.iter().filter(|known| known.reference == reference && known.comment == comment).count()
    };
    json!({"referenceId": reference, "reactionsCountMap": {"like": count(false), "comment": count(true)}})
}
