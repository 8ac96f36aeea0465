//! How long builds take: clean, and after a contract was touched.

use super::cargo_command;
use super::process::measure;
use super::stats::{Spread, time};
use super::table::Table;
use crate::specs::workspace;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The file that is touched.
const TOUCHED: &str = "specs/api-particulier/v3/open-api.yml";
/// How often a rebuild is measured. A clean build is measured once: it takes long, and varies little.
const REBUILDS: usize = 3;

pub(super) fn figures(cargo: &Path, table: &mut Table) -> Result<(), String> {
    for profile in ["debug", "release"] {
        eprintln!("{profile} build: one clean, {REBUILDS} after a touch");
        // Not below the tree's own target folder, so that nothing is fresh already.
        let target = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
        let build = || build(cargo, profile, target.path());
        let clean = build()?;
        eprintln!("{profile} build: {} clean", time(clean));
        table.row(format!("{profile} build: clean"), "< 90 s", time(clean));
        let binary = target.path().join(profile).join(format!("vigie{}", std::env::consts::EXE_SUFFIX));
        let touched = Touched::new(workspace().join(TOUCHED))?;
        let rebuild = || {
            let before = modified(&binary)?;
            touched.touch()?;
            let wall = build()?;
            if modified(&binary)? == before {
                return Err(format!("{TOUCHED} was touched but nothing was rebuilt: build.rs does not watch it"));
            }
            Ok(wall)
        };
        let walls = (0..REBUILDS).map(|_| rebuild()).collect::<Result<Vec<_>, String>>()?;
        let shown = Spread::of(walls).map(|spread| spread.show(time));
        table.row(format!("{profile} build: contract touched"), "< 3 s", shown.unwrap_or_default());
    }
    Ok(())
}

fn build(cargo: &Path, profile: &str, target: &Path) -> Result<Duration, String> {
    let mut command = cargo_command(cargo);
    command.args(["build", "--quiet", "--package", "vigie", "--target-dir"]).arg(target).current_dir(workspace());
    if profile == "release" {
        command.arg("--release");
    }
    // A cache of compiled crates, or contracts elsewhere, would measure something else.
    command.env("RUSTC_WRAPPER", "").env_remove("VIGIE_SPECS");
    let usage = measure(&mut command).map_err(|error| format!("{}: {error}", cargo.display()))?;
    if usage.code == Some(0) { Ok(usage.wall) } else { Err(format!("the {profile} build failed")) }
}

/// A file whose time of change is put back in the end, so that the tree's own builds stay fresh.
struct Touched {
    path: PathBuf,
    before: SystemTime,
}

impl Touched {
    fn new(path: PathBuf) -> Result<Self, String> {
        Ok(Self { before: modified(&path)?, path })
    }

    fn touch(&self) -> Result<(), String> {
        set_modified(&self.path, SystemTime::now()).map_err(|error| format!("{}: {error}", self.path.display()))
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        set_modified(&self.path, self.before).ok();
    }
}

fn modified(path: &Path) -> Result<SystemTime, String> {
    let metadata = std::fs::metadata(path).and_then(|metadata| metadata.modified());
    metadata.map_err(|error| format!("{}: {error}", path.display()))
}

fn set_modified(path: &Path, time: SystemTime) -> std::io::Result<()> {
    File::options().append(true).open(path)?.set_modified(time)
}

#[cfg(test)]
mod tests {
    use super::{Touched, modified};

    #[test]
    fn a_touched_file_gets_its_time_back_and_keeps_its_text() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("open-api.yml");
        std::fs::write(&path, "openapi: 3.0.0\n").expect("it is written");
        super::set_modified(&path, std::time::UNIX_EPOCH).expect("it is ours");
        let touched = Touched::new(path.clone()).expect("it is there");
        touched.touch().expect("it is ours");
        assert!(modified(&path).expect("it is there") > std::time::UNIX_EPOCH);
        drop(touched);
        assert_eq!(modified(&path), Ok(std::time::UNIX_EPOCH));
        assert_eq!(std::fs::read_to_string(&path).ok().as_deref(), Some("openapi: 3.0.0\n"));
    }
}
