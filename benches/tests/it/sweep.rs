use crate::{eval, figures};

const BAD: [&str; 3] = ["deleted_twice", "missed", "overdue_read"];

/// Of few records a sweep deletes the rows itself, and nothing is left to be purged.
fn sweep(records: &str, more: &[&str]) -> (Option<i32>, serde_json::Value) {
    let args = ["sweep", "--records", records, "--sweepers", "3"];
    figures(&[&args[..], more].concat())
}

#[test]
fn all_that_is_due_is_ended_once_and_never_read() {
    for kills in ["0", "3"] {
        let (code, figures) = sweep("6000", &["--kills", kills]);
        assert_eq!(code, Some(0), "{figures}");
        assert_eq!(
            (&figures["due"], &figures["deleted_once"]),
            (&6000.into(), &6000.into())
        );
        for count in BAD {
            assert_eq!(figures[count], 0, "{figures}");
        }
        assert!(figures["reads"].as_u64().unwrap() > 0, "{figures}");
        for measured in ["seconds", "key_gone_p99_s", "bare_delete_per_s"] {
            assert!(figures[measured].as_f64().unwrap() > 0.0, "{figures}");
        }
        // So few rows may all go with the sweeps: nothing is left to be purged afterwards then.
        assert!(
            figures["purged_per_s"]
                .as_f64()
                .is_none_or(|rate| rate > 0.0)
        );
    }
}

/// A count that cannot be other than zero proves nothing.
#[test]
fn every_sabotage_is_seen() {
    for (sabotage, count) in [
        ("blind", "deleted_twice"),
        ("stop-early", "missed"),
        ("late-reader", "overdue_read"),
    ] {
        let (code, figures) = sweep("1000", &["--sabotage", sabotage]);
        assert_eq!(code, Some(1), "{sabotage}: {figures}");
        assert!(
            figures[count].as_u64().unwrap() > 0,
            "{sabotage}: {figures}"
        );
    }
}

#[test]
fn a_server_is_not_built_yet() {
    let args = [
        "sweep",
        "--records",
        "1000",
        "--sweepers",
        "3",
        "--url",
        "x",
    ];
    assert_eq!(eval(&args, b"").status.code(), Some(3));
}
