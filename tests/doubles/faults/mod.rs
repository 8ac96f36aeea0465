//! Doubles that misbehave on demand: what is on the wire.

mod common;

mod answers;
#[cfg(target_os = "linux")]
mod check;
mod life;
#[cfg(target_os = "linux")]
mod strikes;
mod wire;
