//! Some of the roles, never none and never all.

use std::fmt;

use super::Role;
use crate::Error;

/// The roles that may still read what is archived: at least one, never every one.
///
/// ```
/// use retention_policy::{Role, RoleSet};
/// let readers = RoleSet::new([Role::PrivacyOfficer])?;
/// assert!(readers.contains(Role::PrivacyOfficer) && !readers.contains(Role::Agent));
/// assert!(RoleSet::new([]).is_err() && RoleSet::new(Role::ALL).is_err());
/// # Ok::<(), retention_policy::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RoleSet(u8);

impl RoleSet {
    /// The set of these.
    ///
    /// # Errors
    /// [`Error::BadReaders`] for none and for all: an archive that everybody reads is none.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Result<Self, Error> {
        let bits = roles.into_iter().fold(0, |bits, role| bits | bit(role));
        Self::from_bits(bits).ok_or(Error::BadReaders)
    }

    /// Whether the role is in the set.
    #[must_use]
    pub fn contains(self, role: Role) -> bool {
        self.0 & bit(role) != 0
    }

    /// The roles in the order of [`Role::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |r| self.contains(*r))
    }

    /// The set as a byte, for storage.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Takes a byte that [`Self::bits`] gave.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits == 0 || bits >= (1 << Role::ALL.len()) - 1 {
            None
        } else {
            Some(Self(bits))
        }
    }

    /// Who is in both.
    pub(crate) const fn and(self, other: Self) -> Option<Self> {
        Self::from_bits(self.0 & other.0)
    }
}

const fn bit(role: Role) -> u8 {
    1 << role as u8
}

impl fmt::Debug for RoleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
