//! The embedded sandbox over real HTTP on the loopback interface.

mod common;

mod cases;
mod gate;
mod lookup;
mod params;
mod quota;
mod reach;
mod side;
mod wire;
