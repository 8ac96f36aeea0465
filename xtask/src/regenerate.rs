//! `cargo xtask regenerate`: published bytes → plausibility gate → overlay → canonical form → `open-api.yml`.
//!
//! Nothing is written unless the whole pipeline succeeded, and then by a rename.

use crate::specs::{self, Spec};
use serde_json::Value;
use std::fmt::Arguments;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vigie::comparison::Cause;
use vigie::contract::canonical::canonical;
use vigie::contract::diff::diff;
use vigie::contract::lower::lower;
use vigie::contract::overlay::{Overlay, Purpose};
use vigie::contract::{plausible, yaml};
use vigie::drift;
use vigie::finding::Finding;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The provider whose contracts are meant; all of them without it.
    provider: Option<String>,
    /// The published document. Without it, `--check` checks that the vendored contracts are canonical and that their overlays apply.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Write nothing: exit with 1 if a file would change.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let specs = specs::find(args.provider.as_deref())?;
    let changed = match (&args.from, args.check) {
        (Some(from), check) => {
            let published = std::fs::read(from).map_err(|error| format!("{}: {error}", from.display()))?;
            let refused = |reason: String| format!("{}: refused, nothing written: {reason}", from.display());
            let document = plausible::read(&published).map_err(|error| refused(error.to_string()))?;
            let spec = choose(&specs, &document).map_err(refused)?;
            let text = vendor(spec, &published, document).map_err(refused)?;
            update(spec, &text, check, out)?
        }
        (None, true) => {
            specs.iter().try_fold(false, |changed, spec| Ok::<_, String>(check_vendored(spec, out)? || changed))?
        }
        (None, false) => {
            return Err("say which published document to read: `--from FILE`, or `--check` to check the tree".into());
        }
    };
    Ok(if changed && args.check { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The contract that a document is the new version of: the folder's major version, else the only one.
fn choose<'a>(specs: &'a [Spec], document: &Value) -> Result<&'a Spec, String> {
    let version = document["info"]["version"].as_str().unwrap_or_default();
    let major = version.split('.').next().unwrap_or_default();
    specs.iter().find(|spec| spec.major().is_none_or(|wanted| wanted == major)).ok_or_else(|| {
        let names: Vec<&str> = specs.iter().map(|spec| spec.name.as_str()).collect();
        format!("its version is {version}, and the contracts here are {}", names.join(", "))
    })
}

/// The text of the vendored contract for published bytes.
fn vendor(spec: &Spec, published: &[u8], mut document: Value) -> Result<String, String> {
    let overlay_path = spec.overlay();
    let in_overlay = |error: &dyn std::fmt::Display| format!("{}: {error}", overlay_path.display());
    let overlay_text = std::fs::read_to_string(&overlay_path).map_err(|error| in_overlay(&error))?;
    let overlay = Overlay::parse(&overlay_text).map_err(|error| in_overlay(&error))?;
    if let Some(accepted) = accepted(spec)? {
        plausible::same_contract(&document, &accepted).map_err(|error| error.to_string())?;
    }
    overlay.apply(&mut document, Purpose::Facts).map_err(|error| in_overlay(&error))?;
    let document = canonical(&document);
    // What no client can be generated from is told now, not by the next build.
    lower(&document)?;
    overlay.apply(&mut document.clone(), Purpose::Prose).map_err(|error| in_overlay(&error))?;
    let source = overlay.extends().unwrap_or("unknown");
    let header = format!(
        "{} in canonical form: facts only. Written by `cargo xtask regenerate`; corrections belong in overlay.yml.\npublished: {source}\nsha256: {}",
        spec.name,
        yaml::sha256(published),
    );
    yaml::emit(&document, &header).map_err(|error| error.to_string())
}

fn accepted(spec: &Spec) -> Result<Option<Value>, String> {
    let path = spec.contract();
    match std::fs::read(&path) {
        Ok(bytes) => plausible::read(&bytes).map(Some).map_err(|error| format!("{}: {error}", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Writes a contract if it changed, or says that it would. True if it changed.
fn update(spec: &Spec, text: &str, check: bool, out: &mut dyn Write) -> Result<bool, String> {
    let path = spec.contract();
    let old = match std::fs::read_to_string(&path) {
        Ok(old) => old,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    if old == text {
        say(out, format_args!("{}: unchanged", spec.name));
        return Ok(false);
    }
    say(out, format_args!("{}: {} lines, was {}", spec.name, text.lines().count(), old.lines().count()));
    for cause in causes(&old, text) {
        say(out, format_args!("  {cause}"));
    }
    if !check {
        write_whole(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        say(out, format_args!("  written: {}", path.display()));
    }
    Ok(true)
}

/// What changed between two texts of a contract, one line a cause, in the classes that a consumer cares for.
fn causes(old: &str, new: &str) -> Vec<String> {
    let document = |text: &str| plausible::read(text.as_bytes()).unwrap_or_default();
    let changes = diff(&document(old), &document(new)).deviations;
    let findings: Vec<Finding> = changes.into_iter().map(|change| drift::find(change, |_| None)).collect();
    let line = |cause: &Cause| {
        let first = &cause.places[0];
        let more = if cause.places.len() > 1 { format!(" and {} more", cause.places.len() - 1) } else { String::new() };
        let place = format!("{} {}", first.operation, first.location);
        format!("{} {}: {}{more}", cause.class, cause.rule, place.trim_end())
    };
    drift::causes::group(&findings).iter().map(line).collect()
}

/// A line of the report. A reader that went away (`| head`) must not stop the work.
fn say(out: &mut dyn Write, line: Arguments<'_>) {
    writeln!(out, "{line}").ok();
}

fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let temporary = path.with_extension("yml.part");
    std::fs::write(&temporary, text)?;
    std::fs::rename(temporary, path)
}

/// Without a published document: the vendored contract is canonical already, and its overlay still applies.
fn check_vendored(spec: &Spec, out: &mut dyn Write) -> Result<bool, String> {
    let path = spec.contract();
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let document = plausible::read(text.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))?;
    let overlay_path = spec.overlay();
    let overlay =
        std::fs::read_to_string(&overlay_path).map_err(|error| format!("{}: {error}", overlay_path.display()))?;
    Overlay::parse(&overlay)
        .and_then(|overlay| overlay.apply(&mut document.clone(), Purpose::Prose))
        .map_err(|error| format!("{}: {error}", overlay_path.display()))?;
    let header: String = text.lines().map_while(|line| line.strip_prefix("# ")).collect::<Vec<_>>().join("\n");
    let again = yaml::emit(&canonical(&document), &header).map_err(|error| error.to_string())?;
    let changed = again != text;
    let state =
        if changed { "not canonical; regenerate it from the published document" } else { "canonical, overlay applies" };
    say(out, format_args!("{}: {state}", spec.name));
    Ok(changed)
}
