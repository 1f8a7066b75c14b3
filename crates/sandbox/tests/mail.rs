//! The mail catcher speaks SMTP, keeps what it is given, shows it, and misbehaves on request.

use std::time::{Duration, Instant};

use dn_sandbox::MailCatcher;
use lettre::message::MultiPart;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

fn transport(catcher: &MailCatcher) -> AsyncSmtpTransport<Tokio1Executor> {
    AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(catcher.smtp_port())
        .build()
}

fn message(to: &str) -> anyhow::Result<Message> {
    Ok(Message::builder()
        .from("Départements & Notaires <ne-pas-repondre@exemple.fr>".parse()?)
        .to(to.parse()?)
        .message_id(Some("<0190@exemple.fr>".to_owned()))
        .subject("Votre réponse est prête – n° 42")
        .multipart(MultiPart::alternative_plain_html(
            "Maître,\n\n.Voici l’été.".to_owned(),
            "<p>Voici <b>l’été</b>.</p>".to_owned(),
        ))?)
}

#[tokio::test]
async fn a_mail_is_read_as_it_was_written_and_kept() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let catcher = MailCatcher::start(Some(dir.path())).await?;
    transport(&catcher).send(message("zoe@etude.exemple.fr")?).await?;
    let patience = Duration::from_secs(5);
    let caught = catcher
        .wait_for("Zoe@etude.exemple.fr", 1, patience)
        .await?
        .remove(0);
    assert_eq!(caught.subject, "Votre réponse est prête – n° 42");
    assert_eq!(caught.message_id.as_deref(), Some("0190@exemple.fr"));
    assert_eq!(caught.from, "ne-pas-repondre@exemple.fr");
    assert_eq!(
        caught.text.as_deref().map(str::trim_end),
        Some("Maître,\n\n.Voici l’été.")
    );
    assert!(caught.html.as_deref().unwrap().contains("<b>l’été</b>"));

    rustls::crypto::ring::default_provider().install_default().ok();
    let list = reqwest::get(catcher.web_url()).await?.text().await?;
    assert!(list.contains("Votre réponse est prête – n° 42"), "{list}");
    let page = format!("{}mails/{}", catcher.web_url(), caught.id);
    let shown = reqwest::get(&page).await?.text().await?;
    assert!(
        shown.contains("Voici l’été.") && shown.contains("zoe@etude.exemple.fr"),
        "{shown}"
    );
    assert_eq!(
        reqwest::get(format!("{page}/source")).await?.text().await?,
        caught.raw
    );
    assert_eq!(
        reqwest::get(format!("{}nothing", catcher.web_url()))
            .await?
            .status(),
        404
    );
    let before = reqwest::get(format!("{}api/mails", catcher.web_url()))
        .await?
        .text()
        .await?;
    catcher.stop().await;

    let catcher = MailCatcher::start(Some(dir.path())).await?;
    let after = reqwest::get(format!("{}api/mails", catcher.web_url()))
        .await?
        .text()
        .await?;
    assert_eq!(after, before);
    Ok(())
}

#[tokio::test]
async fn faults_are_those_of_a_real_server() -> anyhow::Result<()> {
    let catcher = MailCatcher::start(None).await?;
    let send = async |to: &str| transport(&catcher).send(message(to).unwrap()).await;

    catcher.refuse("gone@exemple.fr");
    assert!(send("Gone@exemple.fr").await.unwrap_err().is_permanent());
    catcher.put_off("later@exemple.fr");
    assert!(send("later@exemple.fr").await.unwrap_err().is_transient());
    send("here@exemple.fr").await?;
    catcher.go_down();
    assert!(send("here@exemple.fr").await.is_err());
    catcher.heal();
    send("later@exemple.fr").await?;
    catcher.slow_down(Duration::from_millis(80));
    let started = Instant::now();
    send("here@exemple.fr").await?;
    assert!(started.elapsed() > Duration::from_millis(240));
    assert_eq!(catcher.mails().len(), 3);
    let missed = catcher
        .wait_for("gone@exemple.fr", 1, Duration::from_millis(20))
        .await;
    assert!(missed.unwrap_err().to_string().contains("0 came"));
    Ok(())
}
