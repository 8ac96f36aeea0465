//! How a person's tokens come to this machine: the browser's way back, and the file that keeps them.

pub mod callback;
pub mod store;

pub use callback::{Callback, CallbackError};
pub use store::{StoreError, TokenFile};
