//! The figures of `vigie diff`: CPU time and peak memory of one comparison.

use super::process::{Usage, measure};
use super::stats::{Spread, memory, time};
use super::table::Table;
use crate::specs::workspace;
use std::path::Path;
use std::process::{Command, Stdio};

/// How often a comparison is measured, after one that is not.
const RUNS: usize = 11;
/// What others need for like documents, and what is wanted.
const GOALS: [&str; 2] = ["< 0.03 s (oasdiff 0.248 s, drift 0.044 s)", "< 0.09 s (oasdiff 0.657 s, drift 0.136 s)"];
const MEMORY: &str = "< 45 MiB (oasdiff 46 MiB, drift 21 MiB)";

/// Measures the vendored contract beside a changed one, and the published documents where they are.
pub(super) fn figures(binary: &Path, upstream: Option<&Path>, table: &mut Table) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).map(|()| path.clone()).map_err(|error| format!("{}: {error}", path.display()))
    };
    let own = workspace().join("specs/api-particulier/v3/open-api.yml");
    let changed = write("changed.yml", &read(&own)?.replace("type: integer", "type: number"))?;
    rows("diff, own v3", "", binary, &[own.as_os_str(), changed.as_os_str()], table)?;
    let Some(history) = upstream.map(|folder| folder.join("history")).filter(|folder| folder.is_dir()) else {
        table.row("diff, published pair", GOALS[0], "skipped: VIGIE_UPSTREAM is not set");
        return Ok(());
    };
    let (old, new) = (history.join("2024-11-27_5315af9.yaml"), history.join("2025-05-20_9220ec4.yaml"));
    rows("diff, published pair of 0.8 MB", GOALS[0], binary, &[old.as_os_str(), new.as_os_str()], table)?;
    let twice = doubled(&read(&new)?);
    let large = write("large.yml", &twice)?;
    let changed = write("large-changed.yml", &twice.replace("type: integer", "type: number"))?;
    rows("diff, twice that document, 1.9 MB", GOALS[1], binary, &[large.as_os_str(), changed.as_os_str()], table)?;
    rows("diff, series of 26 versions, 3.9 MB", "", binary, &["--history".as_ref(), history.as_os_str()], table)
}

fn rows(
    name: &str,
    goal: &str,
    binary: &Path,
    arguments: &[&std::ffi::OsStr],
    table: &mut Table,
) -> Result<(), String> {
    eprintln!("{name}: {RUNS} runs");
    let run = || -> Result<Usage, String> {
        let failed = |reason: String| format!("{} diff: {reason}", binary.display());
        let mut command = Command::new(binary);
        command.arg("diff").args(arguments).args(["--format", "json"]).stdin(Stdio::null()).stdout(Stdio::null());
        let usage = measure(&mut command).map_err(|error| failed(error.to_string()))?;
        match usage.code {
            Some(0 | 1) => Ok(usage),
            code => Err(failed(format!("ended with {code:?}; a comparison would have been 0 or 1"))),
        }
    };
    // The first run finds the files in no cache.
    run()?;
    let runs = (0..RUNS).map(|_| run()).collect::<Result<Vec<_>, String>>()?;
    let unknown = || "unknown on this system".to_owned();
    let cpu = Spread::of(runs.iter().filter_map(|run| run.cpu)).map(|spread| spread.show(time));
    table.row(format!("{name}: CPU, user and system"), goal, cpu.unwrap_or_else(unknown));
    let peak = Spread::of(runs.iter().filter_map(|run| run.peak)).map(|spread| spread.show(memory));
    table.row(format!("{name}: peak memory"), if goal.is_empty() { "" } else { MEMORY }, peak.unwrap_or_else(unknown));
    Ok(())
}

/// A document with each path a second time, under another name.
fn doubled(text: &str) -> String {
    let (head, rest) = text.split_once("\npaths:\n").unwrap_or((text, ""));
    let is_top = |line: &&str| !line.starts_with([' ', '#']) && !line.trim().is_empty();
    let length = rest.split_inclusive('\n').take_while(|line| !is_top(line)).map(str::len).sum();
    let (paths, tail) = rest.split_at(length);
    format!("{head}\npaths:\n{paths}{}{tail}", paths.replace("/v3/", "/copy/"))
}

#[cfg(test)]
mod tests {
    use super::doubled;

    #[test]
    fn every_path_stands_twice() {
        let text = "openapi: 3.0.0\npaths:\n  \"/v3/a\":\n    get: {}\ncomponents: {}\n";
        let twice = "openapi: 3.0.0\npaths:\n  \"/v3/a\":\n    get: {}\n  \"/copy/a\":\n    get: {}\ncomponents: {}\n";
        assert_eq!(doubled(text), twice);
    }
}
