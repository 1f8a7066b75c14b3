//! Protocols, as far as a proxy must know them: where a message to the server ends, and what it says.

use std::collections::HashMap;

/// What is spoken over a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    /// PostgreSQL: a message is all that is sent before the server must answer; it is named by its SQL, and the end of a
    /// transaction by what was done in it: `COMMIT of update letter …; insert into audit …`.
    Postgres,
    /// HTTP/1.1: named by method and target.
    Http,
    /// SMTP: named by its verb; the mail itself is named `the mail`.
    Smtp,
}

/// Bytes for the server, and the message that they end, if they do.
pub(super) struct Part {
    pub(super) bytes: Vec<u8>,
    pub(super) message: Option<String>,
}

/// Cuts what a client sends into messages.
pub(super) enum Splitter {
    Postgres(Postgres),
    Http(Http),
    Smtp(Smtp),
}

impl Speech {
    pub(super) fn splitter(self) -> Splitter {
        match self {
            Self::Postgres => Splitter::Postgres(Postgres::default()),
            Self::Http => Splitter::Http(Http::default()),
            Self::Smtp => Splitter::Smtp(Smtp::default()),
        }
    }
}

impl Splitter {
    pub(super) fn split(&mut self, bytes: &[u8]) -> Vec<Part> {
        match self {
            Self::Postgres(postgres) => postgres.split(bytes),
            Self::Http(http) => http.split(bytes),
            Self::Smtp(smtp) => smtp.split(bytes),
        }
    }
}

#[derive(Default)]
pub(super) struct Postgres {
    waiting: Vec<u8>,
    turn: Vec<u8>,
    says: Option<String>,
    /// The start of a connection has no type byte.
    started: bool,
    statements: HashMap<Vec<u8>, String>,
    /// What the transaction has done so far.
    done: Vec<String>,
}

/// `SSLRequest`, after which the start comes once more.
const SSL_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();

/// What a process reads once and remembers: a transaction is named the same with it and without.
const REMEMBERED: [&str; 1] = ["from register_frequencies"];

impl Postgres {
    fn split(&mut self, bytes: &[u8]) -> Vec<Part> {
        self.waiting.extend_from_slice(bytes);
        let mut parts = Vec::new();
        while let Some(frame) = self.frame() {
            let kind = if self.started { frame[0] } else { 0 };
            if self.started {
                self.listen(&frame);
            } else {
                self.started = frame.get(4..8) != Some(&SSL_REQUEST);
            }
            self.turn.extend_from_slice(&frame);
            // Sync, Query and whatever stands alone.
            if !b"PBDECH".contains(&kind) {
                let says = self.says.take();
                parts.push(Part {
                    bytes: std::mem::take(&mut self.turn),
                    message: says.map(|sql| self.name(sql)),
                });
            }
        }
        parts
    }

    fn name(&mut self, sql: String) -> String {
        match sql.to_uppercase().as_str() {
            // What stood alone before it is no part of it.
            begin if begin.starts_with("BEGIN") => self.done.clear(),
            end @ ("COMMIT" | "ROLLBACK") => {
                return format!("{end} of {}", std::mem::take(&mut self.done).join("; "));
            }
            _ if REMEMBERED.iter().any(|read| sql.contains(read)) => {}
            _ => self.done.push(sql.clone()),
        }
        sql
    }

    /// The next whole frame.
    fn frame(&mut self) -> Option<Vec<u8>> {
        let head = usize::from(self.started);
        let length: [u8; 4] = self.waiting.get(head..head + 4)?.try_into().ok()?;
        let end = head + u32::from_be_bytes(length) as usize;
        (self.waiting.len() >= end).then(|| self.waiting.drain(..end).collect())
    }

    fn listen(&mut self, frame: &[u8]) {
        let mut words = frame[5..].split(|byte| *byte == 0);
        let mut word = || words.next().unwrap_or_default();
        match frame[0] {
            b'P' => {
                let (name, sql) = (word().to_vec(), readable(word()));
                self.statements.insert(name, sql);
            }
            b'B' => {
                word();
                self.says = self.statements.get(word()).cloned();
            }
            b'Q' => self.says = Some(readable(word())),
            _ => {}
        }
    }
}

fn readable(sql: &[u8]) -> String {
    let text = String::from_utf8_lossy(sql);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Default)]
pub(super) struct Http {
    head: Vec<u8>,
    body: usize,
}

impl Http {
    fn split(&mut self, mut bytes: &[u8]) -> Vec<Part> {
        let mut parts = Vec::new();
        while !bytes.is_empty() {
            if self.body > 0 {
                let (body, rest) = bytes.split_at(self.body.min(bytes.len()));
                self.body -= body.len();
                parts.push(Part {
                    bytes: body.to_vec(),
                    message: None,
                });
                bytes = rest;
                continue;
            }
            self.head.push(bytes[0]);
            bytes = &bytes[1..];
            if self.head.ends_with(b"\r\n\r\n") {
                let head = std::mem::take(&mut self.head);
                let text = String::from_utf8_lossy(&head).into_owned();
                self.body = length(&text);
                let first = text.lines().next().unwrap_or_default();
                parts.push(Part {
                    bytes: head,
                    message: Some(first.trim_end_matches(" HTTP/1.1").to_owned()),
                });
            }
        }
        parts
    }
}

fn length(head: &str) -> usize {
    let stated = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim())
    });
    stated.and_then(|value| value.parse().ok()).unwrap_or(0)
}

#[derive(Default)]
pub(super) struct Smtp {
    line: Vec<u8>,
    mail: bool,
}

impl Smtp {
    fn split(&mut self, bytes: &[u8]) -> Vec<Part> {
        let mut parts = Vec::new();
        for byte in bytes {
            self.line.push(*byte);
            if *byte != b'\n' {
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let message = match (self.mail, line.as_slice()) {
                (true, b".\r\n") => {
                    self.mail = false;
                    Some("the mail".to_owned())
                }
                (true, _) => None,
                (false, line) => {
                    let verb = String::from_utf8_lossy(line);
                    let verb = verb
                        .split([' ', ':', '\r'])
                        .next()
                        .unwrap_or_default()
                        .to_uppercase();
                    self.mail = verb == "DATA";
                    Some(verb)
                }
            };
            parts.push(Part { bytes: line, message });
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is heard when the bytes come one by one, which is the worst that can happen.
    fn heard(speech: Speech, bytes: &[u8]) -> Vec<String> {
        let mut splitter = speech.splitter();
        let (mut passed, mut heard) = (Vec::new(), Vec::new());
        for byte in bytes {
            for part in splitter.split(&[*byte]) {
                passed.extend(part.bytes);
                heard.extend(part.message);
            }
        }
        assert_eq!(passed, bytes, "everything goes through, in order");
        heard
    }

    fn frame(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        [kind, &length, body].concat()
    }

    #[test]
    fn postgresql_is_heard_statement_by_statement() {
        let bytes = [
            frame(b"", &SSL_REQUEST),
            frame(b"", b"\0\x03\0\0user\0dn\0\0"),
            frame(b"p", b"secret\0"),
            frame(b"P", b"s1\0select\n  1\0\0\0"),
            frame(b"D", b"Ss1\0"),
            frame(b"S", b""),
            frame(b"B", b"\0s1\0\0\0\0\0\0\0"),
            frame(b"E", b"\0\0\0\0\0"),
            frame(b"S", b""),
            frame(b"Q", b"begin\0"),
            frame(b"B", b"\0s1\0\0\0\0\0\0\0"),
            frame(b"S", b""),
            frame(b"Q", b"COMMIT\0"),
            frame(b"X", b""),
        ];
        let told = ["select 1", "begin", "select 1", "COMMIT of select 1"];
        assert_eq!(heard(Speech::Postgres, &bytes.concat()), told);
    }

    #[test]
    fn http_is_heard_request_by_request() {
        let bytes = b"PUT /b/k HTTP/1.1\r\nContent-Length: 4\r\n\r\n\r\n\r\nGET /b HTTP/1.1\r\n\r\n";
        assert_eq!(heard(Speech::Http, bytes), ["PUT /b/k", "GET /b"]);
    }

    #[test]
    fn smtp_is_heard_command_by_command() {
        let bytes = b"EHLO x\r\nMAIL FROM:<a@b>\r\nDATA\r\nDATA\r\n..\r\n.\r\nQUIT\r\n";
        assert_eq!(
            heard(Speech::Smtp, bytes),
            ["EHLO", "MAIL", "DATA", "the mail", "QUIT"]
        );
    }
}
