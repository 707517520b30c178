//! Sweeps, plans, and what is done beside them.

use std::sync::Arc;

use crypto_store::{Error, Store, StoreConfig};
use retention_policy::Breaker;

use super::reference::Due;
use super::timeline::{Timeline, officer_of};
use crate::support::{now as created, second_of, tenant};

pub(super) const NEVER: Breaker = Breaker {
    share_percent: 100,
    times_usual: u16::MAX,
    floor: u64::MAX,
};
pub(super) const NARROW: Breaker = Breaker {
    share_percent: 10,
    times_usual: 1,
    floor: 1,
};

impl Timeline {
    /// What is planned is counted first; afterwards nothing that is due is left.
    pub(super) async fn expire(&mut self) {
        self.plan_is_right().await;
        let done = self.store.expire_buckets(self.now).await;
        let Ok(done) = done else {
            return self.differ("sweep", &"Ok", &done);
        };
        let spared: Vec<u8> = [1, 2]
            .into_iter()
            .filter(|n| done.tripped.iter().any(|t| t.tenant == tenant(*n)))
            .collect();
        if self.breaker == NEVER && !spared.is_empty() {
            self.differ("tenants spared", &0, &spared);
        }
        for trip in &done.tripped {
            let due = self.reference.all_due(self.now).into_iter();
            let early = due.filter(|(n, due, held)| {
                let of = tenant(self.reference.records[*n].tenant);
                (*due, *held, of) == (Due::Early, false, trip.tenant)
            });
            let early = early.count() as u64;
            self.same("records of who is spared", early, trip.records);
        }
        self.swept = self.swept.max(self.now);
        let (early, kept) = self.reference.sweep(self.now, &spared);
        self.same("ended early, kept", (early, kept), (done.early, done.kept));
        self.met("kept beyond their bucket", kept);
        self.met("ended early", early);
        self.met("tenants spared", spared.len() as u64);
        self.nothing_due_is_left(&spared).await;
    }

    pub(super) async fn make_plan(&mut self) {
        let due = self.reference.all_due(self.now);
        let plan = self.plan_is_right().await;
        self.plan = plan.map(|plan| (plan, due));
    }

    /// Carries out a plan that was made some steps ago, or one of now.
    pub(super) async fn execute(&mut self) {
        if self.plan.is_none() || self.chance(2) {
            self.make_plan().await;
        }
        let Some((plan, shown)) = self.plan.take() else {
            return;
        };
        let due = self.reference.all_due(plan.now());
        let narrow = self.chance(2);
        let breaker = if narrow { NARROW } else { NEVER };
        let trips = self.store.look_at_plan(&plan, &breaker, self.now).await;
        let trips = trips.is_ok_and(|trips| !trips.is_empty());
        let (one, other) = (officer_of(1).actor(), second_of(tenant(1)).actor());
        let confirmed = plan.confirm(one, other).unwrap();
        let confirmed = (trips && !self.chance(3)).then_some(&confirmed);
        let done = self
            .store
            .execute(&plan, &plan.hash(), confirmed, &breaker, self.now)
            .await;
        let alone = trips && confirmed.is_none();
        match &done {
            Err(Error::PlanDrifted) if due != shown || self.now < plan.now() => {
                self.met("plans drifted", 1);
            }
            Err(Error::NeedsConfirmation) if alone => self.met("plans unconfirmed", 1),
            Ok(done) if due == shown && !alone => {
                self.swept = self.swept.max(plan.now());
                let (early, kept) = self.reference.sweep(plan.now(), &[]);
                let got = (done.early, done.kept);
                self.same("executed: early, kept", (early, kept), got);
                self.met("plans carried out", u64::from(!due.is_empty()));
                self.met("plans confirmed", u64::from(trips));
                if plan.now() == self.now {
                    self.nothing_due_is_left(&[]).await;
                }
            }
            _ => self.differ("plan: alone, due, shown", &(alone, due, shown), &done),
        }
    }

    pub(super) async fn upkeep(&mut self) {
        let of = tenant(1 + self.dice.below(2) as u8);
        let failed = match self.dice.below(8) {
            0 => self.store.settle(self.now).await.err(),
            1 => self.store.purge(self.now, 1).await.err(),
            2 | 3 => self.store.purge(self.now, 1000).await.err(),
            4 => self.store.rotate_keys(of, self.now).await.err(),
            5 => self.store.rotate_index(of, self.now).await.err(),
            _ => self.reopen().await,
        };
        if let Some(failed) = failed {
            self.differ("upkeep", &"Ok", &failed);
        }
    }

    fn config(&self) -> StoreConfig {
        self.world.config().breaker(self.breaker)
    }

    pub(super) async fn reopen(&mut self) -> Option<Error> {
        let aside = Store::create(
            StoreConfig::memory(),
            Arc::clone(&self.world.root),
            Arc::clone(&self.world.entropy),
            created(),
        );
        let before = std::mem::replace(&mut self.store, aside.await.unwrap());
        let closed = if self.on_disk && self.chance(2) {
            before.close().await.err()
        } else {
            None
        };
        drop(before);
        self.store = self
            .world
            .try_open(self.config(), self.now)
            .await
            .unwrap_or_else(|e| panic!("seed {} step {}: {e}", self.seed, self.step));
        closed
    }
}
