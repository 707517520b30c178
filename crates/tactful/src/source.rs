//! Places outside the desk that hold personal data: each answers every request.

use std::fmt;

use async_trait::async_trait;
use gdpr_rights::request::case::Ground;
use gdpr_rights::request::certificate::Method;
use gdpr_rights::request::package::{Item, Reason};
use gdpr_rights::{Answer, ScanOrder, SourceId};
use retention_policy::{SubjectId, TenantId};

use crate::{Correction, Customer};

/// Whom a request is about, as the integrator's own systems know them. Debug prints ids and counts.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "three facts of one person")]
pub struct Person<'p> {
    /// Whose customer.
    pub tenant: TenantId,
    /// Who, in the desk's records; an id that means nobody where the desk knows nothing of them.
    pub subject: SubjectId,
    /// The identifiers to look for elsewhere.
    pub identifiers: &'p Customer,
}

/// What to count when looking.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Look<'l> {
    /// Items of the person that can still be read.
    Held,
    /// Items that still have the value that is wrong.
    Wrong(&'l Correction),
    /// Items that are still used for more than to be kept.
    InUse(Ground),
}

/// All that a source holds of a person.
#[derive(Clone, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "the data, and why it is there")]
pub struct Export {
    /// Every item, without what it says about other people (article 15(4)).
    pub items: Vec<Item>,
    /// For each category of the items why it is there and how long.
    pub reasons: Vec<Reason>,
}

/// A source could not do what it was asked; the case stays open.
///
/// It carries nothing: what went wrong may quote the person, and belongs into the source's own log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a registered source could not do what it was asked: see its own log")]
#[expect(
    clippy::exhaustive_structs,
    reason = "it says that it failed and nothing else"
)]
pub struct SourceFailed;

/// A registered place that holds personal data: a search index, a cache, a data warehouse, an export folder.
///
/// One that does not answer keeps every case open. That is the point. Every call may come again after a failure: doing a
/// thing twice is no error.
#[async_trait]
pub trait PersonalDataSource: fmt::Debug + Send + Sync {
    /// Its name, one of a kind.
    fn id(&self) -> SourceId;

    /// Looks for the person and answers the order with its nonce. Looking must not rely on what the other calls said.
    async fn scan(&self, order: &ScanOrder, person: &Person<'_>, look: Look<'_>) -> Answer;

    /// Gives all it holds of the person (articles 15 and 20).
    ///
    /// # Errors
    /// [`SourceFailed`]: there is no package then.
    async fn export(&self, person: &Person<'_>) -> Result<Export, SourceFailed>;

    /// Destroys what it holds of the person, and says how (article 17).
    ///
    /// # Errors
    /// [`SourceFailed`]: the case stays open.
    async fn erase(&self, person: &Person<'_>) -> Result<Method, SourceFailed>;

    /// Limits the use of what it holds to keeping it, or ends that (article 18).
    ///
    /// # Errors
    /// [`SourceFailed`]: the case stays open.
    async fn restrict(
        &self,
        person: &Person<'_>,
        ground: Ground,
        on: bool,
    ) -> Result<(), SourceFailed>;

    /// Puts the value that is right in the place of the one that is wrong (article 16).
    ///
    /// # Errors
    /// [`SourceFailed`]: the case stays open.
    async fn rectify(
        &self,
        person: &Person<'_>,
        correction: &Correction,
    ) -> Result<(), SourceFailed>;
}
