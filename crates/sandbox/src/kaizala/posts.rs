//! What is sent to groups: messages and actions, and the reactions to them.

use super::clock::{NOW, iso};
use serde_json::{Value, json};

/// A message or an action in a group.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) reference: String,
    pub(super) group: String,
    /// Id of a person.
    pub(super) sender: String,
    pub(super) sent: i64,
    /// Absent for a message.
    pub(super) action: Option<Action>,
}

/// What an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    Album,
    Audio,
    Document,
    Video,
    Announcement,
    Job,
    Poll,
    LetsMeet,
    Survey,
    /// A custom action, of a package.
    Package,
    /// Only the app sends it.
    ShareLocation,
    /// Only the app sends it.
    PhotoWithLocation,
}

/// An action.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) kind: Kind,
    /// Absent for media and announcements.
    pub(super) id: Option<String>,
    pub(super) package: Option<String>,
    pub(super) title: String,
    /// What its listing has beside what is counted.
    pub(super) listed: Value,
    pub(super) questions: Vec<Question>,
    pub(super) properties: Vec<Value>,
    /// Phones.
    pub(super) assignees: Vec<String>,
    pub(super) ends: i64,
    pub(super) anonymous: bool,
    pub(super) responses: Vec<Response>,
}

/// A question.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) title: String,
    pub(super) kind: &'static str,
    pub(super) options: Vec<String>,
    pub(super) invisible: bool,
}

/// An answer to an action.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) id: String,
    /// Id of a person.
    pub(super) person: String,
    /// Of a job.
    pub(super) completed: bool,
}

/// A like or a comment.
#[derive(Debug)]
pub(super) struct Reaction {
    pub(super) id: String,
    pub(super) reference: String,
    pub(super) group: String,
    pub(super) person: String,
    pub(super) comment: bool,
    /// When, in ticks of .NET: each has its own.
    pub(super) ticks: i64,
}

impl Kind {
    /// Each kind: how the provider writes it, whether it can be sent by its type, and whether it can be listed by it.
    const ALL: [(Self, &'static str, bool, bool); 13] = [
        (Self::Image, "Image", true, true),
        (Self::Album, "Album", true, false),
        (Self::Audio, "Audio", true, false),
        (Self::Document, "Document", true, true),
        (Self::Video, "Video", true, false),
        (Self::Announcement, "Announcement", true, false),
        (Self::Job, "Job", true, true),
        (Self::Poll, "Poll", true, true),
        (Self::LetsMeet, "LetsMeet", true, true),
        (Self::Survey, "Survey", true, true),
        (Self::Package, "Package", false, false),
        (Self::ShareLocation, "ShareLocation", false, true),
        (Self::PhotoWithLocation, "photoWithLocation", false, true),
    ];

    /// How the provider writes it.
    pub(super) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// What can be sent by this type, in any case.
    pub(super) fn sent(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|row| row.2 && row.1.eq_ignore_ascii_case(name)).map(|row| row.0)
    }

    /// What can be listed by this type, in any case.
    pub(super) fn listed(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|row| row.3 && row.1.eq_ignore_ascii_case(name)).map(|row| row.0)
    }
}

impl Action {
    /// An action without anything in it.
    pub(super) fn new(kind: Kind, id: Option<String>) -> Self {
        Self {
            kind,
            id,
            package: None,
            title: String::new(),
            listed: json!({}),
            questions: Vec::new(),
            properties: Vec::new(),
            assignees: Vec::new(),
            ends: NOW,
            anonymous: false,
            responses: Vec::new(),
        }
    }

    /// Whether everybody who has to do a job has done it.
    fn is_done(&self) -> bool {
        let done = self.responses.iter().filter(|response| response.completed).count();
        !self.assignees.is_empty() && done >= self.assignees.len()
    }

    /// The body of its listing.
    pub(super) fn body(&self) -> Value {
        let mut body = self.listed.clone();
        if let Some(id) = &self.id {
            body["actionId"] = json!(id);
        }
        match self.kind {
            Kind::Job => {
                body["title"] = json!(self.title);
                body["assigneeCount"] = json!(self.assignees.len());
                body["responseCount"] = json!(self.responses.len());
                body["isCompleted"] = json!(self.is_done());
            }
            Kind::Survey => {
                body["title"] = json!(self.title);
                body["responseCount"] = json!(self.responses.len());
                body["expiryDate"] = json!(iso(self.ends));
            }
            Kind::Package => body["title"] = json!(self.title),
            Kind::Poll => body["expiryDate"] = json!(iso(self.ends)),
            _ => {}
        }
        body
    }
}

impl Post {
    /// An entry of a list of actions.
    pub(super) fn listed(&self, action: &Action, sender: &str) -> Value {
        if let Some(package) = &action.package {
            return json!({"id": action.id, "packageId": package, "actionBody": action.body()});
        }
        let mut entry = json!({
            "referenceId": self.reference, "actionType": action.kind.name(), "sender": sender,
            "actionBody": action.body(),
        });
        // Both have been seen: what the app alone sends has the older form here.
        if matches!(action.kind, Kind::ShareLocation | Kind::PhotoWithLocation) {
            entry["creationTime"] = json!(self.sent);
        } else {
            entry["sentAt"] = json!(iso(self.sent));
        }
        entry
    }

    /// An action with its details.
    pub(super) fn detailed(&self, action: &Action, sender: &str, responses: &[Value]) -> Value {
        let mut details = action.body();
        if let Some(members) = details.as_object_mut() {
            members.remove("isCompleted");
        }
        if action.kind == Kind::Job {
            details["dueDate"] = json!(iso(action.ends));
            details["status"] = json!(action.is_done());
        }
        details["responses"] = json!(responses);
        json!({
            "actionType": action.kind.name(), "actionDetails": details, "sender": sender, "sentAt": iso(self.sent),
        })
    }
}
