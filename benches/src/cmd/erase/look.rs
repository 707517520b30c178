//! Looks for what is planted, before and after: in every byte of every file, in the store, in a copy of it from before.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tactful::crypto_store::{self, OsEntropy, Store, StoreFiles};
use tactful::retention_policy::RecordId;

use super::super::store::load::callers;
use super::super::store::remnants::Needles;
use super::super::{Stop, shop};
use super::fill::Filled;
use super::people::Person;
use super::planted::{Place, Planted};
use super::town::{SOURCES, Town};

/// Whose keys open the copy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// Those that were copied with it.
    Before,
    /// Those that there are now.
    Surviving,
}

pub(super) struct Looker<'t> {
    town: &'t Town,
    filled: &'t Filled,
    dir: PathBuf,
    needles: Needles,
    others: Needles,
}

/// What can be read of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Others {
    pub(super) records: usize,
    pub(super) tickets: usize,
    pub(super) in_sources: usize,
}

impl Others {
    pub(super) fn count(&self) -> usize {
        self.records + self.tickets + self.in_sources
    }
}

impl<'t> Looker<'t> {
    pub(super) fn new(town: &'t Town, filled: &'t Filled, dir: &Path) -> Self {
        // As it was written, and as an index or an address book may write it.
        let forms: Vec<[String; 2]> = town
            .planted
            .iter()
            .map(|p| [p.value.clone(), p.value.to_lowercase()])
            .collect();
        let emails: Vec<String> = filled
            .others
            .iter()
            .map(|n| Person::new(*n).emails[0].clone())
            .collect();
        Looker {
            town,
            filled,
            dir: dir.to_owned(),
            needles: Needles::new(forms.iter().flatten().map(String::as_bytes)),
            others: Needles::new(emails.iter().map(String::as_bytes)),
        }
    }

    /// Planted values in clear, in hexadecimal or base64, in the files of a folder.
    pub(super) fn in_files(&self, folder: &str) -> Result<BTreeSet<usize>, Stop> {
        let found = self.needles.search(&self.dir.join(folder))?;
        Ok(found.which.into_iter().map(|n| n / 2).collect())
    }

    /// Copies the files of the store.
    pub(super) async fn copy(&self) -> Result<(), Stop> {
        if !self.town.desk.store().flush().await? {
            return Err(Stop::Failed("a reader keeps a log".to_owned()));
        }
        let (store, copy) = (self.dir.join("store"), self.dir.join("copy"));
        fs::create_dir_all(&copy)?;
        for name in ["records.db", "keys.db"] {
            fs::copy(store.join(name), copy.join(name))?;
        }
        Ok(())
    }

    /// Opens the copy.
    async fn open_copy(&self, keys: Keys) -> Result<Arc<Store>, Stop> {
        let (store, copy) = (self.dir.join("store"), self.dir.join("copy"));
        let mut with = copy.join("keys.db");
        if keys == Keys::Surviving {
            self.town.desk.store().flush().await?;
            with = copy.join("surviving.db");
            fs::copy(store.join("keys.db"), &with)?;
            // Notes that somebody was erased only ask not to read: nothing but missing keys shall be in the way.
            let notes = "DELETE FROM roots WHERE substr(id, 1, 1) = x'0b'";
            rusqlite::Connection::open(&with)?.execute(notes, [])?;
        }
        let files = StoreFiles::new(copy.join("records.db"), with);
        let root = shop::root(&store)?;
        Ok(Arc::new(
            Store::open_copy(&files, root, Arc::new(OsEntropy::new())).await?,
        ))
    }

    /// Planted values that the copy gives away. Of the sampled records of others it must open as many as the desk does: else
    /// the look proves nothing.
    pub(super) async fn in_copy(&self, keys: Keys, others: usize) -> Result<BTreeSet<usize>, Stop> {
        let store = self.open_copy(keys).await?;
        let (found, _) = self.read(Some(Arc::clone(&store))).await?;
        if self.records(Some(Arc::clone(&store))).await? < others {
            return Err(Stop::Failed(
                "the copy does not open where nothing was erased".to_owned(),
            ));
        }
        store.close().await?;
        Ok(found)
    }

    /// Planted values that the desk reads, and how many tickets of others still say what their writers wrote of themselves.
    pub(super) async fn in_desk(&self) -> Result<(BTreeSet<usize>, usize), Stop> {
        self.read(None).await
    }

    async fn read(&self, copy: Option<Arc<Store>>) -> Result<(BTreeSet<usize>, usize), Stop> {
        let (desk, planted) = (Arc::clone(&self.town.desk), Arc::clone(&self.town.planted));
        let spoken = Arc::clone(&self.filled.spoken);
        let worked = callers(0..spoken.len() as u64, move |n| {
            let (desk, copy) = (Arc::clone(&desk), copy.clone());
            let (spoken, planted) = (Arc::clone(&spoken), Arc::clone(&planted));
            async move {
                let one = spoken.get(n as usize);
                let one = one.ok_or_else(|| Stop::Failed("there is no such ticket".to_owned()))?;
                let store = copy.as_deref().unwrap_or(desk.store());
                let thread = desk
                    .thread_in(store, &shop::agent(), one.record, shop::opening())
                    .await;
                let thread = match thread {
                    Ok(thread) => thread,
                    Err(error) if is_gone(&error) => return Ok((Vec::new(), false)),
                    Err(error) => return Err(error.into()),
                };
                let says = |value: &str| thread.iter().any(|m| m.expose().contains(value));
                let found = says_of(&planted, one.person, &says);
                let whole = one.writer.is_some_and(|writer| {
                    let writer = Person::new(writer);
                    says(&writer.name) && says(&writer.orders[0])
                });
                Ok((found, whole))
            }
        })
        .await?;
        let whole = worked
            .answers
            .iter()
            .filter(|(_, (_, whole))| *whole)
            .count();
        let found = worked.answers.into_iter().flat_map(|(_, (found, _))| found);
        Ok((found.collect(), whole))
    }

    /// Records of others that say what was put.
    async fn records(&self, copy: Option<Arc<Store>>) -> Result<usize, Stop> {
        let (desk, sample) = (Arc::clone(&self.town.desk), Arc::clone(&self.filled.sample));
        let worked = callers(0..sample.len() as u64, move |n| {
            let (desk, copy, sample) = (Arc::clone(&desk), copy.clone(), Arc::clone(&sample));
            async move {
                let one = sample.get(n as usize);
                let (id, body): &(RecordId, Vec<u8>) =
                    one.ok_or_else(|| Stop::Failed("there is no such record".to_owned()))?;
                let store = copy.as_deref().unwrap_or(desk.store());
                let read = store
                    .get(*id, &shop::agent(), &shop::REPLY, shop::opening())
                    .await;
                Ok(read.is_ok_and(|opened| opened.expose() == body))
            }
        })
        .await?;
        Ok(worked.answers.iter().filter(|(_, same)| *same).count())
    }

    /// What there is of others.
    pub(super) async fn of_others(&self, tickets: usize) -> Result<Others, Stop> {
        let mut in_sources = 0;
        for source in SOURCES {
            let found = self.others.search(&self.dir.join("sources").join(source))?;
            in_sources += found.which.len();
        }
        Ok(Others {
            records: self.records(None).await?,
            tickets,
            in_sources,
        })
    }

    /// Planted values that are not where they were planted: the search, or the desk, knows nothing of them.
    pub(super) fn missing(
        &self,
        in_copy: &BTreeSet<usize>,
        in_desk: &BTreeSet<usize>,
    ) -> Result<usize, Stop> {
        let mut of_source = Vec::new();
        for source in SOURCES {
            of_source.push(self.in_files(&format!("sources/{source}"))?);
        }
        let [index, cache, snapshot, orders] = of_source.as_slice() else {
            return Ok(self.town.planted.len());
        };
        let found = |n: usize, place: Place| match place {
            Place::Own | Place::Mention => in_copy.contains(&n) && in_desk.contains(&n),
            Place::Index => index.contains(&n),
            Place::Cache => cache.contains(&n),
            Place::Snapshot => snapshot.contains(&n),
            Place::Orders => orders.contains(&n),
        };
        let planted = self.town.planted.iter().enumerate();
        Ok(planted.filter(|(n, p)| !found(*n, p.place)).count())
    }
}

fn says_of(planted: &[Planted], person: usize, says: &dyn Fn(&str) -> bool) -> Vec<usize> {
    let theirs = planted
        .iter()
        .enumerate()
        .filter(|(_, p)| p.person == person);
    theirs
        .filter(|(_, p)| says(&p.value))
        .map(|(n, _)| n)
        .collect()
}

/// Erased, or its key is not there although nothing says that it was destroyed: the copy knows of no erasure.
fn is_gone(error: &tactful::Error) -> bool {
    let lost = "a key that nobody destroyed";
    error.is_expired()
        || matches!(error, tactful::Error::Store(crypto_store::Error::Corrupt { what }) if *what == lost)
}
