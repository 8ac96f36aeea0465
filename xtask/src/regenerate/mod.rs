//! `cargo xtask regenerate`: published bytes → plausibility gate → overlay → canonical form → `open-api.yml`.
//!
//! The bytes are those of `--from`, which are written at once; or those that `cargo xtask fetch` left, of which the changes
//! are told first and which are written with `--accept`. Nothing is written unless the whole pipeline succeeded, and then
//! by a rename.
//!
//! Exit status: 0 nothing changes or it was written, 1 something would change, 2 it could not be done, 3 a fetched document
//! is not credible.

pub(crate) mod report;

use crate::fetch::shelf::{Shelf, replace};
use crate::specs::{self, Spec};
use report::{Changes, Report};
use serde_json::Value;
use std::fmt::Arguments;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use vigie_contract::canonical::{canonical, tolerated};
use vigie_contract::files;
use vigie_contract::lower::lower;
use vigie_contract::operations::operations;
use vigie_contract::overlay::{Overlay, Purpose};
use vigie_contract::plausible;
use vigie_contract::yaml;
use vigie_drift::comparison::Cause;
use vigie_drift::diff::diff;
use vigie_drift::finding::Finding;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The provider whose contracts to regenerate. Default: all providers.
    provider: Option<String>,
    /// A published document, which is written at once. Default: the documents that `cargo xtask fetch` got; their changes are
    /// printed, and written with `--accept`.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Write the changes.
    #[arg(long)]
    accept: bool,
    /// Write nothing: exit with 1 if a file would change. Without `--from`, check that the vendored contracts are canonical
    /// and that their overlays apply.
    #[arg(long, conflicts_with = "accept")]
    check: bool,
    /// Write what the fetched documents change as a JSON report, for `cargo xtask tracker`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "check"])]
    report: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let specs = specs::find(args.provider.as_deref())?;
    let is_due = match (&args.from, args.check) {
        (Some(from), check) => {
            let published =
                files::read(from, files::MOST_TEXT).map_err(|error| format!("{}: {error}", from.display()))?;
            let refused = |reason: String| format!("{}: rejected, nothing written: {reason}", from.display());
            let document = plausible::read(&published).map_err(|error| refused(error.to_string()))?;
            let spec = choose(&specs, &document).map_err(refused)?;
            let vendored = vendor(spec, &published, document).map_err(|refusal| refused(refusal.reason))?;
            update(spec, &vendored, !check, out)? && check
        }
        (None, true) => {
            specs.iter().try_fold(false, |changed, spec| Ok::<_, String>(check_vendored(spec, out)? || changed))?
        }
        (None, false) => return fetched(&specs, args.accept, args.report.as_deref(), out),
    };
    Ok(if is_due { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The contracts that the fetched documents give.
fn fetched(specs: &[Spec], accept: bool, report: Option<&Path>, out: &mut dyn Write) -> Result<ExitCode, String> {
    let shelf = Shelf::find();
    let mut all = Vec::new();
    for spec in specs {
        let path = shelf.document(&spec.name);
        let Some(stored) = shelf.load(&spec.name)? else {
            return Err(format!(
                "{}: missing, or changed after it was fetched: run `cargo xtask fetch` first, or use `--from FILE`",
                path.display()
            ));
        };
        let read = plausible::read(&stored.bytes).map_err(Refusal::from);
        match read.and_then(|document| vendor(spec, &stored.bytes, document)) {
            Ok(vendored) => all.push((spec, vendored)),
            Err(Refusal { reason, is_implausible }) => {
                let message = format!("{}: rejected, nothing written: {reason}", path.display());
                if !is_implausible {
                    return Err(message);
                }
                crate::complain(&message);
                return Ok(ExitCode::from(3));
            }
        }
    }
    if let Some(path) = report {
        let changes = all.iter().map(|(spec, vendored)| {
            let old = accepted(spec)?.unwrap_or_default();
            Ok(Changes::new(spec, changes_of(&old, &document(&vendored.text))))
        });
        let changes = changes.collect::<Result<Vec<_>, String>>()?;
        let report = serde_json::to_value(Report::new(&changes)).map_err(|error| error.to_string())?;
        replace(path, format!("{report:#}\n").as_bytes())?;
    }
    let mut changed = false;
    for (spec, vendored) in all {
        changed |= update(spec, &vendored, accept, out)?;
    }
    if changed && !accept {
        say(out, format_args!("nothing written: `--accept` writes it"));
    }
    Ok(if changed && !accept { ExitCode::from(1) } else { ExitCode::SUCCESS })
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

/// Why a document is not taken in.
struct Refusal {
    reason: String,
    /// The document is not credible; otherwise our own files do not fit it.
    is_implausible: bool,
}

impl From<plausible::Implausible> for Refusal {
    fn from(error: plausible::Implausible) -> Self {
        Self { reason: error.to_string(), is_implausible: true }
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self { reason, is_implausible: false }
    }
}

/// A contract as it is vendored.
struct Vendored {
    text: String,
    /// What of the published document was taken for something else.
    notes: Vec<String>,
    /// Operations and parameters that the overlay does not describe.
    undescribed: Vec<String>,
}

/// The vendored contract for published bytes.
fn vendor(spec: &Spec, published: &[u8], mut document: Value) -> Result<Vendored, Refusal> {
    let overlay_path = spec.overlay();
    let in_overlay = |error: &dyn std::fmt::Display| format!("{}: {error}", overlay_path.display());
    let overlay_text = std::fs::read_to_string(&overlay_path).map_err(|error| in_overlay(&error))?;
    let overlay = Overlay::parse(&overlay_text).map_err(|error| in_overlay(&error))?;
    if let Some(accepted) = accepted(spec)? {
        plausible::same_contract(&document, &accepted)?;
    }
    overlay.apply(&mut document, Purpose::Facts).map_err(|error| in_overlay(&error))?;
    let mut notes: Vec<String> = tolerated(&document).into_iter().collect();
    let document = canonical(&document);
    // What no client can be generated from is reported now, not by the next build.
    notes.extend(lower(&document)?.left_out.iter().map(|left| format!("the client has no method for `{left}`")));
    let mut described = document.clone();
    overlay.apply(&mut described, Purpose::Prose).map_err(|error| in_overlay(&error))?;
    let source = overlay.extends().unwrap_or("unknown");
    let header = format!(
        "{} in canonical form: facts only. Written by `cargo xtask regenerate`; corrections belong in overlay.yml.\npublished: {source}\nsha256: {}",
        spec.name,
        yaml::sha256(published),
    );
    let text = yaml::emit(&document, &header).map_err(|error| error.to_string())?;
    Ok(Vendored { text, notes, undescribed: undescribed(&described) })
}

/// The operations that have no description, and the parameters of the others that have none.
fn undescribed(document: &Value) -> Vec<String> {
    let is_described = |node: &Value| node["description"].is_string() || node["summary"].is_string();
    let mut missing = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations(item) {
            let name = format!("{} {path}", method.to_uppercase());
            if !is_described(operation) {
                missing.push(name);
                continue;
            }
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            missing.extend(parameters.filter(|parameter| !is_described(parameter)).map(|parameter| {
                let text = |key: &str| parameter[key].as_str().unwrap_or_default();
                format!("{name} {}:{}", text("in"), text("name"))
            }));
        }
    }
    missing
}

fn accepted(spec: &Spec) -> Result<Option<Value>, String> {
    let path = spec.contract();
    let Some(bytes) = accepted_bytes(&path)? else { return Ok(None) };
    plausible::read(&bytes).map(Some).map_err(|error| format!("{}: {error}", path.display()))
}

/// The bytes of a contract; `None` for one that was never written.
pub(crate) fn accepted_bytes(path: &Path) -> Result<Option<Vec<u8>>, String> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Prints what changed in a contract, and writes it if that is wanted. True if it changed.
fn update(spec: &Spec, vendored: &Vendored, write: bool, out: &mut dyn Write) -> Result<bool, String> {
    let path = spec.contract();
    let text = vendored.text.as_str();
    let old = String::from_utf8_lossy(&accepted_bytes(&path)?.unwrap_or_default()).into_owned();
    for note in &vendored.notes {
        say(out, format_args!("{}: note: {note}", spec.name));
    }
    if old == text {
        say(out, format_args!("{}: unchanged", spec.name));
        return Ok(false);
    }
    say(out, format_args!("{}: {} lines, was {}", spec.name, text.lines().count(), old.lines().count()));
    let causes = causes(&old, text);
    if causes.is_empty() {
        say(out, format_args!("  no change of the contract: {}", what_else(&old, text)));
    }
    for cause in causes {
        say(out, format_args!("  {cause}"));
    }
    if !vendored.undescribed.is_empty() {
        say(out, format_args!("  no description in {}: {}", spec.overlay().display(), vendored.undescribed.join(", ")));
    }
    if write {
        replace(&path, text.as_bytes())?;
        say(out, format_args!("  written: {}", path.display()));
    }
    Ok(true)
}

/// What differs between two texts of a contract that state the same.
fn what_else(old: &str, new: &str) -> &'static str {
    let facts = |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
    if facts(old) == facts(new) {
        "only the prose of the published document changed, and with it the SHA-256 in the header"
    } else {
        "the same facts are written in another way"
    }
}

/// What changed between two texts of a contract, one line a cause, in the classes that a consumer cares for.
fn causes(old: &str, new: &str) -> Vec<String> {
    let line = |cause: &Cause| {
        let first = &cause.places[0];
        let more = if cause.places.len() > 1 { format!(" and {} more", cause.places.len() - 1) } else { String::new() };
        let place = format!("{} {}", first.operation, first.location);
        format!("{} {}: {}{more}", cause.class, cause.rule, place.trim_end())
    };
    changes_of(&document(old), &document(new)).iter().map(line).collect()
}

/// A contract of ours; nothing for one that is not there yet.
fn document(text: &str) -> Value {
    plausible::read(text.as_bytes()).unwrap_or_default()
}

fn changes_of(old: &Value, new: &Value) -> Vec<Cause> {
    let changes = diff(old, new).deviations;
    let findings: Vec<Finding> = changes.into_iter().map(|change| vigie_drift::find(change, |_| None)).collect();
    vigie_drift::causes::group(&findings)
}

/// A line of the report. A reader that went away (`| head`) must not stop the work.
fn say(out: &mut dyn Write, line: Arguments<'_>) {
    writeln!(out, "{line}").ok();
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
