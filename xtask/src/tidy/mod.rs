//! `cargo xtask tidy`: what no compiler checks. IO in pure crates, sizes of files, files of other packages, leftovers, rules and what
//! each has.

mod paths;
mod pure;
mod rules;

use crate::specs::workspace;
use paths::Named;
use proc_macro2::TokenStream;
pub(crate) use rules::is_kebab;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Lines that a file may have, its unit tests left out.
const MOST_LINES: usize = 600;
/// Macros that only belong to work under way.
const LEFTOVERS: [&str; 3] = ["todo!", "unimplemented!", "dbg!"];
/// Where sources are.
const ROOTS: [&str; 5] = ["src", "crates", "xtask", "tests", "build.rs"];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The tree to check. Default: this workspace.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

/// One thing that is not as it should be.
#[derive(PartialEq)]
struct Violation {
    path: String,
    line: usize,
    message: String,
}

/// A Rust file and what it says.
struct Source {
    /// From the root of the tree, with `/`.
    path: String,
    text: String,
    tokens: TokenStream,
    named: Vec<Named>,
}

impl Source {
    /// How many lines stand before the unit tests, which end a file.
    fn lines_without_tests(&self) -> usize {
        let lines: Vec<&str> = self.text.lines().collect();
        let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod tests {"));
        tests.unwrap_or(lines.len())
    }

    fn at(&self, line: usize, message: String) -> Violation {
        Violation { path: self.path.clone(), line, message }
    }
}

pub(crate) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, String> {
    let root = args.root.as_deref().unwrap_or(workspace());
    let mut violations = Vec::new();
    let sources = read(root, &mut violations)?;
    for source in &sources {
        let lines = source.lines_without_tests();
        if lines > MOST_LINES {
            let message = format!("{lines} lines without tests, and the limit is {MOST_LINES}: split it by subject");
            violations.push(source.at(MOST_LINES + 1, message));
        }
        for named in &source.named {
            if let Some(leftover) = named.segments.last().filter(|name| LEFTOVERS.contains(&name.as_str())) {
                violations.push(source.at(named.line, format!("`{leftover}` is left over")));
            }
        }
        for (line, text) in source.text.lines().enumerate() {
            if text.trim_start().starts_with("#[path = \"../") {
                violations
                    .push(source.at(line + 1, "a file of another folder: depend on the package that has it".into()));
            }
        }
        pure::check(source, &mut violations);
    }
    let rules = rules::check(root, &sources, &mut violations);
    violations.sort_by(|a, b| (&a.path, a.line, &a.message).cmp(&(&b.path, b.line, &b.message)));
    // `use std::{fs::A, fs::B}` is one thing to fix.
    violations.dedup();
    // A reader that went away (`| head`) must not hide the exit status.
    for Violation { path, line, message } in &violations {
        writeln!(out, "{path}:{line}: {message}").ok();
    }
    if !violations.is_empty() {
        return Ok(ExitCode::from(1));
    }
    writeln!(out, "{} files, {rules} rules: tidy", sources.len()).ok();
    Ok(ExitCode::SUCCESS)
}

/// Every Rust file of a tree, sorted.
fn read(root: &Path, violations: &mut Vec<Violation>) -> Result<Vec<Source>, String> {
    let mut files = Vec::new();
    for name in ROOTS {
        collect(&root.join(name), &mut files).map_err(|error| format!("{}: {error}", root.join(name).display()))?;
    }
    files.sort();
    let mut sources = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let path = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        match text.parse::<TokenStream>() {
            Ok(tokens) => sources.push(Source { path, named: paths::paths(tokens.clone()), text, tokens }),
            Err(error) => {
                let line = error.span().start().line;
                violations.push(Violation { path, line, message: format!("not Rust: {error}") });
            }
        }
    }
    Ok(sources)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            let path = entry?.path();
            // A target folder of xtask's own holds generated code.
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, files)?;
            }
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        files.push(path.to_owned());
    }
    Ok(())
}
