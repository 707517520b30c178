//! Calls that fail: at every call a program makes on its store's folder, what was acknowledged stays true.
//!
//! By default a sample of the calls; all of them with `TACTFUL_FAULTS=all` (`.ci/full faults`).

mod cuts;
mod files;
mod old_keys;
mod power;
mod script;
mod shim;

use script::{empty, prepared, verify};
use shim::{Bench, Fault, Mode, Ran, library};

/// Not a test of its own: the program under faults that makes a store.
#[test]
fn creating_program() {
    script::run(script::create);
}

/// Not a test of its own: the program under faults that works in a store.
#[test]
fn working_program() {
    script::run(script::work);
}

const CREATE: &str = "faults::creating_program";
const WORK: &str = "faults::working_program";

fn everything() -> bool {
    std::env::var("TACTFUL_FAULTS").is_ok_and(|which| which == "all")
}

/// Numbers from 1 to `count`: all of them, or the first few (an opening has many ways to go wrong) and `sample` that are
/// spread evenly up to the last.
fn points(count: u64, sample: u64) -> Vec<u64> {
    const FIRST: u64 = 7;
    if everything() || count <= sample + FIRST {
        return (1..=count).collect();
    }
    let spread = (1..=sample).map(|n| FIRST + n * (count - FIRST) / sample);
    (1..=FIRST).chain(spread).collect()
}

const NO_FAULT: Fault = Fault {
    mode: Mode::Eio,
    at: 0,
    on: false,
};

/// Runs a script with a fault at one point after the other; what went wrong, and how often a fault was seen at all.
async fn sweep(start: &Bench, script: &str, mode: Mode, on: bool, sample: u64) -> Vec<String> {
    let whole = start.copy().run(script, Fault { mode, at: 0, on }, &[]);
    assert_eq!(whole.trouble, "");
    assert!(
        !whole.told.iter().any(|line| line.starts_with("fail")),
        "without a fault nothing fails: {:?}",
        whole.told
    );
    assert!(whole.counted > 3, "{whole:?}");
    let mut wrong = Vec::new();
    for at in points(whole.counted, sample) {
        let bench = start.copy();
        let ran = bench.run(script, Fault { mode, at, on }, &[]);
        let mut found = verify(&bench, &ran.told.join("\n")).await;
        if !ran.trouble.is_empty() {
            found.push(ran.trouble.clone());
        }
        found.extend(unfit_errors(&ran, mode));
        wrong.extend(
            found
                .into_iter()
                .map(|what| format!("{mode:?} at {at}: {what}")),
        );
    }
    wrong
}

/// Errors that say something else than what happened.
fn unfit_errors(ran: &Ran, mode: Mode) -> Vec<String> {
    let failed = |step: &str| {
        let start = format!("fail {step} ");
        ran.told.iter().any(|line| line.starts_with(&start))
    };
    let mut unfit: Vec<String> = ran
        .told
        .iter()
        .filter_map(|line| line.strip_prefix("fail "))
        .filter(|line| match line.rsplit(' ').next().unwrap_or_default() {
            "Io" | "Database" | "Closed" => false,
            // SQLite takes EIO from a read for a damaged file system and says so (SQLITE_IOERR_CORRUPTFS).
            "Corrupt" => mode != Mode::Eio,
            // What follows from a step that failed before.
            "NoStore" | "AlreadyExists" => !failed("create"),
            "UnknownTenant" => !failed("tenant"),
            _ => true,
        })
        .map(|line| format!("unfit error: {line}"))
        .collect();
    unfit.dedup();
    unfit
}

async fn everywhere(mode: Mode, on: bool, sample: u64) {
    if library().is_none() {
        return;
    }
    let mut wrong = sweep(&prepared().await, WORK, mode, on, sample).await;
    wrong.extend(sweep(&empty(), CREATE, mode, on, sample.div_ceil(2)).await);
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn an_io_error_at_any_call_loses_nothing_acknowledged() {
    everywhere(Mode::Eio, false, 18).await;
}

#[tokio::test]
async fn io_errors_from_any_call_on_lose_nothing_acknowledged() {
    everywhere(Mode::Eio, true, 8).await;
}

#[tokio::test]
async fn a_disk_that_is_full_from_any_call_on_loses_nothing_acknowledged() {
    everywhere(Mode::Enospc, false, 8).await;
    everywhere(Mode::Enospc, true, 8).await;
}

#[tokio::test]
async fn a_file_system_that_becomes_read_only_loses_nothing_acknowledged() {
    everywhere(Mode::Erofs, true, 8).await;
}

#[tokio::test]
async fn a_short_write_loses_nothing_acknowledged() {
    everywhere(Mode::Short, false, 4).await;
    everywhere(Mode::Short, true, 4).await;
}

#[tokio::test]
async fn a_failed_sync_loses_nothing_acknowledged() {
    everywhere(Mode::Sync, false, 4).await;
    everywhere(Mode::Sync, true, 4).await;
}

#[tokio::test]
async fn a_check_that_is_lied_to_notices() {
    if library().is_none() {
        return;
    }
    let start = prepared().await;
    let whole = start.copy().run(WORK, NO_FAULT, &[]);
    let mut noticed = 0;
    for at in points(whole.counted, 8) {
        let bench = start.copy();
        let fault = Fault {
            at,
            on: true,
            ..NO_FAULT
        };
        let ran = bench.run(WORK, fault, &[("TACTFUL_SABOTAGE", "early")]);
        let wrong = verify(&bench, &ran.told.join("\n")).await;
        noticed += usize::from(wrong.iter().any(|w| w.contains("was acknowledged")));
    }
    assert!(
        noticed > 0,
        "ends that were told before they were asked for"
    );
}
