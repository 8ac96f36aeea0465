//! Messages and actions: sent, listed, changed.

use super::bodies::{self, Event};
use super::clock::NOW;
use super::events::Subject;
use super::posts::{Action, Kind, Post, Response};
use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::state::{Holder, Series, State};
use crate::gate::Query;
use serde_json::{Value, json};

/// The longest message, in characters.
const LONGEST: usize = 4_000;
/// How many actions a list has unless it is asked for more or less.
const PAGE: i64 = 30;
/// How many properties an action may have.
const MOST: usize = 200;

impl State {
    fn post(&mut self, caller: &Holder, group: &str, action: Option<Action>) -> String {
        let reference = self.counter.next(Series::Reference);
        let (group, sender) = (group.to_owned(), caller.person.clone());
        self.posts.keep(Post { reference: reference.clone(), group, sender, sent: NOW, action });
        reference
    }

    /// `POST /groups/{groupId}/messages`
    pub(super) fn send_message(&mut self, caller: &Holder, group: &str, fields: Fields<'_>) -> Answer {
        self.reached(caller, group)?;
        let text = fields.needed(&["message"])?;
        if text.chars().count() > LONGEST {
            return Err(Refusal::invalid("a message has 4000 characters at most"));
        }
        if let Some(reference) = fields.text(&["replyToReferenceId"])? {
            self.referenced(group, reference)?;
        }
        let failed = self.failures(caller, group, fields)?;
        let reference = self.post(caller, group, None);
        self.emit(caller, "TextMessageCreated", group, Subject::default(), json!({"text": text}));
        Ok(sent(json!({"referenceId": reference}), failed))
    }

    /// Whether a group has a message or an action.
    pub(super) fn referenced(&self, group: &str, reference: &str) -> Answer<()> {
        let found = self.posts.iter().any(|post| post.group == group && post.reference == reference);
        if found { Ok(()) } else { Err(Refusal::absent("there is no such referenceId in the group")) }
    }

    /// `POST /groups/{groupId}/actions`
    pub(super) fn post_action(&mut self, caller: &Holder, group: &str, fields: Fields<'_>) -> Answer {
        self.reached(caller, group)?;
        let inner = fields.get(&["actionBody"]).ok_or_else(|| Refusal::missing("actionBody"))?;
        let inner = Fields::of(inner, "actionBody")?;
        let failed = self.failures(caller, group, fields)?;
        let (action, shown): (Action, Event) = match (fields.text(&["actionType"])?, fields.text(&["id"])?) {
            (Some(kind), None) => {
                let kind = Kind::sent(kind);
                self.typed(kind.ok_or_else(|| Refusal::invalid("there is no such actionType"))?, inner, group)?
            }
            (None, Some(package)) => self.packaged(package, inner, group)?,
            _ => return Err(Refusal::invalid("an action has an actionType or an id, and not both")),
        };
        let subject = Subject { action: action.id.as_deref(), package: action.package.as_deref() };
        self.emit(caller, shown.0, group, subject, shown.1);
        let id = action.id.clone();
        let reference = self.post(caller, group, Some(action));
        let mut answer = json!({"referenceId": reference});
        if let Some(id) = id {
            answer["actionId"] = json!(id);
        }
        Ok(sent(answer, failed))
    }

    /// `GET /groups/{groupId}/actions`
    pub(super) fn list_actions(&self, caller: &Holder, group: &str, query: &Query) -> Answer {
        self.reached(caller, group)?;
        let package = query.any_case(&["Id"]);
        let kind = match package {
            Some(_) => Kind::Package,
            None => Kind::listed(query.needed("actionType")?)
                .ok_or_else(|| Refusal::invalid("actions of that type cannot be listed"))?,
        };
        let count = query.integer("count")?.unwrap_or(PAGE);
        let count = usize::try_from(count).ok().filter(|count| *count > 0);
        let count = count.ok_or_else(|| Refusal::invalid("count has to be positive"))?;
        let from = query.integer("fromDate")?.unwrap_or(i64::MIN);
        let mut found = self.posts.iter().filter_map(|post| {
            let action = post.action.as_ref().filter(|action| action.kind == kind)?;
            let listed = post.group == group
                && post.sent > from
                && package.is_none_or(|id| action.package.as_deref() == Some(id));
            listed.then(|| post.listed(action, self.phone(&post.sender)))
        });
        let actions: Vec<Value> = found.by_ref().take(count).collect();
        let more = found.next().is_some();
        Ok(json!({"actions": actions, "hasMore": more}))
    }

    /// An action of a group that the caller reaches.
    pub(super) fn found_action(&self, caller: &Holder, group: &str, id: &str) -> Answer<(&Post, &Action)> {
        self.reached(caller, group)?;
        let of = |post| -> Option<(&Post, &Action)> {
            let post: &Post = post;
            Some((post, post.action.as_ref().filter(|action| post.group == group && action.id.as_deref() == Some(id))?))
        };
        self.posts.iter().find_map(of).ok_or_else(|| Refusal::absent("there is no such action in the group"))
    }

    /// An action by its id, to be changed.
    pub(super) fn action_mut(&mut self, id: &str) -> Option<&mut Action> {
        let actions = self.posts.iter_mut().filter_map(|post| post.action.as_mut());
        actions.into_iter().find(|action| action.id.as_deref() == Some(id))
    }

    /// `GET /groups/{groupId}/actions/{actionId}`: a list of one, or the details.
    pub(super) fn get_action(&self, caller: &Holder, group: &str, id: &str, query: &Query) -> Answer {
        let (post, action) = self.found_action(caller, group, id)?;
        let sender = self.phone(&post.sender);
        if !query.flag(&["getDetails"]) {
            return Ok(json!({"actions": [post.listed(action, sender)]}));
        }
        let shown = |response: &Response| {
            let responder = if action.anonymous { "" } else { self.phone(&response.person) };
            json!({"responseId": response.id, "responder": responder})
        };
        let responses: Vec<Value> = action.responses.iter().map(shown).collect();
        Ok(post.detailed(action, sender, &responses))
    }

    /// `PUT /groups/{groupId}/actions/{actionId}`
    pub(super) fn update_action(&mut self, caller: &Holder, group: &str, id: &str, fields: Fields<'_>) -> Answer {
        self.found_action(caller, group, id)?;
        let list = fields.list(&["updateProperties", "actionProperties"])?;
        let list = list.ok_or_else(|| Refusal::missing("updateProperties"))?;
        let properties = list.iter().map(bodies::property).collect::<Answer<Vec<Value>>>()?;
        let action = self.action_mut(id).ok_or_else(|| Refusal::absent("there is no such action"))?;
        for property in properties {
            action.properties.retain(|own| own["name"] != property["name"]);
            action.properties.push(property);
        }
        action.properties.truncate(MOST);
        Ok(Value::Null)
    }

    /// `POST /groups/{groupId}/actions/{actionId}/reminder`
    pub(super) fn remind(&mut self, caller: &Holder, group: &str, id: &str, fields: Fields<'_>) -> Answer {
        self.found_action(caller, group, id)?;
        self.failures(caller, group, fields)?;
        Ok(Value::Null)
    }
}

fn sent(mut answer: Value, failed: Vec<Value>) -> Value {
    if !failed.is_empty() {
        answer["failedResult"] = failed.into();
    }
    answer
}
