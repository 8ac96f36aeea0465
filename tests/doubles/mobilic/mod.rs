//! What scenarios cannot show of Mobilic's double: forms of requests, sessions, and what a person does on the web front.

mod common;
mod flows;
mod sessions;
mod wire;
