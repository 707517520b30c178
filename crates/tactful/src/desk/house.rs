//! Where the desk keeps what is its own and nobody's: what it destroyed, and whom it still has to tell.
//!
//! These records outlive the tenants they are about, so they lie under a tenant of the desk's own, which is made when it is
//! needed first. No person is in them.

use crypto_store::{Accessor, IndexTerm, NewRecord, Reason};
use retention_policy::{
    ActorId, Category, Purpose, PurposeSet, RecordId, RecordMeta, Role, SubjectId, TenantId,
    Timestamp,
};

use super::Desk;
use crate::Error;

/// The ids of the desk itself: no random id has these bytes.
const HOUSE: [u8; 16] = *b"tactful the desk";

/// Why the desk keeps books, gives back, destroys and shows that it did (articles 5(2), 28(3)).
pub(crate) const BY_LAW: Reason = Reason::new(Purpose::LegalObligation);

/// The desk where nobody else acts: it does for a client what the client's contract asks.
pub(crate) fn desk_for(tenant: TenantId) -> Accessor {
    Accessor::new(ActorId::from_bytes(HOUSE), Role::PrivacyOfficer, tenant)
}

/// The desk where it works without a person.
pub(crate) fn worker_for(tenant: TenantId) -> Accessor {
    Accessor::new(ActorId::from_bytes(HOUSE), Role::Worker, tenant)
}

/// The tenant of what is the desk's own; no client has this id.
pub(crate) fn house() -> TenantId {
    TenantId::from_bytes(HOUSE)
}

/// The desk itself.
pub(crate) fn desk_itself() -> Accessor {
    desk_for(house())
}

/// Somebody who reads what is the desk's own, in their own role.
pub(crate) fn of_house(who: ActorId, role: Role) -> Accessor {
    Accessor::new(who, role, house())
}

impl Desk {
    /// Who reads and writes the desk's own records; makes their keys the first time.
    pub(crate) async fn house(&self, now: Timestamp) -> Result<Accessor, Error> {
        if !self.has_house().await? {
            match self.store.create_tenant(house(), now).await {
                // Two at once make one.
                Ok(()) | Err(crypto_store::Error::TenantExists) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(desk_itself())
    }

    /// Whether anything of the desk's own was ever written.
    pub(crate) async fn has_house(&self) -> Result<bool, Error> {
        Ok(self.store.has_tenant(house()).await?)
    }

    /// Writes down something of the desk's own. The same `once` writes it once.
    pub(crate) async fn keep_own(
        &self,
        body: Vec<u8>,
        terms: Vec<IndexTerm>,
        once: &[u8],
        now: Timestamp,
    ) -> Result<RecordId, Error> {
        self.house(now).await?;
        let meta = RecordMeta::new(
            house(),
            SubjectId::from_bytes(HOUSE),
            Category::RightsCase,
            PurposeSet::only(Purpose::LegalObligation),
            self.region,
            self.policy().expiry(Category::RightsCase, now)?,
        )?;
        let record = NewRecord::new(meta, body)
            .terms(terms)
            .idempotency_key(once);
        let put = self.store.put(record, &desk_itself(), &BY_LAW, now).await;
        Ok(put?.id())
    }

    /// Reads what is the desk's own, by what it is found by.
    pub(crate) async fn kept(
        &self,
        by: &Accessor,
        term: &IndexTerm,
        now: Timestamp,
    ) -> Result<Vec<(RecordId, Vec<u8>)>, Error> {
        let mut bodies = Vec::new();
        if !self.has_house().await? {
            return Ok(bodies);
        }
        for id in self.store.find(term, by, &BY_LAW, now).await? {
            let opened = self.store.get(id, by, &BY_LAW, now).await?;
            bodies.push((id, opened.expose().to_vec()));
        }
        Ok(bodies)
    }

    /// Ends something of the desk's own.
    pub(crate) async fn drop_kept(&self, id: RecordId, now: Timestamp) -> Result<(), Error> {
        match self.store.shred(&[id], &desk_itself(), &BY_LAW, now).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_erased() || error.is_not_found() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Pieces of a body: their number, then each behind its length.
pub(crate) fn join(pieces: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    let mut out = vec![VERSION];
    let number = |n: usize| u32::try_from(n).map_err(|_| Error::TooLarge { bytes: n });
    out.extend_from_slice(&number(pieces.len())?.to_be_bytes());
    for piece in pieces {
        out.extend_from_slice(&number(piece.len())?.to_be_bytes());
        out.extend_from_slice(piece);
    }
    Ok(out)
}

/// Reads what [`join`] wrote.
pub(crate) fn split(body: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let take = |rest: &mut &[u8], len: usize| {
        let (taken, left) = rest.split_at_checked(len).ok_or(Error::DamagedProof)?;
        *rest = left;
        Ok::<_, Error>(taken.to_vec())
    };
    let number = |rest: &mut &[u8]| {
        let bytes: [u8; 4] = take(rest, 4)?.try_into().map_err(|_| Error::DamagedProof)?;
        usize::try_from(u32::from_be_bytes(bytes)).map_err(|_| Error::DamagedProof)
    };
    let mut rest = body.strip_prefix(&[VERSION]).ok_or(Error::DamagedProof)?;
    let many = number(&mut rest)?;
    let mut pieces = Vec::new();
    for _ in 0..many {
        let len = number(&mut rest)?;
        pieces.push(take(&mut rest, len)?);
    }
    if rest.is_empty() {
        Ok(pieces)
    } else {
        Err(Error::DamagedProof)
    }
}

const VERSION: u8 = 1;
