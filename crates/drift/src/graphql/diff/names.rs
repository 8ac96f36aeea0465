//! What went and what came: which two are likely one under another name.

use crate::diff::rename;

/// More pairs than this are not compared: when so much moved at once, names prove nothing.
const MOST_PAIRS: usize = 10_000;

/// Something with a name and the type that it states.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) ty: String,
}

impl AsRef<str> for Named {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

/// The likeliest pairs of the same type and like names, each in one pair at most, by position.
pub(super) fn pairs(gone: &[Named], come: &[Named]) -> Vec<(usize, usize)> {
    if gone.len().saturating_mul(come.len()) > MOST_PAIRS {
        return Vec::new();
    }
    rename::pairs(gone, come, |old, new| gone[old].ty == come[new].ty)
}
