//! The SMTP side: the crate mailin knows the protocol, the input and output is here.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use mailin::{Action, Handler, Response, SessionBuilder, response};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::Shared;

pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        let Ok((socket, peer)) = accepted else { continue };
        let (shared, stop) = (Arc::clone(&shared), stop.clone());
        tokio::spawn(async move {
            let ended = stop
                .run_until_cancelled_owned(converse(socket, peer.ip(), shared))
                .await;
            if let Some(Err(error)) = ended {
                tracing::debug!(%error, "SMTP connection");
            }
        });
    }
}

async fn converse(socket: TcpStream, peer: IpAddr, shared: Arc<Shared>) -> io::Result<()> {
    let mut stream = BufStream::new(socket);
    if shared.faults.are_down() {
        return reply(&mut stream, &response::NO_SERVICE).await;
    }
    let reception = Reception {
        shared: Arc::clone(&shared),
        from: String::new(),
        to: vec![],
        data: vec![],
    };
    let mut session = SessionBuilder::new("localhost").build(peer, reception);
    reply(&mut stream, &session.greeting()).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let answer = session.process(&line);
        if answer.action == Action::NoReply {
            continue;
        }
        tokio::time::sleep(shared.faults.delay()).await;
        reply(&mut stream, &answer).await?;
        if answer.action == Action::Close {
            return Ok(());
        }
    }
}

async fn reply(stream: &mut BufStream<TcpStream>, answer: &Response) -> io::Result<()> {
    let mut text = Vec::new();
    answer.write_to(&mut text)?;
    stream.write_all(&text).await?;
    stream.flush().await
}

/// One connection's mail in the making.
struct Reception {
    shared: Arc<Shared>,
    from: String,
    to: Vec<String>,
    data: Vec<u8>,
}

impl Handler for Reception {
    fn rcpt(&mut self, to: &str) -> Response {
        self.shared.faults.answer_to(to)
    }

    fn data_start(&mut self, _domain: &str, from: &str, _is8bit: bool, to: &[String]) -> Response {
        from.clone_into(&mut self.from);
        self.to = to.to_vec();
        self.data.clear();
        response::OK
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.data.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        match self.shared.store.add(&self.from, &self.to, &self.data) {
            Ok(()) => response::OK,
            Err(error) => {
                tracing::warn!(%error, "a mail could not be kept");
                response::OUT_OF_SPACE
            }
        }
    }
}
