//! Where backups of keys lie, and how they end.

use std::fs::{self, File};
use std::io::{BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use chrono::{NaiveDateTime, TimeDelta};
use retention_policy::Timestamp;

use super::sealed::{Sealed, What};
use crate::provider::file::wipe;
use crate::{Entropy, Error, entropy};

const BEGIN: &str = "keys-";
const END: &str = ".backup";
const DRAFT: &str = ".backup.new";
const TIME: &str = "%Y%m%dT%H%M%SZ";
/// Three days: as long as something erased may live on in backups of keys.
const KEEP: TimeDelta = TimeDelta::hours(72);

/// A folder for sealed backups of the keys, and how long they are kept.
///
/// As long as a backup from before an erasure exists together with the root key and an old backup of the records, what was
/// erased can be opened. So every backup is overwritten and removed after its time, and there must be a newer one before:
/// make one at least that often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyBackups {
    dir: PathBuf,
    keep: TimeDelta,
}

impl KeyBackups {
    /// Keeps backups in a folder that belongs to one store, for 72 hours.
    pub fn in_dir(dir: impl Into<PathBuf>) -> Self {
        KeyBackups {
            dir: dir.into(),
            keep: KEEP,
        }
    }

    /// Keeps them for another time.
    #[must_use]
    pub fn keep(mut self, keep: TimeDelta) -> Self {
        self.keep = keep;
        self
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// How long something erased may live on in these backups.
    pub fn horizon(&self) -> TimeDelta {
        self.keep
    }

    /// The backups there are, oldest first by their names.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn list(&self) -> Result<Vec<PathBuf>, Error> {
        let mut all = self.named(END)?;
        all.sort_unstable();
        Ok(all)
    }

    /// Overwrites and removes every backup whose time is over; how many. Also those that claim to be from the future by
    /// more than that time: nobody knows how old they are. The caller has asked its clock guard whether this clock may
    /// destroy.
    ///
    /// An overwritten file is gone from the file system, not from snapshots of it and not for sure from a flash disk.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn prune(&self, now: Timestamp) -> Result<u64, Error> {
        let mut pruned = 0;
        for path in self.list()? {
            if is_due(&path, self.keep, now) {
                wipe(&path)?;
                pruned += 1;
            }
        }
        // Half of a backup, from a process that was killed; one that is being made is younger.
        for path in self.named(DRAFT)? {
            if is_due(&path, self.keep, now) {
                wipe(&path)?;
            }
        }
        Ok(pruned)
    }

    fn named(&self, end: &str) -> Result<Vec<PathBuf>, Error> {
        let say = || Error::io("reading the folder of key backups");
        let mut all = Vec::new();
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(all),
            Err(e) => return Err(say()(e)),
        };
        for entry in entries {
            let entry = entry.map_err(say())?;
            let name = entry.file_name();
            let ours = name
                .to_str()
                .is_some_and(|n| n.starts_with(BEGIN) && n.ends_with(end));
            if ours && entry.file_type().map_err(say())?.is_file() {
                all.push(entry.path());
            }
        }
        Ok(all)
    }
}

/// A name that sorts by time and that no other backup has.
pub(crate) fn file_name(now: Timestamp, entropy: &dyn Entropy) -> Result<String, Error> {
    let random = u32::from_be_bytes(entropy::draw(entropy)?);
    Ok(format!("{BEGIN}{}-{random:08x}{END}", now.format(TIME)))
}

/// Whether a backup's time is over. The file says when it was made; a damaged one is judged by its name.
fn is_due(path: &Path, keep: TimeDelta, now: Timestamp) -> bool {
    let told = File::open(path)
        .map_err(Error::io("opening a backup"))
        .and_then(|file| Sealed::read(BufReader::new(file)))
        .ok()
        .filter(|sealed| sealed.header().what == What::Keys)
        .map(|sealed| sealed.header().made);
    let named = || {
        let name = path.file_name()?.to_str()?.strip_prefix(BEGIN)?;
        let (time, _) = name.split_once('-')?;
        let time = NaiveDateTime::parse_from_str(time, TIME).ok()?;
        Some(time.and_utc().timestamp())
    };
    let age = told
        .or_else(named)
        .map(|made| now.timestamp().saturating_sub(made));
    // A file of ours that says nothing about its age cannot be kept for a time.
    age.is_none_or(|age| age.unsigned_abs() >= keep.num_seconds().unsigned_abs())
}
