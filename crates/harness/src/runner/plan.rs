//! What is to be run, and how it begins: cases, target, snapshots.

use super::aside::Aside;
use super::cancellation::Cancellation;
use super::context::{Context, locators, snapshot_key};
use super::error::{PlanError, known_operation};
use super::events::Events;
use super::peer::Peer;
use super::policy::Policy;
use super::run::Run;
use super::scenario_session::Worlds;
use super::schedule::{Part, Schedule};
use super::snapshots::{Snapshots, Store};
use super::witness::Published;
use crate::providers::{PROVIDERS, Provider};
use crate::targets::{Settings, Target};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vigie_contract::model::{Contract, Operation};
use vigie_judge::Judge;
use vigie_judge::exceptions::Exceptions;
use vigie_sandbox::Options;
use vigie_scenario::{Choice, Corpus, Scenario, read_corpus};

/// What is run.
pub struct Plan {
    /// Whose cases they are.
    pub provider: &'static Provider,
    /// The contracts that are judged against.
    pub contracts: Vec<Contract>,
    /// The scenarios, and the identities that they may need.
    pub corpus: Corpus,
    /// Where requests go.
    pub target: Target,
    /// What `vigie.toml` says of targets.
    pub settings: Settings,
    /// The accepted snapshots.
    pub snapshots: Store,
    /// What is ignored, and what rules mean here.
    pub exceptions: Exceptions,
    /// Published documents that are witnesses beside the accepted contracts.
    pub published: Published,
    /// How many requests are under way at once.
    pub jobs: usize,
    /// Ends the run before its end.
    pub cancellation: Cancellation,
    /// Whoever hears of what happens, from [`Plan::start`] on.
    pub events: Events,
    /// Whether the cases are our own, about people of the sandbox.
    pub own: bool,
    /// What of the provider it has.
    part: Part,
}

impl Plan {
    /// A plan for all cases of a folder, or for our own; they are ready to be bound. Each of them can be read.
    pub fn new(provider: &'static Provider, folder: Option<&Path>) -> Result<Self, PlanError> {
        let mut plan = Self::chosen(provider, folder, &Choice::default())?;
        if plan.corpus.unread.is_empty() { Ok(plan) } else { Err(plan.corpus.unread.remove(0).error.into()) }
    }

    /// A plan for the cases of a folder that are wanted, or for our own. Files that cannot be read are kept with their
    /// reasons, unless none can be read that is wanted.
    pub fn chosen(provider: &'static Provider, folder: Option<&Path>, choice: &Choice) -> Result<Self, PlanError> {
        let contracts = provider.contracts();
        let mut corpus = match folder {
            Some(folder) => read_corpus(folder, provider.dialect, &contracts, choice)?,
            None => vigie_embedded::scenarios(provider.name, provider.dialect, None)?,
        };
        if !corpus.unread.is_empty() && !corpus.scenarios.iter().any(|scenario| choice.takes(scenario)) {
            return Err(corpus.unread.remove(0).error.into());
        }
        for own in &mut corpus.elsewhere {
            if let Some(other) =
                PROVIDERS.iter().find(|other| other.name.replace('-', " ") == own.provider.to_lowercase())
            {
                own.reason = format!("use `--provider {}` for them", other.name);
            }
        }
        Self::with(provider, contracts, corpus, Part::All, folder.is_none())
    }

    /// A plan for our own scenarios of one topic: of an operation, its cases.
    pub fn of_topic(provider: &'static Provider, topic: &str) -> Result<Self, PlanError> {
        let corpus = vigie_embedded::scenarios(provider.name, provider.dialect, Some(topic))?;
        Self::with(provider, provider.contracts(), corpus, Part::Topic, true)
    }

    /// A plan for the live schemas alone: no scenario is sent.
    pub fn of_schemas(provider: &'static Provider) -> Result<Self, PlanError> {
        Self::with(provider, provider.contracts(), Corpus::new(provider.dialect), Part::Schemas, true)
    }

    fn with(
        provider: &'static Provider,
        contracts: Vec<Contract>,
        mut corpus: Corpus,
        part: Part,
        own: bool,
    ) -> Result<Self, PlanError> {
        corpus.check(&contracts)?;
        let operation = |id: &str| contracts.iter().find_map(|contract| contract.operation(id));
        corpus.infer_credentials(|id, names| provider.hooks.credential_of(operation(id)?, names));
        corpus.read_integers(operation);
        Ok(Self {
            provider,
            contracts,
            corpus,
            target: Target::Sandbox,
            settings: Settings::default(),
            snapshots: Store::Off,
            exceptions: Exceptions::default(),
            published: Published::default(),
            jobs: 16,
            cancellation: Cancellation::default(),
            events: Events::default(),
            own,
            part,
        })
    }

    /// An operation by its id, with its contract's name.
    pub fn operation(&self, id: &str) -> Result<(&str, &Operation), PlanError> {
        known_operation(self.provider.name, &self.contracts, id)
    }

    /// Accepted snapshots that belong to no case of the corpus, and how many belong to one. Of a corpus with files that cannot
    /// be read, nobody knows.
    pub fn orphans(&self) -> Result<(Vec<PathBuf>, usize), PlanError> {
        if !self.corpus.unread.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let cases = self.corpus.scenarios.iter().flat_map(Scenario::cases);
        let keys = cases.map(|case| snapshot_key(self.provider, &case.operation, &case.name)).collect();
        self.snapshots.orphans(self.provider.name, &keys)
    }

    /// Starts the embedded sandbox, or finds out whether anybody answers at the target. Only `wanted` scenarios will
    /// run; the sandbox serves all of them.
    pub async fn start(mut self, wanted: impl Fn(&Scenario) -> bool) -> Result<Run, PlanError> {
        let resolved = self.settings.resolve(self.provider, &self.target)?;
        let cases = self.corpus.scenarios.iter().filter(|scenario| wanted(scenario)).flat_map(Scenario::cases);
        let keys = cases.map(|case| snapshot_key(self.provider, &case.operation, &case.name));
        let snapshots = Snapshots::read(self.snapshots, keys)?;
        let (peer, running) = match &resolved {
            None => {
                let sandbox = self.provider.sandbox(&self.contracts, &self.corpus, &Options::default())?;
                let running = sandbox.start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
                (Peer::embedded(&running, self.provider.timeout)?, Some(running))
            }
            Some(resolved) => (Peer::at(resolved, &self.cancellation, &self.events).await?, None),
        };
        let aside = Aside::take(&mut self.corpus);
        let schedule = Schedule::new(self.part, self.provider.name, self.corpus, self.jobs, wanted);
        let judges: Vec<Judge> = self.contracts.into_iter().map(Judge::new).collect();
        let policy = Policy::at(&self.target, peer.is_sandbox(), self.own, self.provider);
        let mut context = Context {
            provider: self.provider,
            locators: locators(&judges),
            judges,
            peer,
            worlds: Worlds::new(),
            snapshots,
            published: self.published,
            policy,
            own: self.own,
            cancellation: self.cancellation,
            events: self.events,
        };
        if context.peer.is_real() {
            let declared = resolved.and_then(|resolved| resolved.scopes);
            context.peer.scopes = context.introspect().await.or(declared);
        }
        let (target, exceptions) = (self.target, self.exceptions);
        Ok(Run { context: Arc::new(context), schedule, aside, target, exceptions, running })
    }
}
