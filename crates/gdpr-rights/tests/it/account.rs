use gdpr_rights::{
    Breach, BreachKind, Check, CheckStatus, ConsentEvent, ConsentLedger, Country, Error,
    Permission, Refusal, Statement,
};
use proptest::prelude::*;
use retention_policy::{LegalBasis, Purpose, SubjectId};

use crate::at;

fn subject(n: u8) -> SubjectId {
    SubjectId::from_random([n; 16])
}

fn ledger(statements: &[Statement]) -> ConsentLedger {
    let mut ledger = ConsentLedger::new();
    for statement in statements {
        ledger
            .append(ConsentEvent {
                subject: subject(1),
                statement: *statement,
                at: at("2026-03-02T09:00:00Z"),
            })
            .unwrap();
    }
    ledger
}

#[test]
fn what_people_say_counts_at_once() {
    use Purpose::{AnswerRequest, DraftReply, LegalObligation};
    let interests = LegalBasis::LegitimateInterests;
    let cases: &[(&[Statement], Purpose, LegalBasis, Permission)] = &[
        (&[], DraftReply, interests, Permission::Granted),
        (
            &[],
            DraftReply,
            LegalBasis::Consent,
            Permission::Refused(Refusal::NoConsent),
        ),
        (
            &[Statement::Consent(DraftReply)],
            DraftReply,
            LegalBasis::Consent,
            Permission::Granted,
        ),
        (
            &[
                Statement::Consent(DraftReply),
                Statement::Withdrawal(DraftReply),
            ],
            DraftReply,
            LegalBasis::Consent,
            Permission::Refused(Refusal::Withdrawn),
        ),
        (
            &[Statement::Objection(DraftReply)],
            DraftReply,
            interests,
            Permission::Refused(Refusal::Objected),
        ),
        // Article 21 knows no objection against a contract or a legal duty.
        (
            &[Statement::Objection(DraftReply)],
            DraftReply,
            LegalBasis::Contract,
            Permission::Granted,
        ),
        (
            &[
                Statement::Objection(DraftReply),
                Statement::ObjectionOverruled(DraftReply),
            ],
            DraftReply,
            interests,
            Permission::Granted,
        ),
        (
            &[Statement::Restriction],
            DraftReply,
            LegalBasis::Contract,
            Permission::Refused(Refusal::Restricted),
        ),
        (
            &[Statement::Restriction],
            AnswerRequest,
            interests,
            Permission::Granted,
        ),
        (
            &[Statement::Restriction],
            LegalObligation,
            LegalBasis::LegalObligation,
            Permission::Granted,
        ),
        (
            &[Statement::Restriction, Statement::RestrictionLifted],
            DraftReply,
            interests,
            Permission::Granted,
        ),
    ];
    for (statements, purpose, basis, want) in cases {
        assert_eq!(
            ledger(statements).may_run(subject(1), *purpose, *basis),
            *want,
            "{statements:?}"
        );
        // Nobody speaks for somebody else.
        let other = ConsentLedger::new().may_run(subject(2), *purpose, *basis);
        assert_eq!(
            ledger(statements).may_run(subject(2), *purpose, *basis),
            other
        );
    }
}

#[test]
fn a_ledger_is_only_appended_to() {
    let mut ledger = ledger(&[Statement::Restriction]);
    let earlier = ConsentEvent {
        subject: subject(1),
        statement: Statement::RestrictionLifted,
        at: at("2026-03-01T09:00:00Z"),
    };
    assert_eq!(ledger.append(earlier), Err(Error::OutOfOrder));
    assert!(matches!(
        ledger.may_run(subject(1), Purpose::DraftReply, LegalBasis::Contract),
        Permission::Refused(Refusal::Restricted)
    ));
}

proptest! {
    #[test]
    fn a_ledger_survives_its_bytes_and_half_of_it_does_not(people in proptest::collection::vec(0u8..4, 0..20)) {
        let mut ledger = ConsentLedger::new();
        for (n, who) in people.iter().enumerate() {
            let purpose = Purpose::ALL[n % Purpose::ALL.len()];
            let statement = match n % 6 {
                0 => Statement::Consent(purpose),
                1 => Statement::Withdrawal(purpose),
                2 => Statement::Objection(purpose),
                3 => Statement::ObjectionOverruled(purpose),
                4 => Statement::Restriction,
                _ => Statement::RestrictionLifted,
            };
            ledger.append(ConsentEvent { subject: subject(*who), statement, at: at("2026-03-02T09:00:00Z") }).unwrap();
        }
        let bytes = ledger.to_bytes();
        let back = ConsentLedger::from_bytes(&bytes).unwrap();
        prop_assert_eq!(back.events(), ledger.events());
        for cut in 1..bytes.len() {
            if !(bytes.len() - cut - 1).is_multiple_of(26) {
                prop_assert!(ConsentLedger::from_bytes(&bytes[..bytes.len() - cut]).is_err());
            }
        }
    }
}

#[test]
fn damaged_ledgers_are_refused() {
    let mut bytes = ledger(&[Statement::Restriction]).to_bytes();
    bytes[17] = 9;
    for bad in [&[][..], &[1], &bytes] {
        assert_eq!(
            ConsentLedger::from_bytes(bad).unwrap_err(),
            Error::BadLedger
        );
    }
}

#[test]
fn registers_hold_facts() {
    let (detected, aware) = (at("2026-03-02T09:00:00Z"), at("2026-03-02T12:00:00Z"));
    assert_eq!(
        Breach::new(BreachKind::Confidentiality, aware, detected).unwrap_err(),
        Error::BadInstants
    );
    let breach = Breach::new(BreachKind::Integrity, detected, aware)
        .unwrap()
        .concerning(Some(4), None);
    assert_eq!((breach.people(), breach.records()), (Some(4), None));
    assert!(Country::from_code("fr").unwrap().is_union());
    assert!(!Country::from_code("US").unwrap().is_union());
    assert_eq!(Country::from_code("Utopia"), Err(Error::BadCountry));
    assert_eq!(
        Check::ran("P035", "ticket_age", false).status(),
        CheckStatus::Open
    );
    assert_eq!(
        Check::ran("P035", "ticket_age", true).status(),
        CheckStatus::Kept
    );
    assert_eq!(
        Check::register("P087", "training").status(),
        CheckStatus::Register
    );
}
