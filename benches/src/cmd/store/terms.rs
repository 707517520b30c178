//! What an index term costs: the same records with none, one, two ... terms, by turns, beside plain SQLite.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tactful::crypto_store::{OsEntropy, Store};

use super::super::{Stop, shop};
use super::bare::Bare;
use super::load::{Rate, callers, rounds};
use super::plan::Plan;
use super::rates::put;
use crate::figures::Figures;

const TURNS: u64 = 8;
/// Most records of each store.
const RECORDS: u64 = 16_000;

pub(super) async fn measure(plan: Plan, work: &Path, figures: &mut Figures) -> Result<(), Stop> {
    let dir = work.join("terms");
    let mut stores: Vec<(Plan, Arc<Store>, Rate)> = Vec::new();
    // All numbers of terms up to the one that was asked for, but no more than a handful of stores.
    let most = plan.terms.min(4);
    for terms in 0..=most {
        let store = shop::create(&dir.join(terms.to_string()), Arc::new(OsEntropy::new())).await?;
        stores.push((Plan { terms, ..plan }, Arc::new(store), Rate::default()));
    }
    let (bare, threads) = Bare::create(&dir)?;
    let bare = Arc::new(bare);
    let mut plain = Rate::default();
    for round in rounds(0..RECORDS.min(plan.records), TURNS) {
        let done = round.end - round.start;
        for (plan, store, rate) in &mut stores {
            let (plan, store) = (*plan, Arc::clone(store));
            let worked = callers(round.clone(), move |n| put(Arc::clone(&store), plan, n)).await?;
            rate.add(done, worked.seconds);
        }
        let bare = Arc::clone(&bare);
        let worked = callers(round, move |n| {
            let bare = Arc::clone(&bare);
            async move { bare.put(&plan, n).await }
        })
        .await?;
        plain.add(done, worked.seconds);
    }
    drop(bare);
    threads.join();
    for (_, store, _) in &stores {
        store.close().await?;
    }
    fs::remove_dir_all(&dir)?;

    let rates: Vec<Option<f64>> = stores.iter().map(|(.., rate)| rate.per_s()).collect();
    let none = rates.first().copied().flatten();
    figures.measured("put0_per_s", none, 1);
    figures.measured("bare_put0_per_s", plain.per_s(), 1);
    let ratio = none.zip(plain.per_s()).map(|(ours, bare)| ours / bare);
    figures.measured("put0_ratio", ratio, 4);
    for (terms, rate) in rates.iter().enumerate().skip(1) {
        figures.measured(&format!("put{terms}_per_s"), *rate, 1);
    }
    if most > 0 {
        let all = rates.last().copied().flatten();
        let cost = none
            .zip(all)
            .map(|(none, all)| (none / all - 1.0) / most as f64);
        figures.measured("term_cost", cost, 4);
    }
    Ok(())
}
