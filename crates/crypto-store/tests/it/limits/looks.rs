//! What the store answers, beside what the reference says.

use chrono::TimeDelta;
use crypto_store::RecordPhase;
use retention_policy::{Stage, SweepPlan, Timestamp};

use super::kept::Who;
use super::reference::{Answer, Lines};
use super::timeline::{Timeline, agent_of, mail, officer_of};
use crate::support::{person, reply, request};

fn lines_of(plan: &SweepPlan) -> Lines {
    let mut lines = Lines::new();
    for line in plan.lines() {
        let tenant = 1 + u8::from(line.tenant == crate::support::tenant(2));
        let key = (tenant, line.category, line.bucket_end, line.reason);
        let sum = lines.entry(key).or_default();
        sum.0 += line.records;
        sum.1 += line.held;
    }
    lines
}

impl Timeline {
    /// After every step.
    pub(super) async fn look(&mut self) {
        for _ in 0..3 {
            let Some(n) = self.record() else { return };
            let who = if self.chance(3) {
                Who::Officer
            } else {
                Who::Agent
            };
            let at = match self.dice.below(6) {
                0 | 1 => self.edge(n),
                2 => self.now - TimeDelta::seconds(self.dice.below(30 * 3600) as i64),
                _ => self.now,
            };
            self.read(n, who, at).await;
        }
        let Some(n) = self.record() else { return };
        match self.dice.below(6) {
            0 => self.part_of_life(n).await,
            1 => self.found(n).await,
            2 => self.stage(n).await,
            3 => self.foreign(n).await,
            _ => {}
        }
    }

    pub(super) async fn read(&mut self, n: usize, who: Who, at: Timestamp) {
        let record = &self.reference.records[n];
        let (by, why) = match who {
            Who::Agent => (agent_of(record.tenant), reply()),
            Who::Officer => (officer_of(record.tenant), request()),
        };
        let got = self.store.get(record.id, &by, &why, at).await;
        self.tally.reads += 1;
        let expected = self.reference.answer(n, who, at);
        let record = &self.reference.records[n];
        let over = record.ends() <= at && (who == Who::Agent || !self.reference.is_held(n));
        self.tally.past += u64::from(got.is_ok() && over);
        let answered = match (&got, expected) {
            (Ok(opened), Answer::Body) => opened.expose() == record.body,
            (Ok(_), _) | (Err(_), Answer::Body) => false,
            (Err(e), Answer::Denied) => e.is_denied(),
            (Err(e), Answer::Expired) => e.is_expired(),
            (Err(e), Answer::Gone) => e.is_erased() || e.is_not_found(),
        };
        let ended = record.ends() <= at;
        if !answered {
            self.differ(&format!("record {n}, {who:?} at {at}"), &expected, &got);
        }
        let back = at < self.now && expected == Answer::Gone;
        self.met("gone for an earlier clock", u64::from(back && !ended));
        self.met("kept for who must", u64::from(got.is_ok() && ended));
    }

    /// Another tenant's people know nothing of it.
    async fn foreign(&mut self, n: usize) {
        let record = &self.reference.records[n];
        let by = officer_of(3 - record.tenant);
        let got = self.store.get(record.id, &by, &request(), self.now).await;
        if !got.as_ref().is_err_and(|e| e.is_not_found()) {
            self.differ(&format!("record {n} for others"), &"NotFound", &got);
        }
    }

    async fn part_of_life(&mut self, n: usize) {
        let at = self.edge(n);
        let record = &self.reference.records[n];
        let by = officer_of(record.tenant);
        let phase = self.store.phase(record.id, &by, &request(), at).await;
        let archived = record.archive.is_some_and(|from| from <= at);
        let over = self.reference.is_over(n, at);
        let answered = match &phase {
            Err(e) => record.gone && (e.is_erased() || e.is_not_found()),
            Ok(_) if record.gone => false,
            Ok(RecordPhase::Over(_)) => over,
            Ok(RecordPhase::Archived(_)) => !over && archived,
            Ok(_) => !over && !archived,
        };
        if !answered {
            self.differ(&format!("record {n}, phase at {at}: over"), &over, &phase);
        }
    }

    /// By their address a person's living records are found, and no others.
    async fn found(&mut self, n: usize) {
        let record = &self.reference.records[n];
        let (of, who, now) = (record.tenant, record.person, self.now);
        let found = self
            .store
            .find(&mail(who), &agent_of(of), &reply(), now)
            .await;
        let by = officer_of(of);
        let all = self
            .store
            .of_subject(person(who), &by, &request(), now)
            .await;
        let (Ok(found), Ok(all)) = (&found, &all) else {
            return self.differ("found", &"Ok", &(found, all));
        };
        for n in 0..self.reference.records.len() {
            let record = &self.reference.records[n];
            if (record.tenant, record.person) != (of, who) {
                continue;
            }
            let agent = (
                self.reference.answer(n, Who::Agent, now),
                found.contains(&record.id),
            );
            let officer = (
                self.reference.answer(n, Who::Officer, now),
                all.contains(&record.id),
            );
            // Whether an officer finds what a hold keeps beyond its end is not said, nor whether a restriction hides.
            let kept = self.reference.is_over(n, now) && self.reference.is_held(n);
            let limited = self.reference.is_restricted(n);
            if agent.1 != (agent.0 == Answer::Body) && !limited {
                self.differ(&format!("record {n}, found"), &agent.0, &agent.1);
            }
            if officer.1 != (officer.0 == Answer::Body) && !kept {
                self.differ(&format!("record {n}, of person"), &officer.0, &officer.1);
            }
        }
    }

    async fn stage(&mut self, n: usize) {
        let record = &self.reference.records[n];
        let of = crate::support::tenant(record.tenant);
        let stage = self.store.stage(record.id, of, self.now).await;
        let held = self.reference.is_held(n);
        let answered = match &stage {
            Err(e) => record.gone && e.is_not_found(),
            Ok(stage) if record.gone => *stage > Stage::Due,
            Ok(Stage::Live) => held || self.reference.due(n, self.now).is_none(),
            Ok(Stage::Due) => !held && self.reference.is_over(n, self.now),
            Ok(_) => false,
        };
        if !answered {
            let expected = (record.gone, held, self.reference.due(n, self.now));
            self.differ(&format!("record {n}, stage"), &expected, &stage);
        }
    }

    pub(super) async fn plan_is_right(&mut self) -> Option<SweepPlan> {
        let plan = self.store.plan_sweep(1, self.now).await;
        let Ok(plan) = plan else {
            self.differ("plan", &"Ok", &plan);
            return None;
        };
        let expected = self.reference.lines(self.now);
        self.same("planned", expected, lines_of(&plan));
        Some(plan)
    }

    /// Right after a sweep.
    pub(super) async fn nothing_due_is_left(&mut self, spared: &[u8]) {
        if let Some(plan) = self.plan_is_right().await {
            let mut lines = lines_of(&plan);
            lines.retain(|key, line| line.0 > 0 && !spared.contains(&key.0));
            self.same("due after a sweep", Lines::new(), lines);
        }
        if self.chance(3) {
            let survey = self.store.survey(self.now).await.unwrap();
            let expected = (self.reference.with_keys(), 0);
            let got = (survey.readable, survey.damaged);
            self.same("records with keys, damaged", expected, got);
        }
        let swept = self.reference.records.iter().rev();
        let swept = swept.filter(|record| record.bucket_end() <= self.now);
        let swept = swept.map(|record| (record.tenant, record.meta.bucket()));
        if let Some((of, bucket)) = swept.take(9).last() {
            let of = crate::support::tenant(of);
            let stage = self.store.stage(bucket, of, self.now).await;
            let destroyed = match &stage {
                Ok(stage) => *stage > Stage::Due,
                Err(e) => e.is_not_found(),
            };
            if !destroyed {
                self.differ("stage of a bucket", &"destroyed", &stage);
            }
        }
    }
}
