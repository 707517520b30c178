//! Power that is lost: what was acknowledged is there when it comes back, what was erased is not.

use std::collections::BTreeMap;

use crypto_store::StoreFiles;
use crypto_store::backend::sqlite::SqliteBackend;
use crypto_store::backend::{Backend, KeyId};

use super::power::{Disk, Event, Kept, events};
use super::script::{self, empty, prepared, verify};
use super::shim::{Bench, Fault, Mode, library};
use super::{CREATE, NO_FAULT, WORK, everything, points};

/// Not a test of its own: the program under faults that is killed.
#[test]
fn killed_program() {
    script::run(script::killed);
}

/// Not a test of its own: the program that comes after it.
#[test]
fn returning_program() {
    script::run(script::returning);
}

/// Not a test of its own: the program that erases a person and writes on.
#[test]
fn erasing_program() {
    script::run(script::erasing);
}

const KILLED: &str = "faults::cuts::killed_program";
const RETURNS: &str = "faults::cuts::returning_program";
const ERASES: &str = "faults::cuts::erasing_program";

/// Cuts the power before each sync of a script (which is after the one before it) and at its end.
async fn cut_everywhere(start: &Bench, script: &str, sample: u64, torn: u64) -> Vec<String> {
    let bench = start.copy();
    let before = start.lines();
    let ran = bench.run(script, NO_FAULT, &[]);
    assert_eq!(ran.trouble, "");
    let events = events(&ran.journal);
    let is_sync = |event: &&Event| matches!(event, Event::Synced { .. });
    let syncs = events.iter().filter(is_sync).count() as u64;
    let chosen = points(syncs + 1, sample);
    let mut disk = Disk::of(&start.store());
    let (mut told, mut boundary) = (before, 0);
    let mut wrong = Vec::new();
    for event in events.iter().map(Some).chain([None]) {
        if event.is_none_or(|e| is_sync(&e)) {
            boundary += 1;
            if chosen.contains(&boundary) {
                let seeds = (0..torn).map(|n| Kept::Some(boundary * 1000 + n));
                for kept in [Kept::Nothing, Kept::Everything].into_iter().chain(seeds) {
                    let found = after_a_cut(start, &disk, kept, &told.join("\n")).await;
                    wrong.extend(
                        found
                            .into_iter()
                            .map(|w| format!("{kept:?} of {boundary}: {w}")),
                    );
                }
            }
        }
        match event {
            Some(Event::Told(line)) => told.extend(line.lines().map(str::to_owned)),
            Some(event) => disk.apply(event),
            None => {}
        }
    }
    assert!(syncs > 3, "{syncs}");
    wrong
}

async fn after_a_cut(start: &Bench, disk: &Disk, kept: Kept, told: &str) -> Vec<String> {
    let bench = start.bare();
    disk.lose_power(kept, &bench.store());
    verify(&bench, told).await
}

#[tokio::test]
async fn power_that_is_lost_anywhere_takes_nothing_acknowledged() {
    if library().is_none() {
        return;
    }
    let torn = if everything() { 12 } else { 1 };
    let wrong = cut_everywhere(&prepared().await, WORK, 12, torn).await;
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn power_that_is_lost_while_a_store_is_made_leaves_a_whole_store_or_none() {
    if library().is_none() {
        return;
    }
    let torn = if everything() { 12 } else { 1 };
    let wrong = cut_everywhere(&empty(), CREATE, 6, torn).await;
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// What PostgreSQL learnt in 2018: a sync that is repeated after it failed says yes and has written nothing.
#[tokio::test]
async fn power_that_is_lost_after_a_failed_sync_takes_nothing_acknowledged() {
    if library().is_none() {
        return;
    }
    let start = prepared().await;
    let fault = |at| Fault {
        mode: Mode::Sync,
        at,
        on: false,
    };
    let whole = start.copy().run(WORK, fault(0), &[]);
    let mut wrong = Vec::new();
    for at in points(whole.counted, 12) {
        let ran = start.copy().run(WORK, fault(at), &[]);
        let mut disk = Disk::of(&start.store());
        for event in events(&ran.journal) {
            disk.apply(&event);
        }
        for kept in [Kept::Nothing, Kept::Everything] {
            let found = after_a_cut(&start, &disk, kept, &ran.told.join("\n")).await;
            wrong.extend(found.into_iter().map(|w| format!("{kept:?} at {at}: {w}")));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_disk_that_never_syncs_is_noticed() {
    if library().is_none() {
        return;
    }
    let start = prepared().await;
    let ran = start.copy().run(WORK, NO_FAULT, &[]);
    let mut disk = Disk::of(&start.store());
    for event in events(&ran.journal) {
        if !matches!(event, Event::Synced { .. }) {
            disk.apply(&event);
        }
    }
    let wrong = after_a_cut(&start, &disk, Kept::Nothing, &ran.told.join("\n")).await;
    assert!(!wrong.is_empty(), "all that was acknowledged is lost");
}

/// The files whose syncs failed, and what was done and told after each failure until the store was opened again.
fn after_failures(journal: &[u8]) -> Vec<(String, Vec<String>)> {
    let mut names = std::collections::HashMap::new();
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    let mut listens = false;
    for event in events(journal) {
        let lines: Vec<String> = match event {
            Event::Opened { fd, name, .. } => {
                names.insert(fd, name);
                continue;
            }
            Event::Synced { fd, failed: true } => {
                all.push((names[&fd].clone(), Vec::new()));
                listens = true;
                continue;
            }
            Event::Synced { fd, .. } => vec![format!("sync {}", names[&fd])],
            Event::Written { fd, .. } => vec![format!("write {}", names[&fd])],
            Event::Told(lines) => lines.lines().map(str::to_owned).collect(),
            _ => continue,
        };
        listens &= !lines.iter().any(|line| line == "try open");
        if listens {
            for (_, after) in &mut all {
                after.extend(lines.clone());
            }
        }
    }
    all
}

#[tokio::test]
async fn a_sync_that_failed_is_not_tried_again_and_ends_the_writer() {
    if library().is_none() {
        return;
    }
    let start = prepared().await;
    let fault = |at| Fault {
        mode: Mode::Sync,
        at,
        on: false,
    };
    let whole = start.copy().run(WORK, fault(0), &[]);
    let mut ended = 0;
    for at in points(whole.counted, 12) {
        let ran = start.copy().run(WORK, fault(at), &[]);
        for (file, after) in after_failures(&ran.journal) {
            // SQLite does not tell when a folder could not be synced.
            let Some(side) = file.strip_suffix(".db-wal").or(file.strip_suffix(".db")) else {
                continue;
            };
            for again in ["sync", "write"] {
                for file in [
                    format!("{again} {side}.db"),
                    format!("{again} {side}.db-wal"),
                ] {
                    assert!(!after.contains(&file), "{file} at {at}: {after:?}");
                }
            }
            let puts: Vec<_> = after
                .iter()
                .skip_while(|line| !line.starts_with("fail"))
                .skip(1)
                .filter(|line| line.contains(" put ") && !line.starts_with("try"))
                .collect();
            // Every put writes records; not every put makes keys.
            let closed = |line: &&String| line.ends_with(" Closed");
            assert!(
                side == "keys" || puts.iter().all(closed),
                "{file} at {at}: {puts:?}"
            );
            ended += puts.into_iter().filter(closed).count();
        }
    }
    assert!(ended > 10, "{ended}");
}

/// A program that saw a failed sync and was killed: what the next one reads may not be on the disk, and what it then writes
/// must not depend on it.
#[tokio::test]
async fn what_a_failed_sync_left_in_memory_is_made_durable_by_the_next_opening() {
    if library().is_none() {
        return;
    }
    let start = prepared().await;
    let fault = |at| Fault {
        mode: Mode::Sync,
        at,
        on: false,
    };
    let whole = start.copy().run(KILLED, fault(0), &[]);
    let mut wrong = Vec::new();
    for at in points(whole.counted, 3) {
        let bench = start.copy();
        let mut disk = Disk::of(&start.store());
        let first = bench.run(KILLED, fault(at), &[]);
        events(&first.journal).iter().for_each(|e| disk.apply(e));
        let second = bench.run(RETURNS, fault(0), &[]);
        let mut told = first.told;
        for event in events(&second.journal) {
            match &event {
                Event::Told(lines) => told.extend(lines.lines().map(str::to_owned)),
                event => disk.apply(event),
            }
            if !matches!(event, Event::Synced { .. }) {
                continue;
            }
            let found = after_a_cut(&start, &disk, Kept::Nothing, &told.join("\n")).await;
            wrong.extend(found.into_iter().map(|w| format!("{at}: {w}")));
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

/// Every wrapped key of a store that is closed, by name.
async fn wrapped_keys(bench: &Bench) -> BTreeMap<KeyId, Vec<u8>> {
    let files = StoreFiles::in_dir(bench.store());
    let keys = SqliteBackend::attach(&files).unwrap();
    let mut all = BTreeMap::new();
    for id in keys.list_keys(None, usize::MAX).await.unwrap() {
        all.insert(id, keys.key(id).await.unwrap().unwrap());
    }
    all
}

#[tokio::test]
async fn a_key_that_was_destroyed_does_not_come_back_with_the_power() {
    if library().is_none() {
        return;
    }
    let start = prepared().await;
    let bench = start.copy();
    let before = wrapped_keys(&start).await;
    let ran = bench.run(ERASES, NO_FAULT, &[]);
    let after = wrapped_keys(&bench).await;
    let gone: Vec<Vec<u8>> = before
        .into_iter()
        .filter(|(id, _)| !after.contains_key(id))
        .map(|(_, wrapped)| wrapped)
        .collect();
    assert!(!gone.is_empty());
    let mut disk = Disk::of(&start.store());
    let (mut acknowledged, mut looked) = (false, 0);
    for event in events(&ran.journal) {
        match &event {
            Event::Told(line) if line.contains("try erase") => {
                let place = start.bare();
                disk.lose_power(Kept::Nothing, &place.store());
                assert!(crate::support::occurrences(&place.store(), &gone) > 0);
            }
            Event::Told(line) => acknowledged |= line.contains("did erase"),
            event => disk.apply(event),
        }
        let cut = matches!(event, Event::Told(_) | Event::Synced { .. });
        if acknowledged && cut {
            for kept in [Kept::Nothing, Kept::Some(looked)] {
                let place = start.bare();
                disk.lose_power(kept, &place.store());
                let found = crate::support::occurrences(&place.store(), &gone);
                assert_eq!(found, 0, "{kept:?} after {event:?}");
                looked += 1;
            }
        }
    }
    assert!(looked > 10, "{looked}");
}
