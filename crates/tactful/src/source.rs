//! Places outside the desk that hold personal data: each answers every request.

use std::fmt;

use async_trait::async_trait;
use gdpr_rights::{Answer, ScanOrder, SourceId};
use retention_policy::{SubjectId, TenantId};

use crate::Customer;

/// Whom a request is about, as the integrator's own systems know them. Debug prints ids and counts.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "three facts of one person")]
pub struct Person<'p> {
    /// Whose customer.
    pub tenant: TenantId,
    /// Who, in the desk's records.
    pub subject: SubjectId,
    /// The identifiers to look for elsewhere.
    pub identifiers: &'p Customer,
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
/// One that does not answer keeps every case open. That is the point.
#[async_trait]
pub trait PersonalDataSource: fmt::Debug + Send + Sync {
    /// Its name, one of a kind.
    fn id(&self) -> SourceId;

    /// Destroys what it holds of the person. Called again after a failure: doing it twice is no error.
    ///
    /// # Errors
    /// [`SourceFailed`]: the case stays open.
    async fn erase(&self, person: &Person<'_>) -> Result<(), SourceFailed>;

    /// Looks for the person and answers the order with its nonce. Looking must not rely on what [`Self::erase`] said.
    async fn scan(&self, order: &ScanOrder, person: &Person<'_>) -> Answer;
}
