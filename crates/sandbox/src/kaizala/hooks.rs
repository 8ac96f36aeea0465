//! Webhooks: who is notified of what.

use super::callbacks::is_loopback;
use super::clock::{DAY, NOW, either, millis};
use super::posts::Action;
use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::state::{Holder, Series, State, Webhook};
use crate::gate::Query;
use reqwest::Url;
use serde_json::{Value, json};

/// How many webhooks a session may have.
const MOST: usize = 100;
/// A webhook ends after two years unless it says otherwise.
const LIFE: i64 = 730 * DAY;

/// Everything that a webhook may name; the last five are not documented, and clients use them.
const EVENTS: [&str; 18] = [
    "ActionCreated",
    "ActionResponse",
    "SurveyCreated",
    "JobCreated",
    "SurveyResponse",
    "JobResponse",
    "TextMessageCreated",
    "AttachmentCreated",
    "Announcement",
    "MemberAdded",
    "MemberRemoved",
    "GroupAdded",
    "GroupRemoved",
    "PollCreated",
    "PollResponse",
    "LetsMeetCreated",
    "LetsMeetResponse",
    "UserJoined",
];
const OBJECTS: [&str; 3] = ["Group", "Action", "ActionPackage"];

impl State {
    /// A webhook as a body asks for it; it stands once its URL has taken part in the handshake.
    pub(super) fn draft(&mut self, caller: &Holder, fields: Fields<'_>) -> Answer<Webhook> {
        let object = fields.needed(&["objectId"])?;
        let object_type = fields.one_of("objectType", &OBJECTS)?.ok_or_else(|| Refusal::missing("objectType"))?;
        self.watched(caller, object, object_type)?;
        let url = fields.text(&["callBackUrl"])?.ok_or_else(|| Refusal::missing("callBackUrl"))?;
        let url = callback(url)?;
        if fields.get(&["eventTypes"]).is_none() {
            return Err(Refusal::missing("eventTypes"));
        }
        if self.webhooks.len() >= MOST {
            return Err(Refusal::invalid("this session is full of webhooks"));
        }
        let mut webhook = Webhook {
            id: self.counter.next(Series::Webhook),
            object: object.to_owned(),
            object_type,
            events: Vec::new(),
            url,
            token: None,
            context: None,
            ends: NOW + LIFE,
            active: true,
        };
        webhook.change(fields)?;
        Ok(webhook)
    }

    /// Whether the caller may watch an object.
    fn watched(&self, caller: &Holder, object: &str, object_type: &str) -> Answer<()> {
        match object_type {
            "Group" => {
                self.reached(caller, object)?;
            }
            "Action" => {
                let of = |action: &Action| action.id.as_deref() == Some(object);
                let post = self.posts.iter().find(|post| post.action.as_ref().is_some_and(of));
                let post = post.ok_or_else(|| Refusal::absent("there is no such action"))?;
                self.reached(caller, &post.group)?;
            }
            // Packages are made elsewhere: any may be watched.
            _ => {}
        }
        Ok(())
    }

    /// `GET /webhook`
    pub(super) fn list_webhooks(&self, caller: &Holder, query: &Query) -> Answer {
        let object = query.needed("objectId")?;
        let object_type = query.needed("objectType")?;
        let object_type = OBJECTS.iter().find(|known| known.eq_ignore_ascii_case(object_type));
        let object_type = object_type.ok_or_else(|| Refusal::invalid("there is no such objectType"))?;
        self.watched(caller, object, object_type)?;
        let of = |webhook: &&Webhook| webhook.object == object && webhook.object_type == *object_type;
        Ok(json!({"webhooks": self.webhooks.iter().filter(of).map(Webhook::shown).collect::<Vec<Value>>()}))
    }

    /// `PUT /webhook/{webhookId}`
    pub(super) fn update_webhook(&mut self, caller: &Holder, id: &str, fields: Fields<'_>) -> Answer {
        let known = self.webhooks.iter().position(|webhook| webhook.id == id);
        let place = known.ok_or_else(|| Refusal::absent("there is no such webhook"))?;
        let webhook = &self.webhooks[place];
        let (object, object_type) = (webhook.object.clone(), webhook.object_type);
        self.watched(caller, &object, object_type)?;
        let object = fields.text(&["objectId"])?.map_or(object, str::to_owned);
        let object_type = fields.one_of("objectType", &OBJECTS)?.unwrap_or(object_type);
        self.watched(caller, &object, object_type)?;
        let active = fields.flag("active")?;
        let webhook = &mut self.webhooks[place];
        webhook.change(fields)?;
        (webhook.object, webhook.object_type) = (object, object_type);
        webhook.active = active.unwrap_or(webhook.active);
        Ok(Value::Null)
    }

    /// `DELETE /webhook/{webhookId}`
    pub(super) fn delete_webhook(&mut self, caller: &Holder, id: &str) -> Answer {
        let known = self.webhooks.iter().position(|webhook| webhook.id == id);
        let place = known.ok_or_else(|| Refusal::absent("there is no such webhook"))?;
        let (object, object_type) = (self.webhooks[place].object.clone(), self.webhooks[place].object_type);
        self.watched(caller, &object, object_type)?;
        self.webhooks.remove(place);
        Ok(Value::Null)
    }

    /// Switches a webhook off whose subscriber does not acknowledge.
    pub(super) fn switch_off(&mut self, id: &str) {
        for webhook in self.webhooks.iter_mut().filter(|webhook| webhook.id == id) {
            webhook.active = false;
        }
    }
}

impl Webhook {
    /// Takes over what a body has of the settings; all of it or nothing.
    fn change(&mut self, fields: Fields<'_>) -> Answer<()> {
        let url = fields.text(&["callBackUrl"])?.map(callback).transpose()?;
        let ends = match fields.get(&["validity"]) {
            None => None,
            Some(value) => {
                let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
                let number = number.ok_or_else(|| Refusal::invalid("validity is no time"))?;
                Some(either(number)).filter(|ends| *ends > NOW).map(Some).ok_or_else(|| {
                    Refusal::invalid("validity lies before 2035-06-15, where the clock of this double stands")
                })?
            }
        };
        let events = fields.texts(&["eventTypes"])?.map(|names| {
            let known = |name: &&str| EVENTS.iter().find(|known| known.eq_ignore_ascii_case(name)).copied();
            let events: Vec<&str> = names.iter().filter_map(known).collect();
            if events.len() != names.len() || events.is_empty() {
                return Err(Refusal::invalid("eventTypes has what is no event, or nothing"));
            }
            Ok(events)
        });
        let events = events.transpose()?;
        let (token, context) = (fields.text(&["callBackToken"])?, fields.text(&["callBackContext"])?);
        if token.is_some_and(|token| token.bytes().any(|byte| !(b' '..=b'~').contains(&byte))) {
            return Err(Refusal::invalid("callBackToken cannot be sent in a header"));
        }
        self.url = url.unwrap_or_else(|| self.url.clone());
        self.ends = ends.unwrap_or(self.ends);
        self.events = events.unwrap_or_else(|| std::mem::take(&mut self.events));
        self.token = token.map(str::to_owned).or_else(|| self.token.take());
        self.context = context.map(str::to_owned).or_else(|| self.context.take());
        Ok(())
    }

    fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "objectId": self.object,
            "objectType": self.object_type,
            "events": self.events,
            "filters": [],
            "callbackUrl": self.url.as_str(),
            "callbackToken": self.token.as_deref().unwrap_or_default(),
            "callbackContext": self.context.as_deref().unwrap_or_default(),
            "ts": millis(NOW),
            "validity": millis(self.ends),
            "active": self.active,
        })
    }
}

/// Where events may be sent: the provider wants TLS, this sandbox a loopback address, on which plain HTTP will do.
fn callback(text: &str) -> Answer<Url> {
    let url = Url::parse(text).map_err(|_| Refusal::invalid("callBackUrl is no URL"))?;
    if !is_loopback(&url) {
        return Err(Refusal::invalid("callBackUrl leads off this machine, and this double calls nobody there"));
    }
    Ok(url)
}
