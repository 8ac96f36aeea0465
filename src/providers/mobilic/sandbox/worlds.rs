//! Worlds by name: each as it began, as many as memory should hold.

use super::world::World;
use std::collections::{HashMap, VecDeque};

/// How many worlds with a name are kept; the one that was begun first goes first.
pub const WORLDS: usize = 256;

/// All worlds of a double.
pub(super) struct Worlds {
    default: World,
    named: HashMap<String, World>,
    order: VecDeque<String>,
}

impl Worlds {
    pub(super) fn new() -> Self {
        Self { default: World::seeded(), named: HashMap::new(), order: VecDeque::new() }
    }

    /// The world of a name, begun if need be; without a name the default one.
    pub(super) fn of(&mut self, name: Option<&str>) -> &mut World {
        let Some(name) = name else { return &mut self.default };
        if !self.named.contains_key(name) {
            self.order.push_back(name.to_owned());
            if self.order.len() > WORLDS {
                self.order.pop_front().and_then(|oldest| self.named.remove(&oldest));
            }
        }
        self.named.entry(name.to_owned()).or_insert_with(World::seeded)
    }
}
