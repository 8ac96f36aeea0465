//! Two identical requests in flight. A twin token's request waits for its twin; the one that comes second is refused.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// How long a request waits for its twin, unless it is given.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// The requests that wait, by what makes them identical.
pub(super) struct Twins {
    waiting: Mutex<HashMap<String, Arc<Notify>>>,
    patience: Duration,
}

impl Twins {
    pub(super) fn new(patience: Duration) -> Self {
        Self { waiting: Mutex::new(HashMap::new()), patience }
    }

    /// Whether an identical request was in flight already. The first one waits here for the second.
    pub(super) async fn meets(&self, key: String) -> bool {
        let twin = Arc::new(Notify::new());
        {
            let mut waiting = self.lock();
            if let Some(first) = waiting.get(&key) {
                first.notify_one();
                return true;
            }
            waiting.insert(key.clone(), Arc::clone(&twin));
        }
        let _place = Place { twins: self, key };
        // When no twin comes, the request is answered like any other.
        drop(tokio::time::timeout(self.patience, twin.notified()).await);
        false
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Notify>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Given up also when the caller hangs up while it waits.
struct Place<'t> {
    twins: &'t Twins,
    key: String,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.twins.lock().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::Twins;
    use std::time::Duration;

    #[tokio::test]
    async fn the_second_is_refused_and_releases_the_first() {
        let twins = Twins::new(Duration::from_secs(60));
        let (first, second) = tokio::join!(twins.meets("a".into()), twins.meets("a".into()));
        assert_eq!((first, second), (false, true));
        assert!(twins.lock().is_empty());
    }

    #[tokio::test]
    async fn alone_it_is_answered_and_leaves_nothing_behind() {
        let twins = Twins::new(Duration::ZERO);
        let (one, other) = tokio::join!(twins.meets("a".into()), twins.meets("b".into()));
        assert_eq!((one, other), (false, false));
        assert!(twins.lock().is_empty());
    }

    #[tokio::test]
    async fn a_caller_who_hangs_up_leaves_its_place() {
        let twins = Twins::new(Duration::from_secs(60));
        drop(tokio::time::timeout(Duration::ZERO, twins.meets("a".into())).await);
        assert!(twins.lock().is_empty());
    }
}
