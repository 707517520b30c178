//! Which drafts were looked at: a book of the desk's own for each client, until the drafts have ended.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use retention_policy::{RecordId, RecordMeta, State, TenantId, Timestamp};

use crate::Error;
use crate::desk::Desk;
use crate::desk::books::Kept;

/// Under which word these books lie.
const SHELF: &str = "templates";
const VERSION: u8 = 0;

/// What is known of the drafts of all clients.
#[derive(Default)]
pub(crate) struct Templated {
    clients: Mutex<BTreeMap<TenantId, Looked>>,
    /// Templates are made by one sweep at a time.
    pub(super) turn: tokio::sync::Mutex<()>,
}

#[derive(Clone, Default)]
struct Looked {
    kept: Option<Kept>,
    book: Book,
}

/// Which drafts of a client were looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Book {
    /// When to look again, in seconds since 1970.
    pub(super) next: i64,
    /// How often templates were made.
    pub(super) batches: u64,
    /// By the end of their bucket, and whether something of theirs is in templates.
    pub(super) drafts: BTreeMap<i64, BTreeMap<RecordId, bool>>,
}

impl Templated {
    pub(super) fn book(&self, tenant: TenantId) -> Book {
        let looked = self.lock().get(&tenant).cloned();
        looked.unwrap_or_default().book
    }

    pub(super) fn is_due(&self, tenant: TenantId, now: Timestamp) -> bool {
        let all = self.lock();
        all.get(&tenant)
            .is_none_or(|looked| looked.book.next <= now.timestamp())
    }

    /// Whether a draft was looked at, and whether something of it is in templates.
    pub(super) fn is_in(&self, tenant: TenantId, draft: RecordId) -> Option<bool> {
        let all = self.lock();
        let mut buckets = all.get(&tenant)?.book.drafts.values();
        buckets.find_map(|drafts| drafts.get(&draft)).copied()
    }

    /// Drafts of a bucket of which something is in templates.
    pub(super) fn of_bucket(&self, tenant: TenantId, end: Timestamp) -> Vec<RecordId> {
        let all = self.lock();
        let drafts = all.get(&tenant).map(|looked| &looked.book.drafts);
        let Some(drafts) = drafts.and_then(|all| all.get(&end.timestamp())) else {
            return Vec::new();
        };
        let some = drafts.iter().filter(|(_, templated)| **templated);
        some.map(|(id, _)| *id).collect()
    }

    /// Looks again later. That is remembered until the process ends.
    pub(super) fn put_off(&self, tenant: TenantId, until: Timestamp) {
        self.lock().entry(tenant).or_default().book.next = until.timestamp();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<TenantId, Looked>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    /// Notes that a draft was looked at.
    pub(super) fn note(&mut self, id: RecordId, meta: &RecordMeta, templated: bool) {
        let bucket = self.drafts.entry(meta.bucket().end().timestamp());
        bucket.or_default().insert(id, templated);
    }

    /// Forgets drafts whose bucket ended some time ago.
    pub(super) fn forget_before(&mut self, end: Timestamp) {
        self.drafts.retain(|at, _| *at >= end.timestamp());
    }

    fn encode(&self, tenant: TenantId) -> Result<Vec<u8>, Error> {
        let number = |n: usize| u32::try_from(n).map_err(|_| Error::TooLarge { bytes: n });
        let mut out = vec![VERSION];
        out.extend_from_slice(&tenant.to_bytes());
        out.extend_from_slice(&self.next.to_be_bytes());
        out.extend_from_slice(&self.batches.to_be_bytes());
        for (end, drafts) in &self.drafts {
            out.extend_from_slice(&end.to_be_bytes());
            out.extend_from_slice(&number(drafts.len())?.to_be_bytes());
            for (id, templated) in drafts {
                out.extend_from_slice(&id.to_bytes());
                out.push(u8::from(*templated));
            }
        }
        Ok(out)
    }

    fn decode(bytes: &[u8]) -> Option<(TenantId, Self)> {
        let mut rest = bytes.strip_prefix(&[VERSION])?;
        let tenant = TenantId::from_bytes(take(&mut rest)?);
        let next = i64::from_be_bytes(take(&mut rest)?);
        let batches = u64::from_be_bytes(take(&mut rest)?);
        let mut drafts = BTreeMap::new();
        while !rest.is_empty() {
            let end = i64::from_be_bytes(take(&mut rest)?);
            let many = u32::from_be_bytes(take(&mut rest)?);
            let mut of: BTreeMap<RecordId, bool> = BTreeMap::new();
            for _ in 0..many {
                let id = RecordId::from_bytes(take(&mut rest)?);
                let [templated] = take(&mut rest)?;
                of.insert(id, templated == 1);
            }
            drafts.insert(end, of);
        }
        let book = Self {
            next,
            batches,
            drafts,
        };
        Some((tenant, book))
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

impl Desk {
    /// Reads which drafts were looked at.
    pub(crate) async fn load_templated(&self, at: Timestamp) -> Result<(), Error> {
        for (kept, body) in self.books(SHELF, at).await? {
            let (tenant, book) = Book::decode(&body).ok_or(Error::DamagedContract)?;
            let known = self.templated.lock().contains_key(&tenant);
            match known {
                // A renewal was interrupted between the newer one and the end of this.
                true => self.shut_book(kept, at).await?,
                false => {
                    let kept = Some(kept);
                    self.templated.lock().insert(tenant, Looked { kept, book });
                }
            }
        }
        Ok(())
    }

    /// Writes down which drafts of a client were looked at.
    pub(super) async fn keep_templated(
        &self,
        tenant: TenantId,
        book: Book,
        now: Timestamp,
    ) -> Result<(), Error> {
        let body = book.encode(tenant)?;
        let kept = self.templated.lock().get(&tenant).and_then(|l| l.kept);
        let (kept, before) = match kept {
            Some(kept) => self.write_book(kept, SHELF, body, now).await?,
            None => (self.open_book(SHELF, body, now).await?, None),
        };
        let kept = Some(kept);
        self.templated.lock().insert(tenant, Looked { kept, book });
        match before {
            Some(before) => self.shut_book(before, now).await,
            None => Ok(()),
        }
    }

    /// Shuts the books of clients whose contract is over.
    pub(super) async fn shut_templated(&self, now: Timestamp) -> Result<(), Error> {
        let all: Vec<_> = {
            let all = self.templated.lock();
            let kept = all.iter().filter_map(|(of, l)| Some((*of, l.kept?)));
            kept.collect()
        };
        for (tenant, kept) in all {
            let contract = self.contract(tenant);
            if contract.is_none_or(|c| matches!(c.state(), State::Ended(_))) {
                self.shut_book(kept, now).await?;
                self.templated.lock().remove(&tenant);
            }
        }
        Ok(())
    }
}
