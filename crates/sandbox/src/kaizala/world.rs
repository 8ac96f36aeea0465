//! One world: everything that the double remembers. Each begins from the same seed, and each is bounded.

use super::courier::{self, Errand};
use super::groups::Group;
use super::hooks::{Delivery, Webhook};
use super::media::Media;
use super::people::Person;
use super::posts::{Post, Reaction};
use super::seed;
use super::tokens::{Access, Connector, Grant, Pending};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::mpsc;

/// How many tokens of a kind are kept beside the seed, how many messages and actions, and how many of what is small.
const TOKENS: usize = 500;
const POSTS: usize = 200;
const SMALL: usize = 1_000;

/// A world that calls share, and the way to its courier.
pub(super) struct Shared {
    world: Mutex<World>,
    pub(super) errands: mpsc::Sender<Errand>,
}

impl Shared {
    /// A world as it begins; `endpoint` is the base URL of the endpoint host.
    pub(super) fn new(endpoint: &str) -> Arc<Self> {
        let (errands, taken) = courier::errands();
        let shared = Arc::new(Self { world: Mutex::new(World::new(endpoint)), errands });
        drop(tokio::spawn(courier::work(taken, Arc::downgrade(&shared))));
        shared
    }

    /// The world itself. Never held while anybody waits for anything else.
    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of one world.
pub(super) struct World {
    /// Base URL of the endpoint host.
    pub(super) endpoint: String,
    pub(super) counter: Counter,
    pub(super) connectors: Vec<Connector>,
    pub(super) grants: Shelf<Grant>,
    pub(super) accesses: Shelf<Access>,
    /// Phones that wait for their PIN, and codes that wait to be changed for a token.
    pub(super) pending: Shelf<Pending>,
    /// Calls of a connector in the minute that began then.
    pub(super) minutes: BTreeMap<String, (Instant, u32)>,
    pub(super) people: Vec<Person>,
    pub(super) groups: Vec<Group>,
    pub(super) posts: Shelf<Post>,
    pub(super) reactions: Shelf<Reaction>,
    pub(super) media: Shelf<Media>,
    pub(super) webhooks: Vec<Webhook>,
    /// What the call that is being answered has to tell to subscribers.
    pub(super) outbox: Vec<Delivery>,
}

impl World {
    fn new(endpoint: &str) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            counter: Counter::after_seed(),
            connectors: seed::connectors(),
            grants: Shelf::new(seed::grants(), TOKENS),
            accesses: Shelf::new(seed::accesses(), TOKENS),
            pending: Shelf::new(Vec::new(), TOKENS),
            minutes: BTreeMap::new(),
            people: seed::people(),
            groups: seed::groups(),
            posts: Shelf::new(seed::posts(), POSTS),
            reactions: Shelf::new(Vec::new(), SMALL),
            media: Shelf::new(Vec::new(), SMALL),
            webhooks: Vec::new(),
            outbox: Vec::new(),
        }
    }
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
    fn new(items: Vec<T>, room: usize) -> Self {
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
    fn after_seed() -> Self {
        let (groups, posts) = seed::counted();
        let mut counts = [0; 10];
        counts[Series::Person as usize] = seed::people().len();
        counts[Series::Group as usize] = groups;
        counts[Series::Reference as usize] = posts;
        counts[Series::Action as usize] = 1;
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
