//! What becomes of drafts before they end: what many have in common lives on, without any of them.
//!
//! About once a day a sweep opens the drafts of a client that end within two days, each once and audited, takes what enough of
//! them of enough people say ([`redact::Templates`]), and keeps the lines, without saying which stood together. The drafts end
//! as they would have. Whose drafts were among them is a book of the desk's own until they have ended, so that a restart makes
//! nothing twice and the report of deletion can count; a template holds nothing of one person, so there is nothing to erase in
//! it when somebody asks later. Who objected, who is restricted and who was erased before is not read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crypto_store::{Accessor, IndexTerm};
use retention_policy::Role;

use super::Desk;
use super::house::BY_LAW;
use super::quality::IMPROVE;
use crate::Error;

mod body;
mod book;
mod count;
mod make;
mod pool;

pub(super) use body::decode;
pub(crate) use book::Templated;
pub(super) use count::InTemplates;

/// The field under which templates are found.
const TEMPLATES: &str = "templates";

/// What drafts about one matter in one language had in common. Debug prints counts.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DraftTemplates {
    /// The language, as a code.
    pub locale: String,
    /// The matter, as a code; none for lines of drafts about several.
    pub intent: Option<String>,
    /// How many drafts had them.
    pub drafts: u64,
    /// Phrases that at least five drafts for five people hold, sorted: which stood in one draft is not kept.
    pub lines: BTreeSet<String>,
}

impl fmt::Debug for DraftTemplates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DraftTemplates")
            .field("drafts", &self.drafts)
            .field("lines", &self.lines.len())
            .finish_non_exhaustive()
    }
}

impl Desk {
    /// What the drafts of the accessor's client had in common before they ended, by language and matter. Nobody is in it. Each
    /// day's is read with an audit leaf of its own, and lives for as long as the policy keeps templates.
    ///
    /// # Errors
    /// [`Error::Stopped`]; [`Error::is_denied`] unless the role is the worker's or the privacy officer's;
    /// [`Error::DamagedSession`]; the store failed.
    ///
    /// ```
    /// # use tactful::Desk;
    /// # use tactful::crypto_store::Accessor;
    /// # use tactful::retention_policy::{ActorId, Contract, Party, Region, Role, TenantId};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let desk = Desk::builder().in_memory().region(Region::France).open().await?;
    /// # let shop = TenantId::from_random([1; 16]);
    /// # let since = "2026-03-02T09:00:00Z".parse()?;
    /// # let operators = [ActorId::from_random([3; 16])];
    /// # desk.onboard(Contract::new(shop, Party::Processor, Region::France, 1, operators, since)?).await?;
    /// let officer = Accessor::new(ActorId::from_random([2; 16]), Role::PrivacyOfficer, shop);
    /// for of in desk.templates(&officer).await? {
    ///     println!("{} {:?}: {} lines of {} drafts", of.locale, of.intent, of.lines.len(), of.drafts);
    /// }
    /// let agent = Accessor::new(ActorId::from_random([4; 16]), Role::Agent, shop);
    /// assert!(desk.templates(&agent).await.is_err_and(|error| error.is_denied()));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn templates(&self, by: &Accessor) -> Result<Vec<DraftTemplates>, Error> {
        let now = self.now()?;
        let why = match by.role() {
            Role::PrivacyOfficer => BY_LAW,
            _ => IMPROVE,
        };
        self.may_read(by.tenant(), why.purpose())?;
        let mut all: BTreeMap<(String, Option<String>), DraftTemplates> = BTreeMap::new();
        for record in self.store.find(&every()?, by, &why, now).await? {
            let opened = self.store.get(record, by, &why, now).await?;
            for one in decode(opened.expose())? {
                match all.entry((one.locale.clone(), one.intent.clone())) {
                    std::collections::btree_map::Entry::Vacant(entry) => {
                        entry.insert(one);
                    }
                    std::collections::btree_map::Entry::Occupied(mut entry) => {
                        let known = entry.get_mut();
                        known.drafts = known.drafts.saturating_add(one.drafts);
                        known.lines.extend(one.lines);
                    }
                }
            }
        }
        Ok(all.into_values().collect())
    }
}

/// What all templates of a client are found by.
fn every() -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new(TEMPLATES, "all")?)
}

/// What those are found by that were made at once.
fn of_batch(number: u64) -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new(TEMPLATES, &number.to_string())?)
}
