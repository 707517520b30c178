//! A hold that is placed in the instant of the sweep: it was in time or it was not, and both sides know which.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use crypto_store::{AuditEntry, Decision, Error, Expired, NewRecord, Store};
use retention_policy::{
    Action, Category, DueReason, Hold, HoldId, HoldReason, Query, RecordId, Scope, Timestamp,
    Trigger,
};

use crate::dice::{Dice, heavy};
use crate::support::{
    World, agent, hours, meta, now, officer, person, release, reply, request, tenant,
};

fn rounds(few: u32, many: u32) -> u32 {
    if heavy() { many } else { few }
}

fn block<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

fn spin(time: Duration) {
    let from = Instant::now();
    while from.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// The position behind the last entry of the audit, looked for from an earlier one on.
async fn end_of_audit(store: &Store, from: u64) -> u64 {
    let entries = store.audit(from, usize::MAX >> 1).await.unwrap();
    entries.last().map_or(from, |(seq, _)| seq + 1)
}

/// How often the hold was first, and how often the sweep.
#[derive(Default, Debug)]
struct Won {
    hold: u32,
    sweep: u32,
}

/// One record, ended by its bucket or by an earlier end, and one hold.
struct Round {
    n: u32,
    id: RecordId,
    end: Timestamp,
    scope: Scope,
    leaves: u64,
}

impl Round {
    async fn begin(store: &Store, n: u32) -> Self {
        let made = now() + TimeDelta::minutes(i64::from(n) * 30);
        let who = person((n % 200) as u8);
        let meta = meta(tenant(1), who, Category::Session, made);
        let record = NewRecord::new(meta, b"evidence".to_vec());
        let id = store
            .put(record, &agent(), &reply(), made)
            .await
            .unwrap()
            .id();
        let (mut end, used) = (meta.bucket().end(), DueReason::PurposeOver(Trigger::Used));
        if n % 2 == 1 {
            end = made + hours(1);
            let shortened = store.shorten(id, end, used, &agent(), &reply(), made).await;
            shortened.unwrap();
        }
        let until = made + TimeDelta::seconds(1);
        let query = Query::new(Some(Category::Session), Some(made), Some(until)).unwrap();
        let scope = match n / 2 % 3 {
            0 => Scope::Record(id),
            1 => Scope::Subject(who),
            _ => Scope::Query(query),
        };
        Round {
            n,
            id,
            end,
            scope,
            leaves: 0,
        }
    }

    fn hold(&self) -> Hold {
        let mut id = [0x11; 16];
        id[..4].copy_from_slice(&self.n.to_be_bytes());
        let (why, by) = (HoldReason::Order, officer().actor());
        let placed = self.end - TimeDelta::seconds(1);
        Hold::for_a_year(
            HoldId::from_random(id),
            tenant(1),
            self.scope,
            why,
            by,
            placed,
        )
        .unwrap()
    }

    /// Both at once; the sweep may have nothing to end because a hold keeps it.
    fn race(
        &self,
        store: &Store,
        dice: &mut Dice,
        most: [usize; 2],
    ) -> (Result<(), Error>, Expired) {
        let (hold, start) = (self.hold(), Barrier::new(2));
        let late = most.map(|most| Duration::from_micros(dice.below(most) as u64));
        std::thread::scope(|scope| {
            let sweep = scope.spawn(|| {
                start.wait();
                spin(late[0]);
                block(store.expire_buckets(self.end)).unwrap()
            });
            start.wait();
            spin(late[1]);
            let placed = block(store.place_hold(&hold, &officer(), &request(), self.end));
            (placed, sweep.join().unwrap())
        })
    }

    /// Where the audit tells of the hold, and where of the end.
    async fn told(&self, store: &Store, swept: &Expired) -> (Option<u64>, Option<u64>) {
        let leaves = store.audit(self.leaves, 10_000).await.unwrap();
        let is = |e: &AuditEntry| e.action == Action::Hold && e.decision == Decision::Allowed;
        let mut held = leaves.iter().filter(|(_, entry)| is(entry));
        let mut ours = swept.ended.iter().filter(|e| match e.record {
            Some(id) => id == self.id,
            None => e.bucket_end == Some(self.end),
        });
        let told = (
            held.next().map(|(seq, _)| *seq),
            ours.next().map(|e| e.audit_leaf),
        );
        assert!(held.next().is_none() && ours.next().is_none(), "{}", self.n);
        told
    }

    async fn judge(
        &self,
        store: &Store,
        (placed, swept): (Result<(), Error>, Expired),
        won: &mut Won,
    ) {
        let (held, swept) = self.told(store, &swept).await;
        let read = store.get(self.id, &officer(), &request(), self.end).await;
        let is_gone = match &read {
            Ok(opened) => {
                assert_eq!(opened.expose(), b"evidence");
                false
            }
            Err(e) => {
                assert!(e.is_erased() || e.is_not_found(), "round {}: {e}", self.n);
                true
            }
        };
        let in_time = match placed {
            Ok(()) => swept.is_none_or(|swept| held.unwrap() < swept),
            Err(e) => {
                assert!(e.is_erased() || e.is_not_found(), "round {}: {e}", self.n);
                assert!(held.is_none() && swept.is_some(), "round {}", self.n);
                false
            }
        };
        // A hold on a person or a query is Ok after the sweep too, for what comes later; one on a record never is.
        if held.is_some() && matches!(self.scope, Scope::Record(_)) {
            assert!(in_time, "round {}: a hold on what is gone", self.n);
        }
        assert_eq!(is_gone, !in_time, "round {}: {held:?} {swept:?}", self.n);
        *if in_time {
            &mut won.hold
        } else {
            &mut won.sweep
        } += 1;
        if held.is_some() {
            release(store, self.hold().id(), self.end).await.unwrap();
            store.expire_buckets(self.end).await.unwrap();
            assert!(
                store
                    .get(self.id, &officer(), &request(), self.end)
                    .await
                    .is_err()
            );
        }
    }
}

/// `most` says how long, in microseconds, sweep and hold wait at most: so that both win at times.
fn race(world: &World, rounds: u32, most: [usize; 2]) {
    let store = block(world.create());
    let (mut dice, mut won) = (Dice::new(11), Won::default());
    let (mut leaves, mut last) = (0, now());
    for n in 0..rounds {
        let mut round = block(Round::begin(&store, n));
        round.leaves = block(end_of_audit(&store, leaves));
        leaves = round.leaves;
        let raced = round.race(&store, &mut dice, most);
        block(round.judge(&store, raced, &mut won));
        if n % 64 == 63 {
            block(store.settle(round.end)).unwrap();
        }
        last = round.end;
    }
    eprintln!("{rounds} races: {won:?}");
    assert!(won.hold > 0 && won.sweep > 0, "{won:?}");
    block(store.settle(last)).unwrap();
    let checked = block(store.check(last)).unwrap();
    assert!(checked.is_intact(), "{checked:?}");
    assert_eq!(checked.survey.readable, 0);
}

#[test]
fn failure_11_a_hold_in_the_instant_of_the_sweep_on_sqlite() {
    race(&World::sqlite(), rounds(100, 10_000), [1500, 9000]);
}

#[test]
fn failure_11_a_hold_in_the_instant_of_the_sweep_in_memory() {
    race(&World::memory(), rounds(600, 10_000), [1500, 1500]);
}
