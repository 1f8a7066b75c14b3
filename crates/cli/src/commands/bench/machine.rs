//! The machine that is measured, and the memory of a process, as Linux tells them. Elsewhere they are left out.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// What every report says of the machine.
pub(super) fn describe(postgresql: Option<&str>, database: &str, load_before: &str) -> Value {
    json!({
        "cores": std::thread::available_parallelism().map(usize::from).unwrap_or(1),
        "processor": field("/proc/cpuinfo", "model name"),
        "memory_mb": field("/proc/meminfo", "MemTotal").and_then(|text| kibibytes(&text)).map(megabytes),
        "postgresql": postgresql,
        "database": database,
        "build": if cfg!(debug_assertions) { "debug" } else { "release" },
        "version": env!("CARGO_PKG_VERSION"),
        "load_before": load_before,
        "load_after": load_average(),
    })
}

/// Load average of the last minute.
pub(super) fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("?").to_owned()
}

/// Resident memory of a process, in megabytes.
pub(super) fn rss_mb(process: u32) -> Option<f64> {
    rss_bytes(process).map(|bytes| bytes as f64 / 1e6)
}

fn rss_bytes(process: u32) -> Option<u64> {
    let text = field(&format!("/proc/{process}/status"), "VmRSS")?;
    Some(kibibytes(&text)? * 1024)
}

fn kibibytes(text: &str) -> Option<u64> {
    text.trim().strip_suffix(" kB")?.trim().parse().ok()
}

fn megabytes(kibibytes: u64) -> u64 {
    kibibytes * 1024 / 1_000_000
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// Looks at the memory of a process every tenth of a second and keeps the most.
pub(super) struct MemoryWatch {
    most: Arc<AtomicU64>,
    looking: JoinHandle<()>,
}

impl MemoryWatch {
    pub(super) fn on(process: u32) -> Self {
        let most = Arc::new(AtomicU64::new(0));
        let kept = Arc::clone(&most);
        let looking = tokio::spawn(async move {
            loop {
                kept.fetch_max(rss_bytes(process).unwrap_or(0), Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Self { most, looking }
    }

    /// The most so far, in megabytes.
    pub(super) fn most_mb(&self) -> Option<f64> {
        let bytes = self.most.load(Ordering::Relaxed);
        (bytes > 0).then_some(bytes as f64 / 1e6)
    }
}

impl Drop for MemoryWatch {
    fn drop(&mut self) {
        self.looking.abort();
    }
}
