//! Places outside the store where copies lie: each is told what to forget.

use std::fmt;

use async_trait::async_trait;
use retention_policy::{Notice, SinkId, SinkKind};

/// A sink could not forget; it is told again.
///
/// It carries nothing: what went wrong may quote somebody, and belongs into the sink's own log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("a sink could not forget what it was told to: see its own log")]
#[expect(
    clippy::exhaustive_structs,
    reason = "it says that it failed and nothing else"
)]
pub struct SinkFailed;

/// A place where copies of what the desk stores may lie: a search index, a cache, a warehouse, a log.
///
/// It is told of every ending: a time bucket, a record that ended early, a ticket that was decided, a person who was erased,
/// a tenant whose contract is over. A notice stays open, over restarts too, until every sink has said that it forgot; so it
/// may come more than once, and to forget a thing twice is no error. A call must end by itself: give it a time limit of its
/// own.
///
/// A notice names kinds, instants and random ids, so a sink keeps the id of the record beside its copy. What a hold keeps in
/// the store is told to sinks like everything else whose bucket ended: a hold keeps the record, not its copies.
///
/// ```
/// use tactful::retention_policy::{Forget, Notice, SinkId, SinkKind};
/// use tactful::{Sink, SinkFailed};
///
/// #[derive(Debug)]
/// struct Cache(SinkId);
///
/// #[async_trait::async_trait]
/// impl Sink for Cache {
///     fn id(&self) -> SinkId {
///         self.0
///     }
///
///     fn kind(&self) -> SinkKind {
///         SinkKind::Cache
///     }
///
///     async fn forget(&self, notice: &Notice) -> Result<(), SinkFailed> {
///         match notice.what {
///             Forget::Record(_id) => Ok(()),           // drop the entry of this record
///             Forget::Ended { until: _, .. } => Ok(()), // drop what expires at or before this instant
///             _ => Ok(()),                              // a person, a tenant
///         }
///     }
/// }
///
/// let _ = tactful::Desk::builder().sink(std::sync::Arc::new(Cache(SinkId::new("replies")?)));
/// # Ok::<(), tactful::retention_policy::Error>(())
/// ```
#[async_trait]
pub trait Sink: fmt::Debug + Send + Sync {
    /// Its name, one of a kind; the same after a restart.
    fn id(&self) -> SinkId;

    /// What it is.
    fn kind(&self) -> SinkKind;

    /// Forgets.
    ///
    /// # Errors
    /// [`SinkFailed`]: it still owes the answer and is told again with the next sweep.
    async fn forget(&self, notice: &Notice) -> Result<(), SinkFailed>;
}
