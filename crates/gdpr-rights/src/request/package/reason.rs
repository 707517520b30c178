use std::fmt;

use retention_policy::{Category, LegalBasis, Lifetime, Policy, PurposeSet};

use super::item::DataCategory;
use crate::account::recipients::{Country, Recipient};

/// How long a category is kept (article 15(1)(d)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 15(1)(d): a period, or the criteria for one"
)]
pub enum Keeps {
    /// This long, then it is destroyed.
    For(Lifetime),
    /// By this criterion, in the language of the letter, 1 to 500 bytes.
    Until(String),
}

/// Where a category comes from (article 15(1)(g)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 15(1)(g): collected from the person or not"
)]
pub enum Origin {
    /// From the person.
    Person,
    /// From somebody else, named in the language of the letter in 1 to 500 bytes.
    Other(String),
}

/// Why a category of data is there: what the letter says as purpose, ground, period and source.
///
/// ```
/// use gdpr_rights::request::package::{Keeps, Origin, Reason};
/// use retention_policy::{Category, LegalBasis, Policy, Purpose, PurposeSet};
///
/// let policy = Policy::default();
/// let reason = Reason::by_policy(
///     &policy,
///     Category::Session,
///     PurposeSet::only(Purpose::DraftReply),
///     LegalBasis::Contract,
///     Origin::Person,
/// );
/// assert_eq!(reason.keeps, Keeps::For(policy.lifetime(Category::Session)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "article 15(1)(a), (b), (d), (g), and the ground"
)]
pub struct Reason {
    /// What is kept.
    pub category: DataCategory,
    /// What for (article 15(1)(a)).
    pub purposes: PurposeSet,
    /// On which ground. The controller's, also where a processor does the work.
    pub basis: LegalBasis,
    /// How long.
    pub keeps: Keeps,
    /// Where from.
    pub origin: Origin,
}

impl Reason {
    /// The reason for a category of the house, kept as long as the policy in force says.
    #[must_use]
    pub fn by_policy(
        policy: &Policy,
        category: Category,
        purposes: PurposeSet,
        basis: LegalBasis,
        origin: Origin,
    ) -> Self {
        Self {
            category: category.into(),
            purposes,
            basis,
            keeps: Keeps::For(policy.lifetime(category)),
            origin,
        }
    }

    /// Whether data of this category can be taken along (article 20(1)(a)).
    pub(super) fn is_portable(&self) -> bool {
        matches!(self.basis, LegalBasis::Consent | LegalBasis::Contract)
    }
}

/// Who received data: by name, not by category (article 15(1)(c), CJEU C-154/21).
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "article 15(1)(c) and (2)")]
pub struct Disclosure {
    /// Who. A processor is a recipient too (article 4(9)).
    pub recipient: Recipient,
    /// What protects the data in a third country (articles 15(2), 45, 46), in the language of the letter, 1 to 500 bytes.
    /// Required outside of the European Economic Area.
    pub safeguard: Option<String>,
}

impl Disclosure {
    /// Whether it lies outside of the European Economic Area.
    pub(super) fn is_third_country(&self) -> bool {
        !matches!(
            self.recipient.country,
            Country::Union(_) | Country::Third([b'I', b'S'] | [b'L', b'I'] | [b'N', b'O'])
        )
    }
}

/// What machines decide about the person (articles 15(1)(h), 22).
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 15(1)(h): existence or not"
)]
pub enum Automation {
    /// Software drafts, a human reads, changes and sends, and nobody makes a profile.
    HumanDecides,
    /// A machine decides alone. In the language of the letter, 1 to 2,000 bytes each.
    Decides {
        /// Meaningful information about the logic involved.
        logic: String,
        /// What it means for the person.
        significance: String,
        /// What follows from it.
        consequences: String,
    },
}

impl fmt::Debug for Automation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HumanDecides => "HumanDecides",
            Self::Decides { .. } => "Decides",
        })
    }
}
