//! Why a request is not followed.

use retention_policy::CaseId;

use crate::Error;
use crate::request::case;
use crate::request::fee::{Burden, Demonstrated};
use crate::request::matrix::{Applies, Basis, Condition, Entitlement, Why, table};
use crate::request::right::Right;
use crate::request::words::Words;

/// A kind of reason, with its article.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalGround {
    /// The matrix says no.
    NotApplicable(Why),
    /// The matrix says if, and this does not hold.
    ConditionNotMet(Condition),
    /// The rights and freedoms of others would suffer (articles 15(4), 20(4)).
    OthersRights,
    /// Compelling grounds override the objection, or legal claims need the data (article 21(1)). A human has shown it.
    OverridingGrounds,
    /// Manifestly unfounded or excessive, which was demonstrated (article 12(5)(b)).
    Unreasonable(Demonstrated),
    /// It could not be found out who asks (articles 11(2), 12(2)).
    NotIdentified,
    /// Somebody asked for another person and has no mandate that fits.
    NotAuthorised,
}

impl RefusalGround {
    /// The article of the GDPR.
    #[must_use]
    pub const fn article(&self) -> &'static str {
        match self {
            Self::NotApplicable(why) => why.article(),
            Self::ConditionNotMet(condition) => condition.article(),
            Self::OthersRights => "15(4), 20(4)",
            Self::OverridingGrounds => "21(1)",
            Self::Unreasonable(_) => "12(5)(b)",
            Self::NotIdentified => "11(2), 12(2)",
            Self::NotAuthorised => "12(6)",
        }
    }

    /// The kind as a case keeps it, without words.
    #[must_use]
    pub fn kind(&self) -> case::RefusalGround {
        match self {
            Self::NotIdentified | Self::NotAuthorised => case::RefusalGround::IdentityNotProved,
            Self::Unreasonable(shown) => match shown.burden() {
                Burden::Excessive { .. } => case::RefusalGround::Excessive,
                Burden::Unfounded | Burden::FurtherCopy { .. } => case::RefusalGround::Unfounded,
            },
            Self::OthersRights => case::RefusalGround::Exception,
            Self::OverridingGrounds => case::RefusalGround::CompellingGrounds,
            Self::NotApplicable(_) | Self::ConditionNotMet(_) => case::RefusalGround::NotApplicable,
        }
    }

    /// Whether it is about how it was asked, not about what. Only such a ground can meet an absolute right.
    const fn is_formal(&self) -> bool {
        matches!(
            self,
            Self::Unreasonable(_) | Self::NotIdentified | Self::NotAuthorised
        )
    }
}

/// A reason with the words a human gives to the person: in the language of the letter, about this case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    ground: RefusalGround,
    words: Words,
}

impl Reason {
    /// Gives a reason, in at most 2,000 bytes.
    ///
    /// # Errors
    /// [`Error::ReasonWithoutWords`] when there are none, or more.
    pub fn new(ground: RefusalGround, words: &str) -> Result<Self, Error> {
        let words = Words::new(words).ok_or(Error::ReasonWithoutWords)?;
        Ok(Self { ground, words })
    }

    /// The kind.
    #[must_use]
    pub fn ground(&self) -> &RefusalGround {
        &self.ground
    }

    /// The words.
    #[must_use]
    pub fn expose_words(&self) -> &str {
        self.words.expose()
    }

    /// Whether it can be a reason for not granting this right.
    pub(super) fn fits(&self, right: Right, case: CaseId) -> Result<(), Error> {
        let in_matrix = |found: &dyn Fn(Applies) -> bool| {
            Basis::ALL
                .iter()
                .any(|basis| found(table(*basis, Entitlement::Of(right)).applies))
        };
        let absolute = in_matrix(&|applies| applies == Applies::Absolute);
        let fits = match &self.ground {
            RefusalGround::NotApplicable(why) => in_matrix(&|applies| applies == Applies::No(*why)),
            RefusalGround::ConditionNotMet(condition) => {
                *condition != Condition::TenantStatesBasis
                    && in_matrix(
                        &|applies| matches!(applies, Applies::If(all) if all.contains(condition)),
                    )
            }
            RefusalGround::OthersRights => matches!(right, Right::Access | Right::Portability),
            RefusalGround::OverridingGrounds => right == Right::Objection,
            RefusalGround::Unreasonable(shown) => {
                shown.case() == case && !matches!(shown.burden(), Burden::FurtherCopy { .. })
            }
            RefusalGround::NotIdentified | RefusalGround::NotAuthorised => true,
        };
        match (fits, absolute) {
            (true, _) => Ok(()),
            (false, true) if !self.ground.is_formal() => Err(Error::AbsoluteRight),
            (false, _) => Err(Error::ReasonDoesNotFit),
        }
    }
}
