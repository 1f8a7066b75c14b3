//! Configuration: what is wrong is named, what is unsafe is refused, what is secret is never shown.

use crate::program::{COMPLETE, Program};

fn refused(program: &Program) -> String {
    let ran = program.run(&["config", "check"]);
    assert_eq!(ran.code, 1, "{} {}", ran.out, ran.err);
    assert!(!ran.err.contains("S3CRET"), "{}", ran.err);
    ran.err
}

#[test]
fn a_complete_configuration_is_in_order() {
    let ran = Program::with(COMPLETE).run(&["config", "check"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn an_error_names_its_key() {
    let cases = [
        (
            "bucket = \"courriers\"",
            "bukket = \"courriers\"",
            vec!["bukket", "storage", "bucket"],
        ),
        (
            "port = 587",
            "port = \"submission\"",
            vec!["mail.port", "dn.toml"],
        ),
        (
            "bucket = \"courriers\"\n",
            "",
            vec!["storage", "bucket", "missing"],
        ),
        (
            "port = 587",
            "port = 587\ntls = \"maybe\"",
            vec!["mail", "maybe", "starttls"],
        ),
        ("client_id = \"dn\"\n", "", vec!["providers.idnot", "client_id"]),
        ("[privacy]", "[privacy", vec!["dn.toml", "TOML"]),
        ("2026 = \"q8Z", "2026 = \"!8Z", vec!["master", "2026", "base64"]),
        ("index_key = \"Vb3", "index_key = \"!b3", vec!["index"]),
        (
            "from = \"\\\"Départements & Notaires\\\" <ne-pas-repondre@exemple.fr>\"",
            "from = \"personne\"",
            vec!["mail.from"],
        ),
    ];
    for (from, to, words) in cases {
        let said = refused(&Program::changed(from, to));
        for word in words {
            assert!(said.contains(word), "{word} is not in: {said}");
        }
    }
}

#[test]
fn the_environment_wins_and_its_errors_are_named_too() {
    let wins = Program::with(COMPLETE)
        .env("DN__MAIL__PORT", "2525")
        .env("DN__PROVIDERS__IDNOT__LABEL", "Autre nom");
    let shown = wins.run(&["config", "show", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown["mail"]["port"].to_string().trim_matches('"'), "2525");
    assert_eq!(shown["providers"]["idnot"]["label"], "Autre nom");
    let said = refused(&Program::with(COMPLETE).env("DN__WEB__LISTEN", "nowhere"));
    assert!(said.contains("listen") && said.contains("web"), "{said}");
    let said = refused(&Program::with(COMPLETE).env("DN__WEB__LISTENN", "127.0.0.1:80"));
    assert!(said.contains("listenn"), "{said}");
}

#[test]
fn secrets_come_from_files_and_variables() {
    let program =
        Program::changed("password = \"S3CRET-mail\"", "password_env = \"SMTP\"").env("SMTP", "S3CRET-smtp");
    assert_eq!(program.run(&["config", "check"]).code, 0);

    let program = Program::changed("password = \"S3CRET-mail\"", "password_file = \"smtp\"");
    let said = refused(&program);
    assert!(said.contains("mail.password_file"), "{said}");
    std::fs::write(program.path().join("smtp"), "S3CRET-smtp\n").unwrap();
    assert_eq!(program.run(&["config", "check"]).code, 0);

    let said = refused(&Program::changed(
        "password = \"S3CRET-mail\"",
        "password_env = \"ABSENT\"",
    ));
    assert!(
        said.contains("mail.password_env") && said.contains("ABSENT"),
        "{said}"
    );
    let twice = Program::changed(
        "password = \"S3CRET-mail\"",
        "password = \"S3CRET-a\"\npassword_env = \"SMTP\"",
    );
    let said = refused(&twice.env("SMTP", "S3CRET-b"));
    assert!(said.contains("mail.password") && said.contains("twice"), "{said}");
    // The environment may replace what the file takes from elsewhere.
    let program = Program::changed("password = \"S3CRET-mail\"", "password_env = \"SMTP\"")
        .env("SMTP", "S3CRET-a")
        .env("DN__MAIL__PASSWORD", "S3CRET-b");
    assert_eq!(program.run(&["config", "check"]).code, 0);
}

#[test]
fn no_secret_is_ever_shown() {
    let program = Program::with(COMPLETE).env("DN__MAIL__PASSWORD", "S3CRET-env");
    for arguments in [
        &["config", "show"][..],
        &["config", "show", "--json"],
        &["doctor"],
        &["doctor", "--json"],
        &["migrate"],
    ] {
        let ran = program.run(arguments);
        let all = format!("{}{}", ran.out, ran.err);
        assert!(!all.contains("S3CRET"), "{arguments:?}: {all}");
        assert!(
            !all.contains("q8Zt3Yw0") && !all.contains("Vb3kZ0qT"),
            "{arguments:?}: {all}"
        );
    }
    assert!(program.run(&["config", "show"]).out.contains("smtp.exemple.fr"));
}

#[test]
fn production_refuses_what_only_a_demo_may_have() {
    let cases = [
        (
            "https://notaires.exemple.fr",
            "http://notaires.exemple.fr",
            "web.public_url",
        ),
        ("port = 587", "port = 25\ntls = \"none\"", "mail.tls"),
        (
            "https://connexion.idnot.exemple",
            "http://127.0.0.1:4444",
            "providers.idnot",
        ),
        (
            "Vb3kZ0qT8mYw1N5hJc7LrX2pSf9DgEe4uAiOy6WBnHQ=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "privacy.index_key",
        ),
    ];
    for (from, to, word) in cases {
        let said = refused(&Program::changed(from, to));
        assert!(said.contains(word) && said.contains("not safe"), "{said}");
        // Every command that reads it refuses as well.
        assert_eq!(Program::changed(from, to).run(&["serve"]).code, 1);
    }
}

#[test]
fn a_demo_is_of_this_machine_only() {
    let demo = |listen: &str, public_url: &str| {
        let web = format!("[web]\nlisten = \"{listen}\"");
        let settings = COMPLETE
            .replace("[web]", &web)
            .replace("https://notaires.exemple.fr", public_url);
        Program::with(&format!("environment = \"demo\"\n{settings}"))
    };
    for url in [
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
    ] {
        let ran = demo("127.0.0.1:8080", url).run(&["config", "check"]);
        assert_eq!(ran.code, 0, "{url}: {}", ran.err);
    }
    assert!(refused(&demo("0.0.0.0:8080", "http://localhost:8080")).contains("web.listen"));
    for url in ["https://notaires.exemple.fr", "http://localhost.exemple.fr:8080"] {
        let said = refused(&demo("127.0.0.1:8080", url));
        assert!(said.contains("web.public_url"), "{url}: {said}");
    }
}

#[test]
fn the_example_is_true_to_its_last_comment() {
    let example = Program::with("").run(&["config", "example"]).out;
    let program = Program::with("");
    let secrets = program.path().join("secrets");
    std::fs::create_dir(&secrets).unwrap();
    let uncommented: Vec<String> = example.lines().map(uncomment).collect();
    let text = uncommented
        .join("\n")
        .replace("/etc/dn/secrets", &secrets.to_string_lossy());
    let settings = text.lines().filter(|line| !line.starts_with('#'));
    for line in settings.filter(|line| line.contains("_file = ")) {
        let path = line.split('"').nth(1).unwrap();
        let secret = match path.rsplit('/').next().unwrap() {
            "master-key-2026" => "q8Zt3Yw0N5hVbJ1kXc7LrM2pSf9DgTe4uAiOy6WBnHQ=",
            "index-key" => "Vb3kZ0qT8mYw1N5hJc7LrX2pSf9DgEe4uAiOy6WBnHQ=",
            _ => "S3CRET",
        };
        std::fs::write(path, secret).unwrap();
    }
    std::fs::write(program.path().join("dn.toml"), &text).unwrap();
    let ran = program.run(&["config", "check"]);
    assert_eq!(ran.code, 0, "{}\n{text}", ran.err);
    let shown = program.run(&["config", "show"]).out;
    for key in [
        "banner",
        "stale_seconds",
        "keycloak-rhone",
        "siret_and_role",
        "connect_timeout_seconds",
    ] {
        assert!(shown.contains(key), "{key} in {shown}");
    }
}

/// `# key = value` and `# [section]` become settings; prose stays a comment.
fn uncomment(line: &str) -> String {
    let Some(rest) = line.strip_prefix("# ") else {
        return line.to_owned();
    };
    let key = rest.split(" = ").next().unwrap_or_default();
    let is_key =
        rest.contains(" = ") && !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if is_key || rest.starts_with('[') {
        rest.to_owned()
    } else {
        line.to_owned()
    }
}

#[test]
fn without_configuration_the_program_says_where_to_begin() {
    let program = Program::with("");
    let ran = program.run(&["--config", "nowhere.toml", "serve"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("nowhere.toml") && ran.err.contains("dn config example"),
        "{}",
        ran.err
    );
    let ran = program.run(&["doctor", "--json"]);
    assert_eq!(ran.code, 1);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["status"], "failed");
    assert_eq!(program.run(&["nonsense"]).code, 2);
}
