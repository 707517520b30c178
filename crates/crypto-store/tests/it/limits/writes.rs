//! Records that come, and that are ended before their time.

use chrono::{SubsecRound, TimeDelta};
use crypto_store::{Error, NewRecord};
use retention_policy::{
    Category, Expiry, Lifetime, Purpose, PurposeSet, RecordMeta, Region, Role, RoleSet, UnitId,
};

use super::kept::Kept;
use super::timeline::{PERSONS, Timeline, agent_of, mail, officer_of};
use crate::support::{person, reply, request, tenant};

fn few() -> RoleSet {
    RoleSet::new([Role::PrivacyOfficer]).unwrap()
}

fn unit_id(n: u16) -> UnitId {
    let mut id = [0x77; 16];
    id[..2].copy_from_slice(&n.to_be_bytes());
    UnitId::from_random(id)
}

impl Timeline {
    pub(super) async fn put(&mut self) {
        let category = [Category::Session, Category::Draft, Category::Attachment]
            [[0, 0, 0, 0, 1, 1, 2][self.dice.below(7)]];
        let longest = [1, 6, 23, 23][self.dice.below(4)] * 3600;
        let life = match (category, self.dice.below(4)) {
            (Category::Draft, 0) => 60 + self.dice.below(3 * 24 * 3600),
            (_, 1) => longest,
            _ => 60 + self.dice.below(longest - 60),
        };
        let of = 1 + u8::from(self.chance(6));
        let who = self.dice.below(PERSONS) as u8;
        let expiry = Expiry::after(self.now, Lifetime::seconds(life as u32).unwrap()).unwrap();
        let purposes = PurposeSet::only(Purpose::DraftReply);
        let (subject, region) = (person(who), Region::Italy);
        let meta =
            RecordMeta::new(tenant(of), subject, category, purposes, region, expiry).unwrap();
        let body = self.dice.bytes(24);
        let unit = self.some_unit(of);
        let mut record = NewRecord::new(meta, body.clone()).terms(vec![mail(who)]);
        if let Some(unit) = unit {
            record = record.unit(unit_id(unit));
        }
        let put = self
            .store
            .put(record, &agent_of(of), &reply(), self.now)
            .await;
        let erased = self.reference.erased.contains(&(of, who));
        // By a clock that went back: the key of such a bucket is not made again.
        let swept = meta.bucket().end() <= self.swept;
        match put {
            Err(Error::AlreadyErased) if erased => self.met("erased people stay erased", 1),
            Err(Error::AlreadyErased) if swept => self.met("swept buckets stay swept", 1),
            Ok(put) if !erased => {
                let made = self.now.trunc_subsecs(0);
                self.tally.records += 1;
                self.reference.records.push(Kept {
                    id: put.id(),
                    body,
                    meta,
                    tenant: of,
                    person: who,
                    unit,
                    made,
                    end: made + TimeDelta::seconds(life as i64),
                    early: None,
                    archive: None,
                    apart: false,
                    gone: false,
                });
            }
            other => self.differ("put: erased, swept", &(erased, swept), &other),
        }
    }

    /// None, a new one, or one in which something is left.
    fn some_unit(&mut self, of: u8) -> Option<u16> {
        if self.chance(2) {
            return None;
        }
        if let Some(n) = self.record() {
            let record = &self.reference.records[n];
            if record.tenant == of && !record.gone && record.unit.is_some() {
                return record.unit;
            }
        }
        self.units += 1;
        Some(self.units)
    }

    /// What ends a record often ends others too.
    pub(super) async fn shorten_some(&mut self) {
        for _ in 0..[1, 1, 1, 4][self.dice.below(4)] {
            self.shorten().await;
        }
    }

    async fn shorten(&mut self) {
        let Some(n) = self.living() else { return };
        let (now, ends) = (self.now, self.reference.records[n].ends());
        let at = match self.dice.below(8) {
            0 => now - self.seconds(3600),
            1 => now,
            2 => ends,
            3 => ends + self.seconds(9000),
            4 => now + self.seconds(300) + TimeDelta::milliseconds(400),
            5 => ends - TimeDelta::seconds(1),
            _ => now + self.seconds(2 * 3600),
        };
        let record = &self.reference.records[n];
        let (id, of, reason) = (record.id, record.tenant, record.reason());
        let by = if self.reference.is_restricted(n) {
            (officer_of(of), request())
        } else {
            (agent_of(of), reply())
        };
        let done = self.store.shorten(id, at, reason, &by.0, &by.1, now).await;
        let answered = match &done {
            _ if self.reference.records[n].gone => done.is_err(),
            Err(e) if self.reference.is_over(n, now) => {
                e.is_expired() || at >= ends && matches!(e, Error::NotEarlier)
            }
            // The same end once more is no change.
            Ok(()) if self.reference.is_over(n, now) => {
                self.reference.records[n].early == Some(at.trunc_subsecs(0))
            }
            _ if self.reference.shorten(n, at) => done.is_ok(),
            _ => matches!(done, Err(Error::NotEarlier)),
        };
        if !answered {
            let expected = self.reference.records[n].ends();
            self.differ(&format!("record {n}, end to {at}"), &expected, &done);
        }
    }

    pub(super) async fn archive(&mut self) {
        let Some(n) = self.living() else { return };
        let from = self.now + self.seconds(5 * 3600) - TimeDelta::hours(1);
        let record = &self.reference.records[n];
        let (id, of) = (record.id, record.tenant);
        let done = self
            .store
            .archive(id, from, few(), &officer_of(of), &request(), self.now)
            .await;
        let over = self.reference.is_over(n, self.now);
        let record = &mut self.reference.records[n];
        let from = from.trunc_subsecs(0);
        let fits = from < record.ends() && record.archive.is_none_or(|before| from <= before);
        let answered = match &done {
            Ok(()) => !record.gone && !over && fits,
            Err(_) => record.gone || over || !fits,
        };
        if done.is_ok() {
            record.archive = Some(from);
        }
        if !answered {
            self.differ(&format!("record {n}, archive from {from}"), &fits, &done);
        }
    }

    pub(super) async fn erase_person(&mut self) {
        let Some(n) = self.record() else { return };
        let record = &self.reference.records[n];
        let (of, who) = (record.tenant, record.person);
        let erased = self.reference.erased.contains(&(of, who));
        let kept = self.reference.keeps_person(of, who);
        let done = self
            .store
            .erase_subject(person(who), &officer_of(of), &request(), self.now)
            .await;
        match &done {
            Err(Error::AlreadyErased) if erased => {}
            Err(Error::Held) if kept => self.met("erasures held off", 1),
            Ok(done) if !erased && !kept && done.is_done() => {
                self.reference.erase(of, who);
                self.met("people erased", 1);
            }
            _ => self.differ("person: erased, kept", &(erased, kept), &done),
        }
    }

    /// A record that is its own unit, or the whole unit.
    pub(super) async fn erase_record(&mut self) {
        let Some(n) = self.record() else { return };
        let record = &self.reference.records[n];
        let (id, of, gone) = (record.id, record.tenant, record.gone);
        let (by, why) = (officer_of(of), request());
        let (all, done) = match record.unit {
            None => {
                let done = self.store.shred(&[id], &by, &why, self.now).await;
                let one = if gone { Vec::new() } else { vec![n] };
                (one, done)
            }
            Some(unit) => {
                let all = self.reference.of_unit(of, unit);
                let unit = unit_id(unit);
                let done = self.store.shred_unit(unit, &by, &why, self.now).await;
                (all, done)
            }
        };
        let held = all.iter().any(|n| self.reference.is_held(*n));
        match &done {
            // What has no key any more may be ended again or not be known any more.
            _ if all.is_empty() => {}
            Ok(done) if !held && done.is_done() => self.reference.destroy(&all),
            Err(Error::Held) if held => {}
            _ => self.differ(&format!("record {n} ended by hand: held"), &held, &done),
        }
    }
}
