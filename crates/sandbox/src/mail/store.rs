//! The mails caught: in memory, and as files where a folder is given.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use mail_parser::{HeaderValue, MessageParser, MessagePart};
use serde::Serialize;
use tokio::sync::watch;
use uuid::Uuid;

/// A mail as it arrived, and as its reader sees it.
#[derive(Debug, Clone, Serialize)]
pub struct CaughtMail {
    /// Sorts by time of arrival.
    pub id: Uuid,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// Sender of the envelope.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// `Message-ID`, without its angle brackets.
    pub message_id: Option<String>,
    /// `Subject`, decoded.
    pub subject: String,
    /// The part for readers of plain text, decoded.
    pub text: Option<String>,
    /// The part for readers of HTML, decoded.
    pub html: Option<String>,
    /// The whole mail, as sent.
    pub raw: String,
}

#[derive(Debug, Default)]
pub(super) struct Store {
    dir: Option<PathBuf>,
    mails: Mutex<Vec<CaughtMail>>,
    changed: watch::Sender<()>,
}

impl Store {
    pub(super) fn open(dir: Option<&Path>) -> Result<Self> {
        let mut mails = Vec::new();
        if let Some(dir) = dir {
            fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
            for entry in fs::read_dir(dir)? {
                let path = entry?.path();
                let name = path
                    .file_stem()
                    .and_then(|stem| stem.to_str())
                    .and_then(|stem| stem.parse().ok());
                if let (Some(id), Some("eml")) = (name, path.extension().and_then(|e| e.to_str())) {
                    mails.push(restore(id, &fs::read(&path)?));
                }
            }
            mails.sort_by_key(|mail| mail.id);
        }
        Ok(Self {
            dir: dir.map(Path::to_owned),
            mails: Mutex::new(mails),
            ..Self::default()
        })
    }

    pub(super) fn add(&self, from: &str, to: &[String], data: &[u8]) -> Result<()> {
        let mail = read(Uuid::now_v7(), from.to_owned(), to.to_vec(), data);
        if let Some(dir) = &self.dir {
            fs::write(
                dir.join(format!("{}.eml", mail.id)),
                [&envelope(from, to), data].concat(),
            )?;
        }
        self.lock().push(mail);
        self.changed.send_replace(());
        Ok(())
    }

    pub(super) fn all(&self) -> Vec<CaughtMail> {
        self.lock().clone()
    }

    pub(super) fn find(&self, id: Uuid) -> Option<CaughtMail> {
        self.lock().iter().find(|mail| mail.id == id).cloned()
    }

    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<CaughtMail>> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The envelope as a mail server writes it down at delivery: two headers on top.
fn envelope(from: &str, to: &[String]) -> Vec<u8> {
    format!("Return-Path: <{from}>\r\nDelivered-To: {}\r\n", to.join(", ")).into_bytes()
}

fn restore(id: Uuid, file: &[u8]) -> CaughtMail {
    let text = String::from_utf8_lossy(file);
    let mut lines = text.splitn(3, "\r\n");
    let mut header = |name: &str| {
        lines
            .next()
            .unwrap_or_default()
            .trim_start_matches(name)
            .to_owned()
    };
    let from = header("Return-Path: ").trim_matches(['<', '>']).to_owned();
    let to = header("Delivered-To: ").split(", ").map(str::to_owned).collect();
    read(id, from, to, lines.next().unwrap_or_default().as_bytes())
}

fn read(id: Uuid, from: String, to: Vec<String>, data: &[u8]) -> CaughtMail {
    let parsed = MessageParser::new().parse(data).unwrap_or_default();
    // `body_text` and `body_html` make one of the other where there is none: ask for what was sent.
    let part = |ids: &[u32], wanted: fn(&MessagePart<'_>) -> bool| {
        let found = ids
            .iter()
            .filter_map(|id| parsed.part(*id))
            .find(|part| wanted(part));
        found.and_then(|part| part.text_contents()).map(str::to_owned)
    };
    let text = part(&parsed.text_body, |part| part.is_text() && !part.is_text_html());
    let html = part(&parsed.html_body, |part| part.is_text_html());
    let message_id = match parsed.header("Message-ID") {
        Some(HeaderValue::Text(id)) => Some(id.to_string()),
        _ => None,
    };
    CaughtMail {
        id,
        received_at: received_at(id),
        from,
        to,
        message_id,
        subject: parsed.subject().unwrap_or_default().to_owned(),
        text: text.map(|text| text.replace("\r\n", "\n")),
        html,
        raw: String::from_utf8_lossy(data).into_owned(),
    }
}

/// The instant a UUIDv7 was drawn.
fn received_at(id: Uuid) -> DateTime<Utc> {
    let (seconds, nanoseconds) = id
        .get_timestamp()
        .map(|stamp| stamp.to_unix())
        .unwrap_or_default();
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, nanoseconds))
        .unwrap_or_default()
}
