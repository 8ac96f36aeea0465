//! The sandbox's figures: start, throughput, latency, memory.

use super::load;
use super::mix;
use super::server::Server;
use super::stats::{Spread, count, memory, time};
use super::table::Table;
use crate::specs::workspace;
use std::path::Path;
use std::time::Duration;

/// How often a sandbox is started for the figure.
const STARTS: usize = 11;
/// How often the load is measured, after one that is not.
const LOADS: usize = 3;
/// How many times longer the last load takes, which shows whether memory grows.
const LONG: u32 = 4;
/// Keep-alive connections of a load.
const CONNECTIONS: usize = 16;

pub(super) fn measure(binary: &Path, seconds: u32, table: &mut Table) -> Result<(), String> {
    eprintln!("sandbox: {STARTS} starts");
    let starts = (0..STARTS).map(|_| Ok(Server::start(binary)?.ready)).collect::<Result<Vec<_>, String>>()?;
    let shown = Spread::of(starts).map(|spread| spread.show(time));
    table.row("sandbox: spawn to first 200", "< 50 ms (Prism 770 ms)", shown.unwrap_or_default());

    let server = Server::start(binary)?;
    let mix = mix::prepare(workspace(), server.address, &server.token)?;
    let span = Duration::from_secs(seconds.into());
    let load = |span| load::run(server.address, &mix, CONNECTIONS, span);
    let before = server.resident();
    eprintln!("sandbox: {LOADS} loads of {seconds} s");
    load(Duration::from_secs(1))?;
    let loads = (0..LOADS).map(|_| load(span)).collect::<Result<Vec<_>, String>>()?;
    let after = server.resident();
    eprintln!("sandbox: one load of {} s", seconds * LONG);
    let long = load(span * LONG)?;
    let in_the_end = server.resident();

    let rate = Spread::of(loads.iter().map(|load| load.per_second)).map(|spread| spread.show(count));
    let measure = format!("sandbox: requests/s, {CONNECTIONS} connections");
    table.row(measure, "> 40,000 (Prism 4,000)", rate.unwrap_or_default());
    table.row("sandbox: requests/s, long run", "the same", count(long.per_second));
    let p50 = Spread::of(loads.iter().map(|load| load.p50)).map(|spread| spread.show(time));
    table.row("sandbox: latency p50", "", p50.unwrap_or_default());
    let p99 = Spread::of(loads.iter().map(|load| load.p99)).map(|spread| spread.show(time));
    table.row("sandbox: latency p99", "", p99.unwrap_or_default());
    let unknown = || "unknown: no /proc on this system".to_owned();
    for (moment, bytes) in [("at rest", before), ("after load", after), ("after long run", in_the_end)] {
        table.row(format!("sandbox: memory {moment}"), "flat, < 40 MiB", bytes.map_or_else(unknown, memory));
    }
    Ok(())
}
