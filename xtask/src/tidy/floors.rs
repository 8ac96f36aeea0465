//! Who may name whom: the floors of `src/lib.rs`, and the floors that do no IO.

use super::{Source, Violation};
use std::collections::BTreeMap;
use std::path::Path;

/// The floor that judges and never does IO.
const PURE: u32 = 2;
/// What a pure module must not name.
const IO: [&[&str]; 8] = [
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process"],
    &["std", "time", "Instant"],
    &["std", "time", "SystemTime"],
    &["tokio"],
    &["reqwest"],
];
/// The page that tells people the floors.
const PAGE: &str = "ARCHITECTURE.md";
/// The module that sees only nouns, floor 0.
const NOUNS_ONLY: &str = "report";

/// Who may name a neighbour on the same floor. A list, not a rule: each new pair is a decision, and pairs never make a ring.
const NEIGHBOURS: [(&str, &str); 23] = [
    // A comparison is made of findings.
    ("comparison", "finding"),
    // A run is made of cases, and of their causes.
    ("run", "finding"),
    ("run", "comparison"),
    // A case is bound to its operation.
    ("scenario", "contract"),
    // A case is a file.
    ("scenario", "files"),
    // Cases are chosen by patterns.
    ("scenario", "pattern"),
    // What differs between two values is told in one way.
    ("judge", "shape"),
    ("snapshot", "shape"),
    // A pseudonym is of the form of what it stands for.
    ("pseudonym", "shape"),
    // An exception names a rule.
    ("exceptions", "drift"),
    // A provider is its clients and its embedded files, by name.
    ("providers", "clients"),
    ("providers", "embedded"),
    // A login keeps its tokens.
    ("providers", "auth"),
    // A provider has an embedded sandbox.
    ("providers", "sandbox"),
    // A provider says how often it lets itself be asked.
    ("providers", "pace"),
    // What is not sent for politeness is an outage too.
    ("pace", "transport"),
    // A sandbox of ours is not waited for.
    ("pace", "sandbox"),
    // A target is one of a provider's, at a base URL, with a token that may be in a file, and no faster than is polite.
    ("targets", "providers"),
    ("targets", "clients"),
    ("targets", "auth"),
    ("targets", "pace"),
    // git is given none of the variables in which tokens may be.
    ("origin", "targets"),
    // Raw and typed calls go over the same HTTP client.
    ("transport", "clients"),
];

/// The floors as `src/lib.rs` tells them: `// Floor N` before the modules that stand on it.
pub(super) struct Floors {
    by_module: BTreeMap<String, u32>,
}

impl Floors {
    /// Reads the table. A module before any floor is a violation.
    pub(super) fn read(lib: &Source, violations: &mut Vec<Violation>) -> Self {
        let mut floor = None;
        let mut by_module = BTreeMap::new();
        for (position, line) in lib.text.lines().enumerate() {
            if let Some(rest) = line.strip_prefix("// Floor ") {
                floor = rest.split(|character: char| !character.is_ascii_digit()).next().and_then(|n| n.parse().ok());
            }
            let module = line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
            match (module, floor) {
                (Some(module), Some(floor)) => drop(by_module.insert(module.to_owned(), floor)),
                (Some(module), None) => {
                    violations.push(
                        lib.at(position + 1, format!("`{module}` stands on no floor: write `// Floor N` before it")),
                    );
                }
                (None, _) => {}
            }
        }
        if by_module.is_empty() {
            violations.push(lib.at(1, "no floors: write `// Floor N` before the modules that stand on it".into()));
        }
        Self { by_module }
    }

    /// Checks that the page has each module in the row of its floor: `| 2 judgement | `judge` .. |`.
    pub(super) fn check_page(&self, root: &Path, violations: &mut Vec<Violation>) {
        let page = std::fs::read_to_string(root.join(PAGE)).unwrap_or_default();
        for (module, floor) in &self.by_module {
            let row = page.lines().zip(1..).find(|(line, _)| line.starts_with(&format!("| {floor} ")));
            if !row.is_some_and(|(row, _)| row.contains(&format!("`{module}`"))) {
                let message = format!("`{module}` stands on floor {floor}, and is not in the row of that floor");
                violations.push(Violation { path: PAGE.to_owned(), line: row.map_or(1, |(_, line)| line), message });
            }
        }
    }

    /// How many modules stand on a floor.
    pub(super) fn len(&self) -> usize {
        self.by_module.len()
    }

    /// Checks a file of `src/`.
    pub(super) fn check(&self, source: &Source, violations: &mut Vec<Violation>) {
        let Some((module, depth)) = place(&source.path) else { return };
        let Some(&floor) = self.by_module.get(module) else {
            violations.push(source.at(1, format!("`{module}` is no module of src/lib.rs, so it stands on no floor")));
            return;
        };
        // A test may look at what stands above: at the code that was generated from what it tests.
        let is_test = source.path.ends_with("/tests.rs");
        for named in source.named.iter().filter(|named| !named.test && !is_test) {
            let segments: Vec<&str> = named.segments.iter().map(String::as_str).collect();
            if floor == PURE
                && let Some(io) = IO.iter().find(|io| segments.starts_with(io))
            {
                violations.push(source.at(named.line, format!("`{module}` is pure, and names `{}`", io.join("::"))));
            }
            let Some(other) = top_module(&segments, depth + named.depth).filter(|other| *other != module) else {
                continue;
            };
            // A name of the crate's root that is no module, such as a macro, stands on no floor.
            let Some(&below) = self.by_module.get(other) else { continue };
            let reason = match () {
                () if module == NOUNS_ONLY && below > 0 => "it sees only nouns, floor 0",
                () if below > floor => "that floor is above",
                () if below == floor && !NEIGHBOURS.contains(&(module, other)) => {
                    "that is a neighbour, not a floor below"
                }
                () => continue,
            };
            let message = format!("`{module}` (floor {floor}) names `{other}` (floor {below}): {reason}");
            violations.push(source.at(named.line, message));
        }
    }
}

/// The module below the crate's root that a file of `src/` belongs to, and how deep its own module is below the root.
/// `None` for the root itself and for the binary.
fn place(path: &str) -> Option<(&str, usize)> {
    let inner = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    let module = inner.split('/').next()?;
    (!["lib", "main"].contains(&module)).then(|| (module, inner.split('/').count()))
}

/// The module of the crate's root that a path leads to, by `crate::` or by enough `super::`.
fn top_module<'a>(segments: &[&'a str], depth: usize) -> Option<&'a str> {
    let ups = segments.iter().take_while(|segment| **segment == "super").count();
    match segments.first() {
        Some(&"crate") => segments.get(1).copied(),
        Some(&"super") if ups == depth => segments.get(ups).copied(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{NEIGHBOURS, place, top_module};

    #[test]
    fn a_file_belongs_to_the_first_folder_below_the_root() {
        let files = ["src/shape.rs", "src/judge/mod.rs", "src/clients/generate/polish.rs", "src/lib.rs", "src/main.rs"];
        let expected = [Some(("shape", 1)), Some(("judge", 1)), Some(("clients", 3)), None, None];
        assert_eq!(files.map(place), expected);
    }

    #[test]
    fn neighbours_make_no_ring() {
        // Take away, again and again, who names nobody that is left: a ring would stay.
        let mut left: Vec<(&str, &str)> = NEIGHBOURS.to_vec();
        while !left.is_empty() {
            let before = left.len();
            let naming: Vec<&str> = left.iter().map(|(module, _)| *module).collect();
            left.retain(|(_, other)| naming.contains(other));
            assert!(left.len() < before, "a ring among {left:?}");
        }
    }

    #[test]
    fn enough_supers_lead_to_the_root() {
        assert_eq!(top_module(&["crate", "cli", "main"], 5), Some("cli"));
        assert_eq!(top_module(&["super", "super", "cli"], 2), Some("cli"));
        assert_eq!(top_module(&["super", "cli"], 2), None);
        assert_eq!(top_module(&["std", "fs"], 0), None);
    }
}
