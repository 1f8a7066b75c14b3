//! What each command leaves in the audit trails, and `dn audit` on trails somebody tampered with.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::ground::{Ground, TENANTS};
use crate::program::Program;

/// Every command, and what it leaves: entries in the trail of the platform (`P`) or of a département (`D`), or why none.
const COMMANDS: &[(&str, &str)] = &[
    ("serve", "what is served is recorded use by use"),
    ("work", "what is done is recorded job by job"),
    ("migrate", "P schema.migrated, D schema.migrated"),
    (
        "tenant create",
        "P tenant.created, D tenant.created, D settings.applied, D staff.administrator_named",
    ),
    ("tenant apply", "D settings.applied"),
    ("tenant list", "shows nobody's data"),
    ("tenant check", "reads files only"),
    ("tenant export", "P tenant.exported, D tenant.exported"),
    ("tenant suspend", "P tenant.suspended, D tenant.suspended"),
    ("tenant resume", "P tenant.resumed, D tenant.resumed"),
    ("tenant drop", "P tenant.dropped"),
    ("register generate", "writes a fictional file"),
    ("register import", "D register.imported"),
    ("jobs list", "jobs carry ids only"),
    ("jobs retry", "P jobs.retried"),
    ("keys generate", "prints random bytes"),
    ("keys rotate", "D key.rotated"),
    (
        "keys rewrap",
        "D key.rewrapped, for each key that was under another master",
    ),
    ("match evaluate", "reads files only"),
    ("match explain", "reads files only"),
    ("match bench", "asks about people it makes up"),
    ("match estimate", "reads files only"),
    ("match simulate", "D policy.tried"),
    ("audit verify", "tells nobody what it reads"),
    ("audit export", "D audit.exported"),
    ("doctor", "shows nobody's data"),
    ("config check", "reads files only"),
    ("config show", "reads files only"),
    ("config example", "reads nothing"),
    ("demo", "uses the same commands"),
    ("bench", "makes départements of its own and removes them again"),
];

/// The commands below this one, as the program's own help lists them.
fn below(program: &Program, path: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = path.iter().copied().chain(["--help"]).collect();
    let help = program.run(&arguments).out;
    let listed = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    listed
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_says_what_it_leaves_in_the_trails() {
    let program = Program::with("");
    let mut found = BTreeSet::new();
    for name in below(&program, &[]) {
        let inner = below(&program, &[&name]);
        if inner.is_empty() {
            found.insert(name.clone());
        }
        found.extend(inner.iter().map(|inner| format!("{name} {inner}")));
    }
    let listed: BTreeSet<String> = COMMANDS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, listed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_operator_does_is_in_the_trails() -> Result<()> {
    let ground = Ground::new().await?;
    let done = async |arguments: &[&str]| ground.done(arguments).await;
    done(&["migrate"]).await?;
    done(&[
        "tenant",
        "create",
        "rhone",
        "--root",
        TENANTS,
        "--reason",
        "ouverture du service",
    ])
    .await?;
    let register = "identifiant;nom_naissance;prenoms;date_naissance;aide\n1;DURAND;Jean;01/02/1930;ASH-PA\n";
    std::fs::write(ground.program.path().join("registre.csv"), register)?;
    done(&[
        "register",
        "import",
        "rhone",
        "registre.csv",
        "--reason",
        "ticket 12",
    ])
    .await?;
    std::fs::write(ground.program.path().join("prudent.toml"), "profile = 'strict'")?;
    done(&["match", "simulate", "rhone", "--policy", "prudent.toml"]).await?;
    done(&["tenant", "suspend", "rhone"]).await?;
    done(&["tenant", "resume", "rhone"]).await?;
    done(&["keys", "rotate", "rhone"]).await?;
    done(&["jobs", "retry", "--all"]).await?;
    done(&["tenant", "export", "rhone", "--to", "avant"]).await?;
    done(&["audit", "export", "rhone", "--to", "journal.csv"]).await?;
    let actions = async |schema: &str| {
        let sql = format!("select string_agg(action, ' ' order by number) from {schema}.audit");
        ground.sql(&sql).await
    };
    assert_eq!(
        actions("tenant_rhone").await?,
        "tenant.created staff.administrator_named staff.auditor_named settings.applied register.imported policy.tried \
         tenant.suspended tenant.resumed key.rotated tenant.exported audit.exported"
    );
    let told = ground
        .sql("select string_agg(concat_ws('/', actor, details ->> 'by', details ->> 'reason'), ' ' order by number)
              from tenant_rhone.audit where action in ('tenant.created', 'register.imported')")
        .await?;
    assert_eq!(
        told,
        "operator/alice/ouverture du service operator/alice/ticket 12"
    );
    let end = ground
        .sql("select number || ':' || encode(hash, 'hex') from tenant_rhone.audit order by number desc limit 1")
        .await?;
    let exported = std::fs::read_to_string(ground.program.path().join("journal.csv"))?;
    assert_eq!(exported.lines().count(), 12, "{exported}");
    assert!(exported.ends_with(&format!("{}\r\n", end.split(':').nth(1).unwrap())));
    // Makes the bucket, whose objects go with the département.
    ground.run(&["doctor"]).await?;
    done(&["tenant", "drop", "rhone", "--confirm", "rhone"]).await?;
    assert_eq!(
        actions("platform").await?,
        "schema.migrated tenant.created tenant.suspended tenant.resumed jobs.retried tenant.exported tenant.exported \
         tenant.dropped"
    );
    // The end of the trail that went with its département, past the entry of the last export.
    let kept = ground
        .sql("select details ->> 'trail' from platform.audit where action = 'tenant.dropped'")
        .await?;
    let number = |end: &str| end.split(':').next().unwrap().parse::<i64>();
    assert_eq!(number(&kept)?, number(&end)? + 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn verify_finds_what_was_changed() -> Result<()> {
    let ground = Ground::new().await?;
    ground.done(&["migrate"]).await?;
    ground
        .done(&["tenant", "create", "rhone", "isere", "--root", TENANTS])
        .await?;
    let sound: Value = serde_json::from_str(&ground.done(&["audit", "verify", "--json"]).await?)?;
    let trails: Vec<_> = sound
        .as_array()
        .unwrap()
        .iter()
        .map(|trail| trail["trail"].as_str().unwrap())
        .collect();
    assert_eq!(trails, ["platform", "isere", "rhone"]);
    assert!(
        sound
            .as_array()
            .unwrap()
            .iter()
            .all(|trail| trail["sound"] == true),
        "{sound}"
    );
    let end = sound[2]["end"].as_str().unwrap().to_owned();
    let said = ground
        .done(&["audit", "verify", "rhone", "--expect", &end])
        .await?;
    assert!(
        said.contains("rhone: sound, 4 entries") && said.contains(&end),
        "{said}"
    );

    ground
        .sql("set session_replication_role = replica; update tenant_rhone.audit set role = 'x' where number = 2")
        .await?;
    let altered = ground.run(&["audit", "verify"]).await?;
    assert_eq!(altered.code, 3);
    assert!(
        altered.out.contains("entry 2 is not what was recorded"),
        "{}",
        altered.out
    );
    assert!(
        altered.out.contains("isere: sound") && altered.out.contains("platform: sound"),
        "{}",
        altered.out
    );

    // Cut off at the end, head and all: sound in itself, and not what was noted.
    ground
        .sql("set session_replication_role = replica;
              delete from tenant_isere.audit where number > 2; delete from tenant_isere.audit_head;
              insert into tenant_isere.audit_head select number, hash from tenant_isere.audit where number = 2")
        .await?;
    assert_eq!(ground.run(&["audit", "verify", "isere"]).await?.code, 0);
    let end = sound[1]["end"]
        .as_str()
        .unwrap()
        .trim_start_matches("isere:")
        .to_owned();
    let cut = ground
        .run(&["audit", "verify", "isere", "--expect", &end, "--json"])
        .await?;
    assert_eq!(cut.code, 3);
    let told: Value = serde_json::from_str(&cut.out)?;
    assert_eq!(told[0]["findings"][0]["finding"], "missing", "{told}");

    ground.done(&["tenant", "suspend", "rhone"]).await?;
    let suspended = ground.run(&["audit", "verify", "rhone"]).await?;
    ensure!(
        suspended.code == 3 && suspended.out.contains("NOT verified"),
        "{}",
        suspended.out
    );
    let unknown = ground.run(&["audit", "verify", "nulle-part"]).await?;
    ensure!(
        unknown.code == 1 && unknown.err.contains("dn tenant list"),
        "{}",
        unknown.err
    );
    Ok(())
}
