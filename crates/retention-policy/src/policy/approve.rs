//! A newer policy that was approved: by one person what shortens, by two what lengthens or loosens.

use super::Policy;
use crate::Error;
use crate::id::ActorId;

/// A newer policy with who approved it, bound to the one it was compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedPolicy {
    from: Policy,
    newer: Policy,
    first: ActorId,
    second: Option<ActorId>,
}

impl ApprovedPolicy {
    /// The newer policy, if what it was compared with is still in force.
    ///
    /// # Errors
    /// [`Error::PolicyDrifted`].
    pub fn after(&self, in_force: &Policy) -> Result<&Policy, Error> {
        if self.from == *in_force {
            Ok(&self.newer)
        } else {
            Err(Error::PolicyDrifted)
        }
    }

    /// Who approved it.
    #[must_use]
    pub fn by(&self) -> (ActorId, Option<ActorId>) {
        (self.first, self.second)
    }
}

impl Policy {
    /// Approves a newer policy in the place of this one.
    ///
    /// ```
    /// use retention_policy::{ActorId, Error, Policy};
    /// let (ana, ben) = (ActorId::from_random([1; 16]), ActorId::from_random([2; 16]));
    /// let rule = "[[rule]]\ncategory = \"draft\"\ntrigger = \"created\"\nafter =";
    /// let short = Policy::from_toml(&format!("schema = 1\nversion = 2\n{rule} \"7d\""))?;
    /// let longer = Policy::from_toml(&format!("schema = 1\nversion = 3\n{rule} \"8d\""))?;
    /// assert!(Policy::default().approve(&short, ana, None).is_ok());
    /// assert_eq!(short.approve(&longer, ana, None), Err(Error::NeedsSecond));
    /// assert_eq!(short.approve(&longer, ana, Some(ana)), Err(Error::SamePerson));
    /// assert!(short.approve(&longer, ana, Some(ben)).is_ok());
    /// assert_eq!(longer.approve(&short, ana, Some(ben)), Err(Error::NotNewer));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotNewer`] unless its version is higher, [`Error::SamePerson`] for one person twice,
    /// [`Error::NeedsSecond`] where something is kept longer, read by more, or anonymised instead of erased.
    pub fn approve(
        &self,
        newer: &Self,
        first: ActorId,
        second: Option<ActorId>,
    ) -> Result<ApprovedPolicy, Error> {
        let diff = self.diff(newer);
        if !diff.is_newer() {
            return Err(Error::NotNewer);
        }
        match second {
            Some(second) if second == first => return Err(Error::SamePerson),
            None if diff.lengthens() || diff.loosens() => return Err(Error::NeedsSecond),
            _ => {}
        }
        Ok(ApprovedPolicy {
            from: self.clone(),
            newer: newer.clone(),
            first,
            second,
        })
    }
}
