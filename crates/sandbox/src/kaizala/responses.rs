//! Answers to actions.

use super::events::Subject;
use super::posts::{Action, Kind, Response};
use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::state::{Holder, Series, State};
use serde_json::{Value, json};

/// How many answers an action may have.
const MOST: usize = 200;
/// The version of every package here.
const VERSION: u32 = 1;

/// What an answer says: of a job whether it is done, else the answered questions.
enum Said {
    Job(bool),
    Answers(Vec<Value>),
}

impl State {
    /// `POST /groups/{groupId}/actions/{actionId}/responses`
    pub(super) fn respond(&mut self, caller: &Holder, group: &str, id: &str, fields: Fields<'_>) -> Answer {
        let (_, action) = self.found_action(caller, group, id)?;
        let inner = fields.get(&["actionBody"]).ok_or_else(|| Refusal::missing("actionBody"))?;
        let inner = Fields::of(inner, "actionBody")?;
        let fits = match (fields.text(&["actionType"])?, fields.text(&["id"])?) {
            (Some(kind), None) => {
                [Kind::Job, Kind::Survey].contains(&action.kind) && Kind::sent(kind) == Some(action.kind)
            }
            (None, Some(package)) => action.package.as_deref() == Some(package),
            _ => false,
        };
        if !fits {
            return Err(Refusal::invalid("an answer has the actionType or the id of its action, and not both"));
        }
        let updated = fields.text(&["responseId"])?;
        if updated.is_some_and(|id| !action.responses.iter().any(|own| own.id == id && own.person == caller.person)) {
            return Err(Refusal::absent("there is no such answer of the caller"));
        }
        if updated.is_none() && action.responses.len() >= MOST {
            return Err(Refusal::invalid("the action has too many answers"));
        }
        let said = if action.kind == Kind::Job {
            Said::Job(inner.flag("isCompleted")?.ok_or_else(|| Refusal::missing("isCompleted"))?)
        } else {
            let answers = inner.list(&["answers"])?.ok_or_else(|| Refusal::missing("answers"))?;
            Said::Answers(self.answered(&action.questions, answers)?)
        };
        let updated = updated.map(str::to_owned);
        let is_update = updated.is_some();
        let response = updated.unwrap_or_else(|| self.counter.next(Series::Response));
        let action = self.action_mut(id).ok_or_else(|| Refusal::absent("there is no such action"))?;
        let completed = matches!(said, Said::Job(true));
        action.responses.retain(|own| own.id != response);
        action.responses.push(Response { id: response.clone(), person: caller.person.clone(), completed });
        let (post, action) = self.found_action(caller, group, id)?;
        let creator = post.sender.clone();
        let package = action.package.clone();
        let (kind, data) = self.shown(caller, group, action, &response, is_update, &creator, said);
        self.emit(caller, kind, group, Subject { action: Some(id), package: package.as_deref() }, data);
        Ok(json!({"responseId": response}))
    }

    /// The event of an answer.
    #[expect(clippy::too_many_arguments, reason = "the parts of one answer, which are nowhere else together")]
    fn shown(
        &self,
        caller: &Holder,
        group: &str,
        action: &Action,
        response: &str,
        is_update: bool,
        creator: &str,
        said: Said,
    ) -> (&'static str, Value) {
        let person = self.person(&caller.person);
        let phone = person.map_or("", |person| &person.phone);
        let name = person.and_then(|person| person.name.as_deref()).unwrap_or_default();
        let mut data = json!({"actionId": action.id, "groupId": group, "responseId": response});
        let more = match said {
            Said::Job(completed) => {
                let response = json!({"assignee": phone, "assigneeName": name, "assigneeProfilePic": "", "isCompleted": completed});
                data["responseDetails"] = json!({"response": response});
                return ("JobResponse", data);
            }
            Said::Answers(answers) => json!({
                "sourceGroupId": group,
                "isUpdateResponse": is_update,
                "isAnonymous": action.anonymous,
                "responder": if action.anonymous { "" } else { phone },
                "responderId": if action.anonymous { "" } else { &caller.person },
                "responderName": if action.anonymous { "" } else { name },
                "responderProfilePic": "",
                "creatorId": creator,
                "responseDetails": {"responseWithQuestions": answers},
                "Properties": action.properties,
            }),
        };
        if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
            data.extend(more);
        }
        let Some(package) = &action.package else { return ("SurveyResponse", data) };
        data["actionPackageId"] = json!(package);
        data["packageId"] = json!(format!("{package}.{VERSION}"));
        ("ActionResponse", data)
    }
}
