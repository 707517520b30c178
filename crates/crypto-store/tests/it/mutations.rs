//! Random mutations of the files of a store that was killed: each is refused, found or without consequence. None is accepted in silence.
//!
//! Silence is strict: a store that says "not found" or "erased" for something it was given and that nobody ended has lost it
//! in silence. Only an error or a check that says that something is damaged counts as found.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use crate::dice::{Dice, heavy};

mod census;
mod original;

use census::differing;
use original::{Judged, Original, folder};

/// Far more than any opening takes: what takes longer goes round in circles.
const ENDLESS: Duration = Duration::from_secs(20);

/// Changes a file at random; says how.
fn mutate(dice: &mut Dice, bytes: &mut Vec<u8>) -> (String, usize) {
    let pages = bytes.len() / 8192;
    // Half of a young file is empty: every second mutation looks for a byte that says something.
    let mut at = dice.below(bytes.len());
    if dice.below(2) == 0 {
        while bytes[at] == 0 {
            at = dice.below(bytes.len());
        }
    }
    let end = (at + 16).min(bytes.len());
    let what = match dice.below(16) {
        0..=3 => {
            bytes[at] ^= 1 << dice.below(8);
            "bit flipped"
        }
        4..=6 => {
            bytes[at] ^= 1 + dice.below(255) as u8;
            "byte overwritten"
        }
        7..=8 => {
            let new = dice.bytes(end - at);
            bytes[at..end].copy_from_slice(&new);
            "16 bytes overwritten"
        }
        9 => {
            bytes[at] = 0;
            "byte zeroed"
        }
        10 => {
            bytes[at..end].fill(0);
            "16 bytes zeroed"
        }
        11 => {
            let other = dice.below(bytes.len() - 16);
            let (a, b) = (at.min(other), at.max(other).min(bytes.len() - 16));
            if b >= a + 16 {
                let (left, right) = bytes.split_at_mut(b);
                left[a..a + 16].swap_with_slice(&mut right[..16]);
            }
            "16 bytes swapped"
        }
        12 => {
            let (a, b) = (dice.below(pages), dice.below(pages));
            let one = bytes[a * 8192..(a + 1) * 8192].to_vec();
            bytes.copy_within(b * 8192..(b + 1) * 8192, a * 8192);
            bytes[b * 8192..(b + 1) * 8192].copy_from_slice(&one);
            at = a * 8192;
            "pages swapped"
        }
        13 => {
            let (a, b) = (dice.below(pages), dice.below(pages));
            bytes.copy_within(b * 8192..(b + 1) * 8192, a * 8192);
            at = a * 8192;
            "page copied over another"
        }
        14 => {
            at -= at % 8192;
            bytes[at..at + 8192].fill(0);
            "page zeroed"
        }
        _ => {
            bytes.truncate(at);
            "truncated"
        }
    };
    (what.to_owned(), at)
}

/// The name of the tree that a page belongs to.
fn tree(path: &Path, at: usize) -> String {
    let c = Connection::open(path).unwrap();
    c.query_row(
        "SELECT name FROM dbstat WHERE pageno = ?1",
        [(at / 8192 + 1) as i64],
        |r| r.get(0),
    )
    .unwrap_or_else(|_| "no tree".to_owned())
}

#[tokio::test]
async fn failure_05_no_mutation_of_the_files_is_accepted_in_silence() {
    let rounds = if heavy() { 10_000 } else { 200 };
    let original = Arc::new(Original::new().await);
    let pristine = folder();
    original.write(pristine.path());
    let mut dice = Dice::new(2026);
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut bad: BTreeMap<String, u32> = BTreeMap::new();
    for round in 0..rounds {
        let dir = folder();
        original.write(dir.path());
        // Records are larger and hold more kinds of rows.
        let (file, bytes) = &original.files[usize::from(dice.below(4) == 0)];
        let mut bytes = bytes.clone();
        let (what, at) = mutate(&mut dice, &mut bytes);
        std::fs::write(dir.path().join(file), &bytes).unwrap();
        let task = tokio::spawn({
            let (original, dir) = (Arc::clone(&original), dir.path().to_owned());
            async move { original.judge(&dir).await }
        });
        let abort = task.abort_handle();
        let judged = tokio::time::timeout(ENDLESS, task).await;
        abort.abort();
        let mut trouble = Vec::new();
        let class = match judged {
            Err(_) => {
                trouble.push("it never ends".to_owned());
                "endless"
            }
            Ok(Err(e)) => {
                trouble.push(e.to_string());
                "panicked"
            }
            Ok(Ok(Judged::Refused)) => "refused at opening",
            Ok(Ok(Judged::Checked)) => "found by a check",
            Ok(Ok(Judged::Called)) => "found by a call",
            Ok(Ok(Judged::Facts(facts))) => {
                trouble = original.differences(&facts);
                if trouble.is_empty() {
                    "harmless"
                } else {
                    "silently accepted"
                }
            }
        };
        *counts.entry(class).or_default() += 1;
        let Some(first) = trouble.first() else {
            continue;
        };
        std::fs::write(dir.path().join(file), &bytes).unwrap();
        let cells = differing(&pristine.path().join(file), &dir.path().join(file));
        let place = tree(&pristine.path().join(file), at);
        eprintln!("round {round}: {file} {what} at {at} in {place}; {cells:?}; {first}");
        *bad.entry(format!("{file} {place}: {}", cells[0]))
            .or_default() += 1;
    }
    eprintln!("{rounds} mutations: {counts:?}");
    assert!(bad.is_empty(), "{counts:?}: {bad:#?}");
}
