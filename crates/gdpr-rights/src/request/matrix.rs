//! Which right a person has, by the legal basis of the processing and the part we play: one table.
//!
//! Each cell carries its article, and a "no" carries its reason, because a refusal has to state one (article 12(4)). The
//! table is checked against the text of the GDPR by a second, literal one in the tests. It is software, not legal advice.

mod condition;

use retention_policy::{LegalBasis, TenantId};

use super::right::Right;

pub use condition::{Condition, ErasureGround, RestrictionGround, Why};

/// A legal basis as far as rights depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 6(1) and the one point of article 9(2) that chapter III names"
)]
pub enum Basis {
    /// A letter of article 6(1).
    Article6(LegalBasis),
    /// Consent made explicit for special categories (article 9(2)(a)).
    ExplicitConsent,
}

const CONSENT: Basis = Basis::Article6(LegalBasis::Consent);
const EXPLICIT: Basis = Basis::ExplicitConsent;
const CONTRACT: Basis = Basis::Article6(LegalBasis::Contract);
const DUTY: Basis = Basis::Article6(LegalBasis::LegalObligation);
const VITAL: Basis = Basis::Article6(LegalBasis::VitalInterests);
const TASK: Basis = Basis::Article6(LegalBasis::PublicTask);
const INTEREST: Basis = Basis::Article6(LegalBasis::LegitimateInterests);

impl Basis {
    /// All bases.
    pub const ALL: [Self; 7] = [CONSENT, EXPLICIT, CONTRACT, DUTY, VITAL, TASK, INTEREST];

    /// The article of the GDPR.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Article6(letter) => letter.article(),
            Self::ExplicitConsent => "9(2)(a)",
        }
    }
}

impl From<LegalBasis> for Basis {
    fn from(letter: LegalBasis) -> Self {
        Self::Article6(letter)
    }
}

/// What a person is owed: a right that is exercised, or one of the two that need no request to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Entitlement {
    /// To be told without asking (articles 13 and 14).
    Information,
    /// A right that a request names.
    Of(Right),
    /// To complain to an authority (article 77).
    Complaint,
}

impl From<Right> for Entitlement {
    fn from(right: Right) -> Self {
        Self::Of(right)
    }
}

/// The part we play in the processing that a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 4(7) or 4(8): whoever decides with others is a controller"
)]
pub enum Role {
    /// We decide why and how (article 4(7)).
    Controller,
    /// We work for a client company (article 4(8)). It is the one that answers the person (article 28(3)(e)).
    Processor {
        /// The client company.
        tenant: TenantId,
        /// The basis it has stated; a processor has none of its own. `None` until it has.
        basis: Option<Basis>,
    },
}

/// Whether a right applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever decides on a request must see a new answer at compile time"
)]
pub enum Applies {
    /// It does.
    Yes,
    /// It does not, and this is the reason to be given.
    No(Why),
    /// It does if all of these hold.
    If(&'static [Condition]),
    /// It does, and nothing is weighed against it. Article 12(5) and 12(6) remain.
    Absolute,
}

/// A cell of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cell {
    /// Whether the right applies.
    pub applies: Applies,
    /// The article of the GDPR that says so.
    pub article: &'static str,
    /// What else whoever answers has to know; may be empty.
    pub note: &'static str,
}

/// Says whether a right applies.
///
/// `basis` is the one in our own record of the processing. A processor's counts for nothing: what applies follows the basis
/// of the client company. Until that is stated, only what holds under every basis is certain.
///
/// ```
/// use gdpr_rights::request::matrix::{Applies, Basis, Role, Why, applies};
/// use gdpr_rights::Right;
/// use retention_policy::{LegalBasis, TenantId};
///
/// let ours = LegalBasis::LegitimateInterests;
/// assert_eq!(applies(ours, Right::Objection, Role::Controller), Applies::Yes);
/// assert_eq!(
///     applies(ours, Right::Portability, Role::Controller),
///     Applies::No(Why::NeitherConsentNorContract)
/// );
///
/// // For a client company whose basis is a contract with the person it is the other way round.
/// let role = Role::Processor {
///     tenant: TenantId::from_random([1; 16]),
///     basis: Some(Basis::Article6(LegalBasis::Contract)),
/// };
/// assert_eq!(applies(ours, Right::Objection, role), Applies::No(Why::NeitherTaskNorInterest));
/// assert!(matches!(applies(ours, Right::Portability, role), Applies::If(_)));
/// ```
#[must_use]
pub fn applies(basis: impl Into<Basis>, right: impl Into<Entitlement>, role: Role) -> Applies {
    cell(basis, right, role).applies
}

/// The whole cell behind [`applies`], with its article.
#[must_use]
pub fn cell(basis: impl Into<Basis>, right: impl Into<Entitlement>, role: Role) -> Cell {
    let right = right.into();
    match role {
        Role::Controller => table(basis.into(), right),
        Role::Processor {
            basis: Some(stated),
            ..
        } => table(stated, right),
        Role::Processor { basis: None, .. } => {
            let [first, rest @ ..] = Basis::ALL.map(|basis| table(basis, right));
            if rest.iter().all(|cell| cell.applies == first.applies) {
                first
            } else {
                when(&[Condition::TenantStatesBasis], "28(3)(e)")
            }
        }
    }
}

/// On which grounds of article 17(1) erasure can be asked for under a basis.
///
/// ```
/// use gdpr_rights::request::matrix::{ErasureGround, erasure_grounds};
/// use retention_policy::LegalBasis;
/// assert!(!erasure_grounds(LegalBasis::Contract).contains(&ErasureGround::ConsentWithdrawn));
/// ```
#[must_use]
pub fn erasure_grounds(basis: impl Into<Basis>) -> &'static [ErasureGround] {
    match basis.into() {
        CONSENT | EXPLICIT => &[
            ErasureGround::NoLongerNecessary,
            ErasureGround::ConsentWithdrawn,
            ErasureGround::Unlawful,
            ErasureGround::LegalDuty,
            ErasureGround::OfferedToChild,
        ],
        CONTRACT | DUTY | VITAL => ERASE_A_D_E,
        TASK | INTEREST => ERASE_A_C_D_E,
    }
}

/// On which grounds of article 18(1) restriction can be asked for under a basis. The last one is tied to article 21(1).
#[must_use]
pub fn restriction_grounds(basis: impl Into<Basis>) -> &'static [RestrictionGround] {
    match basis.into() {
        TASK | INTEREST => RESTRICT_A_TO_D,
        CONSENT | EXPLICIT | CONTRACT | DUTY | VITAL => RESTRICT_A_TO_C,
    }
}

const ERASE_A_D_E: &[ErasureGround] = &[
    ErasureGround::NoLongerNecessary,
    ErasureGround::Unlawful,
    ErasureGround::LegalDuty,
];
const ERASE_A_C_D_E: &[ErasureGround] = &[
    ErasureGround::NoLongerNecessary,
    ErasureGround::Objection,
    ErasureGround::Unlawful,
    ErasureGround::LegalDuty,
];
const RESTRICT_A_TO_C: &[RestrictionGround] = &[
    RestrictionGround::AccuracyContested,
    RestrictionGround::ErasureOpposed,
    RestrictionGround::NeededForClaims,
];
const RESTRICT_A_TO_D: &[RestrictionGround] = &[
    RestrictionGround::AccuracyContested,
    RestrictionGround::ErasureOpposed,
    RestrictionGround::NeededForClaims,
    RestrictionGround::ObjectionExamined,
];

const fn yes(article: &'static str, note: &'static str) -> Cell {
    Cell {
        applies: Applies::Yes,
        article,
        note,
    }
}

const fn no(why: Why, article: &'static str) -> Cell {
    Cell {
        applies: Applies::No(why),
        article,
        note: "",
    }
}

const fn when(conditions: &'static [Condition], article: &'static str) -> Cell {
    Cell {
        applies: Applies::If(conditions),
        article,
        note: "",
    }
}

const fn absolute(article: &'static str, note: &'static str) -> Cell {
    Cell {
        applies: Applies::Absolute,
        article,
        note,
    }
}

/// The table.
pub(crate) fn table(basis: Basis, right: Entitlement) -> Cell {
    match right {
        Entitlement::Information => information(basis),
        Entitlement::Complaint => yes("77", ""),
        Entitlement::Of(right) => match right {
            Right::Access => yes("15", ""),
            Right::Rectification => yes("16", ""),
            Right::Erasure => erasure(basis),
            Right::Restriction => restriction(basis),
            Right::Portability => portability(basis),
            Right::Objection => objection(basis),
            Right::MarketingObjection => absolute("21(2)-(3)", ""),
            Right::WithdrawConsent => withdrawal(basis),
            Right::HumanReview => human_review(basis),
            Right::Recipients => when(&[Condition::ChangeWasMade], "19"),
        },
    }
}

const fn information(basis: Basis) -> Cell {
    let note = match basis {
        DUTY => {
            "article 14(5)(c) may exempt what the law itself says must be obtained or disclosed"
        }
        INTEREST => "the interest is named: article 13(1)(d), 14(2)(b)",
        CONSENT | EXPLICIT | CONTRACT | VITAL | TASK => "",
    };
    yes("13/14", note)
}

const fn erasure(basis: Basis) -> Cell {
    match basis {
        CONSENT => yes(
            "17(1)(b)",
            "once consent is withdrawn and nothing else allows it; else on grounds (a), (d), (e) and (f)",
        ),
        EXPLICIT => yes("17(1)(b)", "article 9(2)(a) is named in it"),
        CONTRACT | VITAL => when(&[Condition::ErasureGround(ERASE_A_D_E)], "17(1)(a),(d),(e)"),
        DUTY => when(
            &[Condition::ErasureGround(ERASE_A_D_E), Condition::BeyondDuty],
            "17(1)(a),(d),(e); 17(3)(b)",
        ),
        TASK => when(
            &[
                Condition::ErasureGround(ERASE_A_C_D_E),
                Condition::BeyondTask,
            ],
            "17(1)(a),(c),(d),(e); 17(3)(b)",
        ),
        INTEREST => yes(
            "17(1)(a),(c),(d),(e)",
            "(c) after an objection that no overriding ground answers, or one to direct marketing",
        ),
    }
}

const fn restriction(basis: Basis) -> Cell {
    match basis {
        TASK => when(
            &[Condition::RestrictionGround(RESTRICT_A_TO_D)],
            "18(1)(a)-(d)",
        ),
        INTEREST => Cell {
            note: "(d) begins by itself with an objection under article 21(1)",
            ..when(
                &[Condition::RestrictionGround(RESTRICT_A_TO_D)],
                "18(1)(a)-(d)",
            )
        },
        CONSENT | EXPLICIT | CONTRACT | DUTY | VITAL => when(
            &[Condition::RestrictionGround(RESTRICT_A_TO_C)],
            "18(1)(a)-(c)",
        ),
    }
}

const fn portability(basis: Basis) -> Cell {
    match basis {
        CONSENT | EXPLICIT => when(
            &[
                Condition::ProvidedByPerson,
                Condition::AutomatedMeans,
                Condition::OthersUnharmed,
            ],
            "20(1)(a)",
        ),
        CONTRACT => when(
            &[
                Condition::PartyToContract,
                Condition::ProvidedByPerson,
                Condition::AutomatedMeans,
                Condition::OthersUnharmed,
            ],
            "20(1)(a)",
        ),
        DUTY | VITAL | INTEREST => no(Why::NeitherConsentNorContract, "20(1)(a)"),
        TASK => no(Why::PublicTask, "20(3)"),
    }
}

const fn objection(basis: Basis) -> Cell {
    match basis {
        CONSENT | EXPLICIT => no(Why::WithdrawInstead, "21(1)"),
        CONTRACT | DUTY | VITAL => no(Why::NeitherTaskNorInterest, "21(1)"),
        TASK => yes(
            "21(1)",
            "to go on, the controller shows compelling grounds that override, or legal claims",
        ),
        INTEREST => yes("21(1)", "the burden is the controller's"),
    }
}

const fn withdrawal(basis: Basis) -> Cell {
    match basis {
        CONSENT => absolute(
            "7(3)",
            "at any time, as easily as it was given; what was done before stays lawful",
        ),
        EXPLICIT => absolute("7(3)", ""),
        CONTRACT | DUTY | VITAL | TASK | INTEREST => no(Why::NoConsent, "7(3)"),
    }
}

const fn human_review(basis: Basis) -> Cell {
    match basis {
        CONSENT => when(
            &[
                Condition::SolelyAutomated,
                Condition::AllowedByExplicitConsent,
            ],
            "22(2)(c),22(3)",
        ),
        EXPLICIT => when(
            &[
                Condition::SolelyAutomated,
                Condition::SpecialDataSafeguarded,
            ],
            "22(4)",
        ),
        CONTRACT => when(
            &[Condition::SolelyAutomated, Condition::NecessaryForContract],
            "22(2)(a),22(3)",
        ),
        DUTY | TASK => when(
            &[Condition::SolelyAutomated, Condition::AllowedByLaw],
            "22(2)(b)",
        ),
        VITAL | INTEREST => yes("22(1)", ""),
    }
}
