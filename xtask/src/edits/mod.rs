//! `cargo xtask edits`: makes each single edit of an `OpenAPI` document, and compares what the diff says with the law of severity.

mod law;
mod model;
#[cfg(test)]
mod tests;
mod walk;

use crate::specs::workspace;
use law::Effect;
use model::{Edit, Edits, Made, Model, VERSIONS};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use vigie_drift::diff::diff;
use vigie_drift::find;
use vigie_drift::finding::Class;
use walk::Site;

/// Where the table is kept.
const PAGE: &str = "docs/edits.md";
const MODEL: &str = include_str!("model.yml");
const EDITS: [&str; 2] = [include_str!("schema.yml"), include_str!("objects.yml")];
const BASE: &str = include_str!("base.yml");

const INTRODUCTION: &str = "# Edits

`cargo xtask edits` makes each single edit of an OpenAPI document: of every field of every object of OpenAPI 3.0, 3.1 and 3.2, and of every keyword
of a schema, at every location of a document that has each object in each role. What `vigie diff` reports is compared with one law, which knows
nothing of its rules: a change is breaking if the receiver may now get what it did not, or the sender may no longer send what it did. In callbacks
and webhooks the provider is the sender.

An edit is *reported* with the class that follows from the law, or *neutral*: it says nothing to a consumer, for a reason that is listed below, and
is not reported. Everything else is *wrong*, and the command ends with 1.

*`cargo xtask edits` writes this page from the data in `xtask/src/edits/`: change that.*
";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; exit with 1 if the page is not what would be written.
    #[arg(long)]
    check: bool,
    /// Print each wrong edit with both documents' fields.
    #[arg(long)]
    list: bool,
    /// Make the edits of one object or field only, `schema` or `schema.type`, and leave the page as it is.
    #[arg(long, value_name = "OBJECT")]
    only: Option<String>,
}

/// How the edits of one row of the table came out.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    made: usize,
    reported: usize,
    neutral: usize,
    wrong: usize,
}

impl Count {
    fn join(&mut self, other: Self) {
        self.made += other.made;
        self.reported += other.reported;
        self.neutral += other.neutral;
        self.wrong += other.wrong;
    }

    fn add(&mut self, expected: Option<Class>, is_right: bool) {
        self.made += 1;
        match expected {
            _ if !is_right => self.wrong += 1,
            Some(_) => self.reported += 1,
            None => self.neutral += 1,
        }
    }
}

/// The results, by field and by location.
#[derive(Debug, Default)]
struct Table {
    fields: BTreeMap<(String, String), Count>,
    locations: BTreeMap<String, Count>,
    all: Count,
    wrong: BTreeSet<String>,
}

/// An object of the base document, and the edits of it with the class that the law gives each.
struct Task<'a> {
    version: &'static str,
    base: &'a Value,
    /// The schemas of the document that stand in no other one.
    schemas: Arc<[String]>,
    site: Site,
    edits: Vec<(&'a str, Made, Option<Class>)>,
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let model = metamodel()?;
    let mut edits = Edits::new();
    for text in EDITS {
        let own: Edits = serde_yaml::from_str(text).map_err(|error| format!("edits: {error}"))?;
        edits.extend(own);
    }
    let base: Value = serde_yaml::from_str(BASE).map_err(|error| format!("base.yml: {error}"))?;
    let faults = faults(&model, &edits);
    if !faults.is_empty() && args.only.is_none() {
        return Err(faults.join("\n"));
    }
    let bases: Vec<(&'static str, Value)> =
        VERSIONS.iter().map(|version| (*version, of_version(&model, &base, version))).collect();
    let mut earlier = HashSet::new();
    let tasks: Vec<Task<'_>> = bases
        .iter()
        .flat_map(|(version, base)| tasks(version, &model, &edits, base, args.only.as_deref(), &mut earlier))
        .collect();
    let table = make(&tasks);
    let lines = table.wrong.iter().take(if args.list { usize::MAX } else { 40 });
    for line in lines {
        writeln!(out, "{line}").ok();
    }
    let Count { made, reported, neutral, wrong } = table.all;
    writeln!(out, "{made} edits made: {reported} reported, {neutral} neutral, {wrong} wrong").ok();
    if args.only.is_some() {
        return Ok(ExitCode::from(u8::from(wrong > 0)));
    }
    let page = page(&edits, &table);
    let path = workspace().join(PAGE);
    let is_current = std::fs::read_to_string(&path).is_ok_and(|text| text == page);
    let state = match (is_current, args.check) {
        (true, _) => "is current",
        (false, true) => "is out of date: run `cargo xtask edits`",
        (false, false) => {
            vigie_contract::files::replace(&path, page.as_bytes())
                .map_err(|error| format!("{}: {error}", path.display()))?;
            "is written"
        }
    };
    writeln!(out, "{PAGE} {state}").ok();
    Ok(ExitCode::from(u8::from(wrong > 0 || (args.check && !is_current))))
}

/// Every object of a document with its fields.
fn metamodel() -> Result<Model, String> {
    serde_yaml::from_str(MODEL).map_err(|error| format!("model.yml: {error}"))
}

/// What takes the prose out of a document.
pub(crate) fn without_prose() -> Result<impl Fn(&mut Value), String> {
    let model = metamodel()?;
    Ok(move |document: &mut Value| walk::retain(&model, "document", document, &|field| !field.prose))
}

/// What of the data would leave a field without an edit.
fn faults(model: &Model, edits: &Edits) -> Vec<String> {
    let mut faults = Vec::new();
    for (object, fields) in model {
        for field in fields.keys() {
            if edits.get(object).is_none_or(|own| own.get(field).is_none_or(Vec::is_empty)) {
                faults.push(format!("{object}.{field}: no edit of it is made"));
            }
        }
    }
    for (object, fields) in edits {
        for (field, list) in fields {
            faults.extend(list.iter().filter_map(|edit| Some(format!("{object}.{field}: {}", edit.fault()?))));
        }
    }
    faults
}

fn of_version(model: &Model, base: &Value, version: &str) -> Value {
    let mut base = base.clone();
    walk::retain(model, "document", &mut base, &|field| walk::has(field, version));
    base["openapi"] = format!("{version}.0").into();
    base
}

/// Every edit of one version that was not made in an earlier one.
fn tasks<'a>(
    version: &'static str,
    model: &Model,
    edits: &'a Edits,
    base: &'a Value,
    only: Option<&str>,
    earlier: &mut HashSet<String>,
) -> Vec<Task<'a>> {
    let mut tasks = Vec::new();
    let sites = walk::sites(model, base, version);
    let is_root = |site: &&Site| site.object == "schema" && site.position == "root";
    let schemas: Arc<[String]> = sites.iter().filter(is_root).map(|site| site.pointer.clone()).collect();
    for site in sites {
        let mut own = Vec::new();
        for (field, list) in edits.get(&site.object).into_iter().flatten() {
            // A path that stands elsewhere has nothing beside the reference.
            let is_referred = site.object == "pathItem" && (site.position == "referred") != (field == "$ref");
            let is_asked = only.is_none_or(|only| only == site.object || only == format!("{}.{field}", site.object));
            if is_referred || !is_asked {
                continue;
            }
            let turns = model.get(&site.object).and_then(|fields| fields.get(field)).is_some_and(|field| field.turns);
            let role = if turns { site.role.turned() } else { site.role };
            let fitting = list.iter().filter(|edit| edit.fits(role, site.notation, &site.position, version));
            for edit in fitting.flat_map(|edit| edit.all(field)).filter(|edit| edit.old != edit.new) {
                let Some(effect) = effect_at(&site, edit.effect) else { continue };
                let identity = format!("{} {} {} {}", site.pointer, site.label, json!(edit.old), json!(edit.new));
                if earlier.insert(identity) {
                    own.push((field.as_str(), edit, law::class(role, effect)));
                }
            }
        }
        tasks.push(Task { version, base, schemas: schemas.clone(), site, edits: own });
    }
    tasks
}

/// Makes the edits, on all cores.
fn make(tasks: &[Task<'_>]) -> Table {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut table = Table::default();
        while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
            task.make(&mut table);
        }
        table
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut all = Table::default();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        for table in workers.into_iter().filter_map(|worker| worker.join().ok()) {
            all.join(table);
        }
    });
    all
}

impl Task<'_> {
    fn make(&self, table: &mut Table) {
        let shell = shell(self.base, &self.site, &self.schemas);
        for (field, edit, expected) in &self.edits {
            let (old, new) = documents(&shell, &self.site, edit);
            let found = worst(&old, &new);
            let is_right = found.as_ref().map(|(class, _)| *class) == *expected;
            let key = (self.site.object.clone(), (*field).to_owned());
            for count in [
                table.fields.entry(key).or_default(),
                table.locations.entry(self.site.label.clone()).or_default(),
                &mut table.all,
            ] {
                count.add(*expected, is_right);
            }
            if !is_right {
                table.wrong.insert(self.complaint(field, edit, *expected, found));
            }
        }
    }

    fn complaint(&self, field: &str, edit: &Made, expected: Option<Class>, found: Option<(Class, String)>) -> String {
        let expected = expected.map_or("nothing".to_owned(), |class| class.to_string());
        let found = found.map_or("nothing".to_owned(), |(class, rules)| format!("{class} ({rules})"));
        format!(
            "{}.{field}\t{}\t{}\texpected {expected}, found {found}\t{} -> {}",
            self.site.object,
            self.site.label,
            self.version,
            json!(edit.old),
            json!(edit.new)
        )
    }
}

impl Table {
    fn join(&mut self, other: Self) {
        for (key, count) in other.fields {
            self.fields.entry(key).or_default().join(count);
        }
        for (key, count) in other.locations {
            self.locations.entry(key).or_default().join(count);
        }
        self.all.join(other.all);
        self.wrong.extend(other.wrong);
    }
}

/// What an edit does where the object stands; `None` where it is none.
fn effect_at(site: &Site, effect: Effect) -> Option<Effect> {
    if (site.flips || site.mixes) && !effect.is_of_sets() {
        return None;
    }
    // What a schema tests is not what is read: there a name that nobody lists counts.
    let is_test = ["test", "name", "condition"].contains(&site.position.as_str());
    let effect = if is_test { effect.of_sets() } else { effect };
    let effect = if site.flips { effect.flipped() } else { effect };
    Some(if site.mixes { effect.mixed() } else { effect })
}

/// The document with nothing but what belongs to one location, since the rest is the same on both sides.
fn shell(base: &Value, site: &Site, schemas: &[String]) -> Value {
    let mut shell = base.clone();
    if let Some((section, name)) = &site.home {
        for other in ["paths", "webhooks"] {
            if let Some(items) = shell[other].as_object_mut() {
                items.retain(|key, _| other == *section && key == name);
            }
        }
    }
    let holder = |pointer: &str| pointer.rsplit_once('/').map_or("", |(holder, _)| holder).to_owned();
    for pointer in schemas.iter().filter(|pointer| !site.pointer.starts_with(&holder(pointer))) {
        if let Some(schema) = shell.pointer_mut(pointer) {
            *schema = json!({});
        }
    }
    // Of the properties of a schema, the one that leads to it.
    for (at, _) in site.pointer.match_indices("/properties/") {
        let name = site.pointer[at + "/properties/".len()..].split('/').next().unwrap_or_default();
        if let Some(properties) =
            shell.pointer_mut(&site.pointer[..at]).and_then(|schema| schema["properties"].as_object_mut())
        {
            properties.retain(|key, _| key == name);
        }
    }
    shell
}

fn documents(shell: &Value, site: &Site, edit: &Made) -> (Value, Value) {
    let with = |own: &Map<String, Value>, others: &Map<String, Value>| {
        let mut document = shell.clone();
        if let Some(node) = document.pointer_mut(&site.pointer) {
            let is_replaced = ["schema", "securityRequirement", "callback"].contains(&site.object.as_str());
            match node.as_object_mut().filter(|_| !is_replaced) {
                Some(map) => {
                    map.retain(|key, _| !others.contains_key(key));
                    map.extend(own.clone());
                    map.retain(|_, value| !value.is_null());
                }
                None => *node = Value::Object(own.clone()),
            }
        }
        document
    };
    (with(&edit.old, &edit.new), with(&edit.new, &edit.old))
}

/// The worst class that the diff reports, with the rules that have it.
fn worst(old: &Value, new: &Value) -> Option<(Class, String)> {
    let findings: Vec<_> = diff(old, new).deviations.into_iter().map(|fact| find(fact, |_| None)).collect();
    let order = [Class::Breaking, Class::Uncertain, Class::Compatible];
    let class = order.into_iter().find(|class| findings.iter().any(|finding| finding.class == *class))?;
    let rules: BTreeSet<&str> =
        findings.iter().filter(|finding| finding.class == class).map(|finding| finding.rule.id).collect();
    Some((class, rules.into_iter().collect::<Vec<_>>().join(", ")))
}

/// The page that is kept: what was made where, and why what is neutral or uncertain is.
fn page(edits: &Edits, table: &Table) -> String {
    let mut page = INTRODUCTION.to_owned();
    let row = |page: &mut String, name: &str, count: Count| {
        let Count { made, reported, neutral, wrong } = count;
        let _ = writeln!(page, "| {name} | {made} | {reported} | {neutral} | {wrong} |");
    };
    let head = |page: &mut String, title: &str, of: &str| {
        let _ = write!(page, "\n## {title}\n\n| {of} | made | reported | neutral | wrong |\n|---|---|---|---|---|\n");
    };
    head(&mut page, "By location", "location");
    for (label, count) in &table.locations {
        row(&mut page, if label.is_empty() { "document" } else { label }, *count);
    }
    row(&mut page, "**all**", table.all);
    head(&mut page, "By field", "field");
    for ((object, field), count) in &table.fields {
        row(&mut page, &format!("{object} `{field}`"), *count);
    }
    for (title, is_of) in [("Neutral", Edit::is_neutral as fn(&Edit) -> bool), ("Uncertain", Edit::is_unknown)] {
        let _ = write!(page, "\n## {title}\n\n| field | because |\n|---|---|\n");
        for (object, fields) in edits {
            for (field, list) in fields {
                let reasons: BTreeSet<&str> =
                    list.iter().filter(|edit| is_of(edit)).filter_map(|edit| edit.because.as_deref()).collect();
                for reason in reasons {
                    let _ = writeln!(page, "| {object} `{field}` | {reason} |");
                }
            }
        }
    }
    page
}
