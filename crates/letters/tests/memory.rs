//! Alone in its process: the memory of a long-lived renderer stays where it is.

use std::sync::Arc;

use dn_letters::{LetterData, Letterhead, RenderSettings, Renderer};
use domain::LetterKind;

#[tokio::test]
async fn letters_leave_nothing_behind() {
    let renderer = Renderer::new(&RenderSettings::default()).unwrap();
    let head = Arc::new(Letterhead::sample());
    let mut data = LetterData::samples()
        .into_iter()
        .find(|data| data.kind == LetterKind::Unknown)
        .unwrap();
    let mut after = Vec::new();
    for round in 0..3 {
        for number in 0..10 {
            data.reference = format!("99-2026-{round}{number:05}");
            data.decedent.name = format!("Jean Marie DURAND {round} {number}");
            renderer.render(data.clone(), Arc::clone(&head)).await.unwrap();
        }
        after.push(process::resident_mib());
    }
    assert!(after[2] <= after[0] + 12, "grew: {after:?} MiB");
}

#[cfg(test)]
mod process {
    /// Memory of this process, from Linux.
    pub(crate) fn resident_mib() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }
}
