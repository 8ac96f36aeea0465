//! Doubles that misbehave on demand: what is on the wire.

#[path = "faults/support.rs"]
mod support;

#[path = "faults/answers.rs"]
mod answers;
#[cfg(target_os = "linux")]
#[path = "faults/check.rs"]
mod check;
#[path = "faults/life.rs"]
mod life;
#[cfg(target_os = "linux")]
#[path = "faults/process.rs"]
mod process;
#[path = "faults/strikes.rs"]
mod strikes;
#[path = "faults/wire.rs"]
mod wire;
