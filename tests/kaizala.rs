//! The double of Kaizala over real HTTP: what its scenarios cannot show.

#[path = "kaizala/support.rs"]
mod support;

#[path = "kaizala/bodies.rs"]
mod bodies;
#[path = "kaizala/groups.rs"]
mod groups;
#[path = "kaizala/hooks.rs"]
mod hooks;
#[path = "kaizala/tokens.rs"]
mod tokens;
#[path = "kaizala/worlds.rs"]
mod worlds;
