//! The edge of the program: both outputs, with colours that a pipe never sees, and without anything in foreign text that steers a
//! terminal or a CI. No other file of the command line writes to them.

use clap::error::Error;
use std::io::{self, IsTerminal, Write};
use vigie_report::visible::Visible;

/// The standard output.
pub(super) fn stdout() -> Visible<anstream::Stdout> {
    Visible::new(anstream::stdout())
}

/// The standard error.
pub(super) fn stderr() -> Visible<anstream::Stderr> {
    Visible::new(anstream::stderr())
}

/// Bytes as they are, for a program or a file; a terminal is steered by none of them.
pub(super) fn bytes(bytes: &[u8]) -> io::Result<()> {
    let mut raw = io::stdout().lock();
    if raw.is_terminal() {
        drop(raw);
        let mut out = stdout();
        out.write_all(bytes)?;
        return out.flush();
    }
    raw.write_all(bytes)?;
    raw.flush()
}

/// What is wrong with the arguments, or the help that was asked for. Nobody reads what cannot be printed.
pub(super) fn of_arguments(error: &Error) {
    let text = error.render();
    if error.use_stderr() {
        write!(stderr(), "{}", text.ansi()).ok();
    } else {
        write!(stdout(), "{}", text.ansi()).ok();
    }
}

/// A panic is a defect of ours. Its message may quote what was read, so only its place is printed.
pub(super) fn hide_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
        writeln!(stderr(), "bug in vigie{place}: please report it, with the command that you ran").ok();
    }));
}
