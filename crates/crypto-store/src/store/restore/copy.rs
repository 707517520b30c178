//! Opening the sealed copy of a file from before a migration.

use std::path::Path;

use super::fill::open_sealed;
use super::open_backup;
use crate::backup::sealed::{What, unseal};
use crate::store::Store;
use crate::store::migrate::copy_context;
use crate::{Error, KeyProvider};

impl Store {
    /// Opens the sealed copy of a file that an opening made before it migrated a store (`records.db.v0.sealed`,
    /// `keys.db.v0.sealed`), into a file that is not there yet: for going back to an earlier version of the library. What
    /// was erased since the migration has its keys again in such a file.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] if there is a file, [`Error::WrongKey`] for another root, [`Error::Invalid`] for another kind
    /// of backup, [`Error::Truncated`], [`Error::Corrupt`], [`Error::NewerFormat`], [`Error::Io`], [`Error::Provider`].
    pub async fn unseal_copy(
        copy: impl AsRef<Path>,
        to: impl AsRef<Path>,
        provider: &dyn KeyProvider,
    ) -> Result<(), Error> {
        let sealed = open_backup(copy.as_ref())?;
        let header = sealed.header();
        super::fill::expect(header, What::File, &header.store)?;
        let context = copy_context(&header.store);
        let key = provider.unwrap(&header.extra, &context).await?;
        unseal(open_sealed(sealed, &key)?, to.as_ref())
    }
}
