//! The double of Kaizala over real HTTP: what its scenarios cannot show.

mod common;

mod bodies;
mod groups;
mod hooks;
mod sessions;
mod tokens;
