//! A private PostgreSQL: keeps its data, stops, survives being killed, stands on its own.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use dn_sandbox::{Postgres, PostgresOptions};

fn folder(name: &str) -> std::path::PathBuf {
    let dir = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::remove_dir_all(&dir).ok();
    dir
}

#[tokio::test]
async fn a_second_start_keeps_the_data_and_wants_the_password() -> anyhow::Result<()> {
    let dir = folder("keeps-data");
    let options = PostgresOptions { durable: true };
    let first = Postgres::start(&dir, options).await?;
    first.create_role("dn_owner", "createrole").await?;
    first.create_database("dn", "dn_owner").await?;
    first
        .run("dn", "create table kept(a int); insert into kept values (42)")
        .await?;
    let url = first.url_as("dn_owner", "dn");
    assert!(
        url.starts_with("postgres://dn_owner:") && url.ends_with("/dn"),
        "{url}"
    );
    first.stop().await?;

    let second = Postgres::start(&dir, options).await?;
    assert_eq!(second.run("dn", "select a from kept").await?.trim(), "42");
    assert_eq!(second.run("dn", "show fsync").await?.trim(), "on");
    let stranger = Postgres::lent(&second.url("dn").replace(second.password(), "wrong"))?;
    let refusal = stranger.run("dn", "select 1").await.unwrap_err().to_string();
    assert!(refusal.contains("password authentication failed"), "{refusal}");
    Ok(())
}

#[tokio::test]
async fn a_killed_server_leaves_nothing_in_the_way() -> anyhow::Result<()> {
    let dir = folder("killed");
    let options = PostgresOptions { durable: true };
    let postgres = Postgres::start(&dir, options).await?;
    postgres
        .run(
            "postgres",
            "create table kept(a int); insert into kept values (7)",
        )
        .await?;
    let pid_file = dir.join("data/postmaster.pid");
    let lines = std::fs::read_to_string(&pid_file)?;
    let pid = lines.lines().next().unwrap().to_owned();
    assert!(Command::new("kill").args(["-KILL", &pid]).status()?.success());
    drop(postgres);
    // As after a restart of the machine, the number now belongs to some other process: this one.
    std::fs::write(
        &pid_file,
        lines.replacen(&pid, &std::process::id().to_string(), 1),
    )?;

    let postgres = Postgres::start(&dir, options).await?;
    assert_eq!(postgres.run("postgres", "select a from kept").await?.trim(), "7");
    Ok(())
}

/// As in a clone in root's home, which the server's user cannot enter.
#[tokio::test]
async fn a_closed_folder_is_no_obstacle() -> anyhow::Result<()> {
    let closed = folder("closed");
    std::fs::create_dir_all(&closed)?;
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700))?;
    let dir = closed.join("postgres");
    let options = PostgresOptions { durable: false };
    let postgres = Postgres::start(&dir, options).await?;
    postgres.run("postgres", "create table kept(a int)").await?;
    postgres.stop().await?;
    let postgres = Postgres::start(&dir, options).await?;
    assert_eq!(
        postgres
            .run("postgres", "select count(*) from kept")
            .await?
            .trim(),
        "0"
    );
    postgres.stop().await?;

    let elsewhere = std::fs::read_link(dir.join("data")).ok();
    std::fs::remove_dir_all(&dir)?;
    let postgres = Postgres::start(&dir, options).await?;
    assert!(
        postgres.run("postgres", "select 1 from kept").await.is_err(),
        "removed means removed"
    );
    postgres.stop().await?;
    if let Some(folder) = elsewhere.as_deref().and_then(std::path::Path::parent) {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

#[tokio::test]
async fn a_disposable_one_leaves_nothing() -> anyhow::Result<()> {
    let postgres = Postgres::disposable().await?;
    let data = postgres.run("postgres", "show data_directory").await?;
    let data = std::path::Path::new(data.trim());
    assert!(data.exists());
    postgres.stop().await?;
    assert!(!data.parent().unwrap().exists());
    Ok(())
}

#[tokio::test]
async fn a_template_is_made_once_and_copied() -> anyhow::Result<()> {
    let postgres = Postgres::shared_for_tests().await?;
    let name = format!("template_{}", std::process::id());
    let make = async |url: String| {
        let made = Postgres::lent(&url)?
            .run(url.rsplit('/').next().unwrap(), "create table t(a int)")
            .await;
        made.map(drop)
    };
    let (one, two) = tokio::join!(
        postgres.template(&name, "postgres", make),
        postgres.template(&name, "postgres", make)
    );
    one?;
    two?;
    let copy = format!("copy_{}", std::process::id());
    postgres.copy_database(&copy, &name).await?;
    assert_eq!(postgres.run(&copy, "select count(*) from t").await?.trim(), "0");
    postgres.drop_database(&copy).await?;
    assert!(!postgres.has_database(&copy).await?);
    assert!(postgres.copy_database("x; drop", &name).await.is_err());
    Ok(())
}

/// Not a test by itself: a process that starts a cluster and is then killed, see below.
#[tokio::test]
#[ignore = "run as a child of the next test"]
async fn victim() -> anyhow::Result<()> {
    let dir = std::path::PathBuf::from(std::env::var_os("DN_VICTIM").unwrap());
    let postgres = Postgres::start(&dir, PostgresOptions { durable: false }).await?;
    std::fs::write(dir.join("started"), postgres.port().to_string())?;
    tokio::time::sleep(Duration::from_secs(60)).await;
    Ok(())
}

#[test]
fn it_dies_with_the_process_that_started_it() -> anyhow::Result<()> {
    let dir = folder("victim");
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--ignored", "--exact", "victim"])
        .env("DN_VICTIM", &dir)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()?;
    let wait = |what: &str, done: &dyn Fn() -> bool| {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !done() {
            assert!(Instant::now() < deadline, "{what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    wait("not started", &|| dir.join("started").exists());
    assert!(dir.join("data/postmaster.pid").exists());
    child.kill()?;
    child.wait()?;
    wait("still running", &|| !dir.join("data/postmaster.pid").exists());
    Ok(())
}
