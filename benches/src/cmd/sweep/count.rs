//! How often each record was ended, by the entries of the audit.

use std::collections::HashMap;

use tactful::crypto_store::{BlindId, Decision, Store};
use tactful::retention_policy::{Action, RecordId};

use super::super::{Stop, shop};
use super::plan::Plan;

const PAGE: usize = 8192;

#[derive(Default)]
pub(super) struct Counted {
    pub(super) once: u64,
    pub(super) twice: u64,
    pub(super) missed: u64,
}

pub(super) async fn count(store: &Store, plan: &Plan, ids: &[RecordId]) -> Result<Counted, Stop> {
    let (mut ended, mut from): (HashMap<BlindId, u64>, u64) = (HashMap::new(), 0);
    loop {
        let page = store.audit(from, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        from = last + 1;
        for (_, entry) in &page {
            if entry.action == Action::Sweep && entry.decision == Decision::Allowed {
                *ended.entry(entry.object).or_default() += 1;
            }
        }
    }
    let mut counted = Counted::default();
    for (n, id) in (0..plan.records).zip(ids) {
        // What ends early within the time of one sweep before its bucket ends with that.
        let own = match Plan::early(n)? {
            Some(_) => ended.get(&store.blind_record(*id)),
            None => None,
        };
        let bucket = store.blind_bucket(shop::tenant(), Plan::meta(n)?.bucket());
        match own.or(ended.get(&bucket)) {
            None => counted.missed += 1,
            Some(1) => counted.once += 1,
            Some(_) => counted.twice += 1,
        }
    }
    Ok(counted)
}
