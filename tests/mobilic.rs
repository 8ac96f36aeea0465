//! What scenarios cannot show of Mobilic's double: forms of requests, worlds, and what a person does on the web front.

#[path = "mobilic/flows.rs"]
mod flows;
#[path = "mobilic/support.rs"]
mod support;
#[path = "mobilic/wire.rs"]
mod wire;
#[path = "mobilic/worlds.rs"]
mod worlds;
