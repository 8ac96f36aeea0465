//! One night: a double that misbehaves, and the check that an operator would start.

use crate::drift::Drift;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use vigie::finding::{Class, Conclusion};
use vigie::providers::Provider;
use vigie::runner::{Plan, Store, Target};
use vigie::sandbox::Options;
use vigie::sandbox::faults::{Faults, Strikes};

/// What came of it.
#[derive(Debug)]
pub(crate) struct Night {
    pub(crate) conclusion: Conclusion,
    pub(crate) drift: Option<Drift>,
    /// Whether a breaking finding speaks of the case that drifted.
    pub(crate) found: bool,
    /// Findings of other cases, by class and rule: outages, matters of setup, and what should not be there.
    pub(crate) others: BTreeMap<(Class, String), u64>,
    /// What the double was asked, and did wrong.
    pub(crate) strikes: Strikes,
    pub(crate) elapsed: Duration,
}

impl Night {
    /// Serves and checks our own cases.
    pub(crate) async fn spend(
        provider: &'static dyn Provider,
        faults: Faults,
        drift: Option<Drift>,
    ) -> Result<Self, String> {
        let start = Instant::now();
        let plan = || Plan::new(provider, None).map_err(|error| error.to_string());
        let mut served = plan()?.corpus;
        if let Some(drift) = &drift {
            drift.happen(&mut served);
        }
        let mut checked = plan()?;
        let options = Options { faults, ..Options::default() };
        let sandbox = provider.sandbox(&checked.contracts, &served, &options).map_err(|error| error.to_string())?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let running = sandbox.start(address).await.map_err(|error| error.to_string())?;
        checked.target = Target::Url(running.base_url());
        checked.snapshots = Store::Embedded;
        let session = checked.start(|_| true).await.map_err(|error| error.to_string())?;
        let report = session.run(|_| {}).await.map_err(|error| error.to_string())?;
        let mut found = false;
        let mut others = BTreeMap::new();
        for case in &report.cases {
            let drifted =
                drift.as_ref().is_some_and(|drift| drift.operation == case.operation && drift.case == case.case);
            for finding in &case.findings {
                if drifted {
                    found |= finding.class == Class::Breaking;
                } else {
                    *others.entry((finding.class, finding.rule.to_string())).or_default() += 1;
                }
            }
        }
        let strikes = running.strikes().unwrap_or_default();
        running.stop().await;
        Ok(Self { conclusion: report.conclusion(), drift, found, others, strikes, elapsed: start.elapsed() })
    }
}
