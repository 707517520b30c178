use crate::{eval, figures};

const SMALL: [&str; 7] = [
    "erase",
    "--people",
    "1000",
    "--records",
    "1000",
    "--erased",
    "6",
];
const COUNTS: [&str; 5] = [
    "in_clear",
    "readable",
    "readable_in_copy",
    "others_lost",
    "certificates_missing",
];

fn run(further: &[&str]) -> (Option<i32>, serde_json::Value) {
    figures(&[&SMALL[..], further].concat())
}

#[test]
fn who_is_erased_is_found_before_and_nowhere_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_str().unwrap();
    let (code, figures) = run(&["--planted", "300", "--dir", folder]);
    assert_eq!(code, Some(0), "{figures}");
    assert_eq!(figures["found_before"], 300);
    for count in COUNTS {
        assert_eq!(figures[count], 0, "{count}: {figures}");
    }
    for time in [
        "erase_p50_ms",
        "erase_max_ms",
        "store_p50_ms",
        "sources_p50_ms",
        "case_p50_ms",
        "fsync_p50_ms",
        "fsync_p99_ms",
        "erase_fsync_ratio",
    ] {
        assert!(figures[time].as_f64().unwrap() > 0.0, "{time}: {figures}");
    }
    let erasures = figures["erasures"].as_array().unwrap();
    assert_eq!(erasures.len(), 6);
    for one in erasures {
        // Tickets and mentions; one document and one for each mention, two entries, a line, four rows found in two ways.
        let (own, mentions) = (one["tickets"].as_u64(), one["mentions"].as_u64());
        let all = own.unwrap() + 2 * mentions.unwrap();
        assert!(one["found"].as_u64().unwrap() > all, "{one}");
    }
    assert_eq!(figures["certificates"], 6);
    // 200 records, as many entries in each of four sources, and the tickets that spoke of somebody.
    assert!(figures["others_checked"].as_u64().unwrap() >= 1000);
    assert!(dir.path().join("sources/orders/orders.db").exists());
    let again = eval(&[&SMALL[..], &["--dir", folder]].concat(), b"");
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn a_value_that_a_source_leaves_is_counted() {
    let (code, figures) = run(&["--planted", "80", "--self-test"]);
    assert_eq!(code, Some(0), "{figures}");
    assert_eq!(
        (&figures["in_clear"], &figures["readable"]),
        (&1.into(), &0.into())
    );
}

/// A count that cannot be other than zero proves nothing.
#[test]
fn every_sabotage_is_seen_and_nothing_else() {
    for (sabotage, seen) in [
        ("keep-key", &["readable_in_copy"][..]),
        (
            "keep-mention",
            &["readable", "readable_in_copy", "in_clear"],
        ),
        ("lying-source", &["in_clear"]),
        ("silent-source", &["certificates_missing", "in_clear"]),
        ("harm-others", &["others_lost"]),
    ] {
        let (code, figures) = run(&["--planted", "80", "--sabotage", sabotage]);
        assert_eq!(code, Some(1), "{sabotage}: {figures}");
        for count in COUNTS {
            let counted = figures[count].as_u64().unwrap() > 0;
            assert_eq!(
                counted,
                seen.contains(&count),
                "{sabotage}, {count}: {figures}"
            );
        }
    }
}

#[test]
fn too_few_planted_values_would_leave_a_place_without_any() {
    let args = [&SMALL[..], &["--planted", "50"]].concat();
    assert_eq!(eval(&args, b"").status.code(), Some(2));
}
