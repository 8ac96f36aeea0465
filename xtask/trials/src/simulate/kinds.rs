//! Each kind of fault alone: what a check says of an operation that always has it, and what that takes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use support::process::Run;
use vigie_sandbox::faults::Kind;

/// One run of the program each.
pub(crate) fn draw(out: &mut dyn Write) -> io::Result<()> {
    let vigie = program()?;
    writeln!(out, "{:15}{:5}{:>7}{:>14}{:>14}  others  found", "fault", "exit", "s", "check MB", "double MB")?;
    for kind in Kind::ALL {
        let run = Run::of(&vigie, kind.name());
        let code = run.code.map_or_else(|| "-".to_owned(), |code| code.to_string());
        let [check, double] = [run.check_memory, run.serve_memory].map(|bytes| bytes >> 20);
        let (others, intact) = run.others;
        let found = if run.found.is_empty() { "nothing".to_owned() } else { run.found.join(", ") };
        let seconds = run.elapsed.as_secs_f64();
        let name = kind.name();
        writeln!(out, "{name:15}{code:5}{seconds:>7.1}{check:>14}{double:>14}  {intact} of {others}  {found}")?;
    }
    Ok(())
}

/// `vigie`, built as this program is: examples stand in a folder beside it.
fn program() -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let vigie = own.parent().and_then(Path::parent).map(|folder| folder.join("vigie")).filter(|vigie| vigie.is_file());
    let mend = "no program `vigie` beside the examples; build it as this one: `cargo build --release --bin vigie`";
    vigie.ok_or_else(|| io::Error::other(mend))
}
