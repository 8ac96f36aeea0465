//! Floor 4: the one place where the floors meet. Scenarios in, a report out.

mod accepted;
mod aside;
mod brake;
mod case;
mod chain;
mod compare;
mod day;
mod doctor;
mod flow;
mod foreign;
mod guests;
mod introspect;
mod judged;
mod listener;
mod looks;
mod merge;
mod operations;
mod pending;
mod plan;
mod reach;
mod record;
mod recorded;
mod redact;
mod session;
mod store;
mod timeline;
mod unsent;
mod witness;
mod wrong_host;

pub use crate::targets::Target;
pub use brake::Brake;
pub use compare::{CompareError, Pair};
pub use day::today;
pub use doctor::{Check, Diagnosis, State, Subject};
pub use introspect::{Promised, introspect};
pub use judged::Judged;
pub use merge::{Shard, merge};
pub use operations::{OperationsError, Queryable};
pub use pending::{Accepted, Pending};
pub use plan::{Plan, PlanError};
pub use record::{Record, Recording, Redaction};
pub use recorded::recorded;
pub use store::Store;
pub use timeline::timeline;
pub use witness::{Published, PublishedError};

use crate::providers::Tokens;
use crate::transport::Outage;
use aside::Aside;
use case::Context;
use std::sync::Arc;
use vigie_drift::finding::{Class, Finding};
use vigie_exchange::Exchange;
use vigie_judge::exceptions::{Exceptions, Scope};
use vigie_judge::{Evidence, Typed, refused, unanswered};
use vigie_sandbox::Running;
use vigie_scenario::{Case, Scenario, bind};

/// A plan that is under way: the target answers.
pub struct Session {
    context: Arc<Context>,
    scenarios: Arc<[Scenario]>,
    /// What of the corpus is not judged.
    aside: Aside,
    /// How many cases there are with those of other shards.
    whole: usize,
    /// Whether the live schemas as a whole are asked for.
    schemas: bool,
    target: Target,
    jobs: usize,
    exceptions: (Exceptions, Scope),
    running: Option<Running>,
}

impl Session {
    /// How many cases it has: each step is one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scenarios.iter().flat_map(Scenario::cases).count()
    }

    /// Whether no case was wanted, not even one that cannot be read or that is another provider's.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scenarios.is_empty() && self.aside.is_empty()
    }

    /// Sends one bound case and has the typed client read the answer.
    pub async fn call(&self, case: &Case) -> Result<Option<Answered>, Outage> {
        let Some(known @ (judge, operation)) = self.context.find(&case.operation) else { return Ok(None) };
        let bound = bind(case, operation);
        let flow = self.context.flow();
        let Some(exchange) = self.context.send(case, known, &bound, &flow).await? else { return Ok(None) };
        let typed = vigie_replay::replay(&judge.contract.name, operation, &bound, &exchange.response).await;
        let is_real = matches!(self.context.tokens, Tokens::Real(_));
        let refused = || is_real.then(|| refused(&exchange.response, case)).flatten();
        let unjudged = unanswered(&exchange.response, case, operation).or_else(refused);
        let evidence = Evidence { case, operation, exchange: &exchange, typed: typed.as_ref(), masked: &[] };
        let judged = judge.judge(&evidence).deviations.into_iter();
        let our_defect =
            judged.map(|deviation| vigie_drift::find(deviation, |_| None)).find(|found| found.class == Class::Client);
        let unjudged = unjudged.map(|reason| vigie_drift::find(reason, |_| None));
        Ok(Some(Answered { exchange, typed, unjudged, our_defect }))
    }
}

/// What came of one call.
pub struct Answered {
    /// What was sent, and the raw answer.
    pub exchange: Exchange,
    /// What the typed client makes of it, where the contract has one.
    pub typed: Option<Typed>,
    /// Why the answer says nothing about the contract, if it does not.
    pub unjudged: Option<Finding>,
    /// What the generated client gets wrong of an answer that the contract allows.
    pub our_defect: Option<Finding>,
}
