//! The end of a contract (article 28(3)(g)): given back or not, destroyed, certified; and once more when what laws keep is over.
//!
//! Every step is written down when it is done and before the next begins, so that a kill forgets nothing: what was being done is
//! done again, and finds what is gone already. In memory is only which archive was handed out last.

use crypto_store::Accessor;
use gdpr_rights::account::contract_end::ContractEnd;
use retention_policy::{
    Choice, ClockVerdict, Events, Offboarding, OffboardingStage, State, Step, TenantId, Timestamp,
    Trigger,
};

use super::Desk;
use super::tenant::client::Client;
use crate::Error;

mod destroy;
mod give_back;

pub(crate) use give_back::Handed;
pub use give_back::HandedBack;

/// The end of a contract that is owed something.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenOffboarding {
    /// Whose contract.
    pub tenant: TenantId,
    /// How far it has come.
    pub end: Offboarding,
    /// When the next thing owed is late: the certificate, then the end of what laws keep.
    pub due: Option<Timestamp>,
    /// Whether it is late.
    pub overdue: bool,
}

/// What the end of a contract waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Waiting {
    /// For the client to have its records: [`Desk::hand_back`], then [`Desk::received`].
    Return,
    /// For somebody to release holds; what they do not keep is destroyed.
    Held {
        /// Records that are kept.
        records: u64,
    },
    /// For a reader of the files to let go, so that the keys are out of every log.
    Settling,
    /// For the end of what laws keep.
    Laws {
        /// When that is.
        until: Timestamp,
    },
    /// For nothing: it is over.
    Over,
}

impl Desk {
    /// Ends a contract: from now on nothing is written for the client, and everything is given back or destroyed, as the client
    /// chose. [`Desk::offboarding_step`] goes on, and every sweep.
    ///
    /// # Errors
    /// [`Error::NotOnboarded`]; [`Error::Policy`] unless an operator of the contract asks, and for one that has ended;
    /// [`Error::Incomplete`] without a key to sign certificates with; the store failed.
    pub async fn offboard(&self, by: &Accessor, choice: Choice) -> Result<Offboarding, Error> {
        self.signing_key()?;
        let end = Step::End {
            by: by.actor(),
            choice,
        };
        match self.operate(by, &end).await?.state() {
            State::Ending(off) => {
                self.tell_end(by.tenant(), off, self.now()?).await?;
                Ok(off.clone())
            }
            _ => Err(Error::DamagedContract),
        }
    }

    /// Takes the end of a contract back, before anything was destroyed. Ends that came earlier by it stay.
    ///
    /// # Errors
    /// As [`Desk::suspend`]; [`Error::Policy`] once destruction has begun.
    pub async fn withdraw_offboarding(&self, by: &Accessor) -> Result<(), Error> {
        let begun = self.clients.get(by.tenant());
        if begun.is_some_and(|(_, client)| client.counted.is_some()) {
            let (from, step) = ("being destroyed", Step::Withdraw.code());
            return Err(retention_policy::Error::NotAllowed { from, step }.into());
        }
        self.operate(by, &Step::Withdraw).await.map(drop)
    }

    /// The ends of contracts that are owed something, the most urgent first.
    ///
    /// # Errors
    /// [`Error::ClockUntrusted`], or a clock before 2020.
    pub fn offboardings(&self) -> Result<Vec<OpenOffboarding>, Error> {
        let now = self.now()?;
        let mut open = Vec::new();
        for contract in self.contracts() {
            if let State::Ending(end) = contract.state() {
                open.push(OpenOffboarding {
                    tenant: contract.tenant(),
                    due: end.next_due(),
                    overdue: contract.is_overdue(now),
                    end: end.clone(),
                });
            }
        }
        open.sort_by_key(|one| one.due);
        Ok(open)
    }

    /// The signed certificates of a contract's end: the first when everything that may be destroyed is gone, the second when
    /// nothing is left. [`ContractEnd::verify`] checks them offline.
    #[must_use]
    pub fn contract_certificates(&self, tenant: TenantId) -> Vec<Vec<u8>> {
        let client = self.clients.get(tenant);
        client.map_or_else(Vec::new, |(_, client)| client.certificates)
    }

    /// Takes the end of a contract as far as it goes, and says what it waits for. Every sweep does the same.
    ///
    /// # Errors
    /// [`Error::NotOnboarded`]; [`Error::Policy`] for a contract that nobody ended; [`Error::ClockUntrusted`];
    /// [`Error::Incomplete`] without a key to sign certificates with; the store failed: call again.
    pub async fn offboarding_step(&self, tenant: TenantId) -> Result<Waiting, Error> {
        let (now, ClockVerdict::Trusted) = self.look()? else {
            return Err(Error::ClockUntrusted);
        };
        let _turn = self.clients_turn.of(tenant).lock_owned().await;
        loop {
            let (_, client) = self.clients.get(tenant).ok_or(Error::NotOnboarded)?;
            let state = client.contract.state().clone();
            let off = match &state {
                State::Ending(off) => off,
                State::Ended(_) => return Ok(Waiting::Over),
                other => {
                    let (from, step) = (other.code(), Step::Certify.code());
                    return Err(retention_policy::Error::NotAllowed { from, step }.into());
                }
            };
            let waits = match (off.stage(), off.choice()) {
                (OffboardingStage::Asked, Choice::Return) => {
                    self.tell_end(tenant, off, now).await?;
                    Some(Waiting::Return)
                }
                (OffboardingStage::Asked | OffboardingStage::Returned, _) => {
                    self.destroy_client(&client, off, now).await?
                }
                (OffboardingStage::Destroyed, _) => self.settle_client(tenant, off, now).await?,
                (OffboardingStage::Settled, _) => {
                    self.certify(&client, &Step::Certify, now).await?
                }
                (OffboardingStage::Certified, _) => self.second(&client, off, now).await?,
                (OffboardingStage::Finished, _) => Some(Waiting::Over),
            };
            if let Some(waits) = waits {
                return Ok(waits);
            }
        }
    }

    /// Takes every end of a contract on. One that fails does not keep the others.
    pub(crate) async fn offboard_all(&self) {
        for contract in self.contracts() {
            let tenant = contract.tenant();
            if let State::Ending(_) = contract.state()
                && let Err(error) = self.offboarding_step(tenant).await
            {
                tracing::warn!(%tenant, %error, "the end of a contract did not go on");
            }
        }
    }

    /// The end of a contract is an event of all its records. Telling it again changes nothing.
    async fn tell_end(
        &self,
        tenant: TenantId,
        off: &Offboarding,
        now: Timestamp,
    ) -> Result<(), Error> {
        let events = Events::default().with(Trigger::ContractEnd, off.asked_at());
        self.told_to_all(tenant, events, now).await
    }

    /// What laws kept is over: the keys go, and a second certificate says so.
    async fn second(
        &self,
        client: &Client,
        off: &Offboarding,
        now: Timestamp,
    ) -> Result<Option<Waiting>, Error> {
        if let Some(until) = off.second_timer().filter(|until| now < *until) {
            return Ok(Some(Waiting::Laws { until }));
        }
        let tenant = client.contract.tenant();
        if let Some(waits) = self.end_keys(tenant, now).await? {
            return Ok(Some(waits));
        }
        self.certify(client, &Step::Finish, now).await
    }

    /// Goes a step on that comes with a certificate: both are written down at once.
    async fn certify(
        &self,
        client: &Client,
        step: &Step,
        now: Timestamp,
    ) -> Result<Option<Waiting>, Error> {
        let contract = client.contract.step(step, now)?;
        let (State::Ending(off) | State::Ended(off)) = contract.state() else {
            return Err(Error::DamagedContract);
        };
        let backups = self.key_backups.as_ref().map(|to| now + to.horizon());
        let end = ContractEnd::of(contract.tenant(), off, backups, now);
        let mut client = client.with(contract.clone());
        client.certificates.push(end.sign(self.signing_key()?));
        self.keep(client, now).await?;
        tracing::info!(tenant = %contract.tenant(), step = step.code(), "the end of a contract was certified");
        Ok(None)
    }
}
