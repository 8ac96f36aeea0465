//! The embedded sandbox over real HTTP on the loopback interface.

#[path = "sandbox/support.rs"]
mod support;

#[path = "sandbox/cases.rs"]
mod cases;
#[path = "sandbox/door.rs"]
mod door;
#[path = "sandbox/lookup.rs"]
mod lookup;
#[path = "sandbox/params.rs"]
mod params;
#[path = "sandbox/quota.rs"]
mod quota;
#[path = "sandbox/reach.rs"]
mod reach;
#[path = "sandbox/side.rs"]
mod side;
#[path = "sandbox/wire.rs"]
mod wire;
