//! Running other programs: their output passes through as it comes, and a silence is explained.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Result, console};

/// After this long without a line we say that it still runs.
const SILENCE: Duration = Duration::from_secs(30);

/// Runs a command to its end and passes its output through. Returns what it printed.
///
/// # Errors
/// It cannot be run, or fails; the message names it.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let name = name(command);
    let (status, output) = pass_through(command)?;
    if status.success() {
        Ok(output)
    } else {
        Err(format!("{name}: {}", ending(status)))
    }
}

/// Runs a command quietly; returns what it printed if it succeeded.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command, passes its output through, and returns how it ended and what it printed.
///
/// # Errors
/// It cannot be run.
pub(crate) fn pass_through(command: &mut Command) -> Result<(ExitStatus, String)> {
    let name = name(command);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| format!("cannot run {name}: {error}"))?;
    let output = follow(&mut child, &name);
    let status = child.wait().map_err(|error| format!("{name}: {error}"))?;
    Ok((status, output))
}

fn follow(child: &mut Child, name: &str) -> String {
    let (sender, lines) = channel();
    if let Some(stdout) = child.stdout.take() {
        read_lines(stdout, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        read_lines(stderr, sender);
    }
    let (started, mut all) = (Instant::now(), String::new());
    loop {
        match lines.recv_timeout(SILENCE) {
            Ok(line) => {
                let mut out = std::io::stdout().lock();
                // A closed terminal is no reason to stop what runs.
                let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
                all.push_str(&line);
            }
            Err(RecvTimeoutError::Timeout) => {
                console::say(&format!(
                    "… {name} still runs, {}",
                    console::duration(started.elapsed())
                ));
            }
            Err(RecvTimeoutError::Disconnected) => return all,
        }
    }
}

fn read_lines(pipe: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        let (mut reader, mut line) = (BufReader::new(pipe), Vec::new());
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
}

/// The program and its first arguments, to tell commands apart.
fn name(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let arguments = command
        .get_args()
        .take(2)
        .map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program)
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

fn ending(status: ExitStatus) -> String {
    status
        .code()
        .map_or_else(|| "was killed".to_owned(), |code| format!("exit code {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_returned_and_a_failure_is_named() {
        let printed = run(Command::new("sh").args(["-c", "echo one; echo two >&2"]));
        let mut lines: Vec<String> = printed.unwrap().lines().map(str::to_owned).collect();
        lines.sort();
        assert_eq!(lines, ["one", "two"]);
        assert_eq!(
            run(Command::new("sh").args(["-c", "exit 3"])),
            Err("sh -c exit 3: exit code 3".to_owned())
        );
        assert!(
            run(&mut Command::new("no-such-program"))
                .unwrap_err()
                .contains("no-such-program")
        );
    }
}
