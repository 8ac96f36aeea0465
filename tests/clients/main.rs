//! The typed clients over real HTTP on the loopback interface.

mod api_particulier;
mod host;
mod kaizala;
mod lossless;
mod mobilic;
