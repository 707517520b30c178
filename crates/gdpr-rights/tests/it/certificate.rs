//! The certificate and the ledger before it.
#![allow(clippy::indexing_slicing, reason = "a test that fails may panic")]

use gdpr_rights::request::certificate::{
    Backups, BlindSubject, CertificateError, ErasureFacts, Exception, KeptUntil, Method, Notice,
    SignedCertificate, SourceErasure, Told,
};
use gdpr_rights::request::ledger::{EraseOrder, ErasureIntent, Recorded};
use gdpr_rights::request::sign::SigningKey;
use gdpr_rights::{
    Answer, CleanScan, ErasureCertificate, Error, Nonce, ScanOrder, SourceId, conclude,
};
use proptest::prelude::*;
use retention_policy::{CaseId, Category, SubjectId, TenantId};

use crate::at;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn case() -> CaseId {
    CaseId::from_random([1; 16])
}

fn sources() -> [SourceId; 2] {
    ["index", "store"].map(|name| SourceId::new(name).unwrap())
}

fn clean() -> CleanScan {
    let order = ScanOrder::new(case(), sources(), Nonce::from_random([4; 32])).unwrap();
    let answers = sources().map(|source| Answer::clean(&source, order.nonce()));
    conclude(&order, &answers).unwrap()
}

fn intent_of(case: CaseId, sources: Vec<SourceId>, decided: &str) -> Recorded<ErasureIntent> {
    let (tenant, subject) = (
        TenantId::from_random([2; 16]),
        SubjectId::from_random([3; 16]),
    );
    Recorded::durable(ErasureIntent::new(case, tenant, subject, sources, at(decided)).unwrap())
}

fn intent() -> Recorded<ErasureIntent> {
    intent_of(case(), sources().to_vec(), "2026-03-02T08:59:00.250Z")
}

fn facts() -> ErasureFacts {
    let [index, store] = sources();
    ErasureFacts {
        subject: BlindSubject::from_hmac([0xab; 32]),
        sources: vec![
            SourceErasure {
                source: store,
                before: Some(12),
                method: Method::KeyDestroyed,
            },
            SourceErasure {
                source: index,
                before: None,
                method: Method::Deleted,
            },
        ],
        exceptions: vec![
            Exception::new(
                "Code de commerce",
                "L123-22",
                [Category::Billing],
                KeptUntil::Date("2036-12-31".parse().unwrap()),
            )
            .unwrap(),
            Exception::new(
                "GDPR",
                "17(3)(e)",
                [Category::Consent, Category::RightsCase],
                KeptUntil::Criterion("until the claim T-1: 2026 is decided".into()),
            )
            .unwrap(),
        ],
        recipients: vec![
            Notice::new(
                "Nordlicht Hosting GmbH",
                Told::At(at("2026-03-02T09:00:01Z")),
            )
            .unwrap(),
            Notice::new("A company that was wound up", Told::Impossible).unwrap(),
            Notice::new("Readers of a print", Told::Disproportionate).unwrap(),
        ],
        backups: Backups::Until(at("2026-04-01T00:00:00Z")),
        tombstone: [0xcd; 16],
    }
}

fn issued() -> ErasureCertificate {
    ErasureCertificate::issue(clean(), at("2026-03-02T09:00:05.5Z"))
}

fn full() -> ErasureCertificate {
    issued().with(&intent(), facts()).unwrap()
}

#[test]
fn p103_the_certificate_lists_sources_exceptions_and_recipients() {
    insta::assert_snapshot!(full().text());
}

#[test]
fn p103_a_signed_certificate_is_read_back_as_it_was() {
    for certificate in [issued(), full()] {
        let signed = certificate.sign(&key());
        let read = SignedCertificate::verify(&signed.to_bytes(), &key().verifying_key()).unwrap();
        assert_eq!(read, *certificate.certificate());
        assert_eq!(read, *signed.certificate());
        assert_eq!(signed, certificate.sign(&key()));
    }
    let read = full().certificate().clone();
    let account = read.account().unwrap();
    assert_eq!(account.exceptions, facts().exceptions);
    assert_eq!(account.recipients, facts().recipients);
    assert_eq!(account.intent, intent().get().reference());
    assert_eq!(read.sources()[1].before, Some(12));
    assert_eq!(issued().certificate().account(), None);
}

#[test]
fn p103_one_byte_changed_anywhere_is_refused() {
    for certificate in [issued(), full()] {
        let bytes = certificate.sign(&key()).to_bytes();
        let verify = |bytes: &[u8]| SignedCertificate::verify(bytes, &key().verifying_key());
        assert!(verify(&bytes).is_ok());
        for place in 0..bytes.len() {
            for mask in [0x01, 0x20, 0x80] {
                let mut changed = bytes.clone();
                changed[place] ^= mask;
                assert!(verify(&changed).is_err(), "{place} {mask}");
            }
            assert!(verify(&bytes[..place]).is_err(), "{place}");
            let mut shorter = bytes.clone();
            shorter.remove(place);
            assert!(verify(&shorter).is_err(), "{place}");
        }
        for more in ["\n", " ", "x", "signature: "] {
            let longer = [&bytes[..], more.as_bytes()].concat();
            assert!(verify(&longer).is_err(), "{more:?}");
            let before = [more.as_bytes(), &bytes[..]].concat();
            assert!(verify(&before).is_err(), "{more:?}");
        }
    }
}

/// Signs any text as a certificate.
fn sign(text: &str) -> Vec<u8> {
    use ed25519_dalek::Signer as _;
    let signed = full().sign(&key()).to_bytes();
    let signed = String::from_utf8(signed).unwrap();
    let (head, _) = signed.rsplit_once(' ').unwrap();
    let line = head.rsplit_once('\n').unwrap().1.to_owned();
    let hex: String = key()
        .sign(text.as_bytes())
        .to_bytes()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    format!("{text}{line} {hex}\n").into_bytes()
}

#[test]
fn p103_a_signature_is_not_enough() {
    let verify = |text: &str| SignedCertificate::verify(&sign(text), &key().verifying_key());
    let text = full().text().to_owned();
    assert!(verify(&text).is_ok());
    assert_eq!(
        verify(&text.replace("erasure 1\n", "erasure 2\n")).unwrap_err(),
        CertificateError::UnknownVersion
    );
    for (from, to) in [
        ("source index: ", "source Index: "),
        ("after 0", "after 1"),
        ("before 12", "before 012"),
        ("note: This is a technical record, not legal advice.\n", ""),
        ("exception 2", "exception 3"),
        ("keeps: billing", "keeps: everything"),
        ("until: 2036-12-31", "until: 2036-2-31"),
        (
            "deleted",
            "deleted\nsource other: asked again, nothing found",
        ),
        ("case: ", "Case: "),
        ("impossible", "too dear"),
        ("recipient 1 told: ", "recipient 1 told: +"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        assert_eq!(
            verify(&changed).unwrap_err(),
            CertificateError::Damaged,
            "{from} {to}"
        );
    }
    let other = SigningKey::from_bytes(&[8; 32]);
    let bytes = full().sign(&key()).to_bytes();
    let of_other = SignedCertificate::verify(&bytes, &other.verifying_key());
    assert_eq!(of_other.unwrap_err(), CertificateError::WrongSignature);
    let large = vec![b'x'; 1024 * 1024 + 1];
    let refused = SignedCertificate::verify(&large, &key().verifying_key());
    assert_eq!(refused.unwrap_err(), CertificateError::TooLarge);
}

#[test]
fn p103_facts_of_another_erasure_are_refused() {
    let with = |intent: &Recorded<ErasureIntent>, facts| {
        issued().with(intent, facts).map(|_| ()).unwrap_err()
    };
    let other = CaseId::from_random([9; 16]);
    let decided = "2026-03-02T08:59:00Z";
    for intent in [
        intent_of(other, sources().to_vec(), decided),
        intent_of(case(), sources()[..1].to_vec(), decided),
        intent_of(case(), sources().to_vec(), "2026-03-02T09:00:06Z"),
    ] {
        assert_eq!(with(&intent, facts()), CertificateError::OtherErasure);
    }
    // In the second of the certificate is not after it.
    let same = intent_of(case(), sources().to_vec(), "2026-03-02T09:00:05.9Z");
    assert!(issued().with(&same, facts()).is_ok());
    let mut lacking = facts();
    lacking.sources.pop();
    assert_eq!(with(&intent(), lacking), CertificateError::SourcesDiffer);
    let mut twice = facts();
    twice.sources[1] = twice.sources[0].clone();
    assert_eq!(with(&intent(), twice), CertificateError::SourcesDiffer);
    let mut more = facts();
    more.sources.push(SourceErasure {
        source: SourceId::new("cache").unwrap(),
        before: None,
        method: Method::Deleted,
    });
    assert_eq!(with(&intent(), more), CertificateError::SourcesDiffer);
    let mut large = facts();
    large.exceptions = vec![large.exceptions[0].clone(); 20_000];
    assert_eq!(with(&intent(), large), CertificateError::TooLarge);
}

#[test]
fn p103_no_text_forges_a_line() {
    let until = || KeptUntil::Date("2036-12-31".parse().unwrap());
    let long = "x".repeat(501);
    for text in [
        "",
        " ",
        "a\nnote: all is well",
        "a\rb",
        "a\u{2028}b",
        "a\u{202e}b",
        "a\u{0}",
        &long,
    ] {
        let law = Exception::new(text, "1", [Category::Billing], until());
        assert_eq!(law.unwrap_err(), CertificateError::BadText, "{text:?}");
        let article = Exception::new("law", text, [Category::Billing], until());
        assert_eq!(article.unwrap_err(), CertificateError::BadText, "{text:?}");
        let criterion = Exception::new(
            "law",
            "1",
            [Category::Billing],
            KeptUntil::Criterion(text.into()),
        );
        assert_eq!(
            criterion.unwrap_err(),
            CertificateError::BadText,
            "{text:?}"
        );
        assert_eq!(
            Notice::new(text, Told::Impossible).unwrap_err(),
            CertificateError::BadText,
            "{text:?}"
        );
    }
    assert_eq!(
        Exception::new("law", "1", [], until()).unwrap_err(),
        CertificateError::NoCategories
    );
}

#[test]
fn p103_the_certificate_names_no_person() {
    let subject = intent().get().subject();
    let text = full().text().to_owned();
    assert!(!text.contains(&subject.to_string()));
    assert!(!text.contains(&format!("{:02x}", 3).repeat(8)));
    // Debug does not show the blind id either, which leads to the person as long as its key lives.
    assert!(!format!("{:?}", facts()).contains("171"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_that_is_taken_comes_back(law in "\\PC{1,60}", name in "[ -~]{1,40}", before in any::<Option<u64>>()) {
        let mut facts = facts();
        facts.sources[0].before = before;
        if let Ok(exception) = Exception::new(&law, &name, [Category::Consent], KeptUntil::Criterion(law.clone())) {
            facts.exceptions.push(exception);
        }
        if let Ok(notice) = Notice::new(&name, Told::Impossible) {
            facts.recipients.push(notice);
        }
        let certificate = issued().with(&intent(), facts).unwrap();
        let bytes = certificate.sign(&key()).to_bytes();
        let read = SignedCertificate::verify(&bytes, &key().verifying_key()).unwrap();
        prop_assert_eq!(read, certificate.certificate().clone());
    }

    #[test]
    fn an_intent_comes_back_and_other_bytes_do_not(bytes in proptest::collection::vec(any::<u8>(), 0..120), place in 0..1000_usize) {
        let intent = intent();
        let good = intent.get().to_bytes();
        prop_assert_eq!(&ErasureIntent::from_bytes(&good).unwrap(), intent.get());
        prop_assert_eq!(ErasureIntent::from_bytes(&good[..place % good.len()]), Err(Error::BadIntent));
        if let Ok(read) = ErasureIntent::from_bytes(&bytes) {
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}

#[test]
fn p103_an_intent_has_golden_bytes() {
    let mut golden = vec![1];
    golden.extend(case().to_bytes());
    golden.extend(TenantId::from_random([2; 16]).to_bytes());
    golden.extend(SubjectId::from_random([3; 16]).to_bytes());
    // 2026-03-02T08:59:00.250Z in milliseconds.
    golden.extend(1_772_441_940_250_i64.to_be_bytes());
    golden.extend(b"\x00\x02\x05index\x05store");
    assert_eq!(intent().get().to_bytes(), golden);
    // Sources out of order, twice, or one too many are another form of the same, or none.
    let swapped = golden.len() - 12;
    golden[swapped..].copy_from_slice(b"\x05store\x05index");
    assert_eq!(ErasureIntent::from_bytes(&golden), Err(Error::BadIntent));
    golden[swapped..].copy_from_slice(b"\x05store\x05store");
    assert_eq!(ErasureIntent::from_bytes(&golden), Err(Error::BadIntent));
}

#[test]
fn p103_an_order_says_what_was_recorded() {
    let recorded = intent();
    let order = EraseOrder::after(&recorded);
    assert_eq!(order.case(), case());
    assert_eq!(order.tenant(), TenantId::from_random([2; 16]));
    assert_eq!(order.subject(), SubjectId::from_random([3; 16]));
    assert!(order.sources().eq(&sources()));
    let new = |sources: Vec<SourceId>| {
        ErasureIntent::new(
            case(),
            order.tenant(),
            order.subject(),
            sources,
            at("2026-03-02T08:59:00Z"),
        )
        .map(|_| ())
    };
    assert_eq!(new(vec![]), Err(Error::NoSources));
    assert_eq!(
        new(vec![sources()[0].clone(), sources()[0].clone()]),
        Err(Error::DuplicateSource)
    );
    let many = (0..65_536)
        .map(|n| SourceId::new(&format!("s{n}")).unwrap())
        .collect();
    assert_eq!(new(many), Err(Error::TooManySources));
}
