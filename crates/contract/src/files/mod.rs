//! Files that somebody names, read up to a size, and written beside and put in place in one step.

mod read;
mod write;

pub use read::{MOST_TEXT, bounded, read, text};
pub use write::{Readers, Reserved, below, open_in_place, replace, reserve};
