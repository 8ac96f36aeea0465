//! People by id and by phone.

use super::refusal::{Answer, Refusal};
use super::state::{Person, Series, State};
use serde_json::{Value, json};

/// How many people a session may know.
const MOST: usize = 2_000;

/// Whether a text looks like a phone number with its country code.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl State {
    /// Somebody by id; every id that a session keeps has somebody.
    pub(super) fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Somebody by phone.
    pub(super) fn by_phone(&self, phone: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.phone == phone)
    }

    /// The phone of a person.
    pub(super) fn phone(&self, id: &str) -> &str {
        self.person(id).map_or("", |person| &person.phone)
    }

    /// Somebody by phone, who is made known if need be. `None` for what is no phone number.
    pub(super) fn invite(&mut self, phone: &str) -> Answer<Option<String>> {
        if let Some(person) = self.by_phone(phone) {
            return Ok(Some(person.id.clone()));
        }
        if !is_phone(phone) {
            return Ok(None);
        }
        if self.people.len() >= MOST {
            return Err(Refusal::invalid("this session is full of people"));
        }
        let id = self.counter.next(Series::Person);
        self.people.push(Person { id: id.clone(), phone: phone.to_owned(), name: None, provisioned: false });
        Ok(Some(id))
    }

    /// What a list shows of a subscriber.
    pub(super) fn profile(&self, id: &str) -> Value {
        let Some(person) = self.person(id) else { return Value::Null };
        let mut profile = json!({
            "id": person.id, "mobileNumber": person.phone, "profilePic": "", "isProvisioned": person.provisioned,
        });
        if let Some(name) = &person.name {
            profile["name"] = json!(name);
        }
        profile
    }
}
