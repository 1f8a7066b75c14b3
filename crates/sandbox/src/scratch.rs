//! Where what is thrown away lies: in memory where there is plenty, for a hundred small databases are written and removed
//! there in a second, and on a disk in a minute.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Bytes that a run of tests may need, with room to spare.
const ROOM: u64 = 8 << 30;

/// A folder for temporary data.
pub(crate) fn scratch() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let free = rustix::fs::statvfs(memory).map_or(0, |info| info.f_bavail.saturating_mul(info.f_frsize));
    if free >= ROOM && available_memory() >= ROOM {
        memory.to_owned()
    } else {
        env::temp_dir()
    }
}

/// Bytes of memory that can be used without swapping.
fn available_memory() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) << 10
}
