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
use crate::paint::{BAD, BOLD, DIM, GOOD, WIDTH, rule, styled};
use crate::scan::{search, size};

/// Lines of templates that are shown.
const SHOWN: usize = 4;

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

    in_common(screen, desk, clock, alive).await?;
    screen.say(&note(
        "the clock moves again: 30 days after the first ticket",
    ))?;
    clock.advance(alive + TimeDelta::days(30) - clock.now());
    screen.tell(&json!({"event": "clock", "now": clock.now()}))?;
    let swept = desk.sweep().await?;
    let rest = desk.store().survey(clock.now()).await?;
    let [usage, templates] = of_shop(desk, clock.now()).await?;
    // Under keys of the desk's own: the contract, the policy in force, what was signed of the sweeps, which drafts were looked at.
    let books = rest.readable.saturating_sub(usage + templates);
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
            "{}, {templates} of templates, {books} of the desk's own; no person in any",
            count(usage, "usage record"),
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
        "templates": templates,
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

/// Before drafts end, what many have in common is kept, and nothing of one alone.
async fn in_common(
    screen: &mut Screen,
    desk: &Desk,
    clock: &Arc<ManualClock>,
    alive: Timestamp,
) -> Result<(), QuickStartError> {
    screen.say(&note(
        "the clock moves: 27 days and a half after the first ticket, before drafts end",
    ))?;
    clock.advance(alive + TimeDelta::days(27) + TimeDelta::hours(12) - clock.now());
    desk.sweep().await?;
    let templates = desk.templates(&officer()).await?;
    let lines = templates.iter().flat_map(|of| &of.lines);
    let mut lines: Vec<&str> = lines.map(String::as_str).collect();
    // The longest say most; those that fit a line.
    lines.sort_unstable_by_key(|line| std::cmp::Reverse(line.chars().count()));
    let drafts: u64 = templates.iter().map(|of| of.drafts).sum();
    screen.say(&row(
        "what five and more have in common",
        &match drafts {
            0 => "nothing: so few drafts are just gone".to_owned(),
            _ => format!(
                "{} of {}",
                count(lines.len() as u64, "line"),
                count(drafts, "draft")
            ),
        },
        true,
    ))?;
    let fits = |line: &&&str| line.chars().count() < WIDTH - 6;
    for line in lines.iter().filter(fits).take(SHOWN) {
        screen.say(&styled(DIM, &format!("      {line}")))?;
    }
    screen.tell(&json!({"event": "templates", "drafts": drafts, "lines": lines.len()}))?;
    Ok(())
}

/// Usage records and templates of the shop that can be read, told by their meta data alone.
async fn of_shop(desk: &Desk, now: Timestamp) -> Result<[u64; 2], QuickStartError> {
    let why = Reason::new(Purpose::LegalObligation);
    let mut walk = desk.store().walk(&officer(), &why, now).await?;
    let mut found = [0; 2];
    while let Some(page) = walk.next().await? {
        for (count, category) in found.iter_mut().zip([Category::Usage, Category::Template]) {
            let of = page.iter().filter(|one| one.meta.category() == category);
            *count += of.count() as u64;
        }
    }
    Ok(found)
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
