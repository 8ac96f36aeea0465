//! Two documents, compared, or a series of them.

pub(super) mod human;
pub(super) mod json;
