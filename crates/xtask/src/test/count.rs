//! How many tests ran, read from what the runner printed.

use std::fmt;

/// Tests by how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Count {
    /// From the output of nextest, which closes with one line and may quote others before, or of `cargo test`, which
    /// closes each program with one; `None` where there is none.
    pub(crate) fn of(output: &str) -> Option<Self> {
        let lines: Vec<String> = output
            .lines()
            .map(|line| plain(line).trim_start().to_owned())
            .collect();
        let nextest = lines
            .iter()
            .rfind(|line| line.starts_with("Summary [") && line.contains(" run: "));
        let closing: Vec<&String> = match nextest {
            Some(line) => vec![line],
            None => lines
                .iter()
                .filter(|line| line.starts_with("test result: "))
                .collect(),
        };
        closing
            .into_iter()
            .map(|line| Self::of_line(line))
            .reduce(|sum, next| Self {
                passed: sum.passed + next.passed,
                failed: sum.failed + next.failed,
                skipped: sum.skipped + next.skipped,
            })
    }

    fn of_line(line: &str) -> Self {
        let sum = |words: &[&str]| words.iter().map(|word| number_before(line, word)).sum();
        Self {
            passed: sum(&["passed"]),
            failed: sum(&["failed", "timed out", "exec failed"]),
            skipped: sum(&["skipped", "ignored"]),
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "tests: {} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

/// The number right before a word, 0 where there is none.
fn number_before(line: &str, word: &str) -> u32 {
    let end = line.find(&format!(" {word}")).unwrap_or(0);
    let digits = line[..end].rsplit(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Without the colours of a terminal.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut parts = line.split("\x1b[");
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        text.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_are_understood() {
        let nextest = "test result: FAILED. 0 passed; 1 failed; 0 ignored\n   \x1b[32;1m Summary\x1b[0m [   5.018s] \x1b[1m7\x1b[0m tests run: \x1b[1m4\x1b[0m passed (1 slow), \
            2 failed, 1 timed out, 3 skipped";
        assert_eq!(
            Count::of(nextest),
            Some(Count {
                passed: 4,
                failed: 3,
                skipped: 3
            })
        );
        let cargo = "test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 2.01s\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured";
        assert_eq!(
            Count::of(cargo),
            Some(Count {
                passed: 5,
                failed: 2,
                skipped: 1
            })
        );
        assert_eq!(Count::of("error: could not compile"), None);
    }
}
