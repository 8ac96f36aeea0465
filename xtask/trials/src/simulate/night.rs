//! One night: a double that misbehaves, and the check that an operator would start.

use crate::drift::Drift;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use vigie_drift::finding::{Class, Conclusion, text};
use vigie_harness::providers::Provider;
use vigie_harness::runner::{Plan, Store, Target};
use vigie_harness::targets::Settings;
use vigie_sandbox::Options;
use vigie_sandbox::faults::{Faults, Strikes};

/// What happens in it.
pub(crate) struct Night {
    /// Its number: with the seed it draws the same faults and drift again.
    pub(crate) number: u64,
    pub(crate) provider: &'static Provider,
    pub(crate) faults: Faults,
    pub(crate) drift: Option<Drift>,
    /// What `vigie.toml` says of the target, beside its URL.
    pub(crate) settings: String,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Morning {
    pub(crate) number: u64,
    pub(crate) conclusion: Conclusion,
    pub(crate) drift: Option<Drift>,
    /// Whether a breaking finding speaks of what drifted.
    pub(crate) found: bool,
    /// Breaking findings of anything else, in words.
    pub(crate) false_alarms: Vec<String>,
    /// How many cases failed and held when they were sent again.
    pub(crate) held: u64,
    /// Whether one of them would have been told as drift, had nobody looked again.
    pub(crate) would_alarm: bool,
    /// Findings of other cases, by class and rule: outages, matters of setup, and what should not be there.
    pub(crate) others: BTreeMap<(Class, String), u64>,
    /// What the double was asked, and did wrong.
    pub(crate) strikes: Strikes,
    pub(crate) elapsed: Duration,
}

impl Night {
    /// Serves and checks our own cases.
    pub(crate) async fn spend(self) -> Result<Morning, String> {
        let Self { number, provider, faults, drift, settings } = self;
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
        if let Some(drift) = &drift {
            checked.contracts = drift.promise(checked.contracts);
        }
        let url = running.base_url();
        let file = format!("[target.{}.nights]\nurl = {url:?}\n{settings}", provider.name);
        checked.settings = Settings::parse("vigie.toml", &file).map_err(|error| error.to_string())?;
        checked.target = Target::Named("nights".to_owned());
        checked.snapshots = Store::Embedded;
        let session = checked.start(|_| true).await.map_err(|error| error.to_string())?;
        let report = session.run().await.map_err(|error| error.to_string())?;
        let mut found = false;
        let mut false_alarms = Vec::new();
        let mut others = BTreeMap::new();
        for case in &report.cases {
            let drifted = drift.as_ref().is_some_and(|drift| drift.concerns(case));
            for finding in &case.findings {
                if drifted {
                    found |= finding.class == Class::Breaking;
                    continue;
                }
                *others.entry((finding.class, finding.rule.to_string())).or_default() += 1;
                if finding.class == Class::Breaking {
                    let seen = text(&finding.fact.observed);
                    false_alarms
                        .push(format!("{} at `{}`: {seen}: {}", finding.rule, finding.fact.location, case.file));
                }
            }
        }
        let would_alarm = report.held.iter().flat_map(|doubt| &doubt.rules).any(|rule| rule.class == Class::Breaking);
        let strikes = running.strikes().unwrap_or_default();
        running.stop().await;
        let (conclusion, held, elapsed) = (report.conclusion(), report.held.len() as u64, start.elapsed());
        Ok(Morning { number, conclusion, drift, found, false_alarms, held, would_alarm, others, strikes, elapsed })
    }
}
