//! Opening and making files, so that nothing is ever overwritten.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use super::db::Db;
use super::worker::failed;
use super::{Mode, StoreFiles, fresh, keys, records};
use crate::Error;
use crate::FORMAT;
use crate::provider::file::sync_folder;

/// What distinguishes the two files.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    name: &'static str,
    application: i32,
    schema: &'static str,
    /// What the tables of the earliest format lack.
    since: &'static str,
    /// Pages in the log before it is written back. Terms and ids are random and change a page each: a long log writes such a
    /// page back once for many changes. The log of the keys is emptied by every erasure and stays short.
    log_pages: u32,
}

pub(super) const RECORDS: Kind = Kind {
    name: "records.db",
    application: 0x5443_5352,
    schema: records::SCHEMA,
    since: fresh::SCHEMA,
    log_pages: 8000,
};
pub(super) const KEYS: Kind = Kind {
    name: "keys.db",
    application: 0x5443_534b,
    schema: keys::SCHEMA,
    since: "",
    log_pages: 1000,
};

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Write,
    Read,
}

/// How long a checkpoint or a commit waits for readers of other programs, before it gives up for now.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often a taken lock is tried again, and how long to wait in between.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Takes the locks of a store. They end with the process, however it ends.
pub(super) fn lock(files: &StoreFiles, mode: Mode) -> Result<Vec<File>, Error> {
    let mut paths = vec![with_suffix(&files.records, "lock")];
    if mode == Mode::Owner {
        paths.push(with_suffix(&files.keys, "lock"));
    }
    paths.iter().map(|path| lock_one(path)).collect()
}

fn lock_one(path: &Path) -> Result<File, Error> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|source| match source.kind() {
            ErrorKind::NotFound => Error::NoStore,
            _ => Error::Io {
                what: "opening the lock file",
                source,
            },
        })?;
    // A lock lives on for a moment in every child that this process is just starting: between fork and exec the child
    // holds what was open. Who really has the store does not let go of it within this time.
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(source)) => {
                return Err(Error::Io {
                    what: "taking the lock",
                    source,
                });
            }
        }
    }
    Err(Error::StoreBusy)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    path.with_added_extension(suffix)
}

/// The name of a file while it is being made.
pub(super) fn draft(path: &Path) -> PathBuf {
    with_suffix(path, "new")
}

/// The name of a file while it is being put back from a backup. Never completed by an opening, unlike a [`draft`].
pub(super) fn restoring(path: &Path) -> PathBuf {
    with_suffix(path, "restore")
}

/// Removes a file and what SQLite keeps beside it.
pub(super) fn remove_database(path: &Path) -> Result<(), Error> {
    remove_beside(path)?;
    remove_draft(path)
}

fn remove_beside(path: &Path) -> Result<(), Error> {
    for beside in ["-wal", "-shm", "-journal"] {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(beside);
        remove_draft(&path.with_file_name(name))?;
    }
    Ok(())
}

/// Completes a creation that was interrupted between its two renames; true if it did. Both drafts were complete by then.
pub(super) fn finish_creation(files: &StoreFiles) -> Result<bool, Error> {
    let records = draft(&files.records);
    if files.keys.exists() && !files.records.exists() && records.exists() {
        rename(&records, &files.records)?;
        return Ok(true);
    }
    Ok(false)
}

/// Removes what an interrupted creation left before it had made anything.
pub(super) fn remove_draft(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(Error::Io {
            what: "removing an unfinished file",
            source: e,
        }),
        _ => Ok(()),
    }
}

/// Gives a new file its name. Where there was none, the log of an earlier file of this name may still lie there: SQLite would
/// replay it into the new one.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    if !to.exists() {
        remove_beside(to)?;
        sync_folder(to)?;
    }
    fs::rename(from, to).map_err(Error::io("naming a new file"))?;
    sync_folder(to)
}

/// What a file says of its format, where every later library finds it: bytes 60-63 of the file, SQLite's `user_version`.
/// The version of the library that gave it the format, a byte each (255 for more), then the format.
pub(super) fn stamp() -> i32 {
    let part = |text: &str| text.parse().unwrap_or(u8::MAX);
    i32::from_be_bytes([
        part(env!("CARGO_PKG_VERSION_MAJOR")),
        part(env!("CARGO_PKG_VERSION_MINOR")),
        part(env!("CARGO_PKG_VERSION_PATCH")),
        FORMAT,
    ])
}

/// Makes one file with its tables and first rows, closed and complete on disk.
pub(super) fn create_file(
    path: &Path,
    kind: Kind,
    fill: impl FnOnce(&Db<'_>) -> rusqlite::Result<()>,
) -> Result<(), Error> {
    private(path)?;
    let say = failed("creating a file");
    let c = Connection::open(path).map_err(&say)?;
    writes(&c)?;
    // A rollback journal while creating: no second file can be left behind; WAL mode is stored in the header at the end.
    c.execute_batch(
        "PRAGMA page_size = 8192; PRAGMA secure_delete = ON; PRAGMA synchronous = EXTRA;",
    )
    .map_err(&say)?;
    c.execute_batch(&format!(
        "BEGIN; PRAGMA application_id = {}; PRAGMA user_version = {}; {} {} COMMIT;",
        kind.application,
        stamp(),
        kind.schema,
        kind.since
    ))
    .map_err(&say)?;
    let tx = c.unchecked_transaction().map_err(&say)?;
    fill(&Db::new(&c))
        .and_then(|()| tx.commit())
        .map_err(&say)?;
    c.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
        .map_err(&say)?;
    c.close().map_err(|(_, e)| say(e))?;
    File::open(path)
        .and_then(|f| f.sync_all())
        .map_err(Error::io("making a new file durable"))
}

/// Gives a closed file the present tables and stamp.
pub(super) fn restamp(path: &Path, kind: Kind) -> Result<(), Error> {
    let say = failed("changing a file's format");
    let c = connect(path, kind, Access::Write)?;
    let present = format!(
        "BEGIN; {} PRAGMA user_version = {}; COMMIT;",
        kind.since,
        stamp()
    );
    c.execute_batch(&present)
        .and_then(|()| c.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())))
        .map_err(&say)?;
    c.close().map_err(|(_, e)| say(e))
}

/// Where a file cannot be opened for writing SQLite opens it for reading and says nothing.
fn writes(c: &Connection) -> Result<(), Error> {
    if c.is_readonly(MAIN_DB)
        .map_err(failed("opening a file for writing"))?
    {
        return Err(Error::Io {
            what: "opening a file for writing",
            source: ErrorKind::PermissionDenied.into(),
        });
    }
    Ok(())
}

/// Makes an empty file that only its owner can read.
fn private(path: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map(drop)
        .map_err(Error::io("creating a file"))
}

/// Looks at a file without SQLite, which would change it: is it ours, whole, and of a format we know?
/// Its format.
pub(super) fn check_header(path: &Path, kind: Kind) -> Result<u8, Error> {
    let mut header = [0; 100];
    let mut file = File::open(path).map_err(Error::io("opening a file"))?;
    file.read_exact(&mut header)
        .map_err(|source| match source.kind() {
            ErrorKind::UnexpectedEof => Error::Truncated { file: kind.name },
            _ => Error::Io {
                what: "reading a file's header",
                source,
            },
        })?;
    let word = |at: usize| {
        let bytes = header
            .get(at..at + 4)
            .and_then(|b| <[u8; 4]>::try_from(b).ok())
            .unwrap_or_default();
        u32::from_be_bytes(bytes)
    };
    if !header.starts_with(b"SQLite format 3\0") || word(68) != kind.application.cast_unsigned() {
        return Err(Error::Corrupt { what: kind.name });
    }
    let [major, minor, patch, format] = word(60).to_be_bytes();
    if format > FORMAT {
        return Err(Error::NewerFormat {
            found: u32::from(format),
            known: u32::from(FORMAT),
            by: Some([major, minor, patch]),
        });
    }
    // Bytes 16-17 are the page size, 1 meaning 65,536. While a log waits to be replayed the file may rightly be shorter.
    let page = match word(16) >> 16 {
        1 => 65_536,
        size => u64::from(size),
    };
    let log = fs::metadata(path.with_file_name(log_name(path))).map_or(0, |m| m.len());
    let len = file.metadata().map_err(Error::io("opening a file"))?.len();
    if log == 0 && len < page * u64::from(word(28)) {
        return Err(Error::Truncated { file: kind.name });
    }
    Ok(format)
}

/// Whether pages, rows and indexes of a file fit together.
pub(super) fn is_sound(c: &Db<'_>) -> rusqlite::Result<bool> {
    let found = c.query_row("PRAGMA integrity_check(1)", [], |r| r.get::<_, String>(0));
    match found {
        Ok(text) => Ok(text == "ok"),
        // A damage that stops the search is a damage.
        Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt) => Ok(false),
        Err(e) => Err(e),
    }
}

fn log_name(path: &Path) -> std::ffi::OsString {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("-wal");
    name
}

/// Writes a log over itself and syncs it. If the last process ended after a sync that failed, what is read from memory now
/// may not be on the disk, and no sync alone would put it there: nothing may be built on it before.
fn renew(log: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(log)?;
    let mut part = vec![0; 1 << 16];
    loop {
        let from = file.stream_position()?;
        let len = file.read(&mut part)?;
        if len == 0 {
            return file.sync_all();
        }
        file.seek(SeekFrom::Start(from))?;
        file.write_all(part.get(..len).unwrap_or_default())?;
    }
}

/// Opens a connection with the settings of the house.
pub(super) fn connect(path: &Path, kind: Kind, access: Access) -> Result<Connection, Error> {
    let say = failed("opening a file");
    let flags = match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let log = path.with_file_name(log_name(path));
    let waiting = fs::metadata(&log).is_ok_and(|m| m.len() > 0);
    if waiting && access == Access::Write {
        renew(&log).map_err(Error::io("making a log durable"))?;
    }
    let c = Connection::open_with_flags(path, flags).map_err(&say)?;
    if access == Access::Write {
        writes(&c)?;
    }
    c.busy_timeout(PATIENCE).map_err(&say)?;
    // 16 MiB of pages a connection: the upper levels of every tree and what is written now.
    c.execute_batch(
        "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;",
    )
    .map_err(&say)?;
    if access == Access::Write {
        c.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0;",
        )
        .map_err(&say)?;
        // A connection that is closed because its file is unsound must not write the log over it.
        c.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .map_err(&say)?;
        if waiting {
            // The last process did not close the store. Before its log is written over anything, look at the whole.
            let sound: String = c
                .query_row("PRAGMA quick_check(1)", [], |r| r.get(0))
                .map_err(&say)?;
            if sound != "ok" {
                return Err(Error::Corrupt { what: kind.name });
            }
        }
        c.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)
            .map_err(&say)?;
        c.execute_batch(&format!("PRAGMA wal_autocheckpoint = {};", kind.log_pages))
            .map_err(&say)?;
    }
    Ok(c)
}
