//! One case outside of a run: `vigie call`.

use super::run::Run;
use crate::transport::Outage;
use vigie_drift::finding::{Class, Finding};
use vigie_exchange::Exchange;
use vigie_judge::{Evidence, Typed, refused, unanswered};
use vigie_scenario::{Case, bind};

impl Run {
    /// Sends one bound case and has the typed client read the answer.
    pub async fn call(&self, case: &Case) -> Result<Option<Answered>, Outage> {
        let Some(known @ (judge, operation)) = self.context.find(&case.operation) else { return Ok(None) };
        let bound = bind(case, operation);
        let session = self.context.session();
        let Some(exchange) = self.context.send(case, known, &bound, &session).await? else { return Ok(None) };
        let typed = vigie_replay::replay(&judge.contract.name, operation, &bound, &exchange.response).await;
        let refused = || self.context.peer.is_real().then(|| refused(&exchange.response, case)).flatten();
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
