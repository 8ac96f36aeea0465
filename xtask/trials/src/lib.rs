//! What the measurements share: every way to change one field of a stored answer.

pub mod generate;
pub mod kind;
mod texts;
mod values;
