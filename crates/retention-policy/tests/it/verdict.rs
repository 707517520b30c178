use chrono::TimeDelta;
use retention_policy::{
    ActorId, Category, ClockVerdict, DueReason, Error, Hold, HoldId, HoldReason, Policy, Purpose,
    PurposeSet, RecordId, RecordMeta, Region, Scope, SubjectId, TenantId, Timestamp, Verdict,
    Wishes, clock_guard,
};

use crate::at;

const MADE: &str = "2026-03-02T09:00:00Z";

fn meta(category: Category) -> RecordMeta {
    RecordMeta::new(
        TenantId::from_random([1; 16]),
        SubjectId::from_random([2; 16]),
        category,
        PurposeSet::only(Purpose::DraftReply),
        Region::Italy,
        Policy::default().expiry(category, at(MADE)).unwrap(),
    )
    .unwrap()
}

fn hold(scope: Scope, reason: HoldReason) -> Hold {
    Hold::new(
        HoldId::from_random([9; 16]),
        scope,
        reason,
        ActorId::from_random([8; 16]),
        at(MADE),
        at("2026-09-01T00:00:00Z"),
    )
    .unwrap()
}

fn verdict(category: Category, holds: &[Hold], wishes: Wishes, after: TimeDelta) -> Verdict {
    let id = RecordId::from_random([7; 16]);
    Policy::default().verdict(id, &meta(category), holds, wishes, at(MADE) + after)
}

#[test]
fn reasons_have_one_order() {
    let subject = Scope::Subject(SubjectId::from_random([2; 16]));
    let held = hold(subject, HoldReason::LegalClaim);
    let restricted = hold(subject, HoldReason::Restriction);
    let both = Wishes {
        erasure: true,
        consent_withdrawn: true,
    };
    let none = Wishes::default();
    let day = TimeDelta::days(1);
    let review_by = at("2026-09-01T00:00:00Z");
    assert_eq!(
        verdict(Category::Session, &[restricted, held], both, day),
        Verdict::Held { review_by }
    );
    assert_eq!(
        verdict(Category::Session, &[restricted], both, day),
        Verdict::Restricted { review_by }
    );
    assert!(matches!(
        verdict(Category::Billing, &[], both, day),
        Verdict::LegalObligation { .. }
    ));
    assert_eq!(
        verdict(Category::Session, &[], both, day),
        Verdict::Due(DueReason::Erasure)
    );
    let withdrawn = Wishes {
        erasure: false,
        consent_withdrawn: true,
    };
    assert_eq!(
        verdict(Category::Session, &[], withdrawn, day),
        Verdict::Due(DueReason::ConsentWithdrawn)
    );
    assert_eq!(
        verdict(Category::Session, &[], none, day),
        Verdict::Due(DueReason::Expired)
    );
}

#[test]
fn time_walks_keep_warn_due() {
    let none = Wishes::default();
    for (minutes, want) in [
        (0, 'k'),
        (20 * 60 - 1, 'k'),
        (20 * 60, 'w'),
        (23 * 60 - 1, 'w'),
        (23 * 60, 'd'),
        (9999, 'd'),
    ] {
        let got = match verdict(Category::Session, &[], none, TimeDelta::minutes(minutes)) {
            Verdict::Keep { .. } => 'k',
            Verdict::Warn { .. } => 'w',
            Verdict::Due(DueReason::Expired) => 'd',
            other => panic!("{other:?}"),
        };
        assert_eq!(got, want, "{minutes}");
    }
}

#[test]
fn a_hold_of_somebody_else_holds_nothing() {
    let other = hold(
        Scope::Subject(SubjectId::from_random([3; 16])),
        HoldReason::Order,
    );
    let got = verdict(
        Category::Session,
        &[other],
        Wishes::default(),
        TimeDelta::days(1),
    );
    assert_eq!(got, Verdict::Due(DueReason::Expired));
}

#[test]
fn a_hold_has_a_review_within_a_year() {
    let place = |review: Timestamp| {
        Hold::new(
            HoldId::from_random([9; 16]),
            Scope::Tenant(TenantId::from_random([1; 16])),
            HoldReason::Order,
            ActorId::from_random([8; 16]),
            at(MADE),
            review,
        )
    };
    assert_eq!(place(at(MADE)), Err(Error::BadReview));
    assert_eq!(
        place(at(MADE) + TimeDelta::days(367)),
        Err(Error::BadReview)
    );
    assert!(place(at(MADE) + TimeDelta::days(366)).is_ok());
}

#[test]
fn a_wrong_clock_destroys_nothing() {
    let seen = at(MADE);
    let minute = TimeDelta::minutes(1);
    let guard = |moved: TimeDelta, monotonic: Option<TimeDelta>, confirmed| {
        clock_guard(Some(seen), seen + moved, monotonic, minute, confirmed).unwrap()
    };
    assert_eq!(guard(minute, Some(minute), false), ClockVerdict::Trusted);
    assert_eq!(
        guard(-TimeDelta::minutes(4), Some(minute), false),
        ClockVerdict::Trusted
    );
    assert!(matches!(
        guard(-TimeDelta::hours(2), Some(minute), true),
        ClockVerdict::WentBack { .. }
    ));
    assert!(matches!(
        guard(TimeDelta::hours(2), Some(minute), false),
        ClockVerdict::JumpedAhead { .. }
    ));
    assert_eq!(
        guard(TimeDelta::hours(2), Some(TimeDelta::hours(2)), false),
        ClockVerdict::Trusted
    );
    assert_eq!(
        guard(TimeDelta::hours(2), Some(minute), true),
        ClockVerdict::Trusted
    );
    assert_eq!(
        guard(TimeDelta::days(3), None, false),
        ClockVerdict::Trusted
    );
    assert!(matches!(
        guard(TimeDelta::days(3650), None, false),
        ClockVerdict::JumpedAhead { .. }
    ));
    assert_eq!(
        clock_guard(None, at("2001-01-01T00:00:00Z"), None, minute, true),
        Err(Error::ClockBeforeEpoch)
    );
}
