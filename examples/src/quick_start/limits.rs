//! Time limits: a client comes, a policy gets stricter, a hold keeps, a plan destroys and proves it, and the client goes.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use tactful::crypto_store::Accessor;
use tactful::retention_policy::{ActorId, Policy, RecordId, Role, TenantId};
use tactful::{Clock, Desk, ManualClock, Suggested, Ticket};

use super::proof::{count, note, row};
use super::rights::{BOX, OFFICER};
use super::{QuickStartError, Screen, contract_of};
use crate::paint::{DIM, Piece, WIDTH, rule, wrap};

mod held;
mod leave;

/// Tickets that the client brings.
const TICKETS: usize = 3;
/// People of the client and of the house.
const CLERK: [u8; 16] = *b"hafenrad-agent-1";
const OPERATOR: [u8; 16] = *b"hafenrad-manager";
const OFFICERS: [[u8; 16]; 2] = [OFFICER, *b"privacy-officer2"];

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
}

fn unproved() -> QuickStartError {
    QuickStartError::Proof("nothing shows what was destroyed".to_owned())
}
