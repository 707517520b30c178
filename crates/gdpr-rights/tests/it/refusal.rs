//! Refusals, exceptions and fees: what cannot be made by half.

use gdpr_rights::request::authority::Authority;
use gdpr_rights::request::fee::{Burden, Demonstrated, Fee, FeeWarning};
use gdpr_rights::request::language::Language;
use gdpr_rights::request::matrix::{Condition, ErasureGround, Why, erasure_grounds};
use gdpr_rights::request::refusal::{
    ErasureException, Exception, ExceptionDraft, ExceptionPart, Extent, KeepUntil, Mention, Reason,
    RefusalDraft, RefusalGround, RefusalNotice, Remedy,
};
use gdpr_rights::{Error, Request, Right};
use retention_policy::{ActorId, CaseId, Category, LegalBasis, SubjectId, TenantId};

use crate::at;

const DECIDED: &str = "2026-03-20T09:00:00Z";

fn case(n: u8) -> CaseId {
    CaseId::from_random([n; 16])
}

fn officer() -> ActorId {
    ActorId::from_random([8; 16])
}

fn request(right: Right) -> Request {
    Request {
        case: case(1),
        tenant: TenantId::from_random([2; 16]),
        subject: SubjectId::from_random([3; 16]),
        right,
        received: at("2026-03-02T09:00:00Z"),
    }
}

fn reason(ground: RefusalGround) -> Reason {
    Reason::new(ground, "Because of what we told Ms Planted.").unwrap()
}

fn draft(right: Right, ground: RefusalGround) -> RefusalDraft {
    RefusalDraft {
        case: case(1),
        right,
        extent: Extent::Whole,
        reasons: vec![reason(ground)],
        exceptions: vec![],
        complaint: Some(Authority::of_code("FR").unwrap()),
        remedy: Some(Remedy::EstablishmentOrResidence),
        decided_by: officer(),
        decided_at: at(DECIDED),
    }
}

fn refuse(right: Right, ground: RefusalGround) -> Result<(), Error> {
    RefusalNotice::new(draft(right, ground)).map(|_| ())
}

fn exception_draft() -> ExceptionDraft {
    ExceptionDraft {
        law: "Invented commercial code".into(),
        provision: "section 12".into(),
        categories: vec![Category::Billing],
        until: Some(KeepUntil::Date("2036-12-31".parse().unwrap())),
        decided_by: Some(officer()),
        reason: "Invoices are kept for audits.".into(),
    }
}

fn exception(draft: ExceptionDraft) -> Result<Exception, Error> {
    Exception::new(ErasureException::DutyOrTask, draft, at(DECIDED))
}

#[test]
fn p111_a_refusal_has_its_three_mentions_or_is_none() {
    let full = || {
        draft(
            Right::Portability,
            RefusalGround::NotApplicable(Why::NeitherConsentNorContract),
        )
    };
    let lacks = |draft: RefusalDraft| RefusalNotice::new(draft).map(|_| ()).unwrap_err();
    assert!(RefusalNotice::new(full()).is_ok());
    assert_eq!(
        lacks(RefusalDraft {
            reasons: vec![],
            ..full()
        }),
        Error::Article12Point4Incomplete(Mention::Reasons)
    );
    assert_eq!(
        lacks(RefusalDraft {
            complaint: None,
            ..full()
        }),
        Error::Article12Point4Incomplete(Mention::Complaint)
    );
    assert_eq!(
        lacks(RefusalDraft {
            remedy: None,
            ..full()
        }),
        Error::Article12Point4Incomplete(Mention::Remedy)
    );
    let part = RefusalDraft {
        extent: Extent::Part,
        complaint: None,
        ..full()
    };
    assert_eq!(
        lacks(part),
        Error::Article12Point4Incomplete(Mention::Complaint)
    );
    let ground = RefusalGround::NotIdentified;
    for words in ["", " \n\t ", &"x".repeat(2_001)] {
        assert_eq!(
            Reason::new(ground.clone(), words),
            Err(Error::ReasonWithoutWords)
        );
    }
    assert!(Reason::new(ground, &"x".repeat(2_000)).is_ok());
}

#[test]
fn p111_a_reason_is_one_that_the_matrix_gives() {
    use RefusalGround::{ConditionNotMet, NotApplicable, OthersRights, OverridingGrounds};
    let grounds = Condition::ErasureGround(erasure_grounds(LegalBasis::Contract));
    let never = Condition::ErasureGround(&[ErasureGround::ConsentWithdrawn]);
    for (right, ground, result) in [
        (Right::Portability, NotApplicable(Why::PublicTask), Ok(())),
        (
            Right::Portability,
            ConditionNotMet(Condition::ProvidedByPerson),
            Ok(()),
        ),
        (
            Right::Portability,
            ConditionNotMet(Condition::PartyToContract),
            Ok(()),
        ),
        (Right::Portability, OthersRights, Ok(())),
        (Right::Access, OthersRights, Ok(())),
        (
            Right::Objection,
            NotApplicable(Why::WithdrawInstead),
            Ok(()),
        ),
        (Right::Objection, OverridingGrounds, Ok(())),
        (Right::Erasure, ConditionNotMet(grounds), Ok(())),
        (
            Right::Erasure,
            ConditionNotMet(Condition::BeyondDuty),
            Ok(()),
        ),
        (
            Right::WithdrawConsent,
            NotApplicable(Why::NoConsent),
            Ok(()),
        ),
        (
            Right::Access,
            NotApplicable(Why::PublicTask),
            Err(Error::ReasonDoesNotFit),
        ),
        (
            Right::Portability,
            NotApplicable(Why::NoConsent),
            Err(Error::ReasonDoesNotFit),
        ),
        (Right::Erasure, OthersRights, Err(Error::ReasonDoesNotFit)),
        (
            Right::Erasure,
            OverridingGrounds,
            Err(Error::ReasonDoesNotFit),
        ),
        (
            Right::Erasure,
            ConditionNotMet(never),
            Err(Error::ReasonDoesNotFit),
        ),
        (
            Right::Access,
            ConditionNotMet(Condition::AutomatedMeans),
            Err(Error::ReasonDoesNotFit),
        ),
        (
            Right::Portability,
            ConditionNotMet(Condition::TenantStatesBasis),
            Err(Error::ReasonDoesNotFit),
        ),
    ] {
        assert_eq!(refuse(right, ground.clone()), result, "{right} {ground:?}");
    }
}

#[test]
fn p104_nothing_is_weighed_against_an_absolute_right() {
    for ground in [
        RefusalGround::OverridingGrounds,
        RefusalGround::OthersRights,
        RefusalGround::NotApplicable(Why::NeitherTaskNorInterest),
        RefusalGround::ConditionNotMet(Condition::BeyondDuty),
    ] {
        for right in [Right::MarketingObjection, Right::WithdrawConsent] {
            assert_eq!(
                refuse(right, ground.clone()),
                Err(Error::AbsoluteRight),
                "{right}"
            );
        }
    }
    for ground in [RefusalGround::NotIdentified, RefusalGround::NotAuthorised] {
        assert_eq!(refuse(Right::MarketingObjection, ground), Ok(()));
    }
}

#[test]
fn p103_exceptions_are_whole_and_only_from_erasure() {
    use ExceptionPart as P;
    let lacks = |draft: ExceptionDraft| exception(draft).unwrap_err();
    let full = exception_draft;
    for (draft, part) in [
        (
            ExceptionDraft {
                law: " ".into(),
                ..full()
            },
            P::Law,
        ),
        (
            ExceptionDraft {
                provision: String::new(),
                ..full()
            },
            P::Provision,
        ),
        (
            ExceptionDraft {
                categories: vec![],
                ..full()
            },
            P::Categories,
        ),
        (
            ExceptionDraft {
                until: None,
                ..full()
            },
            P::Until,
        ),
        (
            ExceptionDraft {
                until: Some(KeepUntil::Criterion("\n".into())),
                ..full()
            },
            P::Until,
        ),
        (
            ExceptionDraft {
                decided_by: None,
                ..full()
            },
            P::DecidedBy,
        ),
        (
            ExceptionDraft {
                reason: "x".repeat(2_001),
                ..full()
            },
            P::Reason,
        ),
    ] {
        assert_eq!(lacks(draft), Error::ExceptionIncomplete(part));
    }
    let until = |day: &str| {
        let until = Some(KeepUntil::Date(day.parse().unwrap()));
        exception(ExceptionDraft { until, ..full() }).map(|_| ())
    };
    assert_eq!(until("2026-03-19"), Err(Error::ExceptionOver));
    assert_eq!(until("2026-03-20"), Ok(()));

    let kept = exception(full()).unwrap();
    let with = |right: Right| {
        RefusalNotice::new(RefusalDraft {
            reasons: vec![],
            exceptions: vec![kept.clone()],
            extent: Extent::Part,
            ..draft(right, RefusalGround::NotIdentified)
        })
        .map(|_| ())
    };
    assert_eq!(with(Right::Erasure), Ok(()));
    assert_eq!(with(Right::Access), Err(Error::ReasonDoesNotFit));
}

#[test]
fn p103_an_exception_says_what_went_in() {
    let kept = exception(ExceptionDraft {
        categories: vec![Category::RightsCase, Category::Billing, Category::Billing],
        law: " Invented commercial code ".into(),
        ..exception_draft()
    })
    .unwrap();
    assert_eq!(kept.ground(), ErasureException::DutyOrTask);
    assert_eq!(kept.law(), "Invented commercial code");
    assert_eq!(kept.provision(), "section 12");
    assert_eq!(
        kept.categories().collect::<Vec<_>>(),
        [Category::RightsCase, Category::Billing]
    );
    assert_eq!(kept.last_day(), "2036-12-31".parse().ok());
    assert_eq!(kept.criterion(), None);
    assert_eq!(kept.decided_by(), officer());
    assert_eq!(kept.decided_at(), at(DECIDED));
    assert_eq!(kept.expose_reason(), "Invoices are kept for audits.");
    let until = Some(KeepUntil::Criterion("the lawsuit has ended".into()));
    let open = exception(ExceptionDraft {
        until,
        ..exception_draft()
    })
    .unwrap();
    assert_eq!(open.last_day(), None);
    assert_eq!(open.criterion(), Some("the lawsuit has ended"));
    for (ground, article) in [
        (ErasureException::Expression, "17(3)(a)"),
        (ErasureException::DutyOrTask, "17(3)(b)"),
        (ErasureException::PublicHealth, "17(3)(c)"),
        (ErasureException::ArchiveOrResearch, "17(3)(d)"),
        (ErasureException::LegalClaims, "17(3)(e)"),
    ] {
        assert_eq!(ground.article(), article);
    }
}

#[test]
fn a_notice_says_what_went_in() {
    let notice = RefusalNotice::new(draft(Right::Access, RefusalGround::OthersRights)).unwrap();
    assert_eq!(notice.case(), case(1));
    assert_eq!(notice.right(), Right::Access);
    assert_eq!(notice.extent(), Extent::Whole);
    assert_eq!(notice.reasons().len(), 1);
    assert_eq!(notice.reasons()[0].ground(), &RefusalGround::OthersRights);
    assert!(notice.exceptions().is_empty());
    assert_eq!(notice.complaint().country(), "FR");
    assert_eq!(notice.remedy(), Remedy::EstablishmentOrResidence);
    assert_eq!(notice.decided_by(), officer());
    assert_eq!(notice.decided_at(), at(DECIDED));
}

#[test]
fn grounds_name_their_articles() {
    let shown = shown(&request(Right::Access), Burden::Unfounded).unwrap();
    for (ground, article) in [
        (RefusalGround::NotApplicable(Why::PublicTask), "20(3)"),
        (
            RefusalGround::ConditionNotMet(Condition::AutomatedMeans),
            "20(1)(b)",
        ),
        (RefusalGround::OthersRights, "15(4), 20(4)"),
        (RefusalGround::OverridingGrounds, "21(1)"),
        (RefusalGround::Unreasonable(shown), "12(5)(b)"),
        (RefusalGround::NotIdentified, "11(2), 12(2)"),
        (RefusalGround::NotAuthorised, "12(6)"),
    ] {
        assert_eq!(ground.article(), article);
    }
}

#[test]
fn the_letter_of_a_partial_refusal() {
    let second = exception(ExceptionDraft {
        categories: vec![Category::RightsCase, Category::Session],
        until: Some(KeepUntil::Criterion("the lawsuit {words} has ended".into())),
        ..exception_draft()
    });
    let ground = RefusalGround::ConditionNotMet(Condition::BeyondDuty);
    let notice = RefusalNotice::new(RefusalDraft {
        extent: Extent::Part,
        exceptions: vec![exception(exception_draft()).unwrap(), second.unwrap()],
        complaint: Some(Authority::of_code("DE").unwrap()),
        remedy: Some(Remedy::ControllersState),
        ..draft(Right::Erasure, ground)
    })
    .unwrap();
    let letters: Vec<_> = Language::ALL
        .iter()
        .map(|language| {
            format!(
                "{}\n\n{}",
                notice.subject(*language),
                notice.expose_letter(*language)
            )
        })
        .collect();
    insta::assert_snapshot!(letters.join("\n\n----\n\n"));
}

#[test]
fn the_letter_says_how_much_and_where_to_go() {
    let letter = |draft: RefusalDraft| {
        RefusalNotice::new(draft)
            .unwrap()
            .expose_letter(Language::English)
    };
    let ground = || RefusalGround::NotIdentified;
    let whole = letter(draft(Right::Erasure, ground()));
    assert!(whole.contains("(erasure, article 17 GDPR). We cannot do what you ask for.\n"));
    assert!(whole.contains("where we are established, or in the one where you live"));
    assert!(whole.contains("These are the reasons"));
    assert!(!whole.contains("This is kept"));
    let kept = letter(RefusalDraft {
        reasons: vec![],
        exceptions: vec![exception(exception_draft()).unwrap()],
        extent: Extent::Part,
        remedy: Some(Remedy::ControllersState),
        ..draft(Right::Erasure, ground())
    });
    assert!(kept.contains("only in part"));
    assert!(kept.contains("in our country"));
    assert!(!kept.contains("These are the reasons"));
    assert!(kept.contains("This is kept"));
}

#[test]
fn p120_every_letter_names_the_right_authority_and_the_courts() {
    let courts = [
        (Language::English, "court", "not legal advice"),
        (Language::French, "la justice", "pas un conseil juridique"),
        (Language::German, "vor Gericht", "keine Rechtsberatung"),
        (Language::Spanish, "tribunales", "No es asesoramiento"),
        (Language::Italian, "giudice", "Non è una consulenza"),
        (Language::Dutch, "rechter", "geen juridisch advies"),
        (Language::Portuguese, "tribunais", "Não é aconselhamento"),
    ];
    for authority in Authority::all() {
        for remedy in [Remedy::EstablishmentOrResidence, Remedy::ControllersState] {
            let notice = RefusalNotice::new(RefusalDraft {
                complaint: Some(authority),
                remedy: Some(remedy),
                ..draft(Right::Access, RefusalGround::NotIdentified)
            })
            .unwrap();
            for (language, court, advice) in courts {
                let letter = notice.expose_letter(language);
                let country = authority.country();
                assert!(letter.contains(&format!("{} ({country})", authority.name())));
                assert!(letter.contains("Because of what we told"), "the reasons");
                assert!(
                    letter.contains("77") && letter.contains("79"),
                    "{language:?}"
                );
                assert!(letter.contains(court), "{language:?}");
                assert!(letter.contains(advice), "{language:?}");
                assert!(!letter.contains('{'), "{letter}");
                assert!(letter.contains(&case(1).to_string()));
                let small = letter.to_lowercase();
                let land = small.contains("(land)") || small.contains("bundeslandes");
                assert_eq!(land, country == "DE", "{country} {language:?}");
                let community = small.contains("autonom") || small.contains("autónom");
                assert_eq!(community, country == "ES", "{country} {language:?}");
            }
        }
    }
}

#[test]
fn words_about_a_case_are_shown_on_purpose_only() {
    let draft = RefusalDraft {
        exceptions: vec![
            exception(ExceptionDraft {
                reason: "Ms Planted owes".into(),
                law: "Planted code".into(),
                until: Some(KeepUntil::Criterion("Planted paid".into())),
                ..exception_draft()
            })
            .unwrap(),
        ],
        ..draft(Right::Erasure, RefusalGround::NotIdentified)
    };
    let form = ExceptionDraft {
        reason: "Planted".into(),
        law: "Planted".into(),
        until: Some(KeepUntil::Criterion("Planted".into())),
        ..exception_draft()
    };
    let shown = Demonstrated::new(
        &request(Right::Access),
        Burden::Unfounded,
        "Planted",
        [7; 32],
        officer(),
        at(DECIDED),
    );
    let notice = RefusalNotice::new(draft.clone()).unwrap();
    for text in [
        format!("{draft:?}"),
        format!("{notice:?}"),
        format!("{form:?} {:?}", form.until),
        format!("{shown:?}"),
    ] {
        assert!(!text.contains("Planted"), "{text}");
    }
    assert!(
        notice
            .expose_letter(Language::English)
            .contains("Ms Planted owes")
    );
}

fn shown(request: &Request, burden: Burden) -> Result<Demonstrated, Error> {
    Demonstrated::new(
        request,
        burden,
        "Seen.",
        [7; 32],
        officer(),
        at("2026-03-05T09:00:00Z"),
    )
}

fn warning() -> FeeWarning {
    FeeWarning {
        case: case(1),
        cents: 500,
        sent_at: at("2026-03-06T09:00:00Z"),
    }
}

#[test]
fn p116_no_fee_without_proof_and_warning() {
    let access = request(Right::Access);
    let now = at("2026-03-10T09:00:00Z");
    let proof = shown(&access, Burden::Unfounded).unwrap();
    let charge = |cents: u32, proof: Option<&Demonstrated>, warning: Option<FeeWarning>| {
        Fee::charge(&access, cents, proof, warning, now).map(|fee| fee.cents())
    };
    let unproved = Err(Error::FeeWithoutProof);
    let unwarned = Err(Error::FeeWithoutWarning);
    assert_eq!(charge(500, None, None), unproved);
    assert_eq!(charge(500, None, Some(warning())), unproved);
    assert_eq!(charge(500, Some(&proof), None), unwarned);
    assert_eq!(charge(500, Some(&proof), Some(warning())), Ok(500));
    assert_eq!(charge(499, Some(&proof), Some(warning())), Ok(499));
    assert_eq!(charge(501, Some(&proof), Some(warning())), unwarned);
    let of = |case: CaseId, sent_at: &str| {
        let sent_at = at(sent_at);
        charge(
            500,
            Some(&proof),
            Some(FeeWarning {
                case,
                sent_at,
                ..warning()
            }),
        )
    };
    assert_eq!(of(case(9), "2026-03-06T09:00:00Z"), unwarned);
    // Before the proof, at it, at the charge, after it.
    assert_eq!(of(case(1), "2026-03-05T08:59:59Z"), unwarned);
    assert_eq!(of(case(1), "2026-03-05T09:00:00Z"), Ok(500));
    assert_eq!(of(case(1), "2026-03-10T09:00:00Z"), unwarned);
    assert_eq!(of(case(1), "2026-03-10T09:00:01Z"), unwarned);
    let other = Request {
        case: case(9),
        ..access
    };
    let elsewhere = shown(&other, Burden::Unfounded).unwrap();
    assert_eq!(charge(500, Some(&elsewhere), Some(warning())), unproved);
    let fee = Fee::charge(&access, 500, Some(&proof), Some(warning()), now).unwrap();
    assert_eq!((fee.case(), fee.burden()), (case(1), Burden::Unfounded));
}

#[test]
fn p116_a_yearly_request_is_never_excessive() {
    let access = request(Right::Access);
    for (previous, result) in [
        ("2025-03-02T09:00:00Z", Err(Error::NotExcessive)),
        ("2025-03-02T09:00:01Z", Ok(())),
        ("2024-03-02T09:00:00Z", Err(Error::NotExcessive)),
        ("2026-03-02T08:59:59Z", Ok(())),
        ("2026-03-02T09:00:00Z", Err(Error::NotExcessive)),
        ("2026-03-03T09:00:00Z", Err(Error::NotExcessive)),
    ] {
        let previous_at = at(previous);
        let burden = Burden::Excessive {
            previous: previous_at,
        };
        assert_eq!(shown(&access, burden).map(|_| ()), result, "{previous}");
    }
}

#[test]
fn p116_only_a_further_copy_of_an_answer_may_cost() {
    let copy = |right: Right, first: &str| {
        shown(&request(right), Burden::FurtherCopy { first: at(first) }).map(|_| ())
    };
    assert_eq!(copy(Right::Access, "2026-02-20T09:00:00Z"), Ok(()));
    assert_eq!(
        copy(Right::Access, "2026-03-02T09:00:00Z"),
        Err(Error::NoFurtherCopy)
    );
    assert_eq!(
        copy(Right::Erasure, "2026-02-20T09:00:00Z"),
        Err(Error::NoFurtherCopy)
    );
}

#[test]
fn p116_a_proof_has_a_reason_and_evidence() {
    let access = request(Right::Access);
    let of = |reason: &str, evidence: [u8; 32]| {
        Demonstrated::new(
            &access,
            Burden::Unfounded,
            reason,
            evidence,
            officer(),
            at(DECIDED),
        )
    };
    assert_eq!(of(" ", [7; 32]), Err(Error::FeeWithoutProof));
    assert_eq!(of("Seen.", [0; 32]), Err(Error::FeeWithoutProof));
    let proof = of("Seen.", [7; 32]).unwrap();
    assert_eq!(proof.case(), access.case);
    assert_eq!(proof.burden(), Burden::Unfounded);
    assert_eq!(proof.evidence(), [7; 32]);
    assert_eq!(proof.decided_by(), officer());
    assert_eq!(proof.decided_at(), at(DECIDED));
    assert_eq!(proof.expose_reason(), "Seen.");
}

#[test]
fn p116_unreasonable_requests_are_refused_on_proof_of_this_case() {
    let access = request(Right::Access);
    let refuse = |proof: Demonstrated| refuse(Right::Access, RefusalGround::Unreasonable(proof));
    assert_eq!(refuse(shown(&access, Burden::Unfounded).unwrap()), Ok(()));
    let other = Request {
        case: case(9),
        ..access
    };
    assert_eq!(
        refuse(shown(&other, Burden::Unfounded).unwrap()),
        Err(Error::ReasonDoesNotFit)
    );
    let first = at("2026-02-20T09:00:00Z");
    let copy = shown(&access, Burden::FurtherCopy { first }).unwrap();
    assert_eq!(refuse(copy), Err(Error::ReasonDoesNotFit));
    // An absolute right has no merits to refuse on, but an unfounded request is none of its exercise.
    let marketing = shown(&request(Right::MarketingObjection), Burden::Unfounded).unwrap();
    let ground = RefusalGround::Unreasonable(marketing);
    assert_eq!(self::refuse(Right::MarketingObjection, ground), Ok(()));
}
