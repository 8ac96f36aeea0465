//! What is run: cases, target, snapshots; and why a run could not be made.

use super::accepted::Snapshots;
use super::aside::Aside;
use super::brake::Brake;
use super::case::{Context, locators, snapshot_key};
use super::flow::Worlds;
use super::guests::Guests;
use super::reach::reach;
use super::{Published, Session, Store};
use crate::pace::{Pace, PaceError};
use crate::providers::{PROVIDERS, Provider, Tokens};
use crate::targets::{Resolved, Settings, Target, TargetError, TokenError};
use crate::transport::Transport;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use vigie::clients::ConnectError;
use vigie_contract::model::{Contract, Operation};
use vigie_judge::Judge;
use vigie_judge::exceptions::{Exceptions, Scope};
use vigie_sandbox::{Options, Running, SandboxError};
use vigie_scenario::{Choice, Corpus, Scenario, ScenarioError, near_operation, read_corpus};

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
    pub brake: Brake,
    /// Whether the cases are our own, about people of the sandbox.
    pub own: bool,
    /// What of the provider it has.
    part: Part,
}

/// What a plan has of its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All scenarios of a folder, or of ours, and the live schemas as a whole.
    All,
    /// The scenarios of a topic.
    Topic,
    /// The live schemas.
    Schemas,
}

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A scenario file or folder.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// The embedded sandbox.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// There is no such target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// It is no URL that a client can be made for.
    #[error("--target: {0}")]
    Connect(#[from] ConnectError),
    /// There is no token for it.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The folder of the pace.
    #[error(transparent)]
    Pace(#[from] PaceError),
    /// No port to be called back on.
    #[error("a scenario waits for a call, and no port of the loopback interface is free: {0}")]
    Listener(std::io::Error),
    /// A snapshot, or the folder of snapshots.
    #[error("{path}: {reason}")]
    Snapshots {
        /// The file or folder.
        path: String,
        /// What is wrong, and how to mend it.
        reason: String,
    },
    /// No contract has the operation.
    #[error("no operation `{id}`{}; `vigie list operations --provider {provider}` names them all", hint(.near.as_deref()))]
    Operation {
        /// Whose operations were looked at.
        provider: &'static str,
        /// The id.
        id: String,
        /// One that looks like it.
        near: Option<String>,
    },
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
                own.reason = format!("`--provider {}` judges them", other.name);
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
            brake: Brake::default(),
            own,
            part,
        })
    }

    /// An operation by its id, with its contract's name.
    pub fn operation(&self, id: &str) -> Result<(&str, &Operation), PlanError> {
        known_operation(self.provider.name, &self.contracts, id)
    }

    /// How many cases the run has whose part this may be.
    fn whole(&self) -> usize {
        let cases = self.corpus.cases().count() + self.corpus.passed_over;
        if self.part == Part::All {
            cases
        } else {
            cases.max(vigie_embedded::scenario_names(self.provider.name).count())
        }
    }

    /// Starts the embedded sandbox, or finds out whether anybody answers at the target. Only `wanted` scenarios will
    /// run; the sandbox serves all of them.
    pub async fn start(mut self, wanted: impl Fn(&Scenario) -> bool) -> Result<Session, PlanError> {
        let resolved = self.settings.resolve(self.provider, &self.target)?;
        let (all, whole) = (self.corpus.scenarios.len(), self.whole());
        let cases = self.corpus.scenarios.iter().filter(|scenario| wanted(scenario)).flat_map(Scenario::cases);
        let keys = cases.map(|case| snapshot_key(self.provider, &case.operation, &case.name));
        let snapshots = Snapshots::read(self.snapshots, keys)?;
        let mut double = None;
        let (transport, pace, tokens, running, down) = match &resolved {
            None => {
                let sandbox = self.provider.sandbox(&self.contracts, &self.corpus, &Options::default())?;
                let running = sandbox.start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
                let transport = Transport::new(&running.base_url(), self.provider.timeout)?;
                (transport, Pace::unlimited(), Tokens::Sandbox, Some(running), None)
            }
            Some(resolved) => {
                let transport = Transport::new(&resolved.base_url, resolved.timeout)?;
                let pace = Pace::polite(resolved.rate, transport.base_url())?;
                match self.brake.unless_pulled(reach(&pace, &transport)).await {
                    Ok(Ok(answered)) => {
                        double = answered;
                        let tokens = self.brake.unless_pulled(tokens(resolved, double.is_some())).await;
                        // Of a run that is given up nothing is sent.
                        let tokens = tokens.unwrap_or(Ok(Tokens::Sandbox))?;
                        let pace = match &double {
                            Some(double) if matches!(tokens, Tokens::Sandbox) => Pace::hurried(double),
                            _ => pace,
                        };
                        (transport, pace, tokens, None, None)
                    }
                    // Nothing will be sent, so no token is needed either.
                    Ok(Err(outage)) => (transport, pace, Tokens::Sandbox, None, Some(outage)),
                    Err(_) => (transport, pace, Tokens::Sandbox, None, None),
                }
            }
        };
        let aside = Aside::take(&mut self.corpus);
        let scenarios: Arc<[Scenario]> = self.corpus.scenarios.into_iter().filter(wanted).collect();
        let is_whole = self.part == Part::All && scenarios.len() == all && self.corpus.passed_over == 0;
        // Where there is no case to judge, the schemas must not stand in for cases.
        let schemas = (is_whole && !scenarios.is_empty()) || self.part == Part::Schemas;
        let scope = if is_whole { Scope::Answers } else { Scope::Part };
        let judges: Vec<Judge> = self.contracts.into_iter().map(Judge::new).collect();
        let real = matches!(tokens, Tokens::Real(_));
        let ours = double.is_some();
        let is_sandbox = ours || running.is_some();
        let guests = Guests::at(&self.target, is_sandbox, self.own, self.provider);
        // A person's token goes to no address that only an answer names.
        let named = double.filter(|_| !real).map(|double| double.hosts).unwrap_or_default();
        let own = running.iter().flat_map(Running::hosts).map(|(role, url)| (role.to_owned(), url));
        let hosts = own.chain(named).collect();
        let mut context = Context {
            provider: self.provider,
            locators: locators(&judges),
            judges,
            transport,
            hosts,
            worlds: Worlds::new(),
            pace,
            tokens,
            scopes: None,
            snapshots,
            published: self.published,
            down,
            ours,
            guests,
            own: self.own,
            brake: self.brake,
        };
        if real {
            let declared = resolved.and_then(|resolved| resolved.scopes);
            context.scopes = context.introspect().await.or(declared);
        }
        let (context, exceptions) = (Arc::new(context), (self.exceptions, scope));
        let (target, jobs) = (self.target, self.jobs);
        Ok(Session { context, scenarios, aside, whole, schemas, target, jobs, exceptions, running })
    }
}

/// A vigie sandbox knows the tokens of every case, unless one is given; another host needs one.
async fn tokens(target: &Resolved, is_ours: bool) -> Result<Tokens, TokenError> {
    if is_ours {
        return match target.token.read().await {
            Err(error) if error.is_withheld() => Ok(Tokens::Sandbox),
            read => Ok(read?.map_or(Tokens::Sandbox, Tokens::Real)),
        };
    }
    target.token.require().await.map(Tokens::Real)
}

fn known_operation<'a>(
    provider: &'static str,
    contracts: &'a [Contract],
    id: &str,
) -> Result<(&'a str, &'a Operation), PlanError> {
    let found = contracts.iter().find_map(|contract| Some((contract.name.as_str(), contract.operation(id)?)));
    found.ok_or_else(|| PlanError::Operation { provider, id: id.to_owned(), near: near_to(contracts.iter(), id) })
}

/// An operation id that looks like this one.
pub(super) fn near_to<'a>(contracts: impl Iterator<Item = &'a Contract> + Clone, id: &str) -> Option<String> {
    let known = contracts.flat_map(|contract| &contract.operations).map(|operation| &*operation.id);
    near_operation(id, known).map(str::to_owned)
}

fn hint(near: Option<&str>) -> String {
    near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}
