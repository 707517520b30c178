//! Time limits: a client comes, a policy gets stricter, a hold keeps, a plan destroys and proves it, and the client goes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use tactful::crypto_store::{Accessor, Error as StoreError, Reason};
use tactful::gdpr_rights::account::contract_end::ContractEnd;
use tactful::retention_policy::{
    ActorId, Choice, HoldId, HoldReason, Policy, Purpose, RecordId, Role, Scope, TenantId,
};
use tactful::{Clock, Desk, ManualClock, Suggested, Ticket, verify_deletion};

use super::proof::{count, note, row};
use super::rights::signing_key;
use super::{QuickStartError, Screen, contract_of};
use crate::paint::{DIM, Piece, WIDTH, rule, styled, wrap};

/// Tickets that the client brings.
const TICKETS: usize = 3;
/// People of the client and of the house.
const CLERK: [u8; 16] = *b"hafenrad-agent-1";
const OPERATOR: [u8; 16] = *b"hafenrad-manager";
const OFFICERS: [[u8; 16]; 2] = [*b"privacy-officer1", *b"privacy-officer2"];
/// The margin of a text that somebody reads.
const BOX: &str = "      \u{2502} ";

/// Plays it.
pub(super) async fn run(
    screen: &mut Screen,
    desk: &Desk,
    clock: &Arc<ManualClock>,
    kept_in: Option<&Path>,
    tickets: &[Ticket],
) -> Result<(), QuickStartError> {
    screen.say(&format!("\n{}", rule("nothing without an end")))?;
    // A kept store has the clients of earlier runs, and an id is never used twice.
    let client = TenantId::from_bytes(new_id(*b"hafenrad", clock));
    let mut scene = Scene {
        screen,
        desk,
        clock,
        kept_in,
        client,
    };
    let held = scene.arrive(tickets).await?;
    scene.stricter().await?;
    let hold = scene.hold(held).await?;
    scene.planned().await?;
    scene.proved().await?;
    scene.release(hold, held).await?;
    scene.leave().await
}

fn new_id(name: [u8; 8], clock: &ManualClock) -> [u8; 16] {
    let mut id = [0; 16];
    let seconds = clock.now().timestamp().to_be_bytes();
    for (to, from) in id.iter_mut().zip(name.into_iter().chain(seconds)) {
        *to = from;
    }
    id
}

struct Scene<'s> {
    screen: &'s mut Screen,
    desk: &'s Desk,
    clock: &'s Arc<ManualClock>,
    kept_in: Option<&'s Path>,
    client: TenantId,
}

impl Scene<'_> {
    fn by(&self, actor: [u8; 16], role: Role) -> Accessor {
        Accessor::new(ActorId::from_bytes(actor), role, self.client)
    }

    fn officers(&self) -> [Accessor; 2] {
        OFFICERS.map(|id| self.by(id, Role::PrivacyOfficer))
    }

    fn boxed(&mut self, text: &str) -> Result<(), QuickStartError> {
        for line in text.lines() {
            let piece = Piece {
                text: line.to_owned(),
                style: Some(DIM).filter(|_| !line.is_empty()),
            };
            let wrapped = wrap(&[piece], BOX, WIDTH - BOX.chars().count());
            self.screen.say(wrapped.trim_end_matches(' '))?;
        }
        Ok(())
    }

    /// A second client has a contract before it has data. The record of its first ticket.
    async fn arrive(&mut self, tickets: &[Ticket]) -> Result<RecordId, QuickStartError> {
        let operator = ActorId::from_bytes(OPERATOR);
        let contract = contract_of(self.desk, self.client, operator, self.clock.now())?;
        self.desk.onboard(contract).await?;
        let clerk = self.by(CLERK, Role::Agent);
        let (mut first, mut drafts) = (None, 0);
        for ticket in tickets.iter().take(TICKETS) {
            let session = self.desk.ingest(&clerk, ticket).await?;
            first.get_or_insert(session.record());
            let suggested = self.desk.suggest(&clerk, &session).await?;
            drafts += u64::from(matches!(suggested, Suggested::Draft(_)));
        }
        self.screen
            .say(&note("a second client has a contract, then tickets"))?;
        self.screen.say(&row(
            "taken on",
            &format!(
                "{} and {} under its own keys",
                count(TICKETS as u64, "ticket"),
                count(drafts, "draft")
            ),
            true,
        ))?;
        first.ok_or(QuickStartError::Input("there are no tickets"))
    }

    /// A newer policy: what it says, what it would change, and that it is in force.
    async fn stricter(&mut self) -> Result<(), QuickStartError> {
        // A kept store has the policy of an earlier run in force: each is a day stricter than the last.
        let version = self.desk.policy().version() + 1;
        let days = 23_u32.saturating_sub(version).max(1);
        let text = format!(
            "schema = 1\nversion = {version}\n\n[[rule]]\ncategory = \"draft\"\ntrigger = \"created\"\n\
             after = \"{days}d\"\naction = \"template\"\n"
        );
        let policy = Policy::from_toml(&text).map_err(tactful::Error::from)?;
        let [officer, _] = self.officers();
        let change = self.desk.policy_change(&officer, &policy).await?;
        let (mut now, mut earlier, mut longer, mut stay) = (0, 0, 0, 0);
        for (_, _, of) in change.dry_run.rows() {
            now += of.ends_now;
            earlier += of.ends_earlier;
            longer += of.ends_later;
            stay += of.unchanged + of.would_end_later + of.held;
        }
        self.screen
            .say(&note("drafts shall end sooner: the policy is a text"))?;
        self.boxed(&text)?;
        let changes = count(change.diff.changes().len() as u64, "change");
        let shorter = !change.diff.lengthens();
        self.screen.say(&row(
            "compared with the one in force",
            &format!(
                "{changes}{}",
                if shorter {
                    ", nothing is kept longer"
                } else {
                    ""
                }
            ),
            shorter,
        ))?;
        self.boxed(&change.diff.to_string())?;
        self.screen.say(&row(
            "tried on what there is",
            &format!("{earlier} end earlier, {now} at once, {longer} later, {stay} as before"),
            longer == 0,
        ))?;
        let approved = self.desk.policy().approve(&policy, officer.actor(), None);
        let adopted = self
            .desk
            .adopt(&approved.map_err(tactful::Error::from)?)
            .await?;
        self.screen.say(&row(
            "in force",
            &format!(
                "version {version}, {} told; one person may shorten, two lengthen",
                count(adopted.shortened, "record")
            ),
            adopted.shortened == now + earlier,
        ))?;
        self.screen.tell(&json!({
            "event": "policy",
            "version": version,
            "changes": change.diff.changes().len(),
            "ends_earlier": earlier,
            "ends_now": now,
            "shortened": adopted.shortened,
        }))?;
        Ok(())
    }

    async fn hold(&mut self, held: RecordId) -> Result<HoldId, QuickStartError> {
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
    async fn planned(&mut self) -> Result<(), QuickStartError> {
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
        let other = tactful::retention_policy::PlanHash::from_hex(&"0".repeat(64))
            .map_err(tactful::Error::from)?;
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

    async fn proved(&mut self) -> Result<(), QuickStartError> {
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
    async fn release(&mut self, hold: HoldId, held: RecordId) -> Result<(), QuickStartError> {
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

    /// The client ends its contract: all of it goes, and it has that in writing.
    async fn leave(&mut self) -> Result<(), QuickStartError> {
        let operator = self.by(OPERATOR, Role::PrivacyOfficer);
        let off = self.desk.offboard(&operator, Choice::Delete).await?;
        self.screen
            .say(&note("the client leaves and wants everything destroyed"))?;
        self.screen.say(&row(
            "due",
            &off.due().format("%Y-%m-%d").to_string(),
            off.due() > self.clock.now(),
        ))?;
        self.desk.sweep().await?;
        let signed = self.desk.contract_certificates(self.client);
        let bytes = signed.last().ok_or_else(unproved)?;
        let certificate = ContractEnd::verify(bytes, &signing_key().verifying_key())
            .map_err(|e| QuickStartError::Proof(e.to_string()))?;
        let field = |name| certificate.field(name).unwrap_or("?").to_owned();
        let (records, keys) = (field("destroyed records"), field("destroyed keys"));
        let gone = !self.desk.store().has_tenant(self.client).await?;
        self.screen.say(&row(
            "the next sweep",
            &format!("{records} records and {keys} keys destroyed, the client's own among them"),
            gone,
        ))?;
        let place = match self.kept_in {
            Some(dir) => {
                let file = dir.join("contract-end.txt");
                fs::write(&file, bytes)?;
                format!(": {}", file.display())
            }
            None => String::new(),
        };
        self.screen.say(&row(
            "certificate, checked offline",
            &format!("backups: {}{place}", field("backups expire")),
            true,
        ))?;
        self.screen.say(&styled(
            DIM,
            "     what a law keeps would stand there with law, article and day; no legal advice",
        ))?;
        self.screen.tell(&json!({
            "event": "left",
            "destroyed_records": records.parse::<u64>().ok(),
            "keys_left": !gone,
            "certificate": true,
        }))?;
        if gone { Ok(()) } else { Err(unproved()) }
    }
}

fn unproved() -> QuickStartError {
    QuickStartError::Proof("nothing shows what was destroyed".to_owned())
}
