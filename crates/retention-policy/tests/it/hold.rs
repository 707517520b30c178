use chrono::TimeDelta;
use proptest::prelude::*;
use retention_policy::{
    Category, Error, Hold, HoldId, HoldReason, Policy, Query, RecordId, Release, Scope, SubjectId,
};

use crate::{MADE, actor, at, hold, made_under, person, record, tenant};

const DAY: TimeDelta = TimeDelta::days(1);

fn query(
    category: Option<Category>,
    from: Option<&str>,
    until: Option<&str>,
) -> Result<Scope, Error> {
    Query::new(category, from.map(at), until.map(at)).map(Scope::Query)
}

#[test]
fn a_hold_covers_its_scope_and_nothing_of_anybody_else() {
    let meta = made_under(&Policy::default(), Category::Draft, at(MADE));
    let later = "2026-03-02T09:00:01Z";
    for (scope, covered) in [
        (Scope::Record(record()), true),
        (Scope::Record(RecordId::from_random([6; 16])), false),
        (Scope::Subject(person()), true),
        (Scope::Subject(SubjectId::from_random([3; 16])), false),
        (Scope::Tenant, true),
        (query(Some(Category::Draft), None, None).unwrap(), true),
        (query(Some(Category::Session), None, None).unwrap(), false),
        (query(None, Some(MADE), None).unwrap(), true),
        (query(None, Some(later), None).unwrap(), false),
        (query(None, None, Some(MADE)).unwrap(), false),
        (query(None, None, Some(later)).unwrap(), true),
        (query(None, Some(MADE), Some(later)).unwrap(), true),
        (
            query(Some(Category::Usage), Some(MADE), Some(later)).unwrap(),
            false,
        ),
    ] {
        let own = hold(scope, HoldReason::Order);
        assert_eq!(own.covers(&meta, record()), covered, "{scope:?}");
        let (id, by) = (HoldId::from_random([1; 16]), actor(1));
        let other = Hold::for_a_year(id, tenant(2), scope, HoldReason::Order, by, at(MADE));
        assert!(!other.unwrap().covers(&meta, record()), "{scope:?}");
    }
}

#[test]
fn a_query_says_something() {
    for (from, until) in [
        (None, None),
        (Some(MADE), Some(MADE)),
        (
            Some("2026-03-02T09:00:00.2Z"),
            Some("2026-03-02T09:00:00.8Z"),
        ),
        (Some("2026-03-03T00:00:00Z"), Some("2026-03-02T00:00:00Z")),
    ] {
        assert_eq!(
            query(None, from, until),
            Err(Error::BadQuery),
            "{from:?} {until:?}"
        );
    }
}

#[test]
fn a_hold_has_a_review_within_a_year() {
    let place = |days: i64| {
        Hold::new(
            HoldId::from_random([9; 16]),
            tenant(1),
            Scope::Tenant,
            HoldReason::Order,
            actor(8),
            at(MADE),
            at(MADE) + DAY * i32::try_from(days).unwrap(),
        )
    };
    assert_eq!(place(0), Err(Error::BadReview));
    assert_eq!(place(-1), Err(Error::BadReview));
    assert_eq!(place(367), Err(Error::BadReview));
    let hold = place(366).unwrap();
    assert!(!hold.is_overdue(at(MADE) + DAY * 365));
    assert!(hold.is_overdue(at(MADE) + DAY * 366));
}

#[test]
fn two_people_release() {
    let (ana, ben) = (actor(1), actor(2));
    let hold = hold(Scope::Tenant, HoldReason::LegalClaim);
    let asked_at = at(MADE) + DAY;
    let asked = hold.ask_release(ana, asked_at).unwrap();
    assert_eq!(
        hold.ask_release(ana, at(MADE) - DAY),
        Err(Error::ReleaseOver)
    );
    assert_eq!(asked.approve(ana, asked_at), Err(Error::SamePerson));
    let second = TimeDelta::seconds(1);
    for (after, fine) in [
        (-second, false),
        (TimeDelta::zero(), true),
        (DAY * 7 - second, true),
        (DAY * 7, false),
    ] {
        let answer = asked.approve(ben, asked_at + after);
        assert_eq!(answer.is_ok(), fine, "{after}");
        if !fine {
            assert_eq!(answer, Err(Error::ReleaseOver));
        }
    }
    let released = asked.approve(ben, asked_at + DAY).unwrap();
    assert_eq!(
        (released.hold(), released.tenant()),
        (hold.id(), hold.tenant())
    );
    assert_eq!(
        (released.asked_by(), released.approved_by()),
        (ana, Some(ben))
    );
    assert_eq!(released.at(), asked_at + DAY);
}

#[test]
fn only_a_restriction_is_lifted_alone() {
    for reason in [HoldReason::LegalClaim, HoldReason::Order] {
        let hold = hold(Scope::Tenant, reason);
        assert_eq!(hold.lift(actor(1), at(MADE)), Err(Error::NeedsSecond));
    }
    let restriction = hold(Scope::Subject(person()), HoldReason::Restriction);
    let lifted = restriction.lift(actor(1), at(MADE)).unwrap();
    assert_eq!((lifted.asked_by(), lifted.approved_by()), (actor(1), None));
    assert_eq!(
        restriction.lift(actor(1), at(MADE) - DAY),
        Err(Error::ReleaseOver)
    );
}

#[test]
fn scopes_have_their_golden_bytes() {
    let golden = |scope: Scope| {
        scope
            .to_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect::<String>()
    };
    for (scope, bytes) in [
        (
            Scope::Record(RecordId::from_bytes([0xab; 16])),
            "0101abababababababababababababababab",
        ),
        (
            Scope::Subject(SubjectId::from_bytes([0xcd; 16])),
            "0102cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
        ),
        (Scope::Tenant, "0103"),
        (
            query(Some(Category::Draft), None, None).unwrap(),
            "0104010000",
        ),
        (
            query(None, Some(MADE), None).unwrap(),
            "0104ff010000000069a5519000",
        ),
    ] {
        assert_eq!(golden(scope), bytes);
        assert_eq!(Scope::from_bytes(&scope.to_bytes()), Ok(scope));
    }
    for bytes in [
        &b""[..],
        &[1],
        &[2, 3],
        &[1, 0],
        &[1, 5],
        &[1, 3, 0],
        &[1, 1, 0],
        &[1, 4, 0xff, 0, 0],
        &[1, 4, 8, 0, 0],
        &[1, 4, 1, 2, 0],
    ] {
        assert!(
            matches!(Scope::from_bytes(bytes), Err(Error::BadStored { .. })),
            "{bytes:?}"
        );
    }
}

proptest! {
    #[test]
    fn a_scope_comes_back(
        id in any::<[u8; 16]>(),
        category in proptest::option::of(0usize..8),
        from in proptest::option::of(0i64..4_000_000_000),
        lasts in proptest::option::of(1i64..4_000_000_000),
    ) {
        let instant = |s: i64| chrono::DateTime::from_timestamp(s, 0).unwrap();
        let until = lasts.map(|l| instant(from.unwrap_or(0) + l));
        let query = Query::new(category.map(|n| Category::ALL[n]), from.map(instant), until);
        let mut scopes = vec![Scope::Record(RecordId::from_bytes(id)), Scope::Subject(SubjectId::from_bytes(id))];
        scopes.extend(query.map(Scope::Query));
        for scope in scopes {
            prop_assert_eq!(Scope::from_bytes(&scope.to_bytes()), Ok(scope));
        }
    }

    #[test]
    fn any_bytes_are_a_scope_and_a_release_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(scope) = Scope::from_bytes(&bytes) {
            prop_assert_eq!(scope.to_bytes(), bytes.clone());
        }
        if let Ok(release) = Release::from_bytes(&bytes) {
            prop_assert_eq!(release.to_bytes(), bytes);
        }
    }
}

#[test]
fn a_release_waits_in_storage() {
    let asked = hold(Scope::Tenant, HoldReason::Order)
        .ask_release(actor(1), at(MADE))
        .unwrap();
    let bytes = asked.to_bytes();
    assert_eq!(bytes.len(), 57);
    assert_eq!(Release::from_bytes(&bytes), Ok(asked));
    assert!(Release::from_bytes(&bytes[..56]).is_err());
}
