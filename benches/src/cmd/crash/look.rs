//! The new process: opens what the killed one left, and counts what is not as it was acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;
use tactful::crypto_store::{BlindId, Decision, Error, OsEntropy, Phase, Store, StoreConfig};
use tactful::retention_policy::{Action, RecordId};
use tokio::task::JoinSet;

use super::super::{Done, Io, Stop, shop};
use super::journal::{Act, Expected, Facts, Journal, Written};
use super::{What, files, restore};
use crate::rows::Outcome;

/// Options of the process that looks.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The store's files.
    #[arg(long)]
    dir: PathBuf,
    /// What the children told.
    #[arg(long)]
    journal: PathBuf,
    /// Kind of work.
    #[arg(long, value_enum)]
    what: What,
    /// Lines that an earlier look has seen: of these a part is looked at again.
    #[arg(long)]
    seen: usize,
    /// Looks without letting the store finish what was begun.
    #[arg(long)]
    as_it_is: bool,
    /// Also tries every record there is.
    #[arg(long)]
    whole: bool,
}

/// One in so many records that were looked at before is looked at again.
const AGAIN: u64 = 8;
/// Records tried at a time.
const CALLERS: usize = 64;
/// Entries of audit and ledger read at a time.
const PAGE: usize = 4096;

#[derive(Debug, Default)]
struct Counts {
    lost: u64,
    corrupt: u64,
    half_done: u64,
    audit_broken: u64,
    doubled: u64,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Got {
    Same,
    Different,
    Refused,
}

/// A record that was tried.
struct Tried {
    written: Written,
    got: Got,
    /// How many records its own term leads to.
    found: usize,
}

/// Opens and counts.
///
/// # Errors
/// A journal that cannot be read, a failure that is not the store's.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    let mut lines = fs::read_to_string(&options.journal)?;
    let known = lines.len();
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    let mut counts = runtime.block_on(count(options, &mut lines))?;
    if counts.corrupt == 0 {
        files_are_sound(&options.dir, &mut counts)?;
    }
    let told = json!({
        "lost": counts.lost,
        "corrupt": counts.corrupt,
        "half_done": counts.half_done,
        "audit_broken": counts.audit_broken,
        "doubled": counts.doubled,
        "told": lines.get(known..).unwrap_or_default(),
    });
    serde_json::to_writer(&mut *io.output, &told).map_err(io::Error::from)?;
    io.output.write_all(b"\n")?;
    io.figures.rows = false;
    Ok(Outcome::AllDone)
}

/// Opens the store; where the records are lost, puts them back and adds that to what was told.
async fn open(options: &Options, lines: &mut String) -> Result<Result<Store, Error>, Stop> {
    let root = shop::root(&options.dir)?;
    let (files, entropy) = (files(&options.dir), Arc::new(OsEntropy::new()));
    if options.as_it_is {
        return Ok(Store::open_copy(&files, root, entropy).await);
    }
    let config = StoreConfig::sqlite(files);
    let is_restore = options.what == What::Restore;
    let Some(nth) = restore::lost(&options.dir)?.filter(|_| is_restore) else {
        return Ok(Store::open(config, root, entropy, shop::opening()).await);
    };
    restore::lose(&options.dir)?;
    let opened = restore::restore(&options.dir, nth, config, root).await;
    let act = Act::Restore(nth);
    lines.push('\n');
    lines.push_str(&act.begun());
    if opened.is_ok() {
        lines.push_str(&act.done(None));
    }
    Ok(opened)
}

async fn count(options: &Options, lines: &mut String) -> Result<Counts, Stop> {
    let mut counts = Counts::default();
    let opened = open(options, lines).await?;
    let journal = &Journal::read(options.what, lines.lines());
    let store = match opened {
        Ok(store) => Arc::new(store),
        Err(
            Error::Corrupt { .. }
            | Error::Truncated { .. }
            | Error::RolledBack
            | Error::NoStore
            | Error::KeysLost { .. }
            | Error::RecordsLost
            | Error::WrongKey
            | Error::NewerFormat { .. },
        ) => {
            counts.corrupt = 1;
            return Ok(counts);
        }
        Err(error) => return Err(error.into()),
    };
    if !options.as_it_is {
        shop::purge(&store, shop::opening()).await?;
    }
    // Putting a backup back touches every record.
    let all = options.what == What::Restore;
    let some: Vec<Written> = journal
        .written
        .values()
        .filter(|w| all || w.line >= options.seen || shop::mix(w.facts.n).is_multiple_of(AGAIN))
        .copied()
        .collect();
    records(&store, journal, some, &mut counts).await?;
    if !options.as_it_is {
        // An interrupted rotation goes on with the next call; until then everything was to be read all the same.
        for tenant in store.unfinished_rotations().await? {
            store.rotate_keys(tenant, shop::opening()).await?;
        }
        counts.half_done += store.unfinished_rotations().await?.len() as u64;
    }
    if options.whole {
        let survey = store.survey(shop::opening()).await?;
        counts.corrupt += survey.damaged;
        counts.half_done += survey.destroyed;
    }
    audit(&store, journal, options, &mut counts).await?;
    store.close().await?;
    Ok(counts)
}

/// Tries records by id, and by the term that only they have.
async fn records(
    store: &Arc<Store>,
    journal: &Journal,
    some: Vec<Written>,
    counts: &mut Counts,
) -> Result<(), Stop> {
    let mut groups: BTreeMap<Act, (u64, u64)> = BTreeMap::new();
    for chunk in some.chunks(CALLERS) {
        let mut tasks = JoinSet::new();
        for written in chunk.iter().copied() {
            tasks.spawn(attempt(Arc::clone(store), written));
        }
        while let Some(tried) = tasks.join_next().await {
            let tried = tried.map_err(|e| Stop::failed("a task")(&e))??;
            let (facts, got) = (&tried.written.facts, tried.got);
            counts.doubled += u64::from(tried.found > 1);
            // Somebody finds it exactly if somebody can read it.
            counts.half_done += u64::from((got == Got::Same) != (tried.found > 0));
            match journal.expected(facts) {
                Expected::Ended => counts.lost += u64::from(got != Got::Refused),
                Expected::NotInBackup => counts.half_done += u64::from(got != Got::Refused),
                Expected::Alive if tried.written.acknowledged => {
                    counts.lost += u64::from(got != Got::Same);
                }
                // Not acknowledged: there or not, but not in part.
                Expected::Alive | Expected::Either => {
                    counts.half_done += u64::from(got == Got::Different);
                }
                Expected::With(act) => {
                    let (there, not) = groups.entry(act).or_default();
                    *there += u64::from(got == Got::Same);
                    *not += u64::from(got != Got::Same && tried.written.acknowledged);
                    counts.lost += u64::from(got == Got::Different);
                }
            }
        }
    }
    counts.half_done += groups
        .values()
        .filter(|(there, not)| *there > 0 && *not > 0)
        .count() as u64;
    Ok(())
}

async fn attempt(store: Arc<Store>, written: Written) -> Result<Tried, Stop> {
    let facts = written.facts;
    let (agent, now) = (shop::agent(), facts.made());
    let found = store
        .find(&facts.order()?, &agent, &shop::REPLY, now)
        .await?;
    let id = written.id.or(found.first().copied());
    let got = match id {
        None => Got::Refused,
        Some(id) => match store.get(id, &agent, &shop::REPLY, now).await {
            Ok(opened) if opened.expose() == facts.body() => Got::Same,
            Ok(_) | Err(Error::Corrupt { .. }) => Got::Different,
            Err(Error::NotFound | Error::AlreadyErased) => Got::Refused,
            Err(error) => return Err(error.into()),
        },
    };
    Ok(Tried {
        written,
        got,
        found: found.len(),
    })
}

/// The chain verifies, every acknowledged act has its entry, and the ledger saw the end of every erasure.
async fn audit(
    store: &Store,
    journal: &Journal,
    options: &Options,
    counts: &mut Counts,
) -> Result<(), Stop> {
    counts.audit_broken += u64::from(!store.verify_audit().await?.is_intact());
    let mut seen: BTreeSet<(&str, BlindId)> = BTreeSet::new();
    let (mut sweeps, mut rotations, mut backups, mut restores) = (0, 0, 0, 0);
    let mut from = 0;
    loop {
        let page = store.audit(from, PAGE).await?;
        for (_, entry) in &page {
            match entry.action {
                _ if entry.decision != Decision::Allowed => {}
                Action::Create => drop(seen.insert(("put", entry.object))),
                Action::Erase => drop(seen.insert(("erase", entry.subject))),
                Action::Sweep => sweeps += 1,
                Action::Rotate => rotations += 1,
                Action::Backup => backups += 1,
                Action::Restore => restores += 1,
                _ => {}
            }
        }
        match page.last() {
            Some((seq, _)) => from = seq + 1,
            None => break,
        }
    }
    let (mut swept, mut rotated, mut backed_up) = (0, 0, 0);
    for (act, line) in &journal.done {
        let missing = match act {
            // Its entry was lost with the records; the one about the restoring says how many are missing.
            _ if !journal.is_kept(*act) => false,
            Act::Sweep(_) => {
                swept += 1;
                false
            }
            Act::Rotate(_) => {
                rotated += 1;
                false
            }
            Act::Backup(_) => {
                backed_up += 1;
                false
            }
            _ if *line < options.seen => false,
            Act::Put(n) => journal
                .written
                .get(n)
                .and_then(|written| written.id)
                .is_some_and(|id: RecordId| !seen.contains(&("put", store.blind_record(id)))),
            Act::Erase(person) => {
                let person = store.blind_subject(Facts::subject(*person));
                !seen.contains(&("erase", person))
            }
            _ => false,
        };
        counts.audit_broken += u64::from(missing);
    }
    counts.audit_broken += u64::from(sweeps < swept) + u64::from(rotations < rotated);
    // Nobody puts a backup back twice, however often it was begun.
    counts.audit_broken +=
        u64::from(backups < backed_up) + u64::from(restores != journal.restored());

    let mut open: BTreeMap<(BlindId, BlindId), Phase> = BTreeMap::new();
    let mut from = 0;
    loop {
        let page = store.ledger(from, PAGE).await?;
        for (_, entry) in &page {
            let key = (entry.erasure, entry.target);
            match entry.phase {
                Phase::Purged => drop(open.remove(&key)),
                phase => drop(open.insert(key, phase)),
            }
        }
        match page.last() {
            Some((seq, _)) => from = seq + 1,
            None => break,
        }
    }
    counts.half_done += open.len() as u64;
    Ok(())
}

/// What the files say by docs/format.md alone, without the library.
fn files_are_sound(dir: &Path, counts: &mut Counts) -> Result<(), Stop> {
    let records = rusqlite::Connection::open(dir.join("records.db"))?;
    let keys = rusqlite::Connection::open(dir.join("keys.db"))?;
    for connection in [&records, &keys] {
        let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |r| r.get(0))?;
        counts.corrupt += u64::from(sound != "ok");
    }
    let number = |sql: &str| records.query_row(sql, [], |row| row.get::<_, u32>(0).map(u64::from));
    counts.half_done += number("SELECT count(*) FROM intents")?;
    // Closing puts new terms into their tree.
    counts.half_done += number("SELECT count(*) FROM fresh")?;
    counts.half_done += number("SELECT count(*) FROM meta WHERE key = CAST('restored' AS BLOB)")?;
    counts.half_done += number(
        "SELECT count(*) FROM terms WHERE substr(terms.key, 17, 16) NOT IN (SELECT key FROM records)",
    )?;
    // After a rotation was carried on there is one tenant key, and every key under it names its epoch.
    let number = |sql: &str| keys.query_row(sql, [], |row| row.get::<_, u32>(0).map(u64::from));
    counts.half_done += number(
        "SELECT count(DISTINCT substr(wrapped, 2, 4)) FROM slots WHERE substr(id, 1, 1) IN (x'04', x'05', x'06', x'07')",
    )?
    .saturating_sub(1);
    counts.half_done += number(
        "SELECT count(*) FROM (SELECT id FROM slots UNION ALL SELECT id FROM roots) WHERE substr(id, 1, 1) = x'03'",
    )?
    .saturating_sub(1);
    // A key of what is gone. A record that is its own unit (kind 8) has a unit key (kind 7) of the same name.
    let mut gone = records.prepare("SELECT key FROM gone")?;
    let mut rows = gone.query([])?;
    let mut has_key = keys.prepare("SELECT count(*) FROM slots WHERE id = ?1")?;
    while let Some(row) = rows.next()? {
        let mut id: Vec<u8> = row.get(0)?;
        if let Some(kind @ 8) = id.first_mut() {
            *kind = 7;
        }
        counts.half_done += has_key.query_row([id], |row| row.get::<_, u32>(0).map(u64::from))?;
    }
    Ok(())
}
