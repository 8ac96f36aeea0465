//! The bodies of actions, by type: what has to be in them, and the event of each.

use super::clock::{HOUR, NOW, hours_from_now, is_iso, iso};
use super::posts::{Action, Kind, Question};
use super::questions;
use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::state::{Series, State};
use serde_json::{Value, json};

const PROPERTY_TYPES: [&str; 8] =
    ["Text", "Numeric", "Location", "DateTime", "StringList", "Attachment", "StringSet", "AttachmentList"];
/// How many choices, assignees or properties an action may have.
const MOST: usize = 100;

/// The event of an action: its type, and its data.
pub(super) type Event = (&'static str, Value);

impl State {
    /// Reads an action of a type.
    pub(super) fn typed(&mut self, kind: Kind, body: Fields<'_>, group: &str) -> Answer<(Action, Event)> {
        match kind {
            Kind::Announcement => self.announcement(body),
            Kind::Job => self.job(body, group),
            Kind::Poll => self.poll(body, group),
            Kind::LetsMeet => self.lets_meet(body, group),
            Kind::Survey => self.survey(body, group),
            _ => self.medium(kind, body),
        }
    }

    fn action(&mut self, kind: Kind, title: &str) -> Action {
        let id = self.counter.next(Series::Action);
        Action { title: title.to_owned(), ..Action::new(kind, Some(id)) }
    }

    fn medium(&mut self, kind: Kind, body: Fields<'_>) -> Answer<(Action, Event)> {
        let file = self.attachment(body.needed(&["mediaResource"])?)?;
        let mut action = Action::new(kind, None);
        if kind == Kind::Image {
            action.listed["imageUrl"] = file["mediaUrl"].clone();
        }
        let caption = body.text(&["caption"])?.unwrap_or_default();
        Ok((action, ("AttachmentCreated", json!({"media": [file], "actionType": kind.name(), "caption": caption}))))
    }

    fn announcement(&mut self, body: Fields<'_>) -> Answer<(Action, Event)> {
        let (title, text) = (body.needed(&["title"])?, body.needed(&["message"])?);
        let media = body.texts(&["mediaResources"])?.unwrap_or_default().into_iter().map(|resource| {
            let media = self.uploaded(resource)?;
            Ok(json!({"url": media.url, "fileName": media.name}))
        });
        let data = json!({"title": title, "text": text, "media": media.collect::<Answer<Vec<Value>>>()?});
        Ok((self.action(Kind::Announcement, title), ("Announcement", data)))
    }

    fn job(&mut self, body: Fields<'_>, group: &str) -> Answer<(Action, Event)> {
        let (title, assigned) = (body.needed(&["title"])?, body.needed_texts(&["assignedTo"])?);
        if assigned.is_empty() || assigned.len() > MOST {
            return Err(Refusal::invalid("assignedTo has nobody, or too many"));
        }
        let ends = hours_from_now(body.integer(&["dueDate"])?.unwrap_or(24));
        let assignees = assigned.iter().map(|phone| (*phone).to_owned()).collect();
        let action = Action { assignees, ends, ..self.action(Kind::Job, title) };
        let data = json!({
            "actionId": action.id, "groupId": group, "title": title, "dueDate": iso(ends), "assignedTo": assigned,
        });
        Ok((action, ("JobCreated", data)))
    }

    fn poll(&mut self, body: Fields<'_>, group: &str) -> Answer<(Action, Event)> {
        let question = body.needed(&["question"])?;
        let choices = body.list(&["choices"])?.ok_or_else(|| Refusal::missing("choices"))?;
        if choices.is_empty() || choices.len() > MOST {
            return Err(Refusal::invalid("choices has nothing, or too much"));
        }
        let choice = |choice: &Value| {
            let fields = Fields::of(choice, "a choice")?;
            let mut shown = json!({"title": fields.needed(&["title"])?});
            if let Some(resource) = fields.text(&["image"])? {
                shown["image"] = json!(self.uploaded(resource)?.url);
            }
            Ok(shown)
        };
        let choices = choices.iter().map(choice).collect::<Answer<Vec<Value>>>()?;
        let ends = hours_from_now(body.integer(&["expiryInHours"])?.unwrap_or(720));
        let mut action = Action { ends, ..self.action(Kind::Poll, question) };
        let data = json!({"actionId": action.id, "groupId": group, "title": question});
        action.listed = json!({"question": question, "isSenderOnly": false, "choices": choices});
        Ok((action, ("PollCreated", data)))
    }

    fn lets_meet(&mut self, body: Fields<'_>, group: &str) -> Answer<(Action, Event)> {
        let (title, starts) = (body.needed(&["title"])?, body.needed(&["startingTime"])?);
        if !is_iso(starts) {
            return Err(Refusal::invalid("startingTime is no time of ISO 8601"));
        }
        let place = match body.get(&["place"]) {
            None => None,
            Some(place) => {
                let fields = Fields::of(place, "place")?;
                let number = |name: &str| {
                    let number = fields.get(&[name]).and_then(Value::as_f64);
                    number.ok_or_else(|| Refusal::invalid(format!("{name} has to be a number")))
                };
                let name = fields.text(&["name"])?.unwrap_or_default();
                Some(json!({"latitude": number("latitude")?, "longitude": number("longitude")?, "name": name}))
            }
        };
        let duration = body.integer(&["duration", "durationInMins"])?.unwrap_or(30);
        let sender_only = body.flag("isSenderOnly")?.unwrap_or(false);
        let agenda = body.text(&["agenda"])?.unwrap_or_default();
        let mut action = self.action(Kind::LetsMeet, title);
        action.listed = json!({
            "title": title, "startingTime": starts, "agenda": agenda, "duration": duration,
            "isSenderOnly": sender_only,
        });
        if let Some(place) = place {
            action.listed["place"] = place;
        }
        let data = json!({"actionId": action.id, "groupId": group, "title": title});
        Ok((action, ("LetsMeetCreated", data)))
    }

    fn survey(&mut self, body: Fields<'_>, group: &str) -> Answer<(Action, Event)> {
        let title = body.needed(&["title"])?;
        let questions = questions::read(body.list(&["questions"])?.ok_or_else(|| Refusal::missing("questions"))?)?;
        if questions.is_empty() {
            return Err(Refusal::invalid("there are no questions"));
        }
        let ends = hours_from_now(body.integer(&["dueDate"])?.unwrap_or(24));
        let anonymous = body.flag("isAnonymous")?.unwrap_or(false);
        let action = Action { questions, ends, anonymous, ..self.action(Kind::Survey, title) };
        let data = created(&action, group);
        Ok((action, ("SurveyCreated", data)))
    }

    /// Reads an action of a package, of which nothing is needed.
    pub(super) fn packaged(&mut self, package: &str, body: Fields<'_>, group: &str) -> Answer<(Action, Event)> {
        let title = body.text(&["title"])?.unwrap_or_default();
        let questions = questions::read(body.list(&["questions"])?.unwrap_or_default())?;
        let properties = body.list(&["properties"])?.unwrap_or_default().iter();
        let properties = properties.map(property).collect::<Answer<Vec<Value>>>()?;
        if properties.len() > MOST {
            return Err(Refusal::invalid("there are too many properties"));
        }
        let flag = |name| body.flag(name).map(Option::unwrap_or_default);
        let (anonymous, sender_only) = (flag("isAnonymous")?, flag("isSenderOnly")?);
        let mut action = Action {
            package: Some(package.to_owned()),
            questions,
            properties,
            anonymous,
            ends: NOW + 24 * HOUR,
            ..self.action(Kind::Package, title)
        };
        action.listed = json!({"isSenderOnly": sender_only});
        let data = created(&action, group);
        Ok((action, ("ActionCreated", data)))
    }
}

fn created(action: &Action, group: &str) -> Value {
    let questions: Vec<Value> = action.questions.iter().map(Question::shown).collect();
    json!({
        "actionId": action.id, "groupId": group, "title": action.title, "questions": questions,
        "properties": action.properties,
    })
}

/// A property; clients also give the number of its type.
pub(super) fn property(value: &Value) -> Answer {
    let fields = Fields::of(value, "a property")?;
    let kind = match fields.get(&["type"]).and_then(Value::as_u64) {
        Some(number) => usize::try_from(number).ok().and_then(|number| PROPERTY_TYPES.get(number).copied()),
        None => fields.one_of("type", &PROPERTY_TYPES)?,
    };
    let kind = kind.ok_or_else(|| Refusal::invalid("the type of a property is missing or unknown"))?;
    let value = fields.text(&["value"])?.unwrap_or_default();
    Ok(json!({"name": fields.needed(&["name"])?, "type": kind, "value": value}))
}
