//! From a contract to the typed client of it, for build scripts.
//!
//! [`specs`] reads the contracts of a folder, [`client`] writes the typed client of one, and [`replay`] the calls by operation id that
//! feed such a client with recorded answers. Nothing here touches the network.

pub mod client;
pub mod replay;
pub mod specs;
