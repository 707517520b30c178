//! A hold, a plan that runs as it was shown, its proof, and the end of the hold.

use std::fs;

use chrono::TimeDelta;
use serde_json::json;
use tactful::crypto_store::{Error as StoreError, Reason};
use tactful::retention_policy::{HoldId, HoldReason, PlanHash, Purpose, RecordId, Role, Scope};
use tactful::{Clock, verify_deletion};

use super::super::QuickStartError;
use super::super::proof::{count, note, row};
use super::super::rights::signing_key;
use super::{CLERK, Scene, unproved};

impl Scene<'_> {
    pub(super) async fn hold(&mut self, held: RecordId) -> Result<HoldId, QuickStartError> {
        let [officer, _] = self.officers();
        let scope = Scope::Record(held);
        let hold = self
            .desk
            .place_hold(&officer, scope, HoldReason::LegalClaim, None);
        let hold = hold.await?;
        self.screen.say(&note("a hold, then the end of the day"))?;
        self.screen.say(&row(
            "one ticket is kept for a legal claim",
            "looked at again within a year",
            true,
        ))?;
        Ok(hold)
    }

    /// The plan says what would go; it runs as it was shown, or not at all.
    pub(super) async fn planned(&mut self) -> Result<(), QuickStartError> {
        self.clock
            .advance(TimeDelta::hours(23) + TimeDelta::minutes(16));
        let shown = self.desk.plan_sweep().await?;
        for line in shown.lines() {
            let end = line.bucket_end.map_or("one by one".to_owned(), |end| {
                format!("over since {}", end.format("%H:%M UTC"))
            });
            let whose = if line.tenant == self.client {
                ""
            } else {
                " of the first client"
            };
            self.screen.say(&row(
                &format!("planned: {}{whose}", line.category.code()),
                &format!(
                    "{}, {} held; {end}",
                    count(line.records, "record"),
                    line.held
                ),
                true,
            ))?;
        }
        let hash = shown.hash();
        // Somebody approved another plan, of before the hold perhaps.
        let other = PlanHash::from_hex(&"0".repeat(64)).map_err(tactful::Error::from)?;
        let refused = self.desk.execute(&shown, &other, None).await;
        let drifted = matches!(
            &refused,
            Err(tactful::Error::Store(StoreError::PlanDrifted))
        );
        self.screen.say(&row(
            "approved for another plan",
            if drifted { "refused" } else { "executed" },
            drifted,
        ))?;
        let done = self.desk.execute(&shown, &hash, None).await?;
        let hex = hash.to_string();
        self.screen.say(&row(
            &format!(
                "executed: plan {}\u{2026}",
                hex.get(..8).unwrap_or_default()
            ),
            &format!("{} destroyed", count(done.ended.len() as u64, "key")),
            done.ended.len() == shown.lines().len() && !done.pending,
        ))?;
        self.screen.tell(&json!({
            "event": "planned",
            "plan": hex,
            "lines": shown.lines().len(),
            "records": shown.records(),
            "held": shown.lines().iter().map(|line| line.held).sum::<u64>(),
            "drift_refused": drifted,
            "ended": done.ended.len(),
        }))?;
        if !drifted {
            return Err(QuickStartError::Proof(
                "a plan ran that nobody approved".to_owned(),
            ));
        }
        Ok(())
    }

    pub(super) async fn proved(&mut self) -> Result<(), QuickStartError> {
        let [officer, _] = self.officers();
        let (day, key) = (self.clock.now().date_naive(), signing_key().verifying_key());
        let signed = self.desk.deletions(&officer, day).await?;
        let bytes = signed.first().ok_or_else(unproved)?;
        let event = verify_deletion(bytes, &key)?;
        let mut forged = bytes.clone();
        if let Some(byte) = forged.get_mut(40) {
            *byte ^= 1;
        }
        let refused = verify_deletion(&forged, &key).is_err();
        self.screen.say(&row(
            "signed proof of it",
            &format!(
                "{}, audit entry {}; with one bit changed: {}",
                count(event.records, "record"),
                event.audit_leaf,
                if refused { "refused" } else { "taken" }
            ),
            refused,
        ))?;
        let report = self.desk.deletion_report(&officer, day..=day).await?;
        let place = match self.kept_in {
            Some(dir) => {
                let file = dir.join("deletions.html");
                fs::write(&file, report.to_html())?;
                format!("; as a page: {}", file.display())
            }
            None => String::new(),
        };
        let late = report.total().late_max().unwrap_or_default();
        self.screen.say(&row(
            "report of the day",
            &format!(
                "{} destroyed, the latest {} min after its end{place}",
                count(report.total().records(), "record"),
                late.div_ceil(60)
            ),
            report.total().records() == event.records,
        ))?;
        self.screen.tell(&json!({
            "event": "proved",
            "records": event.records,
            "forgery_refused": refused,
        }))?;
        if refused { Ok(()) } else { Err(unproved()) }
    }

    /// One asks, another lets go, and what only the hold kept ends.
    pub(super) async fn release(
        &mut self,
        hold: HoldId,
        held: RecordId,
    ) -> Result<(), QuickStartError> {
        let [first, second] = self.officers();
        let kept = self.is_kept(held).await?;
        let clerk = self.by(CLERK, Role::Agent);
        let read = self.desk.session(&clerk, held).await;
        let closed = read.is_err_and(|e| e.is_expired());
        self.screen.say(&row(
            "the ticket under the hold",
            match (kept, closed) {
                (true, true) => "kept, and closed to who answers tickets",
                (true, false) => "open",
                (false, _) => "gone",
            },
            kept && closed,
        ))?;
        self.desk.ask_release(&first, hold).await?;
        let alone = self.desk.release_hold(&first, hold).await;
        let alone = matches!(alone, Err(tactful::Error::Store(StoreError::SamePerson)));
        let ended = self.desk.release_hold(&second, hold).await?;
        let kept_after = self.is_kept(held).await?;
        self.screen.say(&row(
            "let go",
            &format!(
                "by who asked for it: {}; by a second person: {} ended at once",
                if alone { "refused" } else { "done" },
                count(ended, "record")
            ),
            alone && !kept_after,
        ))?;
        self.screen.tell(&json!({
            "event": "released",
            "kept": kept,
            "closed": closed,
            "alone_refused": alone,
            "ended": ended,
        }))?;
        if kept && closed && alone && !kept_after {
            Ok(())
        } else {
            Err(QuickStartError::Proof(
                "a hold did not keep, or not end".to_owned(),
            ))
        }
    }

    /// Whether there are keys for it.
    async fn is_kept(&self, record: RecordId) -> Result<bool, QuickStartError> {
        let [officer, _] = self.officers();
        let why = Reason::new(Purpose::LegalObligation);
        let now = self.clock.now();
        match self.desk.store().phase(record, &officer, &why, now).await {
            // Over, and there all the same.
            Ok(_) => Ok(true),
            Err(StoreError::NotFound) => Ok(false),
            Err(e) if e.is_erased() => Ok(false),
            Err(e) => Err(e.into()),
        }
    }
}
