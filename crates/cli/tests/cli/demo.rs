//! The demo, twice: the second start finds what the first one left.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::program::{Program, Ran};

fn demo(program: &Program, tenants: &Path) -> Ran {
    let tenants = tenants.to_string_lossy();
    program.run(&["demo", "--once", "--tenants", &tenants])
}

#[test]
fn every_answer_is_as_expected_and_a_second_start_keeps_everything() {
    let program = Program::with("").env("PATH", &std::env::var("PATH").unwrap());
    // PostgreSQL may run as another user, who must get there.
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(program.path(), open).unwrap();
    let tenants = program.path().join("tenants");
    std::fs::create_dir(&tenants).unwrap();
    let rhone = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants/rhone");
    std::os::unix::fs::symlink(rhone, tenants.join("rhone")).unwrap();

    let first = demo(&program, &tenants);
    assert_eq!(first.code, 0, "{}\n{}", first.out, first.err);
    assert!(first.out.contains("all as expected"), "{}", first.out);
    assert!(first.out.contains(".local/courriers/69-"), "{}", first.out);
    assert!(first.err.contains("people imported"), "{}", first.err);

    let second = demo(&program, &tenants);
    assert_eq!(second.code, 0, "{}\n{}", second.out, second.err);
    assert!(second.err.contains("people, as before"), "{}", second.err);
    let letters = |ran: &Ran| ran.out.matches(".local/courriers/69-").count();
    let kept = std::fs::read_dir(program.path().join(".local/courriers"))
        .unwrap()
        .count();
    assert_eq!(kept, letters(&first) + letters(&second), "references go on");

    for secret in std::fs::read_dir(program.path().join(".local/secrets")).unwrap() {
        let secret = secret.unwrap();
        assert_eq!(secret.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let text = std::fs::read_to_string(secret.path()).unwrap();
        let log = std::fs::read_to_string(program.path().join(".local/dn.log")).unwrap();
        assert!(
            !log.contains(text.trim()),
            "{:?} is in the log",
            secret.file_name()
        );
    }
    // Nobody else's folder is deleted.
    std::fs::create_dir(program.path().join("mine")).unwrap();
    let refused = program.run(&["demo", "--once", "--fresh", "--dir", "mine"]);
    assert!(
        refused.code == 1 && program.path().join("mine").exists(),
        "{}",
        refused.err
    );
}
