//! Holds that are placed and let go.

use chrono::{SubsecRound, TimeDelta};
use crypto_store::{Accessor, Error};
use retention_policy::{Category, Hold, HoldId, HoldReason, Query, Scope};

use super::kept::{Over, Standing};
use super::timeline::{PERSONS, Timeline, officer_of};
use crate::support::{person, request, second_of, tenant};

impl Timeline {
    pub(super) async fn hold(&mut self) {
        let of = 1 + u8::from(self.chance(6));
        let all = self.reference.holds.iter();
        let standing: Vec<_> = all.filter(|hold| hold.tenant == of).collect();
        let whole = standing
            .iter()
            .any(|hold| matches!(hold.over, Over::Tenant));
        if standing.len() > 3 {
            return;
        }
        let now = self.now.trunc_subsecs(0);
        let (over, scope, expected) = match self.dice.below(12) {
            0 if !whole => (Over::Tenant, Scope::Tenant, true),
            1..=3 => {
                let category =
                    [Some(Category::Draft), Some(Category::Session), None][self.dice.below(3)];
                let from = now - self.seconds(20 * 3600);
                let until = from + self.seconds(24 * 3600) + TimeDelta::seconds(1);
                let from = self.dice.below(3).checked_sub(1).map(|_| from);
                let query = Query::new(category, from, Some(until)).unwrap();
                let over = Over::Made(category, from, Some(until));
                (over, Scope::Query(query), true)
            }
            4..=6 => {
                let who = self.dice.below(PERSONS) as u8;
                let erased = self.reference.erased.contains(&(of, who));
                (Over::Person(who), Scope::Subject(person(who)), !erased)
            }
            _ => {
                let Some(n) = self.record() else { return };
                let record = &self.reference.records[n];
                if record.tenant != of {
                    return;
                }
                (Over::Record(n), Scope::Record(record.id), !record.gone)
            }
        };
        let restricts = self.chance(5);
        let reason = match self.dice.below(2) {
            _ if restricts => HoldReason::Restriction,
            0 => HoldReason::LegalClaim,
            _ => HoldReason::Order,
        };
        self.holds += 1;
        let mut id = [0x33; 16];
        id[..4].copy_from_slice(&self.holds.to_be_bytes());
        let id = HoldId::from_random(id);
        let by = officer_of(of);
        let hold = Hold::for_a_year(id, tenant(of), scope, reason, by.actor(), now).unwrap();
        let placed = self
            .store
            .place_hold(&hold, &by, &request(), self.now)
            .await;
        match &placed {
            Ok(()) if expected => self.reference.holds.push(Standing {
                id,
                tenant: of,
                over,
                restricts,
                placed: now,
                asked: None,
            }),
            Err(e) if !expected && (e.is_erased() || e.is_not_found()) => {}
            _ => self.differ(&format!("hold on {scope:?}"), &expected, &placed),
        }
    }

    /// Asks for a release, or releases: sometimes too late, too early or twice the same person.
    pub(super) async fn release(&mut self) {
        if self.reference.holds.is_empty() {
            return;
        }
        let n = self.dice.below(self.reference.holds.len());
        let who = self.dice.below(2) as u8;
        let of = self.reference.holds[n].tenant;
        let by = [officer_of(of), second_of(tenant(of))][usize::from(who)];
        let ask = self.reference.holds[n].asked.is_none() && !self.chance(6) || self.chance(6);
        if ask && !self.reference.holds[n].restricts {
            self.ask(n, who, &by).await;
        } else {
            self.let_go(n, who, &by).await;
        }
    }

    pub(super) async fn ask(&mut self, n: usize, who: u8, by: &Accessor) {
        let hold = &mut self.reference.holds[n];
        let now = self.now.trunc_subsecs(0);
        let asked = self.store.ask_release(hold.id, by, &request(), now).await;
        let answered = match &asked {
            Ok(()) => hold.placed <= now,
            Err(Error::ReleaseOver) => now < hold.placed,
            Err(_) => false,
        };
        if asked.is_ok() {
            hold.asked = Some((who, now));
        }
        if !answered {
            self.differ(&format!("hold {n}, asked"), &"Ok or ReleaseOver", &asked);
        }
    }

    pub(super) async fn let_go(&mut self, n: usize, who: u8, by: &Accessor) {
        let hold = &self.reference.holds[n];
        let now = self.now.trunc_subsecs(0);
        let released = self.store.release_hold(hold.id, by, &request(), now).await;
        let same = !hold.restricts && hold.asked.is_some_and(|(asked, _)| asked == who);
        let late = match hold.asked {
            _ if hold.restricts => now < hold.placed,
            Some((_, at)) => now < at || at + TimeDelta::days(7) <= now,
            None => false,
        };
        let alone = !hold.restricts && hold.asked.is_none();
        match &released {
            Err(Error::NeedsSecond) if alone => self.met("nobody asked", 1),
            Err(Error::SamePerson) if same => self.met("asked by the same", 1),
            Err(Error::ReleaseOver) if late => self.met("released too late", 1),
            Ok(ended) if !alone && !same && !late => {
                let expected = self.reference.release(n);
                self.same("records that a release ended", expected, *ended);
                self.met("ended with a hold", expected);
            }
            _ => self.differ(
                "release: alone, same, late",
                &(alone, same, late),
                &released,
            ),
        }
    }
}
