//! The matrix, cell by cell, against a table written down by hand from the text of the GDPR.

use std::collections::BTreeSet;

use gdpr_rights::Right;
use gdpr_rights::request::matrix::{
    Applies, Basis, Condition, Entitlement, ErasureGround, RestrictionGround, Role, Why, applies,
    cell, erasure_grounds, restriction_grounds,
};
use retention_policy::{LegalBasis, TenantId};

const CONSENT: Basis = Basis::Article6(LegalBasis::Consent);
const EXPLICIT: Basis = Basis::ExplicitConsent;
const CONTRACT: Basis = Basis::Article6(LegalBasis::Contract);
const DUTY: Basis = Basis::Article6(LegalBasis::LegalObligation);
const VITAL: Basis = Basis::Article6(LegalBasis::VitalInterests);
const TASK: Basis = Basis::Article6(LegalBasis::PublicTask);
const INTEREST: Basis = Basis::Article6(LegalBasis::LegitimateInterests);

const A_D_E: &[ErasureGround] = &[
    ErasureGround::NoLongerNecessary,
    ErasureGround::Unlawful,
    ErasureGround::LegalDuty,
];
const A_C_D_E: &[ErasureGround] = &[
    ErasureGround::NoLongerNecessary,
    ErasureGround::Objection,
    ErasureGround::Unlawful,
    ErasureGround::LegalDuty,
];
const A_TO_C: &[RestrictionGround] = &[
    RestrictionGround::AccuracyContested,
    RestrictionGround::ErasureOpposed,
    RestrictionGround::NeededForClaims,
];
const A_TO_D: &[RestrictionGround] = &[
    RestrictionGround::AccuracyContested,
    RestrictionGround::ErasureOpposed,
    RestrictionGround::NeededForClaims,
    RestrictionGround::ObjectionExamined,
];

/// Basis, right, answer, article.
#[rustfmt::skip]
const CELLS: [(Basis, Entitlement, Applies, &str); 84] = [
    (CONSENT, Entitlement::Information, Applies::Yes, "13/14"),
    (EXPLICIT, Entitlement::Information, Applies::Yes, "13/14"),
    (CONTRACT, Entitlement::Information, Applies::Yes, "13/14"),
    (DUTY, Entitlement::Information, Applies::Yes, "13/14"),
    (VITAL, Entitlement::Information, Applies::Yes, "13/14"),
    (TASK, Entitlement::Information, Applies::Yes, "13/14"),
    (INTEREST, Entitlement::Information, Applies::Yes, "13/14"),
    (CONSENT, Entitlement::Of(Right::Access), Applies::Yes, "15"),
    (EXPLICIT, Entitlement::Of(Right::Access), Applies::Yes, "15"),
    (CONTRACT, Entitlement::Of(Right::Access), Applies::Yes, "15"),
    (DUTY, Entitlement::Of(Right::Access), Applies::Yes, "15"),
    (VITAL, Entitlement::Of(Right::Access), Applies::Yes, "15"),
    (TASK, Entitlement::Of(Right::Access), Applies::Yes, "15"),
    (INTEREST, Entitlement::Of(Right::Access), Applies::Yes, "15"),
    (CONSENT, Entitlement::Of(Right::Rectification), Applies::Yes, "16"),
    (EXPLICIT, Entitlement::Of(Right::Rectification), Applies::Yes, "16"),
    (CONTRACT, Entitlement::Of(Right::Rectification), Applies::Yes, "16"),
    (DUTY, Entitlement::Of(Right::Rectification), Applies::Yes, "16"),
    (VITAL, Entitlement::Of(Right::Rectification), Applies::Yes, "16"),
    (TASK, Entitlement::Of(Right::Rectification), Applies::Yes, "16"),
    (INTEREST, Entitlement::Of(Right::Rectification), Applies::Yes, "16"),
    (CONSENT, Entitlement::Of(Right::Erasure), Applies::Yes, "17(1)(b)"),
    (EXPLICIT, Entitlement::Of(Right::Erasure), Applies::Yes, "17(1)(b)"),
    (CONTRACT, Entitlement::Of(Right::Erasure), Applies::If(&[Condition::ErasureGround(A_D_E)]), "17(1)(a),(d),(e)"),
    (DUTY, Entitlement::Of(Right::Erasure), Applies::If(&[Condition::ErasureGround(A_D_E), Condition::BeyondDuty]), "17(1)(a),(d),(e); 17(3)(b)"),
    (VITAL, Entitlement::Of(Right::Erasure), Applies::If(&[Condition::ErasureGround(A_D_E)]), "17(1)(a),(d),(e)"),
    (TASK, Entitlement::Of(Right::Erasure), Applies::If(&[Condition::ErasureGround(A_C_D_E), Condition::BeyondTask]), "17(1)(a),(c),(d),(e); 17(3)(b)"),
    (INTEREST, Entitlement::Of(Right::Erasure), Applies::Yes, "17(1)(a),(c),(d),(e)"),
    (CONSENT, Entitlement::Of(Right::Restriction), Applies::If(&[Condition::RestrictionGround(A_TO_C)]), "18(1)(a)-(c)"),
    (EXPLICIT, Entitlement::Of(Right::Restriction), Applies::If(&[Condition::RestrictionGround(A_TO_C)]), "18(1)(a)-(c)"),
    (CONTRACT, Entitlement::Of(Right::Restriction), Applies::If(&[Condition::RestrictionGround(A_TO_C)]), "18(1)(a)-(c)"),
    (DUTY, Entitlement::Of(Right::Restriction), Applies::If(&[Condition::RestrictionGround(A_TO_C)]), "18(1)(a)-(c)"),
    (VITAL, Entitlement::Of(Right::Restriction), Applies::If(&[Condition::RestrictionGround(A_TO_C)]), "18(1)(a)-(c)"),
    (TASK, Entitlement::Of(Right::Restriction), Applies::If(&[Condition::RestrictionGround(A_TO_D)]), "18(1)(a)-(d)"),
    (INTEREST, Entitlement::Of(Right::Restriction), Applies::If(&[Condition::RestrictionGround(A_TO_D)]), "18(1)(a)-(d)"),
    (CONSENT, Entitlement::Of(Right::Portability), Applies::If(&[Condition::ProvidedByPerson, Condition::AutomatedMeans, Condition::OthersUnharmed]), "20(1)(a)"),
    (EXPLICIT, Entitlement::Of(Right::Portability), Applies::If(&[Condition::ProvidedByPerson, Condition::AutomatedMeans, Condition::OthersUnharmed]), "20(1)(a)"),
    (CONTRACT, Entitlement::Of(Right::Portability), Applies::If(&[Condition::PartyToContract, Condition::ProvidedByPerson, Condition::AutomatedMeans, Condition::OthersUnharmed]), "20(1)(a)"),
    (DUTY, Entitlement::Of(Right::Portability), Applies::No(Why::NeitherConsentNorContract), "20(1)(a)"),
    (VITAL, Entitlement::Of(Right::Portability), Applies::No(Why::NeitherConsentNorContract), "20(1)(a)"),
    (TASK, Entitlement::Of(Right::Portability), Applies::No(Why::PublicTask), "20(3)"),
    (INTEREST, Entitlement::Of(Right::Portability), Applies::No(Why::NeitherConsentNorContract), "20(1)(a)"),
    (CONSENT, Entitlement::Of(Right::Objection), Applies::No(Why::WithdrawInstead), "21(1)"),
    (EXPLICIT, Entitlement::Of(Right::Objection), Applies::No(Why::WithdrawInstead), "21(1)"),
    (CONTRACT, Entitlement::Of(Right::Objection), Applies::No(Why::NeitherTaskNorInterest), "21(1)"),
    (DUTY, Entitlement::Of(Right::Objection), Applies::No(Why::NeitherTaskNorInterest), "21(1)"),
    (VITAL, Entitlement::Of(Right::Objection), Applies::No(Why::NeitherTaskNorInterest), "21(1)"),
    (TASK, Entitlement::Of(Right::Objection), Applies::Yes, "21(1)"),
    (INTEREST, Entitlement::Of(Right::Objection), Applies::Yes, "21(1)"),
    (CONSENT, Entitlement::Of(Right::MarketingObjection), Applies::Absolute, "21(2)-(3)"),
    (EXPLICIT, Entitlement::Of(Right::MarketingObjection), Applies::Absolute, "21(2)-(3)"),
    (CONTRACT, Entitlement::Of(Right::MarketingObjection), Applies::Absolute, "21(2)-(3)"),
    (DUTY, Entitlement::Of(Right::MarketingObjection), Applies::Absolute, "21(2)-(3)"),
    (VITAL, Entitlement::Of(Right::MarketingObjection), Applies::Absolute, "21(2)-(3)"),
    (TASK, Entitlement::Of(Right::MarketingObjection), Applies::Absolute, "21(2)-(3)"),
    (INTEREST, Entitlement::Of(Right::MarketingObjection), Applies::Absolute, "21(2)-(3)"),
    (CONSENT, Entitlement::Of(Right::WithdrawConsent), Applies::Absolute, "7(3)"),
    (EXPLICIT, Entitlement::Of(Right::WithdrawConsent), Applies::Absolute, "7(3)"),
    (CONTRACT, Entitlement::Of(Right::WithdrawConsent), Applies::No(Why::NoConsent), "7(3)"),
    (DUTY, Entitlement::Of(Right::WithdrawConsent), Applies::No(Why::NoConsent), "7(3)"),
    (VITAL, Entitlement::Of(Right::WithdrawConsent), Applies::No(Why::NoConsent), "7(3)"),
    (TASK, Entitlement::Of(Right::WithdrawConsent), Applies::No(Why::NoConsent), "7(3)"),
    (INTEREST, Entitlement::Of(Right::WithdrawConsent), Applies::No(Why::NoConsent), "7(3)"),
    (CONSENT, Entitlement::Of(Right::HumanReview), Applies::If(&[Condition::SolelyAutomated, Condition::AllowedByExplicitConsent]), "22(2)(c),22(3)"),
    (EXPLICIT, Entitlement::Of(Right::HumanReview), Applies::If(&[Condition::SolelyAutomated, Condition::SpecialDataSafeguarded]), "22(4)"),
    (CONTRACT, Entitlement::Of(Right::HumanReview), Applies::If(&[Condition::SolelyAutomated, Condition::NecessaryForContract]), "22(2)(a),22(3)"),
    (DUTY, Entitlement::Of(Right::HumanReview), Applies::If(&[Condition::SolelyAutomated, Condition::AllowedByLaw]), "22(2)(b)"),
    (VITAL, Entitlement::Of(Right::HumanReview), Applies::Yes, "22(1)"),
    (TASK, Entitlement::Of(Right::HumanReview), Applies::If(&[Condition::SolelyAutomated, Condition::AllowedByLaw]), "22(2)(b)"),
    (INTEREST, Entitlement::Of(Right::HumanReview), Applies::Yes, "22(1)"),
    (CONSENT, Entitlement::Complaint, Applies::Yes, "77"),
    (EXPLICIT, Entitlement::Complaint, Applies::Yes, "77"),
    (CONTRACT, Entitlement::Complaint, Applies::Yes, "77"),
    (DUTY, Entitlement::Complaint, Applies::Yes, "77"),
    (VITAL, Entitlement::Complaint, Applies::Yes, "77"),
    (TASK, Entitlement::Complaint, Applies::Yes, "77"),
    (INTEREST, Entitlement::Complaint, Applies::Yes, "77"),
    (CONSENT, Entitlement::Of(Right::Recipients), Applies::If(&[Condition::ChangeWasMade]), "19"),
    (EXPLICIT, Entitlement::Of(Right::Recipients), Applies::If(&[Condition::ChangeWasMade]), "19"),
    (CONTRACT, Entitlement::Of(Right::Recipients), Applies::If(&[Condition::ChangeWasMade]), "19"),
    (DUTY, Entitlement::Of(Right::Recipients), Applies::If(&[Condition::ChangeWasMade]), "19"),
    (VITAL, Entitlement::Of(Right::Recipients), Applies::If(&[Condition::ChangeWasMade]), "19"),
    (TASK, Entitlement::Of(Right::Recipients), Applies::If(&[Condition::ChangeWasMade]), "19"),
    (INTEREST, Entitlement::Of(Right::Recipients), Applies::If(&[Condition::ChangeWasMade]), "19"),
];

fn processor(basis: Option<Basis>) -> Role {
    Role::Processor {
        tenant: TenantId::from_random([7; 16]),
        basis,
    }
}

/// What the literal table says.
fn expected(basis: Basis, right: impl Into<Entitlement>) -> Applies {
    let right = right.into();
    let cell = CELLS.iter().find(|c| c.0 == basis && c.1 == right);
    cell.map(|c| c.2).expect("the table has this cell")
}

#[test]
fn every_cell_is_as_written() {
    for (basis, right, answer, article) in CELLS {
        let cell = cell(basis, right, Role::Controller);
        assert_eq!(
            (cell.applies, cell.article),
            (answer, article),
            "{basis:?} {right:?}"
        );
    }
    let written: BTreeSet<_> = CELLS.iter().map(|c| (c.0, c.1)).collect();
    assert_eq!(written.len(), CELLS.len(), "a cell is written twice");
    for right in Right::ALL {
        for basis in Basis::ALL {
            assert!(written.contains(&(basis, right.into())), "{right}");
        }
    }
}

#[test]
fn the_letters_of_article_6_are_bases() {
    for (letter, basis, article) in [
        (LegalBasis::Consent, CONSENT, "6(1)(a)"),
        (LegalBasis::Contract, CONTRACT, "6(1)(b)"),
        (LegalBasis::LegalObligation, DUTY, "6(1)(c)"),
        (LegalBasis::VitalInterests, VITAL, "6(1)(d)"),
        (LegalBasis::PublicTask, TASK, "6(1)(e)"),
        (LegalBasis::LegitimateInterests, INTEREST, "6(1)(f)"),
    ] {
        assert_eq!(Basis::from(letter), basis);
        assert_eq!(basis.article(), article);
        assert_eq!(
            applies(letter, Right::Portability, Role::Controller),
            applies(basis, Right::Portability, Role::Controller)
        );
    }
    assert_eq!(EXPLICIT.article(), "9(2)(a)");
}

#[test]
fn p096_both_parts_have_their_answers() {
    // A processor's own basis changes nothing; the client company's decides, for portability and objection visibly.
    for ours in Basis::ALL {
        for theirs in Basis::ALL {
            for right in Right::ALL {
                assert_eq!(
                    applies(ours, right, processor(Some(theirs))),
                    expected(theirs, right),
                    "{right}: {ours:?} must not count for {theirs:?}"
                );
            }
        }
    }
    assert_eq!(
        applies(INTEREST, Right::Objection, Role::Controller),
        Applies::Yes
    );
    assert_eq!(
        applies(INTEREST, Right::Objection, processor(Some(CONTRACT))),
        Applies::No(Why::NeitherTaskNorInterest)
    );
}

#[test]
fn p096_before_the_basis_is_stated_only_what_always_holds_is_certain() {
    let certain = |right: Entitlement| applies(INTEREST, right, processor(None));
    for (right, answer) in [
        (Entitlement::Information, Applies::Yes),
        (Entitlement::Complaint, Applies::Yes),
        (Right::Access.into(), Applies::Yes),
        (Right::Rectification.into(), Applies::Yes),
        (Right::MarketingObjection.into(), Applies::Absolute),
        (
            Right::Recipients.into(),
            Applies::If(&[Condition::ChangeWasMade]),
        ),
    ] {
        assert_eq!(certain(right), answer, "{right:?}");
    }
    for right in [
        Right::Erasure,
        Right::Restriction,
        Right::Portability,
        Right::Objection,
        Right::WithdrawConsent,
        Right::HumanReview,
    ] {
        assert_eq!(
            certain(right.into()),
            Applies::If(&[Condition::TenantStatesBasis]),
            "{right}"
        );
        assert_eq!(cell(INTEREST, right, processor(None)).article, "28(3)(e)");
    }
}

#[test]
fn p102_erasure_has_the_grounds_of_its_basis() {
    use ErasureGround as E;
    let consent = [
        E::NoLongerNecessary,
        E::ConsentWithdrawn,
        E::Unlawful,
        E::LegalDuty,
        E::OfferedToChild,
    ];
    for (basis, grounds) in [
        (CONSENT, &consent[..]),
        (EXPLICIT, &consent[..]),
        (CONTRACT, A_D_E),
        (DUTY, A_D_E),
        (VITAL, A_D_E),
        (TASK, A_C_D_E),
        (INTEREST, A_C_D_E),
    ] {
        assert_eq!(erasure_grounds(basis), grounds, "{basis:?}");
    }
    let articles = [
        (E::NoLongerNecessary, "17(1)(a)"),
        (E::ConsentWithdrawn, "17(1)(b)"),
        (E::Objection, "17(1)(c)"),
        (E::Unlawful, "17(1)(d)"),
        (E::LegalDuty, "17(1)(e)"),
        (E::OfferedToChild, "17(1)(f)"),
    ];
    for (ground, article) in articles {
        assert_eq!(ground.article(), article);
    }
}

#[test]
fn p104_objection_is_weighed_and_marketing_never() {
    for basis in Basis::ALL {
        assert_eq!(
            applies(basis, Right::MarketingObjection, Role::Controller),
            Applies::Absolute
        );
        let objection = applies(basis, Right::Objection, Role::Controller);
        assert_eq!(
            objection == Applies::Yes,
            basis == TASK || basis == INTEREST,
            "{basis:?}"
        );
        assert_eq!(
            restriction_grounds(basis).contains(&RestrictionGround::ObjectionExamined),
            objection == Applies::Yes,
            "article 18(1)(d) is tied to 21(1): {basis:?}"
        );
    }
    for right in Right::ALL {
        let at_once = [
            Right::Objection,
            Right::MarketingObjection,
            Right::WithdrawConsent,
        ];
        assert_eq!(right.stops_at_once(), at_once.contains(&right), "{right}");
    }
}

#[test]
fn p107_restriction_has_its_grounds() {
    for (basis, grounds) in [
        (CONSENT, A_TO_C),
        (EXPLICIT, A_TO_C),
        (CONTRACT, A_TO_C),
        (DUTY, A_TO_C),
        (VITAL, A_TO_C),
        (TASK, A_TO_D),
        (INTEREST, A_TO_D),
    ] {
        assert_eq!(restriction_grounds(basis), grounds, "{basis:?}");
    }
    let letters: Vec<_> = A_TO_D.iter().map(|g| g.article()).collect();
    assert_eq!(letters, ["18(1)(a)", "18(1)(b)", "18(1)(c)", "18(1)(d)"]);
}

#[test]
fn p109_only_what_was_provided_can_be_taken_along() {
    for basis in [CONSENT, EXPLICIT, CONTRACT] {
        let Applies::If(conditions) = applies(basis, Right::Portability, Role::Controller) else {
            panic!("{basis:?} has conditions");
        };
        assert!(conditions.contains(&Condition::ProvidedByPerson));
        assert!(conditions.contains(&Condition::AutomatedMeans));
        assert!(conditions.contains(&Condition::OthersUnharmed));
    }
}

#[test]
fn p111_portability_is_refused_with_its_reason_outside_consent_and_contract() {
    for (basis, why, article) in [
        (DUTY, Why::NeitherConsentNorContract, "20(1)(a)"),
        (VITAL, Why::NeitherConsentNorContract, "20(1)(a)"),
        (INTEREST, Why::NeitherConsentNorContract, "20(1)(a)"),
        (TASK, Why::PublicTask, "20(3)"),
    ] {
        for role in [Role::Controller, processor(Some(basis))] {
            let cell = cell(basis, Right::Portability, role);
            assert_eq!(cell.applies, Applies::No(why));
            assert_eq!(cell.article, article);
            assert_eq!(why.article(), article);
        }
    }
    for basis in [CONSENT, EXPLICIT, CONTRACT] {
        assert!(matches!(
            applies(basis, Right::Portability, Role::Controller),
            Applies::If(_)
        ));
    }
    // Only a contract asks whether the person is a party to it.
    for basis in Basis::ALL {
        let asks = matches!(
            applies(basis, Right::Portability, Role::Controller),
            Applies::If(conditions) if conditions.contains(&Condition::PartyToContract)
        );
        assert_eq!(asks, basis == CONTRACT);
    }
}

#[test]
fn a_no_says_why_in_words() {
    let mut texts = BTreeSet::new();
    for (basis, right, answer, _) in CELLS {
        if let Applies::No(why) = answer {
            assert!(why.text().len() > 30, "{basis:?} {right:?}");
            texts.insert(why.text());
        }
    }
    assert_eq!(texts.len(), 5, "five reasons, five texts");
}

#[test]
fn conditions_name_their_articles() {
    for (condition, article) in [
        (Condition::ErasureGround(A_D_E), "17(1)"),
        (Condition::RestrictionGround(A_TO_C), "18(1)"),
        (Condition::BeyondDuty, "17(3)(b)"),
        (Condition::BeyondTask, "17(3)(b)"),
        (Condition::PartyToContract, "6(1)(b)"),
        (Condition::ProvidedByPerson, "20(1)"),
        (Condition::AutomatedMeans, "20(1)(b)"),
        (Condition::OthersUnharmed, "20(4)"),
        (Condition::SolelyAutomated, "22(1)"),
        (Condition::AllowedByExplicitConsent, "22(2)(c)"),
        (Condition::NecessaryForContract, "22(2)(a)"),
        (Condition::AllowedByLaw, "22(2)(b)"),
        (Condition::SpecialDataSafeguarded, "22(4)"),
        (Condition::ChangeWasMade, "19"),
        (Condition::TenantStatesBasis, "28(3)(e)"),
    ] {
        assert_eq!(condition.article(), article, "{condition:?}");
    }
}

#[test]
fn notes_tell_what_goes_with_an_answer() {
    let note = |basis: Basis, right: Entitlement| cell(basis, right, Role::Controller).note;
    assert!(note(DUTY, Entitlement::Information).contains("14(5)(c)"));
    assert!(note(INTEREST, Entitlement::Information).contains("13(1)(d)"));
    assert!(note(CONSENT, Right::Erasure.into()).contains("withdrawn"));
    assert!(note(EXPLICIT, Right::Erasure.into()).contains("9(2)(a)"));
    assert!(note(INTEREST, Right::Erasure.into()).contains("marketing"));
    assert!(note(INTEREST, Right::Restriction.into()).contains("by itself"));
    assert!(note(TASK, Right::Objection.into()).contains("compelling"));
    assert!(note(INTEREST, Right::Objection.into()).contains("burden"));
    assert!(note(CONSENT, Right::WithdrawConsent.into()).contains("as easily"));
    assert_eq!(note(TASK, Right::Restriction.into()), "");
}
