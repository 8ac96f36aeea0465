//! What a process costs: wall time, CPU, memory.

use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

/// What a command cost, from its spawn to its end.
pub(super) struct Usage {
    pub(super) wall: Duration,
    /// User and system time of all its threads; `None` where the system does not tell.
    pub(super) cpu: Option<Duration>,
    /// Peak of its resident memory, in bytes; `None` where the system does not tell. On Linux it is at least the peak
    /// of the process that spawned it, so measure before anything large is read here.
    pub(super) peak: Option<u64>,
    /// Its exit status; `None` after a signal.
    pub(super) code: Option<i32>,
}

/// Runs a command to its end.
pub(super) fn measure(command: &mut Command) -> io::Result<Usage> {
    let start = Instant::now();
    let mut child = command.spawn()?;
    #[cfg(any(target_os = "linux", target_os = "macos", target_os = "freebsd"))]
    {
        let used = wait4::Wait4::wait4(&mut child)?;
        let cpu = used.rusage.utime + used.rusage.stime;
        Ok(Usage { wall: start.elapsed(), cpu: Some(cpu), peak: Some(used.rusage.maxrss), code: used.status.code() })
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "freebsd")))]
    {
        let status = child.wait()?;
        Ok(Usage { wall: start.elapsed(), cpu: None, peak: None, code: status.code() })
    }
}

/// Resident memory of a running process, in bytes; `None` where there is no `/proc`.
pub(super) fn resident(pid: u32) -> Option<u64> {
    resident_in(&std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?)
}

fn resident_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::{measure, resident_in};
    use std::process::Command;

    #[test]
    fn resident_memory_is_read_in_bytes() {
        assert_eq!(resident_in("VmHWM:\t   9000 kB\nVmRSS:\t   1234 kB\n"), Some(1_263_616));
        assert_eq!(resident_in("Name:\tx\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_child_that_works_has_cpu_time_memory_and_a_status() {
        let work = "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; exit 3";
        let usage = measure(Command::new("sh").args(["-c", work])).expect("sh runs");
        assert_eq!(usage.code, Some(3));
        assert!(usage.cpu.is_some_and(|cpu| !cpu.is_zero()));
        assert!(usage.peak.is_some_and(|peak| peak > 100 * 1024), "{:?}", usage.peak);
    }
}
