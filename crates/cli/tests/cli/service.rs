//! The program on a real database, from the first migration to the last signal.

use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::ground::{Ground, TENANTS};
use crate::program::Ran;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_sets_everything_up() -> Result<()> {
    let ground = Ground::new().await?;
    for arguments in [&["serve"][..], &["work"]] {
        let early = ground.run(arguments).await?;
        assert!(
            early.code == 1 && early.err.contains("dn migrate"),
            "{}",
            early.err
        );
    }
    let early = ground.run(&["doctor"]).await?;
    assert!(
        early.code == 1 && early.out.contains("run `dn migrate`"),
        "{}",
        early.out
    );

    let first = ground.done(&["migrate", "--json"]).await?;
    assert!(first.contains("platform"), "{first}");
    let second: serde_json::Value = serde_json::from_str(&ground.done(&["migrate", "--json"]).await?)?;
    assert_eq!(second["migrated"], serde_json::json!([]));

    ground.done(&["tenant", "create", "--root", TENANTS]).await?;
    let again = ground.done(&["tenant", "apply", "--root", TENANTS]).await?;
    assert_eq!(again.matches("nothing changed").count(), 3, "{again}");

    let register = "identifiant;nom_naissance;prenoms;date_naissance;aide\n1;DURAND;Jean;01/02/1930;ASH-PA\n2;PETIT;Anne;31/02/1930;ASH-PA\n";
    std::fs::write(ground.program.path().join("registre.csv"), register)?;
    let imported = ground
        .run(&["register", "import", "rhone", "registre.csv"])
        .await?;
    assert_eq!(
        imported.code, 3,
        "one row is bad: {} {}",
        imported.out, imported.err
    );
    assert!(
        imported.out.contains("line 3, date_naissance"),
        "{}",
        imported.out
    );

    let list: serde_json::Value = serde_json::from_str(&ground.done(&["tenant", "list", "--json"]).await?)?;
    let rhone = list
        .as_array()
        .context("a list")?
        .iter()
        .find(|line| line["slug"] == "rhone");
    assert_eq!(rhone.context("rhone")?["register"]["individuals"], 1);

    ground.done(&["tenant", "suspend", "nord"]).await?;
    ground.done(&["tenant", "resume", "nord"]).await?;
    ground.done(&["keys", "rotate", "--all"]).await?;
    ground.done(&["keys", "rewrap", "rhone"]).await?;
    assert!(ground.done(&["jobs", "list"]).await?.contains("no jobs"));
    let doctor: serde_json::Value = serde_json::from_str(&ground.done(&["doctor", "--json"]).await?)?;
    assert_eq!(doctor["status"], "warning", "{doctor}");

    let dropped = ground
        .done(&["tenant", "drop", "nord", "--confirm", "nord"])
        .await?;
    assert!(dropped.contains("exports/nord-"), "{dropped}");
    let unknown = ground.run(&["tenant", "suspend", "nord"]).await?;
    assert!(
        unknown.code == 1 && unknown.err.contains("dn tenant list"),
        "{}",
        unknown.err
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_serves_until_told_to_stop() -> Result<()> {
    let ground = Ground::new().await?;
    ground.done(&["migrate"]).await?;
    for arguments in [&["serve"][..], &["serve", "--no-worker"], &["work"]] {
        let mut child = ground.program.command(arguments).spawn()?;
        let begun = Instant::now();
        let serves = arguments[0] == "serve";
        while serves && !ground.ready().await? {
            ensure!(begun.elapsed() < Duration::from_secs(20), "not ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        if !serves {
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        ensure!(child.try_wait()?.is_none(), "{arguments:?} ended by itself");
        terminate(&child)?;
        let status = ended(&mut child).await?;
        let output: Ran = child.wait_with_output()?.into();
        assert_eq!(status, Some(0), "{arguments:?}: {}", output.err);
        assert!(
            output
                .err
                .lines()
                .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
            "{}",
            output.err
        );
        assert!(
            output.err.contains("SIGTERM") && output.err.contains("stopped"),
            "{}",
            output.err
        );
    }
    Ok(())
}

fn terminate(child: &Child) -> Result<()> {
    let pid = child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status()?;
    ensure!(killed.success(), "kill failed");
    Ok(())
}

async fn ended(child: &mut Child) -> Result<Option<i32>> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if begun.elapsed() > Duration::from_secs(15) {
            child.kill()?;
            anyhow::bail!("it does not stop");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_master_stays_while_a_departement_is_suspended() -> Result<()> {
    let ground = Ground::new().await?;
    ground.done(&["migrate"]).await?;
    ground.done(&["tenant", "create", "--root", TENANTS]).await?;
    ground.done(&["keys", "rewrap", "--all"]).await?;
    ground.done(&["tenant", "suspend", "isere"]).await?;
    let ran = ground.run(&["keys", "rewrap", "--all"]).await?;
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    assert!(
        ran.out.contains("rhone:") && ran.out.contains("nord:"),
        "{}",
        ran.out
    );
    for word in ["skipped: isere\n", "old master", "dn tenant resume"] {
        assert!(ran.err.contains(word), "{word} in {}", ran.err);
    }
    ground.done(&["tenant", "resume", "isere"]).await?;
    ground.done(&["keys", "rewrap", "--all"]).await?;
    Ok(())
}
