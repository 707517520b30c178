//! Erasing in every source, after it was written down (article 17).

use crypto_store::Accessor;
use gdpr_rights::request::certificate::Method;
use gdpr_rights::request::ledger::{EraseOrder, ErasureIntent, Recorded};
use gdpr_rights::{Residue, ResidueReason, SourceId};
use retention_policy::{Forget, RecordId, Timestamp};

use super::{STORE, person};
use crate::desk::Desk;
use crate::desk::case::file::{CaseFile, Erasure};
use crate::desk::erase::ANSWER;
use crate::{Customer, Error};

impl Desk {
    pub(super) async fn erase_everywhere(
        &self,
        by: &Accessor,
        record: RecordId,
        file: &mut CaseFile,
        now: Timestamp,
    ) -> Result<Option<Residue>, Error> {
        let intent = match &file.intent {
            Some(bytes) => ErasureIntent::from_bytes(bytes)?,
            None => {
                let intent = ErasureIntent::new(
                    file.case.id(),
                    by.tenant(),
                    file.request().subject,
                    self.source_ids()?,
                    now,
                )?;
                file.intent = Some(intent.to_bytes());
                file.tombstone = Some(self.random()?);
                // Written down and durable before anything is destroyed.
                self.save(by, record, file, now).await?;
                intent
            }
        };
        let recorded = Recorded::durable(intent);
        let order = EraseOrder::after(&recorded);
        let identifiers = file.identifiers.clone().unwrap_or_default();
        if file.person.is_some() {
            // A repeated call finds the key gone already and carries on with what is left of it.
            match self
                .store
                .erase_subject(order.subject(), by, &ANSWER, now)
                .await
            {
                Ok(erased) => {
                    file.tombstone = Some(*erased.receipt().erasure.as_bytes());
                }
                Err(error) if error.is_erased() => {}
                // Somebody has to release the hold, or to grant only a part.
                Err(crypto_store::Error::Held) => {
                    let own = SourceId::new(STORE)?;
                    return Ok(Some(Residue::of(vec![(own, ResidueReason::Failed)])));
                }
                Err(error) => return Err(error.into()),
            }
        }
        let subject = Forget::Subject(order.subject());
        self.forget([(by.tenant(), subject)], now).await?;
        let mentions = self
            .take_out(by, order.subject(), &identifiers, now)
            .await?;
        file.held = mentions.held;
        note(file, &SourceId::new(STORE)?, Method::KeyDestroyed);
        let nobody = Customer::new();
        let mut failed = Vec::new();
        let mut done = Vec::new();
        {
            let person = person(file, &nobody);
            for source in &self.sources {
                match source.erase(&person).await {
                    Ok(method) => done.push((source.id(), method)),
                    Err(_) => failed.push((source.id(), ResidueReason::Failed)),
                }
            }
        }
        for (source, method) in done {
            note(file, &source, method);
        }
        Ok((!failed.is_empty()).then(|| Residue::of(failed)))
    }
}

fn note(file: &mut CaseFile, source: &SourceId, how: Method) {
    match file.erasures.iter_mut().find(|e| e.source == *source) {
        Some(known) => known.method = Some(how),
        None => file.erasures.push(Erasure {
            source: source.clone(),
            before: 0,
            method: Some(how),
        }),
    }
}
