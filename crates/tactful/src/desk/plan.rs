//! What people decide about endings: a plan is shown before it runs, a hold keeps, and two let go of it.

use crypto_store::{Accessor, Expired};
use retention_policy::{
    Confirmed, Hold, HoldId, HoldReason, PlanHash, Scope, SweepPlan, Timestamp,
};

use super::Desk;
use super::house::BY_LAW;
use crate::Error;

impl Desk {
    /// Says what a sweep would destroy now, and how much of it holds keep; destroys nothing. Counts only.
    ///
    /// Made after a sweep it shows what a tripped breaker left ([`SweepReport::expired`](crate::SweepReport)).
    ///
    /// # Errors
    /// [`Error::ClockUntrusted`]; the store failed.
    pub async fn plan_sweep(&self) -> Result<SweepPlan, Error> {
        let now = self.now()?;
        Ok(self.store.plan_sweep(self.policy().version(), now).await?)
    }

    /// Destroys what a plan says, and nothing else. Two people confirm one that the breaker stops: [`SweepPlan::confirm`].
    ///
    /// # Errors
    /// [`crypto_store::Error::PlanDrifted`] unless `hash` is of this plan and the same would be destroyed now: show the new
    /// one. [`crypto_store::Error::NeedsConfirmation`] if it needs two people. [`Error::ClockUntrusted`], also for a clock
    /// that jumped ahead; the store failed.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use tactful::{Clock, Desk, ManualClock};
    /// # use tactful::retention_policy::Region;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let desk = Desk::builder().in_memory().region(Region::France).open().await?;
    /// let plan = desk.plan_sweep().await?;
    /// println!("{} records would end", plan.records());
    /// let done = desk.execute(&plan, &plan.hash(), None).await?;
    /// assert_eq!(done.ended.len(), plan.lines().len());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn execute(
        &self,
        plan: &SweepPlan,
        hash: &PlanHash,
        confirmed: Option<&Confirmed>,
    ) -> Result<Expired, Error> {
        let (now, clock) = self.look()?;
        if clock != retention_policy::ClockVerdict::Trusted {
            return Err(Error::ClockUntrusted);
        }
        self.announce(plan, now).await?;
        let foreseen = self.look_ahead(Some(plan.clone()), now).await;
        let done = self
            .store
            .execute(plan, hash, confirmed, &self.breaker, now)
            .await;
        let done = match done {
            Ok(done) => done,
            Err(error) => {
                self.half_done(foreseen.expected, now).await;
                return Err(error.into());
            }
        };
        let done = self.finish(&foreseen, done, now).await?;
        self.tell_sinks().await?;
        Ok(done)
    }

    /// Keeps records against their end: a record, a person's, all of a kind or time ([`Scope::Query`], also such as are
    /// written later), or all of the tenant's. Somebody looks at it again by `review_by`; in a year where that is none.
    ///
    /// # Errors
    /// [`Error::is_denied`]; a review that is not within a year; [`crypto_store::Error::AlreadyErased`] if what it should
    /// cover is gone; the store failed.
    pub async fn place_hold(
        &self,
        by: &Accessor,
        scope: Scope,
        reason: HoldReason,
        review_by: Option<Timestamp>,
    ) -> Result<HoldId, Error> {
        let now = self.now()?;
        let (id, tenant) = (HoldId::from_random(self.random()?), by.tenant());
        let hold = match review_by {
            Some(at) => Hold::new(id, tenant, scope, reason, by.actor(), now, at),
            None => Hold::for_a_year(id, tenant, scope, reason, by.actor(), now),
        };
        self.store.place_hold(&hold?, by, &BY_LAW, now).await?;
        tracing::info!(hold = %id, "a hold was placed");
        Ok(id)
    }

    /// Asks that a hold be released; somebody else does it with [`Desk::release_hold`].
    ///
    /// # Errors
    /// [`Error::is_denied`], [`crypto_store::Error::UnknownHold`]; the store failed.
    pub async fn ask_release(&self, by: &Accessor, hold: HoldId) -> Result<(), Error> {
        let now = self.now()?;
        Ok(self.store.ask_release(hold, by, &BY_LAW, now).await?)
    }

    /// Lets go of a hold that somebody else asked to release; a restriction needs nobody to ask. Records that only it kept when
    /// their bucket ended end now; how many. Others whose time is over are refused and end with the next sweep.
    ///
    /// # Errors
    /// [`crypto_store::Error::NeedsSecond`] if nobody asked, [`crypto_store::Error::SamePerson`],
    /// [`crypto_store::Error::ReleaseOver`] if that was too long ago: ask again; [`Error::is_denied`]; the store failed.
    pub async fn release_hold(&self, by: &Accessor, hold: HoldId) -> Result<u64, Error> {
        let now = self.now()?;
        let ended = self.store.release_hold(hold, by, &BY_LAW, now).await?;
        tracing::info!(%hold, ended, "a hold was released");
        Ok(ended)
    }
}
