//! Clients: a contract comes before the first record, and says what may be done while it stands.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use crypto_store::Accessor;
use retention_policy::{Contract, Purpose, State, Step, TenantId, Timestamp};

use super::Desk;
use super::books::Kept;
use super::house::house;
use crate::Error;

pub(crate) mod client;

use client::Client;

/// Under which word contracts lie.
const SHELF: &str = "contract";

/// The clients of a desk, as they are stored.
#[derive(Debug, Default)]
pub(crate) struct Clients(RwLock<BTreeMap<TenantId, (Kept, Client)>>);

impl Clients {
    pub(crate) fn get(&self, tenant: TenantId) -> Option<(Kept, Client)> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&tenant).cloned()
    }

    /// The contract of a client.
    fn contract<T>(&self, tenant: TenantId, look: impl FnOnce(&Contract) -> T) -> Option<T> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&tenant).map(|(_, client)| look(&client.contract))
    }

    fn set(&self, kept: Kept, client: Client) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(client.contract.tenant(), (kept, client));
    }

    pub(crate) fn all(&self) -> Vec<TenantId> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.keys().copied().collect()
    }
}

impl Desk {
    /// Takes a client company on: its contract is sealed and kept, and its keys are made. Before that nothing is written for it.
    ///
    /// The keys of a company that are there already, from before there were contracts or from a start that was interrupted, are
    /// taken as they are.
    ///
    /// # Errors
    /// [`Error::OtherRegion`] and [`Error::OtherPolicy`] for a contract that this desk does not keep, [`Error::Onboarded`] for a
    /// company that has one, [`Error::Policy`] for one that is not in force yet, [`Error::Stopped`] for one that is suspended or
    /// ending; the store's: a company whose contract ended is not taken on again under its id.
    ///
    /// ```
    /// # use tactful::Desk;
    /// # use tactful::retention_policy::{ActorId, Contract, Party, Region, TenantId};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let desk = Desk::builder().in_memory().region(Region::France).open().await?;
    /// let (shop, operator) = (TenantId::from_random([1; 16]), ActorId::from_random([3; 16]));
    /// let since = "2026-03-02T09:00:00Z".parse()?;
    /// let version = desk.policy().version();
    /// desk.onboard(Contract::new(shop, Party::Processor, Region::France, version, [operator], since)?).await?;
    /// assert!(desk.contract(shop).is_some_and(|contract| contract.may_write()));
    ///
    /// let elsewhere = TenantId::from_random([2; 16]);
    /// let italian = Contract::new(elsewhere, Party::Processor, Region::Italy, version, [operator], since)?;
    /// assert!(desk.onboard(italian).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn onboard(&self, contract: Contract) -> Result<(), Error> {
        let now = self.now()?;
        let tenant = contract.tenant();
        if contract.region() != self.region || tenant == house() {
            return Err(Error::OtherRegion {
                desk: self.region,
                contract: contract.region(),
            });
        }
        let _same_policy = self.adopting.lock().await;
        let _turn = self.clients_turn.of(tenant).lock_owned().await;
        let version = self.policy().version();
        if contract.policy() != version {
            return Err(Error::OtherPolicy {
                desk: version,
                contract: contract.policy(),
            });
        }
        if contract.since() > now {
            let until = contract.since();
            return Err(retention_policy::Error::TooEarly { until }.into());
        }
        if *contract.state() != State::Active {
            return Err(stopped(&contract));
        }
        if self.clients.get(tenant).is_some() {
            return Err(Error::Onboarded);
        }
        self.keep_policy(now).await?;
        // Keys without a contract are of no use to anybody; a contract without keys could not be kept.
        if !self.store.has_tenant(tenant).await? {
            self.store.create_tenant(tenant, now).await?;
        }
        let client = Client::new(contract);
        let kept = self.open_book(SHELF, client.encode()?, now).await?;
        self.clients.set(kept, client);
        tracing::info!(%tenant, "a client was taken on");
        Ok(())
    }

    /// The contract with a client, as it stands. One that is over stays for as long as proof is kept.
    #[must_use]
    pub fn contract(&self, tenant: TenantId) -> Option<Contract> {
        self.clients.contract(tenant, Contract::clone)
    }

    /// The contracts with all clients, as they stand.
    #[must_use]
    pub fn contracts(&self) -> Vec<Contract> {
        let all = self.clients.all().into_iter();
        all.filter_map(|tenant| self.contract(tenant)).collect()
    }

    /// Stops a client for a time: nothing comes in and nothing is drafted, and what is there is read only to answer people and
    /// to give data back. What has ended is destroyed all the same.
    ///
    /// # Errors
    /// [`Error::NotOnboarded`]; [`Error::Policy`] unless an operator of the contract asks, and for one that is not in force; the
    /// store failed.
    pub async fn suspend(&self, by: &Accessor) -> Result<(), Error> {
        self.operate(by, &Step::Suspend).await.map(drop)
    }

    /// Lets a suspended client go on.
    ///
    /// # Errors
    /// As [`Desk::suspend`].
    pub async fn resume(&self, by: &Accessor) -> Result<(), Error> {
        self.operate(by, &Step::Resume).await.map(drop)
    }

    /// A step that an operator of the contract asks for.
    pub(crate) async fn operate(&self, by: &Accessor, step: &Step) -> Result<Contract, Error> {
        let tenant = by.tenant();
        let asks = |contract: &Contract| contract.operators().any(|actor| actor == by.actor());
        match self.clients.contract(tenant, asks) {
            None => Err(Error::NotOnboarded),
            Some(false) => Err(retention_policy::Error::NotOperator.into()),
            Some(true) => {
                let now = self.now()?;
                let _turn = self.clients_turn.of(tenant).lock_owned().await;
                self.step(tenant, step, now).await
            }
        }
    }

    /// Takes a contract a step on, durably. The client's turn is the caller's.
    pub(crate) async fn step(
        &self,
        tenant: TenantId,
        step: &Step,
        now: Timestamp,
    ) -> Result<Contract, Error> {
        let (_, client) = self.clients.get(tenant).ok_or(Error::NotOnboarded)?;
        let contract = client.contract.step(step, now)?;
        self.keep(client.with(contract.clone()), now).await?;
        tracing::info!(%tenant, step = step.code(), state = contract.state().code(), "a contract went on");
        Ok(contract)
    }

    /// Says that a contract goes on under a version of the policy.
    pub(crate) async fn agree(
        &self,
        tenant: TenantId,
        version: u32,
        now: Timestamp,
    ) -> Result<(), Error> {
        let _turn = self.clients_turn.of(tenant).lock_owned().await;
        match self.clients.get(tenant) {
            Some((_, client)) if client.contract.policy() != version => {
                let contract = client.contract.clone().with_policy(version);
                self.keep(client.with(contract), now).await
            }
            _ => Ok(()),
        }
    }

    /// Writes down what is known of a client.
    pub(crate) async fn keep(&self, client: Client, now: Timestamp) -> Result<(), Error> {
        let tenant = client.contract.tenant();
        let (kept, _) = self.clients.get(tenant).ok_or(Error::NotOnboarded)?;
        let (kept, before) = self.write_book(kept, SHELF, client.encode()?, now).await?;
        self.clients.set(kept, client);
        match before {
            Some(before) => self.shut_book(before, now).await,
            None => Ok(()),
        }
    }

    /// Reads the contracts that were stored.
    pub(crate) async fn load_clients(&self, at: Timestamp) -> Result<(), Error> {
        for (kept, body) in self.books(SHELF, at).await? {
            let client = Client::decode(&body)?;
            match self.clients.get(client.contract.tenant()) {
                None => self.clients.set(kept, client),
                // A renewal was interrupted between the newer one and the end of this.
                Some(_) => self.shut_book(kept, at).await?,
            }
        }
        Ok(())
    }

    /// Whether records may be written and replies drafted for a client.
    pub(crate) fn may_write(&self, tenant: TenantId) -> Result<(), Error> {
        self.door(tenant, Contract::may_write)
    }

    /// Whether a client's records may be read for a purpose.
    pub(crate) fn may_read(&self, tenant: TenantId, purpose: Purpose) -> Result<(), Error> {
        self.door(tenant, |contract| contract.may_read(purpose))
    }

    fn door(&self, tenant: TenantId, open: impl Fn(&Contract) -> bool) -> Result<(), Error> {
        let look = |contract: &Contract| match open(contract) {
            true => Ok(()),
            false => Err(stopped(contract)),
        };
        self.clients
            .contract(tenant, look)
            .unwrap_or(Err(Error::NotOnboarded))
    }
}

fn stopped(contract: &Contract) -> Error {
    Error::Stopped {
        state: contract.state().code(),
    }
}
