//! Events: what webhooks receive, and which of them want it.

use super::clock::NOW;
use super::state::{Delivery, Holder, Series, State, Webhook};
use serde_json::{Value, json};

/// The context of a webhook that is to receive everything twice.
pub const TWICE: &str = "deliver-twice";

/// What an event is about, beside its group.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) action: Option<&'a str>,
    pub(super) package: Option<&'a str>,
}

impl State {
    /// Tells of something that the caller did in a group, to everyone who wants to know.
    pub(super) fn emit(&mut self, caller: &Holder, kind: &str, group: &str, about: Subject<'_>, data: Value) {
        // The event of an answer has the answer's id.
        let id = data["responseId"].as_str().map_or_else(|| self.counter.next(Series::Event), str::to_owned);
        let Some(person) = self.person(&caller.person) else { return };
        let mut event = json!({
            "eventType": kind,
            "eventId": id,
            "fromUser": person.phone,
            "fromUserId": person.id,
            "fromUserName": person.name.as_deref().unwrap_or_default(),
            "fromUserProfilePic": "",
            "isBotfromUser": false,
            "groupId": group,
            "sourceGroupId": group,
        });
        event["data"] = data;
        for webhook in self.webhooks.iter().filter(|webhook| webhook.wants(kind, group, about)) {
            event["subscriptionId"] = json!(webhook.id);
            event["objectId"] = json!(webhook.object);
            event["objectType"] = json!(webhook.object_type);
            if let Some(members) = event.as_object_mut() {
                members.remove("context");
                members.extend(webhook.context.iter().map(|context| ("context".to_owned(), json!(context))));
            }
            self.outbox.push(Delivery {
                webhook: webhook.id.clone(),
                url: webhook.url.clone(),
                token: webhook.token.clone(),
                body: event.to_string(),
                twice: webhook.context.as_deref() == Some(TWICE),
            });
        }
    }
}

impl Webhook {
    fn wants(&self, kind: &str, group: &str, about: Subject<'_>) -> bool {
        let object = match self.object_type {
            "Group" => self.object == group,
            "Action" => about.action == Some(&self.object),
            _ => about.package == Some(&self.object),
        };
        object && self.active && self.ends > NOW && self.events.contains(&kind)
    }
}
