//! Members of groups, and subscribers of public ones.

use super::events::Subject;
use super::refusal::{Answer, Refusal};
use super::relaxed::Fields;
use super::state::{Holder, State};
use serde_json::{Map, Value, json};

/// The longest page of subscribers, and how many a group may have.
const PAGE: i64 = 50;
const MOST: usize = 1_000;

/// What the provider answers where it did what it was asked: a boolean as a text.
fn done() -> Value {
    json!({"result": "true"})
}

impl State {
    /// `GET /groups/{groupId}/members`
    pub(super) fn list_members(&self, caller: &Holder, group: &str) -> Answer {
        let members = self.reached(caller, group)?.members.iter().filter_map(|member| {
            let person = self.person(&member.person)?;
            let role = if member.admin { "Admin" } else { "Member" };
            let mut shown = json!({
                "id": person.id, "role": role, "mobileNumber": person.phone, "isProvisioned": person.provisioned,
            });
            if let Some(name) = &person.name {
                shown["name"] = json!(name);
            }
            Some(shown)
        });
        Ok(json!({"members": members.collect::<Vec<Value>>()}))
    }

    /// `PUT /groups/{groupId}/members`
    pub(super) fn add_members(&mut self, caller: &Holder, group: &str, fields: Fields<'_>) -> Answer {
        self.reached(caller, group)?;
        let phones = fields.needed_texts(&["members"])?;
        let mut people = Vec::new();
        for phone in phones {
            let person = self.invite(phone)?;
            people.push(person.ok_or_else(|| Refusal::invalid(format!("{phone} is no phone number")))?);
        }
        for person in people {
            if self.join(group, &person)? {
                self.report_member(caller, "MemberAdded", group, &person, false);
            }
        }
        Ok(done())
    }

    /// `PUT /groups/{groupId}/members/{memberId}`
    pub(super) fn update_member_role(
        &mut self,
        caller: &Holder,
        group: &str,
        member: &str,
        fields: Fields<'_>,
    ) -> Answer {
        self.reached(caller, group)?;
        let role = fields.one_of("role", &["Admin"])?;
        role.ok_or_else(|| Refusal::missing("role"))?;
        let members = self.group_mut(group).into_iter().flat_map(|group| &mut group.members);
        let mut found = members.filter(|known| known.person == member);
        found.next().ok_or_else(|| Refusal::absent("there is no such member"))?.admin = true;
        Ok(Value::Null)
    }

    /// `DELETE /groups/{groupId}/members/{memberId}`
    pub(super) fn remove_member(&mut self, caller: &Holder, group: &str, member: &str) -> Answer {
        self.reached(caller, group)?;
        let members = &mut self.group_mut(group).ok_or_else(|| Refusal::absent("there is no such group"))?.members;
        let position = members.iter().position(|known| known.person == member);
        let gone = members.remove(position.ok_or_else(|| Refusal::absent("there is no such member"))?);
        self.report_member(caller, "MemberRemoved", group, member, gone.admin);
        Ok(done())
    }

    fn report_member(&mut self, caller: &Holder, kind: &'static str, group: &str, person: &str, admin: bool) {
        let Some(known) = self.person(person) else { return };
        let data = json!({
            "member": known.phone,
            "memberId": known.id,
            "memberName": known.name.as_deref().unwrap_or_default(),
            "memberProfilePic": "",
            "type": if admin { "Admin" } else { "Member" },
        });
        self.emit(caller, kind, group, Subject::default(), data);
    }

    fn public(&self, caller: &Holder, group: &str) -> Answer<&[String]> {
        let group = self.reached(caller, group)?;
        if group.public { Ok(&group.subscribers) } else { Err(Refusal::invalid("the group is not public")) }
    }

    /// `PUT /groups/{groupId}/subscribers/add`
    pub(super) fn add_subscribers(&mut self, caller: &Holder, group: &str, fields: Fields<'_>) -> Answer {
        let mut room = MOST.saturating_sub(self.public(caller, group)?.len());
        let mut result = Map::new();
        for phone in fields.needed_texts(&["subscribers"])? {
            let person = if room == 0 { None } else { self.invite(phone)? };
            result.insert(phone.to_owned(), json!({"isAdded": person.is_some()}));
            let Some((person, group)) = person.zip(self.group_mut(group)) else { continue };
            if !group.subscribers.contains(&person) {
                group.subscribers.push(person);
                room -= 1;
            }
        }
        Ok(json!({"result": result}))
    }

    /// `PUT /groups/{groupId}/subscribers/remove`
    pub(super) fn remove_subscribers(&mut self, caller: &Holder, group: &str, fields: Fields<'_>) -> Answer {
        self.public(caller, group)?;
        let mut result = Map::new();
        for phone in fields.needed_texts(&["subscribers"])? {
            let person = self.by_phone(phone).map(|person| person.id.clone());
            let subscribers = self.group_mut(group).map(|group| &mut group.subscribers);
            let removed = subscribers.zip(person).is_some_and(|(subscribers, person)| {
                let before = subscribers.len();
                subscribers.retain(|own| *own != person);
                subscribers.len() < before
            });
            result.insert(phone.to_owned(), json!({"isRemoved": removed}));
        }
        Ok(json!({"result": result}))
    }

    /// `POST /groups/{groupId}/subscribers`. The cursor is the place of the page.
    pub(super) fn list_subscribers(&self, caller: &Holder, group: &str, fields: Fields<'_>) -> Answer {
        let subscribers = self.public(caller, group)?;
        let count = fields.integer(&["count"])?.unwrap_or(PAGE);
        let count = usize::try_from(count).ok().filter(|_| (1..=PAGE).contains(&count));
        let count = count.ok_or_else(|| Refusal::invalid("count is between 1 and 50"))?;
        let begin = match fields.text(&["cursor"])? {
            None => 0,
            Some(cursor) => {
                let place = cursor.strip_prefix("page-").and_then(|place| place.parse::<usize>().ok());
                let place = place.filter(|place| *place < subscribers.len());
                place.ok_or_else(|| Refusal::invalid("that is no cursor of this list"))?
            }
        };
        let page = subscribers.iter().skip(begin).take(count).map(|person| self.profile(person));
        let mut answer = json!({"subscribers": page.collect::<Vec<Value>>()});
        if begin + count < subscribers.len() {
            answer["cursor"] = json!(format!("page-{}", begin + count));
        }
        Ok(answer)
    }

    /// Who of the subscribers that a body names cannot be reached: one entry each. Without names it is nobody.
    pub(super) fn failures(&self, caller: &Holder, group: &str, fields: Fields<'_>) -> Answer<Vec<Value>> {
        let named = fields.texts(&["subscribers"])?;
        let all = fields.flag("sendToAllSubscribers")?.unwrap_or(false);
        if named.is_none() && !all {
            return Ok(Vec::new());
        }
        let subscribers = self.public(caller, group)?;
        let subscribed = |phone: &&str| self.by_phone(phone).is_some_and(|person| subscribers.contains(&person.id));
        let failed = named.unwrap_or_default().into_iter().filter(|phone| !all && !subscribed(phone));
        let entry = |phone: &str| {
            let id = self.by_phone(phone).map_or("", |person| &person.id);
            json!({
                "subscriber": phone, "subscriberId": id, "errorReason": "no subscriber of the group",
                "errorCode": "InvalidParameters",
            })
        };
        Ok(failed.map(entry).collect())
    }
}
