//! What is destroyed when a contract ends, and what laws and holds keep.

use std::collections::{BTreeMap, BTreeSet};

use crypto_store::Described;
use retention_policy::{
    Dossier, Events, Forget, ObligationId, Offboarding, Remainder, Step, TenantId, Timestamp,
    Trigger, UnitId, Verdict,
};

use super::Waiting;
use crate::Error;
use crate::desk::Desk;
use crate::desk::house::{BY_LAW, desk_for};
use crate::desk::tenant::client::{Client, Counted};

/// What there is of a client whose contract ended.
#[derive(Default)]
struct Stock {
    /// Units with nothing that is kept.
    doomed: BTreeSet<UnitId>,
    records: u64,
    held: u64,
    /// Until when, and how many.
    laws: BTreeMap<ObligationId, (Timestamp, u64)>,
}

impl Desk {
    /// Destroys what nothing keeps. The step is taken when only what laws keep is left.
    pub(super) async fn destroy_client(
        &self,
        client: &Client,
        off: &Offboarding,
        now: Timestamp,
    ) -> Result<Option<Waiting>, Error> {
        let tenant = client.contract.tenant();
        let stock = self.stock(tenant, off, now).await?;
        let counted = match client.counted {
            Some(counted) => counted,
            None => {
                let counted = Counted {
                    records: stock.records,
                    keys: stock.doomed.len() as u64,
                };
                let mut client = client.clone();
                client.counted = Some(counted);
                // Before the first is destroyed: what is gone cannot be counted.
                self.keep(client, now).await?;
                counted
            }
        };
        let held = if stock.laws.is_empty() && stock.held == 0 {
            if let Some(waits) = self.end_keys(tenant, now).await? {
                return Ok(Some(waits));
            }
            0
        } else {
            stock.held + self.shred_all(tenant, &stock.doomed, now).await?
        };
        if self.store.settle(now).await?.pending > 0 {
            return Ok(Some(Waiting::Settling));
        }
        if held > 0 {
            return Ok(Some(Waiting::Held { records: held }));
        }
        let step = Step::Destroyed {
            records: counted.records,
            keys: counted.keys,
        };
        self.step(tenant, &step, now).await?;
        Ok(None)
    }

    /// Says what laws keep. What came in between is destroyed as well.
    pub(super) async fn settle_client(
        &self,
        tenant: TenantId,
        off: &Offboarding,
        now: Timestamp,
    ) -> Result<Option<Waiting>, Error> {
        let stock = self.stock(tenant, off, now).await?;
        let held = stock.held + self.shred_all(tenant, &stock.doomed, now).await?;
        if held > 0 {
            return Ok(Some(Waiting::Held { records: held }));
        }
        if stock.laws.is_empty()
            && let Some(waits) = self.end_keys(tenant, now).await?
        {
            return Ok(Some(waits));
        }
        let policy = self.policy();
        let mut remain = Vec::with_capacity(stock.laws.len());
        for (id, (until, records)) in stock.laws {
            let law = policy.obligation(id).ok_or(Error::DamagedContract)?;
            remain.push(Remainder::new(law, until, records)?);
        }
        self.step(tenant, &Step::Remains(remain), now).await?;
        Ok(None)
    }

    /// Destroys the client's own keys, and with them everything.
    pub(super) async fn end_keys(
        &self,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<Option<Waiting>, Error> {
        if self.store.has_tenant(tenant).await? {
            match self.store.end_tenant(&desk_for(tenant), &BY_LAW, now).await {
                Ok(_) => {}
                Err(error) if error.is_erased() => {}
                Err(crypto_store::Error::Held) => return Ok(Some(Waiting::Held { records: 0 })),
                Err(error) => return Err(error.into()),
            }
        }
        // Opened once the keys are gone, and again if that was cut off.
        self.forget([(tenant, Forget::Tenant)], now).await?;
        let settled = self.store.settle(now).await?;
        Ok((settled.pending > 0).then_some(Waiting::Settling))
    }

    /// Everything that can still be read of a client, by what becomes of it.
    async fn stock(
        &self,
        tenant: TenantId,
        off: &Offboarding,
        now: Timestamp,
    ) -> Result<Stock, Error> {
        let mut stock = Stock::default();
        if !self.store.has_tenant(tenant).await? {
            return Ok(stock);
        }
        let policy = self.policy();
        let events = Events::default().with(Trigger::ContractEnd, off.asked_at());
        let mut kept_units = BTreeSet::new();
        let mut walk = self.store.walk(&desk_for(tenant), &BY_LAW, now).await?;
        while let Some(page) = walk.next().await? {
            for Described {
                id,
                meta,
                unit,
                holds,
                ..
            } in page
            {
                let dossier = Dossier {
                    id,
                    meta: &meta,
                    events: &events,
                    holds: &holds,
                };
                match policy.verdict(&dossier, now) {
                    // What was found to be held is held, also by way of a link that a hold does not know.
                    _ if !holds.is_empty() => {
                        stock.held += 1;
                        kept_units.insert(unit);
                    }
                    Verdict::LegalObligation { until, obligation } => {
                        let (last, records) = stock.laws.entry(obligation).or_insert((until, 0));
                        *last = until.max(*last);
                        *records += 1;
                        kept_units.insert(unit);
                        continue;
                    }
                    _ => {
                        stock.doomed.insert(unit);
                    }
                }
                stock.records += 1;
            }
        }
        stock.doomed.retain(|unit| !kept_units.contains(unit));
        Ok(stock)
    }

    /// Shreds units; says how many a hold kept after all.
    async fn shred_all(
        &self,
        tenant: TenantId,
        units: &BTreeSet<UnitId>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut held = 0;
        for unit in units {
            let by = desk_for(tenant);
            match self.store.shred_unit(*unit, &by, &BY_LAW, now).await {
                Ok(_) => {}
                Err(crypto_store::Error::Held) => held += 1,
                Err(error) if error.is_erased() || error.is_not_found() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(held)
    }
}
