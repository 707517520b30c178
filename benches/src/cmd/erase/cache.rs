//! A cache: keys to values in memory, and a file from which it starts warm.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use tactful::Customer;

use super::source::{System, sync_folder};

pub(super) struct Cache {
    file: File,
    /// Where an entry stands, and how long it is.
    entries: HashMap<String, (u64, usize)>,
    /// What it leaves where it is told to erase.
    leaves: Vec<String>,
}

impl Cache {
    pub(super) fn create(
        dir: &Path,
        entries: impl IntoIterator<Item = (String, String)>,
        leaves: Vec<String>,
    ) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let path = dir.join("cache.bin");
        let mut out = BufWriter::new(File::create(&path)?);
        let (mut places, mut at) = (HashMap::new(), 0);
        for (key, value) in entries {
            let entry = [key.as_bytes(), b"\0", value.as_bytes(), b"\n"].concat();
            out.write_all(&entry)?;
            places.insert(key, (at, entry.len()));
            at += entry.len() as u64;
        }
        out.into_inner()?.sync_all()?;
        sync_folder(dir)?;
        Ok(Cache {
            file: File::options().read(true).write(true).open(path)?,
            entries: places,
            leaves,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// What a customer's entries are called.
fn keys(who: &Customer) -> impl Iterator<Item = String> {
    let by_email = who.emails.iter().map(|email| format!("email:{email}"));
    let by_number = who.customer_ids.iter().map(|id| format!("customer:{id}"));
    by_email.chain(by_number)
}

impl System for Cache {
    fn held(&self, who: &Customer) -> io::Result<u64> {
        Ok(keys(who)
            .filter(|key| self.entries.contains_key(key))
            .count() as u64)
    }

    /// Overwrites the entries where they stand.
    fn erase(&mut self, who: &Customer) -> io::Result<()> {
        for key in keys(who) {
            let Some((at, len)) = self.entries.remove(&key) else {
                continue;
            };
            let mut entry = vec![0; len];
            self.file.read_exact_at(&mut entry, at)?;
            let stays = self.leaves.iter().find_map(|value| {
                let found = entry
                    .windows(value.len())
                    .position(|w| w == value.as_bytes())?;
                Some(found..found + value.len())
            });
            for (n, byte) in entry.iter_mut().enumerate() {
                if !stays.as_ref().is_some_and(|range| range.contains(&n)) {
                    *byte = 0;
                }
            }
            self.file.write_all_at(&entry, at)?;
        }
        self.file.sync_data()
    }
}
