//! One round: a sweep, then a look at what people should know.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use retention_policy::{ClockState, HoldId, RecordId, SinkId, TenantId, Timestamp};
use tokio::sync::mpsc::UnboundedSender;

use super::News;
use crate::desk::house::desk_for;
use crate::{Desk, Error};

/// What was told, so that it is told once. What is over is forgotten.
#[derive(Debug, Default)]
pub(super) struct Known {
    clock: Option<ClockState>,
    failing: bool,
    tickets: BTreeSet<RecordId>,
    holds: BTreeSet<HoldId>,
    sinks: BTreeSet<SinkId>,
    tripped: BTreeSet<TenantId>,
    offboardings: BTreeSet<TenantId>,
    /// The civil day on which a tenant's cases were looked at last.
    looked: BTreeMap<TenantId, NaiveDate>,
}

impl Known {
    pub(super) async fn round(&mut self, desk: &Desk, tell: &UnboundedSender<News>) {
        // Nobody needs to listen.
        let say = |news| drop(tell.send(news));
        match desk.sweep().await {
            Ok(report) => {
                self.failing = false;
                let state = report.clock.state();
                if state != ClockState::Ok && self.clock != Some(state) {
                    say(News::Clock(state));
                }
                self.clock = Some(state);
                let tripped: BTreeSet<_> =
                    report.expired.tripped.iter().map(|t| t.tenant).collect();
                for one in &report.expired.tripped {
                    if self.tripped.insert(one.tenant) {
                        say(News::Tripped(*one));
                    }
                }
                self.tripped = tripped;
                if !report.expired.ended.is_empty() {
                    say(News::Swept(report));
                }
            }
            Err(error) => self.fails(error, say),
        }
        if let Err(error) = self.look(desk, say).await {
            self.fails(error, say);
        }
        #[cfg(feature = "metrics")]
        if let Err(error) = desk.health().await {
            self.fails(error, say);
        }
    }

    fn fails(&mut self, error: Error, say: impl Fn(News)) {
        tracing::error!(%error, "a round of the worker failed");
        if !std::mem::replace(&mut self.failing, true) {
            say(News::Failing(error));
        }
    }

    async fn look(&mut self, desk: &Desk, say: impl Fn(News)) -> Result<(), Error> {
        // While the clock is not trusted nobody knows what is late.
        if self.clock.is_some_and(|state| state != ClockState::Ok) {
            return Ok(());
        }
        let now = desk.now()?;
        let ending = desk.unanswered(now).await?;
        for one in &ending {
            if self.tickets.insert(one.id) {
                say(News::Unanswered {
                    tenant: one.meta.tenant(),
                    session: one.id,
                    expires_at: one.meta.expires_at(),
                });
            }
        }
        self.tickets = ending.iter().map(|one| one.id).collect();
        let mut holds = desk.store.all_holds().await?;
        holds.retain(|hold| hold.is_overdue(now));
        for hold in &holds {
            if self.holds.insert(hold.id()) {
                say(News::HoldOverdue {
                    tenant: hold.tenant(),
                    hold: hold.id(),
                    review_by: hold.review_by(),
                });
            }
        }
        self.holds = holds.iter().map(retention_policy::Hold::id).collect();
        let failing = desk.failing_sinks(now);
        for one in &failing {
            if self.sinks.insert(one.sink) {
                say(News::Sink(*one));
            }
        }
        self.sinks = failing.iter().map(|one| one.sink).collect();
        let late = desk.offboardings_overdue(now);
        for (tenant, due) in &late {
            if self.offboardings.insert(*tenant) {
                let (tenant, due) = (*tenant, *due);
                say(News::OffboardingOverdue { tenant, due });
            }
        }
        self.offboardings = late.into_iter().map(|(tenant, _)| tenant).collect();
        self.cases(desk, now, say).await
    }

    /// Cases are opened to be looked at, and every look is in the audit: once a day of the controller's.
    async fn cases(
        &mut self,
        desk: &Desk,
        now: Timestamp,
        say: impl Fn(News),
    ) -> Result<(), Error> {
        for (tenant, controller) in &desk.controllers {
            let today = controller.zone.date(now)?;
            if self.looked.get(tenant) == Some(&today) || !desk.store().has_tenant(*tenant).await? {
                continue;
            }
            let by = desk_for(*tenant);
            for case in desk.open_cases(&by).await? {
                let deadline = desk.case(&by, case).await?.deadline;
                let due = deadline.alarm().due();
                if due <= today || deadline.reminders().any(|(day, _)| day == today) {
                    say(News::CaseDue {
                        tenant: *tenant,
                        case,
                        due,
                    });
                }
            }
            self.looked.insert(*tenant, today);
        }
        Ok(())
    }
}
