//! The embedded sandboxes of the providers.

mod faults;
mod kaizala;
mod mobilic;
mod sandbox;
