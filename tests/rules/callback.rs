//! A scenario that waits for a call, and a provider that makes none.

use crate::fixture::{Fixture, finding};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use libtest_mimic::Failed;
use serde_json::Value;
use std::sync::Arc;
use support::tiny::{Answer, Tiny};
use tokio::runtime::Runtime;
use vigie_harness::runner::Plan;

pub(crate) fn run(fixture: &Fixture) -> Result<Vec<Value>, Failed> {
    let furnish = Arc::new(|_: &[String]| {
        let answer = |_, _| -> BoxFuture<'static, Response> { Box::pin(async { StatusCode::OK.into_response() }) };
        Arc::new(answer) as Arc<Answer>
    });
    let provider = Tiny { contract: fixture.yaml("contract.yml")?, furnish }.leak();
    let plan = Plan::new(provider, Some(&fixture.path("cases")))?;
    let run = async { plan.start(|_| true).await?.run().await };
    let report = serde_json::to_value(Runtime::new()?.block_on(run)?)?;
    let cases = report["cases"].as_array().into_iter().flatten();
    let findings = cases.flat_map(|case| case["findings"].as_array().into_iter().flatten());
    Ok(findings.map(|found| finding(found, ["pointer", "expected", "observed"])).collect())
}
