//! `cargo xtask fetch`: the published documents, each into its place below `target/published` when it is whole and credible.
//!
//! A document that is not leaves what was fetched before as it is. One that fails does not stop the others.

pub(crate) mod shelf;
mod source;
#[cfg(test)]
mod tests;
mod transfer;

use crate::regenerate::accepted_bytes;
use crate::specs;
use serde_json::{Value, json};
use shelf::{Meta, Shelf, Stored};
use source::{Form, Source};
use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};
use transfer::{Answer, Limits, Wanted, fetch};
use vigie_contract::plausible;
use vigie_contract::{graphql, yaml};

/// The largest published document has 725 kB, and takes a second.
const LIMITS: Limits = Limits { time: Duration::from_secs(60), bytes: 20 << 20 };

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The provider whose documents to fetch. Default: all providers.
    provider: Option<String>,
    /// A mirror: fetch the document of CONTRACT (`api-particulier/v3`, `mobilic/schema`) from URL.
    #[arg(long, value_name = "CONTRACT=URL")]
    url: Vec<String>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let mut mirrors = mirrors(&args.url)?;
    let shelf = Shelf::find();
    let (mut is_whole, mut names) = (true, Vec::new());
    // Everything is read before anything is asked for: a mistake in an argument costs no request.
    let mut wanted = Vec::new();
    for spec in specs::find_all(args.provider.as_deref())? {
        let mut sources = source::of(&spec)?;
        for source in &mut sources {
            names.push(source.name.clone());
            if let Some(position) = mirrors.iter().position(|(name, _)| *name == source.name) {
                source.url = mirrors.swap_remove(position).1;
            }
        }
        wanted.push((spec, sources));
    }
    if let Some((unknown, _)) = mirrors.first() {
        return Err(format!("--url: no published document `{unknown}`; known: {}", names.join(", ")));
    }
    for (spec, sources) in wanted {
        if sources.is_empty() {
            say(out, &format!("{}: nothing is published; its contract is written by hand", spec.name));
        }
        for source in sources {
            match take(&source, &shelf, &LIMITS)? {
                Ok(state) => say(out, &format!("{}: {state}", source.name)),
                Err(reason) => {
                    is_whole = false;
                    say(out, &format!("{}: {reason}; nothing replaced ({})", source.name, source.url));
                }
            }
        }
    }
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn mirrors(options: &[String]) -> Result<Vec<(String, String)>, String> {
    let pair = |option: &String| option.split_once('=').map(|(name, url)| (name.to_owned(), url.to_owned()));
    let pairs = options.iter().map(|option| pair(option).ok_or_else(|| format!("--url {option}: write CONTRACT=URL")));
    pairs.collect()
}

/// Fetches one document. The inner error says why it was not taken; the outer one, what could not be done here.
fn take(source: &Source, shelf: &Shelf, limits: &Limits) -> Result<Result<String, String>, String> {
    let known = shelf.load(&source.name)?;
    // What another address said of its document means nothing at this one.
    let told = known.as_ref().map(|known| &known.meta).filter(|meta| meta.url == source.url);
    let question = json!({"query": graphql::INTROSPECTION, "operationName": "introspection"}).to_string();
    let wanted = Wanted {
        url: &source.url,
        post: matches!(source.form, Form::Schema(_)).then_some(&question),
        etag: told.and_then(|meta| meta.etag.as_deref()),
        last_modified: told.and_then(|meta| meta.last_modified.as_deref()),
    };
    let fetched = match fetch(&wanted, limits) {
        Ok(Answer::Document(fetched)) => fetched,
        Ok(Answer::Unchanged) => return Ok(Ok("unchanged (304)".to_owned())),
        Err(reason) => return Ok(Err(format!("outage: {reason}"))),
    };
    let beside = match credible(source, &fetched.bytes)? {
        Ok(beside) => beside,
        Err(reason) => return Ok(Err(format!("rejected: {reason}"))),
    };
    let sha256 = yaml::sha256(&fetched.bytes);
    let size = fetched.bytes.len() as u64;
    let is_known = known.is_some_and(|known| known.meta.sha256 == sha256);
    let state = if is_known { "unchanged (same SHA-256)".to_owned() } else { format!("new, {size} bytes, {beside}") };
    let meta = Meta {
        url: source.url.clone(),
        sha256,
        size,
        fetched: httpdate::fmt_http_date(SystemTime::now()),
        content_type: fetched.content_type,
        etag: fetched.etag,
        last_modified: fetched.last_modified,
    };
    shelf.save(&source.name, &Stored { bytes: fetched.bytes, meta })?;
    Ok(Ok(state))
}

/// Whether the bytes can be the next version of what was accepted, and how they stand beside it.
fn credible(source: &Source, bytes: &[u8]) -> Result<Result<String, String>, String> {
    match &source.form {
        Form::Document(path) => {
            let document = match plausible::read(bytes) {
                Ok(document) => document,
                Err(error) => return Ok(Err(error.to_string())),
            };
            let Some(accepted) = accepted_bytes(path)? else { return Ok(Ok("the first one".into())) };
            let contract = plausible::read(&accepted).map_err(|error| format!("{}: {error}", path.display()))?;
            if let Err(error) = plausible::same_contract(&document, &contract) {
                return Ok(Err(error.to_string()));
            }
            let made_from = format!("# sha256: {}", yaml::sha256(bytes));
            let is_vendored = String::from_utf8_lossy(&accepted).lines().any(|line| line == made_from);
            let state = if is_vendored {
                "same as the vendored one"
            } else {
                "differs from the vendored one: `cargo xtask regenerate` prints the changes"
            };
            Ok(Ok(state.into()))
        }
        Form::Schema(path) => {
            let own = graphql::read(&source::read(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
            let believed = |live| match graphql::credible(&own, &live) {
                Ok(()) => Ok(live),
                Err(reason) => Err(reason.to_string()),
            };
            Ok(schema(bytes).and_then(believed).map(|live| match vigie_drift::graphql::diff(&own, &live).len() {
                0 => "same as our schema".into(),
                1 => "1 change from ours: `vigie diff` prints it".into(),
                changes => format!("{changes} changes from ours: `vigie diff` prints them"),
            }))
        }
    }
}

fn schema(bytes: &[u8]) -> Result<graphql::Schema, String> {
    let answer: Value = serde_json::from_slice(bytes).map_err(|error| format!("the answer is not JSON: {error}"))?;
    if !graphql::is_introspection(&answer) {
        return Err("the answer is not an introspection".into());
    }
    graphql::from_introspection(&answer).map_err(|error| error.to_string())
}

/// A line of the report. A reader that went away (`| head`) must not stop the work.
fn say(out: &mut dyn Write, line: &str) {
    writeln!(out, "{line}").ok();
}
