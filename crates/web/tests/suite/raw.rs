//! What no browser sends, written to the socket by hand: refused early, and with a page where there can be one.

use std::time::Duration;

use anyhow::{Context, Result};
use testing::TestApp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Long enough for any answer here; a test waits so long only when it fails.
const PATIENCE: Duration = Duration::from_secs(10);

struct Client(TcpStream);

impl Client {
    async fn connect(app: &TestApp) -> Result<Self> {
        let port = app.url.port().context("no port")?;
        Ok(Self(TcpStream::connect(("127.0.0.1", port)).await?))
    }

    async fn send(&mut self, text: impl AsRef<[u8]>) -> Result<()> {
        Ok(self.0.write_all(text.as_ref()).await?)
    }

    /// Everything until the server closes.
    async fn rest(&mut self) -> Result<String> {
        let mut read = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut read)).await;
        let text = String::from_utf8_lossy(&read).into_owned();
        match ended.context("the server does not close")? {
            // It closes while we have more to send: what it said before counts.
            Err(error) if text.is_empty() => Err(error.into()),
            _ => Ok(text),
        }
    }
}

/// Sends a head with these lines and what follows, and returns status and page.
async fn answer(app: &TestApp, head: &str, body: &[u8]) -> Result<(u16, String)> {
    let mut client = Client::connect(app).await?;
    let head = head.trim_end().replace('\n', "\r\n");
    client
        .send(format!("{head}\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .await?;
    // It may close before all of it is sent.
    let _ = client.send(body).await;
    let text = client.rest().await?;
    let status = text.split(' ').nth(1).context("no status")?.parse()?;
    Ok((status, text))
}

fn is_page(answer: &(u16, String), status: u16, words: &str) {
    assert_eq!(answer.0, status, "{}", answer.1);
    assert!(
        answer.1.contains("text/html") && answer.1.contains("<h1"),
        "{}",
        answer.1
    );
    assert!(answer.1.contains(words), "{words}: {}", answer.1);
    assert!(answer.1.contains("x-frame-options"), "{}", answer.1);
}

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const UPLOAD: &str = "Content-Type: multipart/form-data; boundary=grenze";

#[tokio::test]
async fn heads_too_long_are_refused() -> Result<()> {
    let app = TestApp::start().await?;
    let get = async |address: &str, headers: &str| {
        answer(&app, &format!("GET {address} HTTP/1.1\n{headers}"), b"").await
    };
    let headers = |count: usize, length: usize| -> String {
        (0..count)
            .map(|n| format!("X-N{n}: {}\n", "v".repeat(length)))
            .collect()
    };
    assert_eq!(get("/", &headers(50, 10)).await?.0, 200);
    is_page(&get("/", &headers(70, 10)).await?, 431, "Demande incomprise");
    is_page(&get("/", &headers(3, 6000)).await?, 431, "cookies");
    // Beyond what is read at all: by the connection itself, without a page.
    assert_eq!(get("/", &headers(150, 10)).await?.0, 431);
    assert_eq!(get("/", &headers(2, 60_000)).await?.0, 431);
    let long = |length: usize| format!("/demandes?{}", "x".repeat(length));
    assert_eq!(get(&long(3000), "").await?.0, 303);
    is_page(&get(&long(5000), "").await?, 414, "Adresse trop longue");
    assert!(matches!(get(&long(100_000), "").await?.0, 414 | 431));
    Ok(())
}

#[tokio::test]
async fn bodies_too_long_are_refused_before_they_are_sent() -> Result<()> {
    let app = TestApp::start().await?;
    // Only the head is sent: the answer does not wait for the body.
    let form = answer(
        &app,
        &format!("POST /demandes HTTP/1.1\n{FORM}\nContent-Length: 70000"),
        b"",
    )
    .await?;
    is_page(&form, 413, "Saisie trop longue");
    let upload = format!("POST /verification HTTP/1.1\n{UPLOAD}\nContent-Length: 900000000");
    is_page(&answer(&app, &upload, b"").await?, 413, "Fichier trop lourd");
    let waits = format!("{upload}\nExpect: 100-continue");
    let refused = answer(&app, &waits, b"").await?;
    is_page(&refused, 413, "Fichier trop lourd");
    assert!(!refused.1.contains("100 Continue"), "{}", refused.1);
    Ok(())
}

#[tokio::test]
async fn bodies_of_unknown_length_are_read_as_far_as_they_may_go() -> Result<()> {
    let app = TestApp::start().await?;
    let chunked = async |head: &str, chunk: &[u8], count: usize| {
        let mut body = Vec::new();
        for _ in 0..count {
            body.extend(format!("{:x}\r\n", chunk.len()).bytes());
            body.extend(chunk);
            body.extend(b"\r\n");
        }
        // Never ended: whoever waits for the end waits in vain.
        answer(&app, &format!("POST {head}\nTransfer-Encoding: chunked"), &body).await
    };
    let form = format!("/demandes HTTP/1.1\n{FORM}");
    let fields = [b'a'; 2000];
    let with_separator = [&fields[..], b"&"].concat();
    is_page(
        &chunked(&form, &with_separator, 40).await?,
        413,
        "Saisie trop longue",
    );
    // Far shorter than a form may be, but too many fields, or too long a one.
    is_page(&chunked(&form, b"a=1&", 210).await?, 413, "Saisie trop longue");
    is_page(&chunked(&form, &fields, 3).await?, 413, "Saisie trop longue");
    let upload = format!("/verification HTTP/1.1\n{UPLOAD}");
    is_page(
        &chunked(&upload, &[b'x'; 60_000], 40).await?,
        413,
        "Fichier trop lourd",
    );
    Ok(())
}

#[tokio::test]
async fn who_sends_too_slowly_is_not_waited_for() -> Result<()> {
    let app = TestApp::builder()
        .web(|web| {
            web.header_timeout_seconds = 1;
            web.body_timeout_seconds = 1;
        })
        .start()
        .await?;
    // A head that never ends, letter by letter; a connection on which nothing ever comes.
    let mut silent = Client::connect(&app).await?;
    let mut slow = Client::connect(&app).await?;
    slow.send("GET / HTTP/1.1\r\nHost: localhost\r\n").await?;
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if slow.send("X").await.is_err() {
            break;
        }
    }
    assert_eq!(slow.rest().await.unwrap_or_default(), "");
    assert_eq!(silent.rest().await?, "");
    // A body that stops half way.
    for (kind, path) in [(FORM, "/demandes"), (UPLOAD, "/verification")] {
        let head = format!("POST {path} HTTP/1.1\n{kind}\nContent-Length: 1000");
        is_page(&answer(&app, &head, b"csrf=half").await?, 408, "Envoi interrompu");
    }
    // Others are served meanwhile and afterwards.
    assert_eq!(answer(&app, "GET / HTTP/1.1", b"").await?.0, 200);
    Ok(())
}
