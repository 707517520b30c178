//! The policy in force: what it says of records that are written, what a newer one would change, and how that takes its place.
//!
//! The policy that the first client was taken on under is kept as a book, and from then on only [`Desk::adopt`] replaces it. One
//! that takes effect is written down first; then every record whose end came earlier is told so. What was interrupted there is
//! done again by the next sweep. Ends that were written are never put off.

use std::sync::{Arc, PoisonError};

use crypto_store::Accessor;
use retention_policy::{ApprovedPolicy, Dossier, DryRun, Policy, PolicyDiff, Timestamp};

use super::Desk;
use super::books::Kept;
use super::house::BY_LAW;
use crate::Error;

mod apply;
mod book;

use book::Book;

/// Under which word the policy lies.
const SHELF: &str = "policy";

/// What a newer policy would change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PolicyChange {
    /// In sentences, for whoever approves it.
    pub diff: PolicyDiff,
    /// Of the records there are.
    pub dry_run: DryRun,
}

/// What a policy changed when it took effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Adopted {
    /// Records that end earlier. Those that are over are refused from now on, and destroyed by the next sweep unless its breaker
    /// stops it.
    pub shortened: u64,
    /// Records that go to an archive, or to fewer readers.
    pub archived: u64,
}

/// The policy in force, and whether all records know.
#[derive(Debug)]
pub(crate) struct InForce {
    policy: Arc<Policy>,
    kept: Option<Kept>,
    applied: bool,
}

impl InForce {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            policy: Arc::new(policy),
            kept: None,
            applied: true,
        }
    }
}

impl Desk {
    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.in_force().policy)
    }

    /// Says what a newer policy would change, for all clients, and changes nothing. Events that the desk does not keep are not in
    /// it: of a record that was used it tells the end that was written then.
    ///
    /// # Errors
    /// [`Error::is_denied`] unless the role may search all records to meet a legal duty, in each client; the store failed.
    ///
    /// ```
    /// # use tactful::Desk;
    /// # use tactful::crypto_store::Accessor;
    /// # use tactful::retention_policy::{ActorId, Policy, Region, Role, TenantId};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let desk = Desk::builder().in_memory().region(Region::France).open().await?;
    /// # let (ana, shop) = (ActorId::from_random([2; 16]), TenantId::from_random([1; 16]));
    /// # let officer = Accessor::new(ana, Role::PrivacyOfficer, shop);
    /// let newer = Policy::from_toml(
    ///     "schema = 1\nversion = 2\n[[rule]]\ncategory = \"draft\"\ntrigger = \"created\"\nafter = \"7d\"",
    /// )?;
    /// let change = desk.policy_change(&officer, &newer).await?;
    /// println!("{}\n{}", change.diff, change.dry_run);
    /// // It only shortens: one person is enough.
    /// let approved = desk.policy().approve(&newer, ana, None)?;
    /// desk.adopt(&approved).await?;
    /// assert_eq!(desk.policy().version(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn policy_change(
        &self,
        by: &Accessor,
        newer: &Policy,
    ) -> Result<PolicyChange, Error> {
        let now = self.now()?;
        let policy = self.policy();
        let mut dry_run = DryRun::default();
        for tenant in self.clients.all() {
            if !self.store.has_tenant(tenant).await? {
                continue;
            }
            let events = self.known_events(tenant);
            let by = Accessor::new(by.actor(), by.role(), tenant);
            let mut walk = self.store.walk(&by, &BY_LAW, now).await?;
            while let Some(page) = walk.next().await? {
                let dossiers = page.iter().map(|one| Dossier {
                    id: one.id,
                    meta: &one.meta,
                    events: &events,
                    holds: &one.holds,
                });
                dry_run.add(policy.dry_run(newer, dossiers, now));
            }
        }
        Ok(PolicyChange {
            diff: policy.diff(newer),
            dry_run,
        })
    }

    /// Puts a policy in force that was approved: by one person where it only shortens, else by two
    /// ([`Policy::approve`]). Contracts go on under it.
    ///
    /// # Errors
    /// [`Error::Policy`] when another policy is in force than the one it was compared with; the store failed: it is in force if
    /// [`Desk::policy`] says so, and the next sweep tells the records that do not know yet.
    pub async fn adopt(&self, approved: &ApprovedPolicy) -> Result<Adopted, Error> {
        let now = self.now()?;
        let _turn = self.adopting.lock().await;
        let newer = approved.after(&self.policy())?.clone();
        let book = Book {
            applied: false,
            by: Some(approved.by()),
            policy: newer,
        };
        self.set_policy(book.clone(), now).await?;
        tracing::info!(version = book.policy.version(), "a policy was adopted");
        let adopted = self.apply(now).await?;
        let applied = Book {
            applied: true,
            ..book
        };
        self.set_policy(applied, now).await?;
        Ok(adopted)
    }

    /// Keeps the policy before anything is kept under it.
    pub(super) async fn keep_policy(&self, now: Timestamp) -> Result<(), Error> {
        if self.in_force().kept.is_some() {
            return Ok(());
        }
        let book = Book {
            applied: true,
            by: None,
            policy: (*self.policy()).clone(),
        };
        self.set_policy(book, now).await
    }

    /// Reads the policy that was stored. A desk that was told another one does not open.
    pub(crate) async fn load_policy(
        &self,
        given: Option<&Policy>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let mut books = self.books(SHELF, at).await?.into_iter();
        let Some((kept, body)) = books.next() else {
            return Ok(());
        };
        for (older, _) in books {
            self.shut_book(older, at).await?;
        }
        let book = Book::decode(&body)?;
        if let Some(given) = given.filter(|given| **given != book.policy) {
            return Err(Error::NotInForce {
                given: given.version(),
                in_force: book.policy.version(),
            });
        }
        // A record may have been written without its archive, just before a kill.
        let archives = book.policy.rules().iter().any(|r| r.archive().is_some());
        *self.in_force_mut() = InForce {
            applied: book.applied && !archives,
            policy: Arc::new(book.policy),
            kept: Some(kept),
        };
        Ok(())
    }

    async fn set_policy(&self, book: Book, now: Timestamp) -> Result<(), Error> {
        let kept = self.in_force().kept;
        let body = book.encode();
        let (kept, before) = match kept {
            Some(kept) => self.write_book(kept, SHELF, body, now).await?,
            None => (self.open_book(SHELF, body, now).await?, None),
        };
        *self.in_force_mut() = InForce {
            policy: Arc::new(book.policy),
            kept: Some(kept),
            applied: book.applied,
        };
        match before {
            Some(before) => self.shut_book(before, now).await,
            None => Ok(()),
        }
    }

    fn in_force(&self) -> std::sync::RwLockReadGuard<'_, InForce> {
        self.in_force.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_force_mut(&self) -> std::sync::RwLockWriteGuard<'_, InForce> {
        let policy = self.in_force.write();
        policy.unwrap_or_else(PoisonError::into_inner)
    }
}
