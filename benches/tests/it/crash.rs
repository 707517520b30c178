use crate::{eval, figures};

const COUNTS: [&str; 5] = ["lost", "corrupt", "half_done", "audit_broken", "doubled"];

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_done_by_half() {
    for what in ["write", "erase", "sweep", "rotate", "restore"] {
        let (code, figures) = figures(&["crash", "--kills", "4", "--what", what]);
        assert_eq!(code, Some(0), "{what}: {figures}");
        for count in COUNTS {
            assert_eq!(figures[count], 0, "{what}: {figures}");
        }
        assert!(
            figures["acknowledged"].as_u64().unwrap() > 0,
            "{what}: {figures}"
        );
    }
}

/// A count that cannot be other than zero proves nothing.
#[test]
fn every_sabotage_is_seen() {
    for (sabotage, what, count) in [
        ("ack-early", "write", "lost"),
        ("skip-fsync", "write", "lost"),
        ("no-recovery", "erase", "half_done"),
        ("no-recovery", "sweep", "half_done"),
        ("no-recovery", "restore", "half_done"),
    ] {
        let (code, figures) = figures(&[
            "crash",
            "--kills",
            "4",
            "--what",
            what,
            "--sabotage",
            sabotage,
        ]);
        assert_eq!(code, Some(1), "{sabotage}: {figures}");
        assert!(
            figures[count].as_u64().unwrap() > 0,
            "{sabotage}: {figures}"
        );
    }
}

#[test]
fn what_cannot_be_killed_yet_says_so() {
    let code = |args: &[&str]| eval(args, b"").status.code();
    assert_eq!(
        code(&["crash", "--kills", "1", "--backend", "postgres"]),
        Some(3)
    );
    // A sabotage that could not be seen is refused, not counted as zero.
    let args = [
        "crash",
        "--kills",
        "1",
        "--what",
        "write",
        "--sabotage",
        "no-recovery",
    ];
    assert_eq!(code(&args), Some(2));
}
