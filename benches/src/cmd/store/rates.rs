//! Puts, gets and single commits, by turns with plain SQLite.

use std::sync::Arc;
use std::time::Instant;

use tactful::crypto_store::{EphemeralRoot, OsEntropy, Store, StoreConfig};
use tactful::retention_policy::RecordId;

use super::super::{Done, Stop, shop};
use super::bare::Bare;
use super::load::{Rate, callers, rounds};
use super::plan::Plan;
use super::rotate;
use crate::figures::Figures;
use crate::rows::Outcome;

/// Turns between the store and plain SQLite.
const TURNS: u64 = 10;
/// Most reads.
const GETS: u64 = 100_000;
/// Most puts of one caller alone.
const COMMITS: u64 = 500;

/// A store that fills, and what it took.
pub(super) struct Rates {
    pub(super) plan: Plan,
    pub(super) store: Arc<Store>,
    /// Ids by number.
    pub(super) ids: Arc<Vec<RecordId>>,
    put: [Rate; 2],
    get: [Rate; 2],
    commit: [Rate; 2],
}

const OURS: usize = 0;
const BARE: usize = 1;

impl Rates {
    pub(super) fn new(plan: Plan, store: Store) -> Self {
        Rates {
            plan,
            store: Arc::new(store),
            ids: Arc::default(),
            put: [Rate::default(); 2],
            get: [Rate::default(); 2],
            commit: [Rate::default(); 2],
        }
    }

    pub(super) async fn measure(&mut self, bare: Option<Bare>) -> Result<(), Stop> {
        let bare = bare.map(Arc::new);
        let plan = self.plan;
        let mut ids = vec![None; plan.records as usize];
        for round in rounds(0..plan.records, TURNS) {
            let store = Arc::clone(&self.store);
            let done = round.end - round.start;
            let worked = callers(round.clone(), move |n| put(Arc::clone(&store), plan, n)).await?;
            add(&mut self.put, OURS, done, worked.seconds);
            for (n, id) in worked.answers {
                if let Some(place) = ids.get_mut(n as usize) {
                    *place = Some(id);
                }
            }
            if let Some(bare) = &bare {
                let bare = Arc::clone(bare);
                let worked = callers(round, move |n| {
                    let bare = Arc::clone(&bare);
                    async move { bare.put(&plan, n).await }
                })
                .await?;
                add(&mut self.put, BARE, done, worked.seconds);
            }
        }
        let ids: Option<Vec<RecordId>> = ids.into_iter().collect();
        let ids = ids.ok_or_else(|| Stop::Failed("a put gave no id".to_owned()))?;
        self.ids = Arc::new(ids);
        self.read(bare.as_ref()).await?;
        self.commits(bare.as_ref()).await
    }

    async fn read(&mut self, bare: Option<&Arc<Bare>>) -> Result<(), Stop> {
        let plan = self.plan;
        for round in rounds(0..GETS.min(plan.records), TURNS) {
            let done = round.end - round.start;
            let (store, ids) = (Arc::clone(&self.store), Arc::clone(&self.ids));
            let worked = callers(round.clone(), move |n| {
                get(Arc::clone(&store), Arc::clone(&ids), plan, spread(plan, n))
            })
            .await?;
            add(&mut self.get, OURS, done, worked.seconds);
            if let Some(bare) = bare {
                let bare = Arc::clone(bare);
                let worked = callers(round, move |n| {
                    let bare = Arc::clone(&bare);
                    async move { bare.get(&plan, spread(plan, n)).await }
                })
                .await?;
                add(&mut self.get, BARE, done, worked.seconds);
            }
        }
        Ok(())
    }

    /// Durable puts of one caller, who waits for each. They come after the others and belong to persons of their own.
    async fn commits(&mut self, bare: Option<&Arc<Bare>>) -> Result<(), Stop> {
        let plan = self.plan;
        let all = plan.records..plan.records + COMMITS.min(plan.records / 10);
        for round in rounds(all, TURNS) {
            let done = round.end - round.start;
            let started = Instant::now();
            for n in round.clone() {
                put(Arc::clone(&self.store), plan, n).await?;
            }
            add(
                &mut self.commit,
                OURS,
                done,
                started.elapsed().as_secs_f64(),
            );
            if let Some(bare) = bare {
                let started = Instant::now();
                for n in round {
                    bare.put(&plan, n).await?;
                }
                add(
                    &mut self.commit,
                    BARE,
                    done,
                    started.elapsed().as_secs_f64(),
                );
            }
        }
        Ok(())
    }

    pub(super) fn gets(&self) -> Option<f64> {
        rate(&self.get, OURS)
    }

    pub(super) fn tell(&self, figures: &mut Figures) {
        let all = [
            ("put", &self.put),
            ("get", &self.get),
            ("commit", &self.commit),
        ];
        figures.set("subject_keys", self.plan.persons(self.plan.records));
        for (name, rates) in all {
            let (ours, bare) = (rate(rates, OURS), rate(rates, BARE));
            figures.measured(&format!("{name}_per_s"), ours, 1);
            figures.measured(&format!("bare_{name}_per_s"), bare, 1);
            let ratio = ours.zip(bare).map(|(ours, bare)| ours / bare);
            figures.measured(&format!("{name}_ratio"), ratio, 4);
        }
    }
}

fn add(rates: &mut [Rate; 2], which: usize, done: u64, seconds: f64) {
    if let Some(rate) = rates.get_mut(which) {
        rate.add(done, seconds);
    }
}

fn rate(rates: &[Rate; 2], which: usize) -> Option<f64> {
    rates.get(which).and_then(|rate| rate.per_s())
}

/// The record that read number `n` reads.
fn spread(plan: Plan, n: u64) -> u64 {
    shop::mix(n) % plan.records
}

pub(super) async fn put(store: Arc<Store>, plan: Plan, n: u64) -> Result<RecordId, Stop> {
    let record = plan.record(n)?;
    let put = store
        .put(record, &shop::agent(), &shop::REPLY, shop::opening())
        .await?;
    Ok(put.id())
}

/// Reads a record and compares it.
pub(super) async fn get(
    store: Arc<Store>,
    ids: Arc<Vec<RecordId>>,
    plan: Plan,
    n: u64,
) -> Result<(), Stop> {
    let id = ids.get(n as usize).copied();
    let id = id.ok_or_else(|| Stop::Failed("there is no such record".to_owned()))?;
    let opened = store
        .get(id, &shop::agent(), &shop::REPLY, shop::opening())
        .await?;
    if opened.expose() == plan.body(n) {
        Ok(())
    } else {
        Err(Stop::Failed("a record is not what was put".to_owned()))
    }
}

/// The same rates of a store in memory: what the work costs without a disk. Nothing to compare with, no files to search.
pub(super) async fn memory(plan: Plan, figures: &mut Figures) -> Done {
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(EphemeralRoot::new(entropy.clone())?);
    let store = Store::create(StoreConfig::memory(), root, entropy, shop::opening()).await?;
    store.create_tenant(shop::tenant(), shop::opening()).await?;
    let mut rates = Rates::new(plan, store);
    rates.measure(None).await?;
    rates.tell(figures);
    rotate::measure(&rates, figures).await?;
    Ok(Outcome::AllDone)
}
