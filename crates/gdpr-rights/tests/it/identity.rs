//! Who asks: levels, codes, facts, documents, representatives.

use gdpr_rights::request::identity::{
    AddressOnFile, Ask, Channel, CodeError, Digits, DocumentKind, DocumentNote, Doubt, Fact,
    FactKind, IdentityKey, Level, Mandate, MandateError, OneTimeCode, Proof, RepresentativeId,
    Sensitivity, Session, Standing, Verified, ask,
};
use gdpr_rights::{Error, Request, Right};
use proptest::prelude::*;
use retention_policy::{ActorId, CaseId, RecordId, SubjectId, TenantId, Timestamp};

use crate::at;

const RECEIVED: &str = "2026-03-02T09:00:00Z";
const SENT: &str = "2026-03-02T09:05:00Z";

fn request(right: Right) -> Request {
    Request {
        case: CaseId::from_random([1; 16]),
        tenant: TenantId::from_random([2; 16]),
        subject: SubjectId::from_random([3; 16]),
        right,
        received: at(RECEIVED),
    }
}

fn address() -> AddressOnFile {
    AddressOnFile {
        subject: SubjectId::from_random([3; 16]),
        record: RecordId::from_random([4; 16]),
        channel: Channel::Email,
        since: at("2025-11-20T10:00:00Z"),
    }
}

fn key() -> IdentityKey {
    IdentityKey::from_bytes([5; 32])
}

/// 0, 1, 2 to 31.
fn random() -> [u8; 32] {
    std::array::from_fn(|n| n as u8)
}

fn sent(right: Right) -> (OneTimeCode, Digits) {
    OneTimeCode::issue(&key(), &request(right), address(), random(), at(SENT)).unwrap()
}

fn try_at(
    code: &OneTimeCode,
    typed: &str,
    now: Timestamp,
) -> (OneTimeCode, Result<Proof, CodeError>) {
    code.check(&key(), &request(Right::Erasure), address(), typed, now)
}

fn code_proof(right: Right) -> Proof {
    let (code, digits) = sent(right);
    let (_, proof) = code.check(
        &key(),
        &request(right),
        address(),
        digits.expose(),
        at(SENT),
    );
    proof.unwrap()
}

#[test]
fn p117_no_more_is_asked_than_the_right_needs() {
    use Level as L;
    for (right, ordinary, special) in [
        (Right::Access, L::Session, L::Facts),
        (Right::Portability, L::Session, L::Facts),
        (Right::Recipients, L::Session, L::Facts),
        (Right::Erasure, L::Channel, L::Facts),
        (Right::Rectification, L::Channel, L::Facts),
        (Right::HumanReview, L::Channel, L::Facts),
        (Right::Restriction, L::Nothing, L::Channel),
        (Right::Objection, L::Nothing, L::Channel),
        (Right::MarketingObjection, L::Nothing, L::Nothing),
        (Right::WithdrawConsent, L::Nothing, L::Nothing),
    ] {
        assert_eq!(
            Level::required(right, Sensitivity::Ordinary),
            ordinary,
            "{right}"
        );
        assert_eq!(
            Level::required(right, Sensitivity::Special),
            special,
            "{right}"
        );
    }
}

#[test]
fn p117_what_is_asked_depends_on_who_asks() {
    // Needs nothing, L1, L2, L3.
    let stop = (Right::WithdrawConsent, Sensitivity::Special);
    let erase = (Right::Erasure, Sensitivity::Ordinary);
    let access = (Right::Access, Sensitivity::Ordinary);
    let special = (Right::Access, Sensitivity::Special);
    for ((right, sensitivity), standing, expected) in [
        (stop, Standing::SignedIn, Ask::Nothing),
        (stop, Standing::Account, Ask::Nothing),
        (stop, Standing::AddressOnFile, Ask::Nothing),
        (stop, Standing::Unknown, Ask::Nothing),
        (erase, Standing::SignedIn, Ask::Nothing),
        (erase, Standing::Account, Ask::Code),
        (erase, Standing::AddressOnFile, Ask::Code),
        (erase, Standing::Unknown, Ask::MoreInformation),
        (access, Standing::SignedIn, Ask::Nothing),
        (access, Standing::Account, Ask::SignIn),
        (access, Standing::AddressOnFile, Ask::CodeAndFacts),
        (access, Standing::Unknown, Ask::MoreInformation),
        (special, Standing::SignedIn, Ask::Nothing),
        (special, Standing::Account, Ask::SignIn),
        (special, Standing::AddressOnFile, Ask::CodeAndFacts),
        (special, Standing::Unknown, Ask::MoreInformation),
    ] {
        assert_eq!(
            ask(right, sensitivity, standing),
            expected,
            "{right} {standing:?}"
        );
    }
}

#[test]
fn p117_who_is_signed_in_is_asked_nothing_more() {
    for right in Right::ALL {
        for sensitivity in [Sensitivity::Ordinary, Sensitivity::Special] {
            assert_eq!(ask(right, sensitivity, Standing::SignedIn), Ask::Nothing);
            let session = Session {
                subject: request(right).subject,
                second_factor: at(SENT),
            };
            let proof = Proof::by_session(&request(right), session, at(SENT)).unwrap();
            let verified =
                Verified::new(&request(right), sensitivity, Some(proof), at(SENT)).unwrap();
            assert_eq!(verified.level(), Level::Session);
        }
    }
}

#[test]
fn a_session_is_the_persons_own_and_fresh() {
    let request = request(Right::Access);
    let of = |subject: SubjectId, second_factor: &str| {
        let session = Session {
            subject,
            second_factor: at(second_factor),
        };
        Proof::by_session(&request, session, at("2026-03-02T10:00:00Z")).map(|p| p.level())
    };
    let me = request.subject;
    assert_eq!(of(me, "2026-03-02T09:45:01Z"), Ok(Level::Session));
    assert_eq!(of(me, "2026-03-02T10:00:00Z"), Ok(Level::Session));
    assert_eq!(of(me, "2026-03-02T09:45:00Z"), Err(Error::StaleSession));
    assert_eq!(of(me, "2026-03-02T10:00:01Z"), Err(Error::StaleSession));
    let other = SubjectId::from_random([33; 16]);
    assert_eq!(of(other, "2026-03-02T10:00:00Z"), Err(Error::OtherPerson));
}

#[test]
fn p117_a_code_passes_once() {
    let (code, digits) = sent(Right::Erasure);
    // 0x000102...1f mod 10^8, by another program.
    assert_eq!(digits.expose(), "79440671");
    let (code, proof) = try_at(&code, "7944 -0671", at(SENT));
    assert_eq!(proof.unwrap().level(), Level::Channel);
    for typed in ["79440671", "00000000"] {
        assert_eq!(try_at(&code, typed, at(SENT)).1, Err(CodeError::Used));
    }
}

#[test]
fn p117_after_five_wrong_tries_the_right_code_fails() {
    let (mut code, digits) = sent(Right::Erasure);
    for (typed, left) in [
        ("00000000", 4),
        ("", 3),
        ("7944067", 2),
        ("794406711", 1),
        ("x", 0),
    ] {
        let (after, result) = try_at(&code, typed, at(SENT));
        assert_eq!(result, Err(CodeError::Wrong { left }), "{typed:?}");
        code = after;
    }
    let (after, sixth) = try_at(&code, digits.expose(), at(SENT));
    assert_eq!(sixth, Err(CodeError::Exhausted));
    assert_eq!(after, code);
    // Four wrong ones leave the fifth.
    let (mut code, digits) = sent(Right::Erasure);
    for _ in 0..4 {
        code = try_at(&code, "00000000", at(SENT)).0;
    }
    assert!(try_at(&code, digits.expose(), at(SENT)).1.is_ok());
}

#[test]
fn p117_a_code_is_good_for_15_minutes() {
    let (code, digits) = sent(Right::Erasure);
    let result = |now: &str| try_at(&code, digits.expose(), at(now)).1.map(|p| p.level());
    assert_eq!(result("2026-03-02T09:04:59Z"), Err(CodeError::NotYet));
    assert_eq!(result("2026-03-02T09:05:00Z"), Ok(Level::Channel));
    assert_eq!(result("2026-03-02T09:19:59Z"), Ok(Level::Channel));
    assert_eq!(result("2026-03-02T09:20:00Z"), Err(CodeError::Expired));
    assert_eq!(result("2027-03-02T09:06:00Z"), Err(CodeError::Expired));
}

#[test]
fn p117_a_code_is_good_for_its_case_right_person_and_address_only() {
    let (code, digits) = sent(Right::Erasure);
    let right = request(Right::Erasure);
    let requests = [
        Request {
            case: CaseId::from_random([9; 16]),
            ..right
        },
        Request {
            tenant: TenantId::from_random([9; 16]),
            ..right
        },
        Request {
            subject: SubjectId::from_random([9; 16]),
            ..right
        },
        Request {
            right: Right::Access,
            ..right
        },
    ];
    for other in requests {
        let (after, result) = code.check(&key(), &other, address(), digits.expose(), at(SENT));
        assert_eq!(result, Err(CodeError::OtherCase), "{other:?}");
        assert_eq!(after, code, "no try is lost");
    }
    let addresses = [
        AddressOnFile {
            subject: SubjectId::from_random([9; 16]),
            ..address()
        },
        AddressOnFile {
            record: RecordId::from_random([9; 16]),
            ..address()
        },
        AddressOnFile {
            channel: Channel::Text,
            ..address()
        },
        AddressOnFile {
            since: at("2026-02-01T10:00:00Z"),
            ..address()
        },
    ];
    for other in addresses {
        let (after, result) = code.check(&key(), &right, other, digits.expose(), at(SENT));
        assert_eq!(result, Err(CodeError::OtherCase), "{other:?}");
        assert_eq!(after, code, "no try is lost");
    }
    let other_key = IdentityKey::from_bytes([6; 32]);
    let (_, result) = code.check(&other_key, &right, address(), digits.expose(), at(SENT));
    assert_eq!(result, Err(CodeError::Wrong { left: 4 }));
}

#[test]
fn p117_a_code_goes_only_where_it_could_have_gone_before() {
    let issue = |address: AddressOnFile| {
        OneTimeCode::issue(
            &key(),
            &request(Right::Erasure),
            address,
            random(),
            at(SENT),
        )
        .map(|(code, _)| code)
    };
    for (since, result) in [
        ("2026-03-02T08:59:59Z", Ok(())),
        (RECEIVED, Err(Error::AddressTooNew)),
        ("2026-03-02T09:01:00Z", Err(Error::AddressTooNew)),
    ] {
        let address = AddressOnFile {
            since: at(since),
            ..address()
        };
        assert_eq!(issue(address).map(|_| ()), result, "{since}");
    }
    let other = AddressOnFile {
        subject: SubjectId::from_random([9; 16]),
        ..address()
    };
    assert_eq!(issue(other), Err(Error::OtherPerson));
}

#[test]
fn a_kept_code_is_an_hmac_and_these_bytes() {
    let (code, digits) = sent(Right::Erasure);
    let hex: String = code.to_bytes().iter().map(|b| format!("{b:02x}")).collect();
    // Made by another implementation of HMAC-SHA256.
    assert_eq!(
        hex,
        concat!(
            "0002000000010101010101410181010101010101010202020202024202820202",
            "0202020202030303030303430383030303030303030404040404044404840404",
            "040404040400000000691ee6a00000000069a552bc513feb44595dd7a797fe63",
            "37791c4fa0d4cba4dd09c040509a2e4515f1ba5ab6",
        )
    );
    assert_eq!(code.to_bytes().len(), OneTimeCode::LEN);
    for shown in [
        format!("{code:?}"),
        format!("{digits:?}"),
        format!("{:?}", key()),
    ] {
        assert!(!shown.contains(digits.expose()), "{shown}");
        assert!(!shown.contains("513feb44"), "{shown}");
    }
}

#[test]
fn a_kept_code_survives_its_bytes_with_its_tries() {
    let (code, digits) = sent(Right::Erasure);
    let (code, _) = try_at(&code, "00000000", at(SENT));
    let back = OneTimeCode::from_bytes(&code.to_bytes()).unwrap();
    assert_eq!(back, code);
    let (used, proof) = try_at(&back, digits.expose(), at(SENT));
    assert!(proof.is_ok());
    let used = OneTimeCode::from_bytes(&used.to_bytes()).unwrap();
    assert_eq!(
        try_at(&used, digits.expose(), at(SENT)).1,
        Err(CodeError::Used)
    );
}

#[test]
fn damaged_codes_are_refused() {
    let good = sent(Right::Erasure).0.to_bytes();
    let with = |place: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[place] = byte;
        OneTimeCode::from_bytes(&bytes)
    };
    // Version, right, channel, wrong tries, used.
    for (place, byte) in [(0, 1), (1, 200), (2, 3), (3, 6), (4, 2)] {
        assert_eq!(with(place, byte), Err(CodeError::Damaged), "{place}");
    }
    assert!(with(3, 5).is_ok());
    // A time of issue that no calendar has.
    assert_eq!(with(77, 0x7f), Err(CodeError::Damaged));
    for len in 0..good.len() {
        assert_eq!(
            OneTimeCode::from_bytes(&good[..len]),
            Err(CodeError::Damaged)
        );
    }
    let longer = [&good[..], &[0]].concat();
    assert_eq!(OneTimeCode::from_bytes(&longer), Err(CodeError::Damaged));
}

proptest! {
    #[test]
    fn every_code_has_eight_digits_and_passes(random: [u8; 32]) {
        let request = request(Right::Erasure);
        let (code, digits) =
            OneTimeCode::issue(&key(), &request, address(), random, at(SENT)).unwrap();
        prop_assert_eq!(digits.expose().len(), 8);
        prop_assert!(digits.expose().bytes().all(|b| b.is_ascii_digit()));
        prop_assert!(try_at(&code, digits.expose(), at(SENT)).1.is_ok());
    }
}

#[test]
fn all_zero_bytes_still_make_eight_digits() {
    let request = request(Right::Erasure);
    let (_, digits) = OneTimeCode::issue(&key(), &request, address(), [0; 32], at(SENT)).unwrap();
    assert_eq!(digits.expose(), "00000000");
}

fn fact(kind: FactKind, text: &str) -> Fact {
    Fact::new(&key(), &request(Right::Access), kind, text).unwrap()
}

#[test]
fn p117_two_facts_raise_a_code_to_what_access_needs() {
    use FactKind::{Amount, OrderDate, OrderNumber};
    let on_file = [
        fact(OrderNumber, "FR-4711"),
        fact(OrderNumber, "FR-4712"),
        fact(OrderNumber, "FR-4712"),
        fact(OrderDate, "2026-01-15"),
        fact(Amount, "49.90"),
    ];
    let result = |given: &[Fact]| {
        code_proof(Right::Access)
            .with_facts(&on_file, given)
            .map(|p| p.level())
    };
    let fits = Ok(Level::Facts);
    let no = Err(Error::FactsDoNotFit);
    assert_eq!(
        result(&[fact(OrderNumber, "fr 4712"), fact(OrderDate, "2026/01/15")]),
        fits
    );
    // One wrong beside two right ones does no harm.
    let three = [
        fact(OrderNumber, "FR4711"),
        fact(OrderDate, "20260115"),
        fact(Amount, "1"),
    ];
    assert_eq!(result(&three), fits);
    assert_eq!(result(&[]), no);
    assert_eq!(result(&[fact(OrderNumber, "FR4711")]), no);
    assert_eq!(
        result(&[fact(OrderNumber, "FR4711"), fact(Amount, "1")]),
        no
    );
    // The right value under another kind.
    assert_eq!(
        result(&[fact(OrderNumber, "FR4711"), fact(Amount, "20260115")]),
        no
    );
    // Many guesses at once.
    let guesses = [
        fact(OrderNumber, "FR4710"),
        fact(OrderNumber, "FR4711"),
        fact(OrderDate, "20260115"),
    ];
    assert_eq!(result(&guesses), no);
    // Two of one kind are one fact.
    assert_eq!(
        result(&[fact(OrderNumber, "FR4711"), fact(OrderNumber, "FR4712")]),
        no
    );
}

#[test]
fn facts_are_good_for_one_case_and_never_empty() {
    let other = Request {
        case: CaseId::from_random([9; 16]),
        ..request(Right::Access)
    };
    let on_file = [
        fact(FactKind::Amount, "1"),
        fact(FactKind::OrderNumber, "2"),
    ];
    let given = [
        Fact::new(&key(), &other, FactKind::Amount, "1").unwrap(),
        Fact::new(&key(), &other, FactKind::OrderNumber, "2").unwrap(),
    ];
    let result = code_proof(Right::Access).with_facts(&on_file, &given);
    assert_eq!(result, Err(Error::FactsDoNotFit));
    for text in ["", " ", "-- ", "\u{a0}"] {
        let fact = Fact::new(&key(), &other, FactKind::Amount, text);
        assert_eq!(fact.map(|_| ()), Err(Error::EmptyFact), "{text:?}");
    }
    assert_eq!(format!("{:?}", given[0]), "Fact(Amount)");
}

fn note(checked_on: &str) -> DocumentNote {
    DocumentNote {
        checked_by: ActorId::from_random([8; 16]),
        checked_on: checked_on.parse().unwrap(),
        kind: DocumentKind::Passport,
        doubt: Doubt::NamesDiffer,
    }
}

#[test]
fn p117_of_a_document_there_is_a_note() {
    let request = request(Right::Access);
    let of = |day: &str| Proof::by_document(&request, note(day), at(SENT));
    assert_eq!(
        of("2026-03-03").map(|p| p.level()),
        Err(Error::BadDocumentNote)
    );
    let proof = of("2026-03-02").unwrap();
    assert_eq!(proof.level(), Level::Document);
    let verified = Verified::new(&request, Sensitivity::Special, Some(proof), at(SENT)).unwrap();
    assert_eq!(verified.document(), Some(note("2026-03-02")));
    // Late in the evening in UTC it is already tomorrow in the east.
    let late = Proof::by_document(&request, note("2026-03-03"), at("2026-03-02T10:00:00Z"));
    assert!(late.is_ok());
    // By, on, type, why: no room for a picture.
    assert!(std::mem::size_of::<DocumentNote>() <= 24);
    assert!(!std::mem::needs_drop::<DocumentNote>());
}

#[test]
fn p117_less_than_needed_is_not_enough() {
    let now = at(SENT);
    for right in Right::ALL {
        for sensitivity in [Sensitivity::Ordinary, Sensitivity::Special] {
            let need = Level::required(right, sensitivity);
            let request = request(right);
            let nothing = Verified::new(&request, sensitivity, None, now).map(|v| v.level());
            let by_code = Verified::new(&request, sensitivity, Some(code_proof(right)), now)
                .map(|v| v.level());
            let expected = |have: Level| {
                if have >= need {
                    Ok(have)
                } else {
                    Err(Error::NotEnough(need))
                }
            };
            assert_eq!(nothing, expected(Level::Nothing), "{right}");
            assert_eq!(by_code, expected(Level::Channel), "{right}");
        }
    }
}

#[test]
fn a_proof_is_good_for_its_request_only() {
    let right = request(Right::Erasure);
    for other in [
        Request {
            case: CaseId::from_random([9; 16]),
            ..right
        },
        Request {
            tenant: TenantId::from_random([9; 16]),
            ..right
        },
        Request {
            subject: SubjectId::from_random([9; 16]),
            ..right
        },
        Request {
            right: Right::Restriction,
            ..right
        },
    ] {
        let proof = code_proof(Right::Erasure);
        let result = Verified::new(&other, Sensitivity::Ordinary, Some(proof), at(SENT));
        assert_eq!(result, Err(Error::OtherPerson), "{other:?}");
    }
    let proof = code_proof(Right::Erasure);
    let verified = Verified::new(&right, Sensitivity::Ordinary, Some(proof), at(SENT)).unwrap();
    assert!(verified.is_for(&right));
    assert!(!verified.is_for(&request(Right::Access)));
    assert_eq!(verified.case(), right.case);
    assert_eq!(verified.subject(), right.subject);
    assert_eq!(verified.right(), Right::Erasure);
    assert_eq!(verified.at(), at(SENT));
    assert_eq!(verified.document(), None);
    assert_eq!(verified.representative(), None);
}

fn agent(n: u8) -> RepresentativeId {
    RepresentativeId::from_bytes([n; 16])
}

fn mandate() -> Mandate {
    Mandate::new(
        agent(7),
        SubjectId::from_random([3; 16]),
        [Right::Access, Right::Erasure],
        [0xab; 32],
        at("2026-06-30T22:00:00Z"),
    )
    .unwrap()
}

#[test]
fn p114_without_a_mandate_that_fits_nobody_acts_for_another() {
    let now = at(SENT);
    let mandate = mandate();
    let check = |m: Option<&Mandate>, who: u8, request: &Request, now: Timestamp| {
        Mandate::check(m, agent(who), request, now).map(|_| ())
    };
    let good = request(Right::Erasure);
    let other = Request {
        subject: SubjectId::from_random([9; 16]),
        ..good
    };
    let outside = request(Right::Portability);
    assert_eq!(check(Some(&mandate), 7, &good, now), Ok(()));
    assert_eq!(
        check(Some(&mandate), 7, &request(Right::Access), now),
        Ok(())
    );
    assert_eq!(check(None, 7, &good, now), Err(MandateError::Missing));
    assert_eq!(
        check(Some(&mandate), 8, &good, now),
        Err(MandateError::OtherAgent)
    );
    assert_eq!(
        check(Some(&mandate), 7, &other, now),
        Err(MandateError::OtherPerson)
    );
    assert_eq!(
        check(Some(&mandate), 7, &outside, now),
        Err(MandateError::OutOfScope)
    );
    for (now, result) in [
        ("2026-06-30T21:59:59Z", Ok(())),
        ("2026-06-30T22:00:00Z", Err(MandateError::Expired)),
        ("2027-01-01T00:00:00Z", Err(MandateError::Expired)),
    ] {
        assert_eq!(check(Some(&mandate), 7, &good, at(now)), result, "{now}");
    }
}

#[test]
fn p114_a_mandate_names_rights_and_what_shows_it() {
    let new = |rights: &[Right], evidence: [u8; 32]| {
        let subject = SubjectId::from_random([3; 16]);
        Mandate::new(
            agent(7),
            subject,
            rights.iter().copied(),
            evidence,
            at(SENT),
        )
        .map(|_| ())
    };
    assert_eq!(new(&[], [1; 32]), Err(MandateError::Empty));
    assert_eq!(
        new(&[Right::Access], [0; 32]),
        Err(MandateError::NoEvidence)
    );
    assert_eq!(new(&[Right::Access], [1; 32]), Ok(()));
    let mandate = mandate();
    assert_eq!(mandate.agent().to_bytes(), [7; 16]);
    assert_eq!(mandate.subject(), SubjectId::from_random([3; 16]));
    assert_eq!(
        mandate.scope().collect::<Vec<_>>(),
        [Right::Access, Right::Erasure]
    );
    assert_eq!(mandate.evidence(), [0xab; 32]);
    assert_eq!(mandate.valid_until(), at("2026-06-30T22:00:00Z"));
}

#[test]
fn p114_a_mandate_replaces_no_proof_and_fits_one_request() {
    let (now, erasure) = (at(SENT), request(Right::Erasure));
    let represented = Mandate::check(Some(&mandate()), agent(7), &erasure, now).unwrap();
    let with = |request: &Request, proof: Option<Proof>| {
        Verified::represented(request, Sensitivity::Ordinary, proof, represented, now)
    };
    assert_eq!(with(&erasure, None), Err(Error::NotEnough(Level::Channel)));
    let access = request(Right::Access);
    assert_eq!(
        with(&access, Some(code_proof(Right::Access))),
        Err(Error::OtherPerson)
    );
    let other_case = Request {
        case: CaseId::from_random([9; 16]),
        ..erasure
    };
    assert_eq!(with(&other_case, None), Err(Error::OtherPerson));
    let other_subject = Request {
        subject: SubjectId::from_random([9; 16]),
        ..erasure
    };
    assert_eq!(with(&other_subject, None), Err(Error::OtherPerson));
    let verified = with(&erasure, Some(code_proof(Right::Erasure))).unwrap();
    let shown = verified.representative().unwrap();
    assert_eq!(shown.agent(), agent(7));
    assert_eq!(shown.evidence(), [0xab; 32]);
}

#[test]
fn umbrella_errors_say_what_to_do() {
    for error in [
        Error::from(CodeError::Exhausted),
        Error::from(MandateError::Expired),
        Error::NotEnough(Level::Facts),
        Error::AddressTooNew,
        Error::FactsDoNotFit,
    ] {
        assert!(error.to_string().len() > 20, "{error}");
    }
    assert_eq!(
        Error::from(CodeError::Expired).to_string(),
        CodeError::Expired.to_string()
    );
}
