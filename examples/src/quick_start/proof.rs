//! The proof: what was there, what the clock did, and that nobody reads it any more.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use tactful::crypto_store::{Accessor, KeyFile, OsEntropy, Reason, Store, StoreFiles};
use tactful::retention_policy::{Category, Purpose, RecordId, Timestamp};
use tactful::{Clock, Desk, ManualClock};

use super::rights::officer;
use super::{QuickStartError, Screen};
use crate::paint::{BAD, BOLD, DIM, GOOD, rule, styled};
use crate::scan::{search, size};

/// A planted value and the session it lies in.
pub(super) struct Planted {
    pub(super) value: String,
    pub(super) session: RecordId,
}

/// Copies the files, moves the clock, sweeps, and opens the copy again with the keys that are left.
pub(super) async fn run(
    screen: &mut Screen,
    desk: &Desk,
    agent: &Accessor,
    clock: &Arc<ManualClock>,
    dir: &Path,
    planted: &[Planted],
) -> Result<(), QuickStartError> {
    let values: Vec<&str> = planted.iter().map(|p| p.value.as_str()).collect();
    let alive = clock.now();
    desk.store().flush().await?;
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("records.db");
    fs::copy(dir.join("records.db"), &copy)?;

    screen.say(&format!("\n{}", rule("the proof")))?;
    screen.say(&note(
        "somebody copies the files now, while every key still exists",
    ))?;
    let before = read(desk, agent, dir, &copy, planted, alive).await?;
    let found = before.iter().filter(|(_, there)| **there).count();
    screen.say(&row(
        "copy, opened with the keys",
        &format!("{found} of {} planted values", planted.len()),
        found == planted.len(),
    ))?;
    for value in before.keys() {
        screen.say(&styled(DIM, &format!("      {value}")))?;
    }
    let (files, bytes) = size(dir)?;
    let clear = search(dir, &values)?.len();
    screen.say(&row(
        "every byte of the store",
        &format!(
            "{clear} values in clear, hex or base64 ({files} files, {} KiB)",
            bytes / 1024
        ),
        clear == 0,
    ))?;
    screen.tell(
        &json!({"event": "before", "planted": planted.len(), "readable": found, "in_clear": clear}),
    )?;
    if found != planted.len() {
        return Err(QuickStartError::Proof(format!(
            "{found} of {} planted values could be read before",
            planted.len()
        )));
    }

    screen.say(&note("the clock moves: 23 hours and 16 minutes later"))?;
    clock.advance(TimeDelta::hours(23) + TimeDelta::minutes(16));
    screen.tell(&json!({"event": "clock", "now": clock.now()}))?;
    let swept = desk.sweep().await?;
    screen.say(&row(
        "swept",
        &format!(
            "{} destroyed, {} shredded with it",
            count(swept.expired.buckets, "bucket key"),
            count(swept.expired.rows, "sealed thread")
        ),
        !swept.expired.pending,
    ))?;
    let after = read(desk, agent, dir, &copy, planted, alive).await?;
    let left = after.values().filter(|there| **there).count();
    screen.say(&row(
        "the same copy, the keys that are left",
        &format!("{left} of {} planted values", planted.len()),
        left == 0,
    ))?;
    let clear = search(dir, &values)?.len();
    screen.say(&row(
        "every byte of the store",
        &format!("{clear} values in clear, hex or base64"),
        clear == 0,
    ))?;
    screen.tell(&json!({
        "event": "swept",
        "now": clock.now(),
        "buckets": swept.expired.buckets,
        "rows": swept.expired.rows,
        "readable": left,
        "in_clear": clear,
    }))?;

    screen.say(&note(
        "the clock moves again: 30 days after the first ticket",
    ))?;
    clock.advance(alive + TimeDelta::days(30) - clock.now());
    screen.tell(&json!({"event": "clock", "now": clock.now()}))?;
    let swept = desk.sweep().await?;
    let rest = desk.store().survey(clock.now()).await?;
    let usage = of_shop(desk, clock.now()).await?;
    // Under keys of the desk's own: the contract, the policy in force, what was signed of the sweeps.
    let books = rest.readable.saturating_sub(usage);
    screen.say(&row(
        "swept",
        &format!(
            "{} destroyed, {} shredded with it",
            count(swept.expired.buckets, "bucket key"),
            count(swept.expired.rows, "redacted draft")
        ),
        !swept.expired.pending,
    ))?;
    screen.say(&row(
        "what is left",
        &format!(
            "{} and {} of the desk's own, no person in any",
            count(usage, "usage record"),
            books
        ),
        rest.damaged == 0,
    ))?;
    let audit = desk.verify_audit().await?;
    screen.say(&row(
        "audit",
        &format!("{} entries, recomputed, in order", audit.leaves),
        audit.intact,
    ))?;
    screen.tell(&json!({
        "event": "over",
        "now": clock.now(),
        "buckets": swept.expired.buckets,
        "rows": swept.expired.rows,
        "left": usage,
        "books": books,
        "audit_entries": audit.leaves,
        "audit_intact": audit.intact,
    }))?;
    match (left, clear, audit.intact) {
        (0, 0, true) => Ok(()),
        (0, 0, false) => Err(QuickStartError::Proof("the audit is broken".to_owned())),
        (0, n, _) => Err(QuickStartError::Proof(format!("{n} values stand in clear"))),
        (n, _, _) => Err(QuickStartError::Proof(format!(
            "{n} planted values can still be read"
        ))),
    }
}

/// Usage records of the shop that can be read, told by their meta data alone.
async fn of_shop(desk: &Desk, now: Timestamp) -> Result<u64, QuickStartError> {
    let why = Reason::new(Purpose::LegalObligation);
    let mut walk = desk.store().walk(&officer(), &why, now).await?;
    let mut usage = 0;
    while let Some(page) = walk.next().await? {
        usage += page
            .iter()
            .filter(|record| record.meta.category() == Category::Usage)
            .count() as u64;
    }
    Ok(usage)
}

/// Which planted values a copy of the records still gives away, with the keys of `dir` as they are now.
async fn read(
    desk: &Desk,
    agent: &Accessor,
    dir: &Path,
    copy: &Path,
    planted: &[Planted],
    at: Timestamp,
) -> Result<BTreeMap<String, bool>, QuickStartError> {
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(KeyFile::open(
        dir.join("root.key"),
        Arc::<OsEntropy>::clone(&entropy),
    )?);
    let files = StoreFiles::new(copy, dir.join("keys.db"));
    let store = Store::open_copy(&files, root, entropy).await?;
    let mut out = BTreeMap::new();
    for planted in planted {
        let there = match desk.thread_in(&store, agent, planted.session, at).await {
            Ok(thread) => thread.iter().any(|m| m.expose().contains(&planted.value)),
            Err(error) if error.is_expired() => false,
            Err(error) => return Err(error.into()),
        };
        out.insert(planted.value.clone(), there);
    }
    store.close().await?;
    Ok(out)
}

pub(super) fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

pub(super) fn note(text: &str) -> String {
    format!("\n {}", styled(BOLD, text))
}

pub(super) fn row(name: &str, value: &str, good: bool) -> String {
    let (mark, style) = if good {
        ("\u{2713}", GOOD)
    } else {
        ("\u{2717}", BAD)
    };
    format!("   {} {name:<39}{value}", styled(style, mark))
}
