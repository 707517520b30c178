//! What is left of what was destroyed: signed events, notes, and the report of a tenant.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use crypto_store::{Accessor, IndexTerm};
use gdpr_rights::account::deletion::SignedDeletion;
use gdpr_rights::request::sign::VerifyingKey;
use retention_policy::{DeletionEvent, DeletionReport, SweepNote, TenantId, Timestamp};

use super::Desk;
use super::house::{house, of_house, split};
use crate::Error;

mod ahead;
mod expected;
mod write;

pub(super) use ahead::Foresight;

/// First byte of a piece.
const EVENT: u8 = 0;
const NOTE: u8 = 1;

/// Checks a deletion event that [`Desk::deletions`] gave, with nothing but the operator's public key.
///
/// # Errors
/// [`Error::Rights`] for bytes that are none, were changed, or were signed by another key.
pub fn verify_deletion(bytes: &[u8], key: &VerifyingKey) -> Result<DeletionEvent, Error> {
    Ok(*SignedDeletion::verify(bytes, key)?.event())
}

impl Desk {
    /// The signed events of a day (UTC) of the accessor's tenant, as bytes for [`verify_deletion`].
    ///
    /// # Errors
    /// [`Error::is_denied`] unless the role answers for the data (the privacy officer's); [`Error::DamagedProof`]; the store
    /// failed.
    pub async fn deletions(&self, by: &Accessor, day: NaiveDate) -> Result<Vec<Vec<u8>>, Error> {
        let mut events = self.proofs(by, Some(by.tenant()), day).await?;
        events.retain(|(kind, _)| *kind == EVENT);
        Ok(events.into_iter().map(|(_, bytes)| bytes).collect())
    }

    /// What was destroyed of the accessor's tenant on some days (UTC), and what the sweeps did not destroy and why: as JSON
    /// and as a page. There is nothing to report without [`DeskBuilder::signing_key`](crate::DeskBuilder::signing_key).
    ///
    /// # Errors
    /// As [`Desk::deletions`]; [`Error::Incomplete`] without a signing key; [`Error::Rights`] if the desk signs with another
    /// key than then.
    pub async fn deletion_report(
        &self,
        by: &Accessor,
        days: RangeInclusive<NaiveDate>,
    ) -> Result<DeletionReport, Error> {
        let key = self.signing_key.as_ref().ok_or(Error::Incomplete(
            "name the key that deletions are signed with: DeskBuilder::signing_key",
        ))?;
        let (mut events, mut notes) = (Vec::new(), Vec::new());
        for day in days.start().iter_days().take_while(|day| day <= days.end()) {
            for whose in [Some(by.tenant()), None] {
                for (kind, bytes) in self.proofs(by, whose, day).await? {
                    match kind {
                        EVENT => events.push(verify_deletion(&bytes, &key.verifying_key())?),
                        NOTE => notes.push(SweepNote::from_bytes(&bytes)?),
                        _ => return Err(Error::DamagedProof),
                    }
                }
            }
        }
        Ok(DeletionReport::new(by.tenant(), &events).with_notes(notes))
    }

    async fn proofs(
        &self,
        by: &Accessor,
        whose: Option<TenantId>,
        day: NaiveDate,
    ) -> Result<Vec<(u8, Vec<u8>)>, Error> {
        let by = of_house(by.actor(), by.role());
        self.proofs_at(&by, whose, day, self.now()?).await
    }

    /// As somebody of the house, as of an instant.
    async fn proofs_at(
        &self,
        by: &Accessor,
        whose: Option<TenantId>,
        day: NaiveDate,
        now: Timestamp,
    ) -> Result<Vec<(u8, Vec<u8>)>, Error> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for (_, body) in self.kept(by, &day_term(whose, day)?, now).await? {
            for piece in split(&body)? {
                let (kind, bytes) = piece.split_first().ok_or(Error::DamagedProof)?;
                if seen.insert(piece.clone()) {
                    found.push((*kind, bytes.to_vec()));
                }
            }
        }
        Ok(found)
    }
}

/// What the proofs of a day are found by.
fn day_term(whose: Option<TenantId>, day: NaiveDate) -> Result<IndexTerm, Error> {
    let whose = whose.unwrap_or_else(house);
    Ok(IndexTerm::new("deletion_day", &format!("{whose}/{day}"))?)
}
