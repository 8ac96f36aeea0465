//! API Particulier, with a host of the test's own in the place of its stages.

use crate::tiny::ACCESS;
use std::time::Duration;
use vigie_harness::pace::Rate;
use vigie_harness::providers::{Hosts, Provider, provider};

/// The provider, somewhere else: a plan takes one that lives as long as the program.
#[must_use]
pub fn within(url: String, timeout: Duration) -> &'static Provider {
    let url = url.leak();
    Box::leak(Box::new(Provider {
        access: &ACCESS,
        hosts: Hosts::Open { staging: url, production: url },
        timeout,
        rate: Rate::UNTOLD,
        introspection: None,
        ..*provider("api-particulier").expect("ours")
    }))
}
