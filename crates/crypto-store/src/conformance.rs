//! What every back end and every root of keys must do, as cases to run against yours.
//!
//! A case is a future: it needs no particular executor, so your tests decide where it runs. Implement [`Factory`] for a back
//! end or [`Roots`] for a key provider, then let a macro make one test of each case.
//!
//! | list | macro | who must pass |
//! |-|-|-|
//! | [`backend_cases`] | [`backend_conformance!`](crate::backend_conformance) | every back end |
//! | [`durability_cases`] | [`backend_durability!`](crate::backend_durability) | back ends that outlive their process |
//! | [`ownership_cases`] | [`backend_ownership!`](crate::backend_ownership) | back ends that belong to one owner at a time |
//! | [`provider_cases`] | [`provider_conformance!`](crate::provider_conformance) | every root of keys |
//! | [`provider_durability_cases`] | [`provider_durability!`](crate::provider_durability) | roots that can be opened again |
//!
//! ```
//! use std::sync::Arc;
//! use async_trait::async_trait;
//! use crypto_store::backend::{Backend, memory::MemoryBackend};
//! use crypto_store::conformance::{BackendCase, Factory, Place, backend_cases};
//! use crypto_store::Error;
//!
//! struct Memory;
//! struct Held(Arc<MemoryBackend>);
//!
//! #[async_trait]
//! impl Factory for Memory {
//!     async fn place(&self) -> Result<Box<dyn Place>, Error> {
//!         Ok(Box::new(Held(Arc::new(MemoryBackend::new()))))
//!     }
//! }
//!
//! #[async_trait]
//! impl Place for Held {
//!     async fn open(&self) -> Result<Arc<dyn Backend>, Error> {
//!         Ok(self.0.clone())
//!     }
//! }
//!
//! fn run(case: &'static BackendCase) {
//!     let executor = tokio::runtime::Builder::new_current_thread().build().unwrap();
//!     if let Err(failure) = executor.block_on(case.run(&Memory)) {
//!         panic!("{failure}");
//!     }
//! }
//!
//! // In a test: `mod memory { crypto_store::backend_conformance!(super::run); }`
//! run(&backend_cases()[0]);
//! assert!(backend_cases().len() >= 150);
//! ```

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;

use crate::backend::Backend;
use crate::{Error, Horizon, KeyProvider, ProviderId};

mod concurrency;
mod due;
mod durability;
mod get_many;
mod key_scan;
mod keys;
mod list;
mod logs;
mod ownership;
mod prefix;
mod providers;
mod references;
mod require;
mod rows;
mod snapshot;
mod together;
mod trial;
mod upkeep;

#[doc(hidden)]
pub use list::named;
pub use list::{
    backend_cases, durability_cases, ownership_cases, provider_cases, provider_durability_cases,
};
pub use together::interleave;

use trial::Checked;

/// A future that any executor can run.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Makes the back ends that cases are run on.
#[async_trait]
pub trait Factory: Send + Sync {
    /// Makes a place with nothing in it, apart from every other.
    ///
    /// # Errors
    /// Whatever keeps it from being made; the case fails with it.
    async fn place(&self) -> Result<Box<dyn Place>, Error>;

    /// Runs tasks beside each other and returns when all have ended. As it is, they take turns on one thread; a factory
    /// that can should spread them over several.
    async fn together(&self, tasks: Vec<BoxFuture<'static, ()>>) {
        interleave(tasks).await;
    }
}

/// Where one back end is. Dropping it may remove everything.
#[async_trait]
pub trait Place: Send + Sync {
    /// Opens the back end; the first time it is empty. Durability cases open again after [`Backend::close`] or after
    /// every handle was dropped, ownership cases also in between.
    ///
    /// # Errors
    /// Those of the back end; [`Error::StoreBusy`] if somebody else has it.
    async fn open(&self) -> Result<Arc<dyn Backend>, Error>;
}

/// Makes the roots that cases are run on.
#[async_trait]
pub trait Roots: Send + Sync {
    /// Makes a root with a key of its own.
    ///
    /// # Errors
    /// Whatever keeps it from being made; the case fails with it.
    async fn fresh(&self) -> Result<Arc<dyn KeyProvider>, Error>;

    /// Opens a root again that [`fresh`](Self::fresh) made. Asked by durability cases only.
    ///
    /// # Errors
    /// Those of the provider.
    async fn reopen(&self, id: ProviderId) -> Result<Arc<dyn KeyProvider>, Error>;

    /// What the documentation of the provider says about old copies.
    fn horizon(&self) -> Horizon;

    /// As [`Factory::together`].
    async fn together(&self, tasks: Vec<BoxFuture<'static, ()>>) {
        interleave(tasks).await;
    }
}

/// One promise, tried.
pub struct Case<M: ?Sized + 'static> {
    name: &'static str,
    body: for<'a> fn(&'a M) -> BoxFuture<'a, Checked>,
}

/// A promise of a back end.
pub type BackendCase = Case<dyn Factory>;

/// A promise of a root of keys.
pub type ProviderCase = Case<dyn Roots>;

impl<M: ?Sized + 'static> Case<M> {
    /// Group and name: `keys::add_of_a_new_key_answers_true`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Tries the promise on something fresh.
    ///
    /// # Errors
    /// [`Failure`] if it is not kept.
    pub async fn run(&self, maker: &M) -> Result<(), Failure> {
        (self.body)(maker).await.map_err(|unmet| Failure {
            case: self.name,
            line: unmet.line,
            expected: unmet.expected,
        })
    }
}

impl<M: ?Sized + 'static> fmt::Debug for Case<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Case").field(&self.name).finish()
    }
}

/// A promise that was not kept. Tells no data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{case}: expected {expected} (line {line})")]
pub struct Failure {
    case: &'static str,
    line: u32,
    expected: String,
}

impl Failure {
    /// Name of the case.
    pub fn case(&self) -> &'static str {
        self.case
    }

    /// What should have been.
    pub fn expected(&self) -> &str {
        &self.expected
    }
}
