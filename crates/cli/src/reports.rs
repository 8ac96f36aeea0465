//! Where reports go: one to the output, others to files. A file is whole or not there; what is no file, such as
//! `/dev/stderr` or a pipe, is written to.

use super::error::CliError;
use super::terminal::stdout;
use clap::ValueEnum;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use vigie_contract::files::{self, Readers, Reserved};
use vigie_report::Format;

/// How the reports of a command are drawn, and where they go.
#[derive(Debug, clap::Args)]
pub(super) struct Reports {
    /// The format of the report.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Also write the report to a file, in this format: `junit=target/vigie.xml`. May be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    files: Vec<Wanted>,
}

/// `FORMAT=FILE`.
#[derive(Debug, Clone)]
struct Wanted {
    format: Format,
    path: PathBuf,
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let formats = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = formats.map(|format| format.get_name().to_owned()).collect();
        let known = names.join(", ");
        let (format, path) = text.split_once('=').ok_or(format!("write FORMAT=FILE; the formats are {known}"))?;
        let format =
            Format::from_str(format, false).map_err(|_| format!("no format `{format}`; the formats are {known}"))?;
        if path.is_empty() {
            return Err("it names no file".to_owned());
        }
        Ok(Self { format, path: PathBuf::from(path) })
    }
}

/// Files that can be written: what cannot is told before anything is sent.
pub(super) struct Ready {
    format: Format,
    files: Vec<(Wanted, Place)>,
}

/// Where a report is written.
enum Place {
    /// In a file, in one step.
    Beside(Reserved),
    /// A device or a pipe: in its place a file would only be in the way of everybody else.
    Into(File),
}

impl Reports {
    /// Makes sure that every file can be written.
    pub(super) fn prepare(self) -> Result<Ready, CliError> {
        let mut taken = BTreeSet::new();
        let mut files = Vec::with_capacity(self.files.len());
        for wanted in self.files {
            let place = place(&wanted.path).map_err(|error| refused(&wanted.path, &error))?;
            if let Place::Beside(file) = &place
                && !taken.insert(file.path().to_owned())
            {
                return Err(CliError::Usage(format!("--report: {} is named twice", wanted.path.display())));
            }
            files.push((wanted, place));
        }
        Ok(Ready { format: self.format, files })
    }
}

impl Ready {
    /// Whether a file is one that is going to be written: what is there is of an earlier run.
    pub(super) fn writes(&self, path: &Path) -> bool {
        let Ok(path) = path.canonicalize() else { return false };
        self.files.iter().any(|(_, place)| matches!(place, Place::Beside(file) if file.path() == path))
    }

    /// Draws to the output and into every file; the output's reader may go away before its end.
    pub(super) fn draw(self, render: impl Fn(Format, &mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
        let mut out = BufWriter::new(stdout());
        let drawn = render(self.format, &mut out).and_then(|()| out.flush());
        // One that cannot be written keeps no other from being written.
        let written = self
            .files
            .into_iter()
            .map(|(wanted, place)| write(&wanted, place, &render).map_err(|error| refused(&wanted.path, &error)));
        let failed = written.filter_map(Result::err).fold(None, |first, error| first.or(Some(error)));
        match (failed, drawn) {
            (Some(error), _) => Err(error),
            // A reader that has seen enough (`| head`) does not change what was found.
            (None, Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        }
    }
}

fn refused(path: &Path, error: &io::Error) -> CliError {
    CliError::Usage(format!("--report: {}: {error}", path.display()))
}

/// Where the report of a path is written. Of links only those to devices and pipes are followed, such as `/dev/stderr`.
fn place(path: &Path) -> io::Result<Place> {
    if path.is_dir() {
        return Err(io::Error::other("it is a folder; name a file in it"));
    }
    // Where the output of a program goes to a file, so does `/dev/stdout`: after what is there.
    let is_of_system = path.starts_with("/dev") || path.starts_with("/proc");
    if is_of_system || path.metadata().is_ok_and(|found| !found.is_file()) {
        return OpenOptions::new().append(true).open(path).map(Place::Into);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(io::Error::other(format!("there is no folder {}; create it first", folder.display())));
    }
    let Some(name) = path.file_name() else { return Err(io::Error::other("it names no file")) };
    // Not for its owner alone: whoever collects reports may be another user.
    files::reserve(&folder.canonicalize()?.join(name), Readers::Everybody).map(Place::Beside)
}

fn write(wanted: &Wanted, place: Place, render: &impl Fn(Format, &mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut text = Vec::new();
    render(wanted.format, &mut text)?;
    if wanted.format == Format::Human {
        // A file is no terminal.
        text = anstream::adapter::strip_bytes(&text).into_vec();
    }
    match place {
        Place::Into(mut device) => device.write_all(&text),
        Place::Beside(file) => file.fill(&text),
    }
}
