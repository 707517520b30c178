//! The recovery kit of a desk: where it is, and whether the first start-up makes one.

use crypto_store::{Entropy, KeyFile, Passphrase, ProviderId};
use retention_policy::Timestamp;

use crate::{Error, Recoverable};

/// A kit that was named, or none.
#[derive(Default)]
pub(crate) struct Kit {
    #[cfg(feature = "recovery")]
    dir: Option<std::path::PathBuf>,
    #[cfg(feature = "recovery")]
    holders: Option<(u8, Vec<crypto_store::recovery::Recipient>)>,
}

/// A root key that a kit can be made of.
#[cfg_attr(
    not(feature = "recovery"),
    expect(dead_code, reason = "kits are not built in")
)]
pub(super) enum RootOf<'a> {
    File(&'a KeyFile),
    Words(&'a Passphrase),
}

#[cfg(feature = "recovery")]
impl super::DeskBuilder {
    /// Names the folder of the recovery kit, for [`Desk::posture`](crate::Desk::posture). A kit of another root is none.
    pub fn recovery_kit(mut self, dir: impl AsRef<std::path::Path>) -> Self {
        self.kit.dir = Some(dir.as_ref().to_owned());
        self
    }

    /// As [`recovery_kit`](Self::recovery_kit); the first start-up also makes the kit, right after the root key and before
    /// the store: any `k` of the holders rebuild the root. What is in the folder is never overwritten, and an opening of a
    /// store that exists makes none. Hand the shares out and delete them here.
    pub fn recovery_kit_for(
        mut self,
        dir: impl AsRef<std::path::Path>,
        k: u8,
        holders: impl IntoIterator<Item = crypto_store::recovery::Recipient>,
    ) -> Self {
        self.kit.holders = Some((k, holders.into_iter().collect()));
        self.recovery_kit(dir)
    }
}

#[cfg(feature = "recovery")]
impl Kit {
    pub(super) fn is_to_be_made(&self) -> bool {
        self.holders.is_some()
    }

    /// Makes the kit that was asked for, unless there is one of this root.
    pub(super) fn make(
        &self,
        root: RootOf<'_>,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<(), Error> {
        use crypto_store::KeyProvider;
        use crypto_store::recovery::{RecoveryKit, RootKey, posture};
        let (Some(dir), Some((k, holders))) = (&self.dir, &self.holders) else {
            return Ok(());
        };
        let (id, root): (_, RootKey<'_>) = match root {
            RootOf::File(root) => (root.id(), root.into()),
            RootOf::Words(root) => (root.id(), root.into()),
        };
        if posture(dir, id)?.is_missing() {
            RecoveryKit::make(root, *k, holders, now, entropy)?.write(dir)?;
        }
        Ok(())
    }

    /// Whether there is a kit of this root.
    pub(crate) fn look(&self, root: ProviderId) -> Result<Recoverable, Error> {
        use crypto_store::recovery::{Posture, posture};
        let Some(dir) = &self.dir else {
            return Ok(Recoverable::Missing);
        };
        match posture(dir, root) {
            Ok(Posture::Present { k, n, made_at }) => Ok(Recoverable::Kit { k, n, made_at }),
            Ok(_) => Ok(Recoverable::Missing),
            Err(crypto_store::Error::Corrupt { .. } | crypto_store::Error::Truncated { .. }) => {
                Ok(Recoverable::Damaged)
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(not(feature = "recovery"))]
#[expect(clippy::unnecessary_wraps, reason = "as with the feature")]
impl Kit {
    pub(super) fn is_to_be_made(&self) -> bool {
        false
    }

    pub(super) fn make(&self, _: RootOf<'_>, _: Timestamp, _: &dyn Entropy) -> Result<(), Error> {
        Ok(())
    }

    pub(crate) fn look(&self, _: ProviderId) -> Result<Recoverable, Error> {
        Ok(Recoverable::NotBuiltIn)
    }
}
