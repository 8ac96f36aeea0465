//! The worlds of a double, by name: a bounded number of them.

use super::courier::{self, Errand};
use super::refusal::{Answer, Refusal};
use super::world::World;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc;

/// How many worlds there are at once; the one that was called longest ago makes room, but never the default one.
const MOST: usize = 64;
/// The longest name of a world.
const LONGEST: usize = 200;

/// A world, and the way to its courier.
pub(super) struct Shared {
    world: Mutex<World>,
    pub(super) errands: mpsc::Sender<Errand>,
}

/// Every world.
pub(super) struct Worlds {
    endpoint: String,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    calls: u64,
    worlds: HashMap<String, (u64, Arc<Shared>)>,
}

impl Shared {
    fn new(endpoint: &str) -> Arc<Self> {
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

impl Worlds {
    /// No worlds yet; `endpoint` is the base URL of the endpoint host.
    pub(super) fn new(endpoint: &str) -> Self {
        Self { endpoint: endpoint.to_owned(), known: Mutex::default() }
    }

    /// A world by its name; the empty name is the default one.
    pub(super) fn get(&self, name: &str) -> Answer<Arc<Shared>> {
        if name.len() > LONGEST {
            return Err(Refusal::invalid("the name of the world is too long"));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.calls += 1;
        let now = known.calls;
        if let Some((called, world)) = known.worlds.get_mut(name) {
            *called = now;
            return Ok(Arc::clone(world));
        }
        if known.worlds.len() >= MOST {
            let named = known.worlds.iter().filter(|(name, _)| !name.is_empty());
            let oldest = named.min_by_key(|(_, (called, _))| *called).map(|(name, _)| name.clone());
            oldest.map(|name| known.worlds.remove(&name));
        }
        let world = Shared::new(&self.endpoint);
        known.worlds.insert(name.to_owned(), (now, Arc::clone(&world)));
        Ok(world)
    }
}
