use crate::{eval, figures};

#[test]
fn a_store_is_measured_and_nothing_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_str().unwrap();
    let (code, figures) = figures(&["store", "--records", "600", "--dir", folder]);
    assert_eq!(code, Some(0), "{figures}");
    for rate in [
        "put_per_s",
        "get_per_s",
        "commit_per_s",
        "bare_put_per_s",
        "bare_get_per_s",
        "bare_commit_per_s",
        "put0_per_s",
        "put_ratio",
        "get_ratio",
        "put0_ratio",
        "get_fsync_ratio",
        "erase_subject_ms",
        "expire_bucket_ms",
        "fsync_p50_ms",
        "fsync_p99_ms",
        "rotate_s",
        "seal_ratio",
    ] {
        assert!(figures[rate].as_f64().unwrap() > 0.0, "{rate}: {figures}");
    }
    assert_eq!(
        (&figures["remnants"], &figures["readable_after"]),
        (&0.into(), &0.into())
    );
    assert_eq!(figures["rotate_failed_reads"], 0);
    // Keys of persons and buckets, and a unit key of each record.
    let (rotated, persons) = (&figures["rotated"], &figures["subject_keys"]);
    assert!(rotated.as_u64().unwrap() > 600 + persons.as_u64().unwrap());
    assert_eq!(figures["searched_plaintexts"], 600);
    // A unit key for each of 660 records, and what the rotation replaced.
    assert!(figures["searched_wrapped_keys"].as_u64().unwrap() > 2 * 660);
    assert!(figures["searched_raw_keys"].as_u64().unwrap() > 660);
    // What held bodies in clear is gone; what was searched stays.
    assert!(dir.path().join("store/records.db").exists());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    // A folder with something in it would be searched too.
    let again = eval(&["store", "--records", "600", "--dir", folder], b"");
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn a_planted_key_is_counted() {
    let (code, figures) = figures(&["store", "--records", "200", "--terms", "0", "--self-test"]);
    assert_eq!(code, Some(0), "{figures}");
    assert_eq!(figures["remnants"], 1);
    assert!(figures.get("term_cost").is_none(), "not measured is absent");
}

#[test]
fn a_store_in_memory_has_no_files_to_tell_of() {
    let (code, figures) = figures(&["store", "--records", "500", "--backend", "memory"]);
    assert_eq!(code, Some(0));
    assert!(figures["put_per_s"].as_f64().unwrap() > 0.0);
    for absent in [
        "fsync_p50_ms",
        "remnants",
        "bare_put_per_s",
        "erase_subject_ms",
        "texts",
    ] {
        assert!(figures.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn a_server_is_not_built_yet() {
    let args = [
        "store",
        "--records",
        "500",
        "--backend",
        "postgres",
        "--url",
        "x",
    ];
    assert_eq!(eval(&args, b"").status.code(), Some(3));
}
