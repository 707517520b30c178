//! Grounds, conditions and reasons: the words the table is written in, each with its article.

/// A ground for erasure (article 17(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "article 17(1) has six letters")]
pub enum ErasureGround {
    /// (a) No longer necessary for its purposes.
    NoLongerNecessary,
    /// (b) Consent is withdrawn and there is no other basis.
    ConsentWithdrawn,
    /// (c) An objection that no overriding ground answers, or one to direct marketing.
    Objection,
    /// (d) Processed unlawfully.
    Unlawful,
    /// (e) A law requires the erasure.
    LegalDuty,
    /// (f) Collected when a service of the information society was offered to a child (article 8(1)).
    OfferedToChild,
}

impl ErasureGround {
    /// The article.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::NoLongerNecessary => "17(1)(a)",
            Self::ConsentWithdrawn => "17(1)(b)",
            Self::Objection => "17(1)(c)",
            Self::Unlawful => "17(1)(d)",
            Self::LegalDuty => "17(1)(e)",
            Self::OfferedToChild => "17(1)(f)",
        }
    }
}

/// A ground for restriction (article 18(1)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "article 18(1) has four letters")]
pub enum RestrictionGround {
    /// (a) The person says it is wrong, for as long as that takes to check.
    AccuracyContested,
    /// (b) Unlawful, and the person prefers this to erasure.
    ErasureOpposed,
    /// (c) Only the person still needs it, for legal claims.
    NeededForClaims,
    /// (d) The person objected under article 21(1), until it is clear whose grounds override.
    ObjectionExamined,
}

impl RestrictionGround {
    /// The article.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::AccuracyContested => "18(1)(a)",
            Self::ErasureOpposed => "18(1)(b)",
            Self::NeededForClaims => "18(1)(c)",
            Self::ObjectionExamined => "18(1)(d)",
        }
    }
}

/// What has to hold for a right to apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// One of these grounds is there.
    ErasureGround(&'static [ErasureGround]),
    /// One of these grounds is there.
    RestrictionGround(&'static [RestrictionGround]),
    /// The duty in law does not, or no longer, require the processing.
    BeyondDuty,
    /// The task in the public interest does not, or no longer, need the processing.
    BeyondTask,
    /// The person is a party to the contract. A customer of a client company is none to ours.
    PartyToContract,
    /// The person provided it, knowingly or by using the service. What was inferred from it does not count.
    ProvidedByPerson,
    /// It is processed by automated means, not on paper.
    AutomatedMeans,
    /// The rights and freedoms of others are not affected.
    OthersUnharmed,
    /// A decision with legal or similar effect was made by automation alone.
    SolelyAutomated,
    /// The person had explicitly consented to being decided upon so.
    AllowedByExplicitConsent,
    /// Deciding so was necessary for a contract with the person.
    NecessaryForContract,
    /// A law with suitable safeguards allows to decide so.
    AllowedByLaw,
    /// Special categories were used, with explicit consent and suitable safeguards.
    SpecialDataSafeguarded,
    /// Something was corrected, erased or restricted, and others had received it.
    ChangeWasMade,
    /// The client company has stated its basis.
    TenantStatesBasis,
}

impl Condition {
    /// The article.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::ErasureGround(_) => "17(1)",
            Self::RestrictionGround(_) => "18(1)",
            Self::BeyondDuty | Self::BeyondTask => "17(3)(b)",
            Self::PartyToContract => "6(1)(b)",
            Self::ProvidedByPerson => "20(1)",
            Self::AutomatedMeans => "20(1)(b)",
            Self::OthersUnharmed => "20(4)",
            Self::SolelyAutomated => "22(1)",
            Self::AllowedByExplicitConsent => "22(2)(c)",
            Self::NecessaryForContract => "22(2)(a)",
            Self::AllowedByLaw => "22(2)(b)",
            Self::SpecialDataSafeguarded => "22(4)",
            Self::ChangeWasMade => "19",
            Self::TenantStatesBasis => "28(3)(e)",
        }
    }
}

/// Why a right does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// Portability: the basis is neither consent nor a contract (article 20(1)(a)).
    NeitherConsentNorContract,
    /// Portability: the basis is a task in the public interest (article 20(3)).
    PublicTask,
    /// Objection: the basis is consent, which can be withdrawn instead (articles 21(1), 7(3)).
    WithdrawInstead,
    /// Objection: the basis is neither a public task nor a legitimate interest (article 21(1)).
    NeitherTaskNorInterest,
    /// Withdrawal: the basis is not consent (article 7(3)).
    NoConsent,
}

impl Why {
    /// The article.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::NeitherConsentNorContract => "20(1)(a)",
            Self::PublicTask => "20(3)",
            Self::WithdrawInstead | Self::NeitherTaskNorInterest => "21(1)",
            Self::NoConsent => "7(3)",
        }
    }

    /// The reason in words, for whoever answers.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::NeitherConsentNorContract => {
                "data can be taken along only where the basis is consent or a contract with the person"
            }
            Self::PublicTask => "data cannot be taken along from a task in the public interest",
            Self::WithdrawInstead => {
                "where the basis is consent, the person takes it back instead of objecting"
            }
            Self::NeitherTaskNorInterest => {
                "one can object only to a task in the public interest or a legitimate interest"
            }
            Self::NoConsent => "the basis is not consent, so there is none to take back",
        }
    }
}
