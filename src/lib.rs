//! temp
#[cfg(feature = "client")]
pub mod clients;
#[cfg(feature = "documents")]
pub mod contract;
#[cfg(feature = "client")]
pub mod exchange;
#[cfg(feature = "documents")]
pub mod scenario;
