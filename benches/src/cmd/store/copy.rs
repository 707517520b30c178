//! A copy of all files, taken at the return of a call and opened by a fresh process that has the root.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};
use tactful::crypto_store::{OsEntropy, Store, StoreFiles};
use tactful::retention_policy::{Bucket, RecordId, SubjectId};

use super::super::{Done, Io, Stop, shop};
use super::load::callers;
use crate::rows::Outcome;

/// Options of the process that looks at a copy.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The copied files.
    #[arg(long)]
    dir: PathBuf,
    /// Ids of records that must not open, 16 bytes each.
    #[arg(long)]
    ended: PathBuf,
    /// Ids of records that must open.
    #[arg(long)]
    alive: PathBuf,
    /// The name of the key that must be gone, in hexadecimal.
    #[arg(long)]
    key: String,
}

/// What a copy told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looked {
    /// Records that were ended and opened all the same, and a key that is still there.
    pub(super) readable: u64,
    /// Records that were not ended and did not open: the look proves nothing then.
    pub(super) unreadable: u64,
}

/// Names of keys, as docs/format.md has them.
pub(super) fn subject_key(subject: SubjectId) -> Vec<u8> {
    [&[6][..], &shop::tenant().to_bytes(), &subject.to_bytes()].concat()
}

pub(super) fn bucket_key(bucket: Bucket) -> Vec<u8> {
    [
        &[4][..],
        &shop::tenant().to_bytes(),
        &[bucket.category().to_byte()],
        &bucket.end_seconds().to_be_bytes(),
        &[0; 7],
    ]
    .concat()
}

/// Copies every file of a folder.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Lets a fresh process look at a copy in `dir/copy`, and removes it.
pub(super) fn look(
    dir: &Path,
    ended: &[RecordId],
    alive: &[RecordId],
    key: &[u8],
) -> Result<Looked, Stop> {
    let write = |name: &str, ids: &[RecordId]| {
        let path = dir.join(name);
        let bytes: Vec<u8> = ids.iter().flat_map(|id| id.to_bytes()).collect();
        fs::write(&path, bytes).map(|()| path)
    };
    let (ended, alive) = (write("ended.ids", ended)?, write("alive.ids", alive)?);
    let key: String = key.iter().map(|b| format!("{b:02x}")).collect();
    let output = Command::new(std::env::current_exe()?)
        .arg("store-look")
        .arg("--dir")
        .arg(dir.join("copy"))
        .arg("--ended")
        .arg(&ended)
        .arg("--alive")
        .arg(&alive)
        .args(["--key", &key])
        .stdin(Stdio::null())
        .output()?;
    fs::remove_dir_all(dir.join("copy"))?;
    let told: Value = serde_json::from_slice(&output.stdout).map_err(|_| {
        let said = String::from_utf8_lossy(&output.stderr);
        Stop::Failed(format!("the process that looks at a copy: {}", said.trim()))
    })?;
    let count = |field: &str| {
        told.get(field)
            .and_then(Value::as_u64)
            .ok_or_else(|| Stop::Failed("the process that looks at a copy told nothing".to_owned()))
    };
    Ok(Looked {
        readable: count("readable")? + count("keys")?,
        unreadable: count("unreadable")?,
    })
}

/// Opens a copy and tries to read.
///
/// # Errors
/// Files that cannot be read, a store that does not open.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    let told = runtime.block_on(tell(options))?;
    serde_json::to_writer(&mut *io.output, &told).map_err(io::Error::from)?;
    io.output.write_all(b"\n")?;
    io.figures.rows = false;
    Ok(Outcome::AllDone)
}

async fn tell(options: &Options) -> Result<Value, Stop> {
    let keys = lift(&options.dir, &options.key)?;
    let files = StoreFiles::in_dir(&options.dir);
    let root = shop::root(&options.dir)?;
    let store = Arc::new(Store::open_copy(&files, root, Arc::new(OsEntropy::new())).await?);
    let ended = opened(&store, &options.ended).await?;
    let alive = opened(&store, &options.alive).await?;
    Ok(json!({"readable": ended.0, "keys": keys, "unreadable": alive.1}))
}

/// Removes what only asks not to read, so that nothing but missing keys is in the way; how many rows the key still has.
fn lift(dir: &Path, key: &str) -> Result<i64, Stop> {
    let records = rusqlite::Connection::open(dir.join("records.db"))?;
    records.execute("DELETE FROM gone", [])?;
    let keys = rusqlite::Connection::open(dir.join("keys.db"))?;
    // Kind 11 only notes that somebody was erased.
    keys.execute("DELETE FROM roots WHERE substr(id, 1, 1) = x'0b'", [])?;
    let id: Option<Vec<u8>> = key
        .as_bytes()
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let id = id.ok_or_else(|| Stop::Usage("a key is named in hexadecimal".to_owned()))?;
    Ok(keys.query_row(
        "SELECT (SELECT count(*) FROM slots WHERE id = ?1) + (SELECT count(*) FROM roots WHERE id = ?1)",
        [id],
        |row| row.get(0),
    )?)
}

/// How many records of a list open, and how many do not.
async fn opened(store: &Arc<Store>, list: &Path) -> Result<(u64, u64), Stop> {
    let mut bytes = Vec::new();
    fs::File::open(list)?.read_to_end(&mut bytes)?;
    let ids: Arc<Vec<RecordId>> = Arc::new(
        bytes
            .as_chunks()
            .0
            .iter()
            .map(|id| RecordId::from_bytes(*id))
            .collect(),
    );
    let store = Arc::clone(store);
    let last = ids.len() as u64;
    let worked = callers(0..last, move |n| {
        let (store, ids) = (Arc::clone(&store), Arc::clone(&ids));
        async move {
            let id = ids.get(n as usize).copied();
            let id = id.ok_or_else(|| Stop::Failed("a list of ids ends early".to_owned()))?;
            // Long before its end, so that time is not in the way either.
            Ok(store
                .get(id, &shop::agent(), &shop::REPLY, shop::opening())
                .await
                .is_ok())
        }
    })
    .await?;
    let opened = worked.answers.iter().filter(|(_, ok)| *ok).count() as u64;
    Ok((opened, last - opened))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tactful::crypto_store::NewRecord;
    use tactful::retention_policy::Lifetime;

    use super::*;

    #[tokio::test]
    async fn a_copy_from_before_the_erasure_can_be_read_and_one_from_after_cannot() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("store");
        let store = shop::create(&place, Arc::new(OsEntropy::new()))
            .await
            .unwrap();
        let mut ids: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
        let person = |n: u8| SubjectId::from_random([n; 16]);
        for n in 0..20 {
            let life = Lifetime::hours(1).unwrap();
            let meta = shop::session(person(n % 2), shop::opening(), life).unwrap();
            let record = NewRecord::new(meta, vec![n; 100]);
            let agent = shop::agent();
            let put = store.put(record, &agent, &shop::REPLY, shop::opening());
            let id = put.await.unwrap().id();
            ids.entry(n % 2).or_default().extend(id.to_bytes());
        }
        let looked = async |name: &str| {
            let copied = dir.path().join(name);
            copy(&place, &copied).unwrap();
            let (ended, alive) = (dir.path().join("ended"), dir.path().join("alive"));
            fs::write(&ended, &ids[&0]).unwrap();
            fs::write(&alive, &ids[&1]).unwrap();
            let key = subject_key(person(0));
            let options = Options {
                dir: copied,
                ended,
                alive,
                key: key.iter().map(|b| format!("{b:02x}")).collect(),
            };
            tell(&options).await.unwrap()
        };
        let before = looked("before").await;
        store
            .erase_subject(person(0), &shop::officer(), &shop::REQUEST, shop::opening())
            .await
            .unwrap();
        let after = looked("after").await;
        assert_eq!(before, json!({"readable": 10, "keys": 1, "unreadable": 0}));
        assert_eq!(after, json!({"readable": 0, "keys": 0, "unreadable": 0}));
    }
}
