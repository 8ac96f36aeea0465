//! What a session remembers: connectors and tokens, people, groups, what was sent to them, and who is notified. Each session
//! begins from the same seed, and each is bounded.

use super::posts::{Post, Reaction};
use crate::quota::Quotas;
use crate::tokens::Tokens;
use reqwest::Url;

/// The state of one session.
pub(super) struct State {
    /// Base URL of the endpoint host.
    pub(super) endpoint: String,
    pub(super) counter: Counter,
    pub(super) connectors: Vec<Connector>,
    /// Refresh tokens.
    pub(super) grants: Tokens<Grant>,
    /// Access tokens.
    pub(super) accesses: Tokens<Holder>,
    /// Phones that wait for their PIN, and codes that wait to be changed for a token.
    pub(super) pending: Shelf<Pending>,
    /// One bucket for each connector.
    pub(super) quotas: Quotas,
    pub(super) people: Vec<Person>,
    pub(super) groups: Vec<Group>,
    pub(super) posts: Shelf<Post>,
    pub(super) reactions: Shelf<Reaction>,
    pub(super) media: Shelf<Media>,
    pub(super) webhooks: Vec<Webhook>,
    /// What the call that is being answered has to report to subscribers.
    pub(super) outbox: Vec<Delivery>,
}

/// A list that forgets its oldest items beyond a number, but for those of the seed.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    items: Vec<T>,
    seeded: usize,
    most: usize,
}

impl<T> Shelf<T> {
    /// Begins with a seed, and has room for so many more.
    pub(super) fn new(items: Vec<T>, room: usize) -> Self {
        let seeded = items.len();
        Self { items, seeded, most: seeded + room }
    }

    /// Keeps an item.
    pub(super) fn keep(&mut self, item: T) {
        self.items.push(item);
        if self.items.len() > self.most {
            self.items.remove(self.seeded);
        }
    }

    /// Takes an item out; only for lists that began empty.
    pub(super) fn take(&mut self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        let position = self.items.iter().position(wanted)?;
        Some(self.items.remove(position))
    }
}

impl<T> std::ops::Deref for Shelf<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> std::ops::DerefMut for Shelf<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

/// What ids are counted for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Series {
    Person = 1,
    Group = 2,
    Reference = 3,
    Action = 4,
    Response = 5,
    Reaction = 6,
    Webhook = 7,
    Event = 8,
    Media = 9,
}

/// Counted ids in the form of GUIDs: the first digit says of what, the last ones which.
#[derive(Debug)]
pub(super) struct Counter {
    counts: [usize; 10],
    /// Tokens, PIN sign-ins and codes.
    secrets: usize,
}

impl Counter {
    /// Goes on after what a seed has counted.
    pub(super) fn after(seeded: &[(Series, usize)]) -> Self {
        let mut counts = [0; 10];
        for (series, count) in seeded {
            counts[*series as usize] = *count;
        }
        Self { counts, secrets: 0 }
    }

    /// The next id of a series.
    pub(super) fn next(&mut self, series: Series) -> String {
        let count = &mut self.counts[series as usize];
        *count += 1;
        format!("{}0000000-0000-4000-8000-{count:012}", series as usize)
    }

    /// The number of the next token.
    pub(super) fn secret(&mut self) -> usize {
        self.secrets += 1;
        self.secrets
    }
}

/// A registered application.
#[derive(Debug)]
pub(super) struct Connector {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) spent: bool,
    pub(super) deleted: bool,
}

/// What a token opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reach {
    /// One group, and what is below it.
    Group(String),
    /// The groups that the user is a member of.
    User,
    /// Every group of the organisation.
    Tenant,
}

/// Whose a token is: a connector's, in the name of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) connector: String,
    pub(super) person: String,
    pub(super) reach: Reach,
}

/// What a token answer has as `refreshToken` while the old one is kept: each has been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Null,
    Empty,
    Absent,
}

/// Whether the user's endpoint has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    No,
    /// The token answer names the old one, which points to the new one.
    Endpoint,
    /// The token service itself points to the new one.
    Service,
}

/// A refresh token.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) token: String,
    pub(super) holder: Holder,
    pub(super) issued: i64,
    pub(super) kept: Kept,
    pub(super) moved: Move,
}

/// What waits for its second half: a phone for its PIN, or a code for its connector.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) connector: String,
    /// `pin`, or the code.
    pub(super) key: String,
    pub(super) person: String,
}

/// Somebody with a phone.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) phone: String,
    /// Only of people who use the app.
    pub(super) name: Option<String>,
    pub(super) provisioned: bool,
}

/// A group.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) welcome: String,
    pub(super) image: String,
    /// Whether it is a `ConnectGroup`.
    pub(super) connect: bool,
    /// Whether it has subscribers.
    pub(super) public: bool,
    pub(super) members: Vec<Membership>,
    /// Ids of people.
    pub(super) subscribers: Vec<String>,
    /// Ids of sub-groups.
    pub(super) children: Vec<String>,
}

/// Somebody in a group.
#[derive(Debug)]
pub(super) struct Membership {
    pub(super) person: String,
    pub(super) admin: bool,
}

/// An uploaded file. Its bytes are not kept.
#[derive(Debug, Clone)]
pub(super) struct Media {
    /// What actions name it by.
    pub(super) resource: String,
    pub(super) name: String,
    pub(super) url: String,
}

/// A subscription.
#[derive(Debug)]
pub(super) struct Webhook {
    pub(super) id: String,
    pub(super) object: String,
    pub(super) object_type: &'static str,
    pub(super) events: Vec<&'static str>,
    pub(super) url: Url,
    pub(super) token: Option<String>,
    pub(super) context: Option<String>,
    pub(super) ends: i64,
    pub(super) active: bool,
}

/// One event for one subscriber.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) webhook: String,
    pub(super) url: Url,
    pub(super) token: Option<String>,
    pub(super) body: String,
    /// Whether it is to come twice, as "at least once" allows.
    pub(super) twice: bool,
}
