//! Persons are erased and buckets expire, timed from the call to the return; then everything is searched.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tactful::crypto_store::KEY_LEN;
use tactful::retention_policy::{RecordId, Timestamp};

use super::super::{Stop, shop};
use super::plan::{LARGE, Plan};
use super::rates::Rates;
use super::remnants::Needles;
use super::{copy, keys, rotate};
use crate::figures::Figures;

/// Most records a look tries to read of what was ended, and of what was not.
const TRIED: usize = 10_000;
const ALIVE: usize = 100;
/// Plaintexts to search for.
const PLANTED: u64 = 1000;

pub(super) struct Ended<'a> {
    store: &'a Path,
    work: &'a Path,
    self_test: bool,
    now: Timestamp,
    /// Wrapped keys that were there at some time.
    wrapped: HashSet<Vec<u8>>,
    looked: copy::Looked,
}

impl<'a> Ended<'a> {
    pub(super) fn new(store: &'a Path, work: &'a Path, self_test: bool) -> Self {
        Ended {
            store,
            work,
            self_test,
            now: shop::opening(),
            wrapped: HashSet::new(),
            looked: copy::Looked::default(),
        }
    }

    /// The time at which the last bucket was expired.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) async fn measure(
        &mut self,
        rates: &Rates,
        figures: &mut Figures,
    ) -> Result<(), Stop> {
        self.wrapped.extend(keys::wrapped(self.store, self.work)?);
        rotate::measure(rates, figures).await?;
        self.wrapped.extend(keys::wrapped(self.store, self.work)?);
        let plan = rates.plan;
        let mut gone: HashSet<u64> = HashSet::new();
        let mut erase_ms = Vec::new();
        for person in 0..LARGE {
            let subject = Plan::subject(person);
            let started = Instant::now();
            let erased = rates
                .store
                .erase_subject(subject, &shop::officer(), &shop::REQUEST, self.now)
                .await?;
            erase_ms.push(started.elapsed().as_secs_f64() * 1000.0);
            copy::copy(self.store, &self.work.join("copy"))?;
            if !erased.is_done() {
                return Err(Stop::Failed("an erasure is pending".to_owned()));
            }
            let ended: Vec<u64> = (0..plan.records)
                .filter(|n| plan.person(*n) == person)
                .collect();
            self.look(rates, &ended, &mut gone, &copy::subject_key(subject))?;
            shop::purge(&rates.store, self.now).await?;
        }
        let mut expire_ms = Vec::new();
        for number in 0..plan.buckets {
            let bucket = plan.bucket(number)?;
            self.now = bucket.end();
            let started = Instant::now();
            let expired = rates.store.expire_buckets(self.now).await?;
            expire_ms.push(started.elapsed().as_secs_f64() * 1000.0);
            copy::copy(self.store, &self.work.join("copy"))?;
            if expired.buckets != 1 || expired.pending {
                return Err(Stop::Failed("a bucket did not expire".to_owned()));
            }
            let ended: Vec<u64> = (0..plan.records)
                .filter(|n| plan.bucket_of(*n) == number)
                .collect();
            self.look(rates, &ended, &mut gone, &copy::bucket_key(bucket))?;
            shop::purge(&rates.store, self.now).await?;
        }
        figures.measured("erase_subject_ms", median(erase_ms), 3);
        figures.set("erase_subject_records", plan.large());
        figures.measured("expire_bucket_ms", median(expire_ms), 3);
        figures.set("expire_bucket_records", plan.records / plan.buckets);
        figures.set("readable_after", self.looked.readable);
        Ok(())
    }

    /// Lets a fresh process try the copy.
    fn look(
        &mut self,
        rates: &Rates,
        ended: &[u64],
        gone: &mut HashSet<u64>,
        key: &[u8],
    ) -> Result<(), Stop> {
        gone.extend(ended);
        let alive: Vec<u64> = (0..rates.plan.records)
            .filter(|n| !gone.contains(n))
            .collect();
        let some = |of: &[u64], most: usize| -> Vec<RecordId> {
            of.iter()
                .step_by(of.len().div_ceil(most).max(1))
                .filter_map(|n| rates.ids.get(*n as usize).copied())
                .collect()
        };
        let (ended, alive) = (some(ended, TRIED), some(&alive, ALIVE));
        let looked = copy::look(self.work, &ended, &alive, key)?;
        self.looked.readable += looked.readable;
        if looked.unreadable > 0 {
            return Err(Stop::Failed(
                "a copy does not open where nothing was erased".to_owned(),
            ));
        }
        Ok(())
    }

    /// Searches every file; true if nothing is left, or with a self-test if the planted one is counted.
    pub(super) fn search(
        &mut self,
        dir: &Path,
        plan: &Plan,
        raw: &[[u8; KEY_LEN]],
        figures: &mut Figures,
    ) -> Result<bool, Stop> {
        let living = keys::wrapped(self.store, self.work)?;
        let destroyed: Vec<&Vec<u8>> = self.wrapped.difference(&living).collect();
        fs::remove_dir_all(self.work)?;
        let step = (plan.records / PLANTED).max(1);
        let planted: Vec<Vec<u8>> = (0..plan.records.min(PLANTED))
            .map(|n| plan.planted(n * step))
            .collect();
        // Every record had a key of its own, and each was drawn and is destroyed by now. What a rotation replaced is
        // searched for too.
        let records = plan.records as usize;
        if raw.len() < destroyed.len().min(records) || destroyed.len() < records {
            return Err(Stop::Failed("not every destroyed key is known".to_owned()));
        }
        let needles = Needles::new(
            planted
                .iter()
                .chain(destroyed.iter().copied())
                .map(Vec::as_slice)
                .chain(raw.iter().map(<[u8; KEY_LEN]>::as_slice)),
        );
        let mut found = needles.search(dir)?;
        let mut passed = found.times == 0 && self.looked.readable == 0;
        if self.self_test {
            let before = found.times;
            plant(dir, destroyed.first().copied())?;
            found = needles.search(dir)?;
            passed = found.times == before + 1;
            figures.set("planted", 1);
        }
        figures.set("remnants", found.times);
        figures.set("searched_plaintexts", planted.len());
        figures.set("searched_raw_keys", raw.len());
        figures.set("searched_wrapped_keys", destroyed.len());
        figures.set("searched_files", found.files);
        figures.set("searched_bytes", found.bytes);
        Ok(passed)
    }
}

fn plant(dir: &Path, key: Option<&Vec<u8>>) -> Result<PathBuf, Stop> {
    let key = key.ok_or_else(|| Stop::Failed("no key was destroyed".to_owned()))?;
    let path = dir.join("planted");
    let noise = shop::bytes(0x9a, 0, 5000);
    fs::write(&path, [&noise[..], key, &noise].concat())?;
    Ok(path)
}

fn median(mut all: Vec<f64>) -> Option<f64> {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}
