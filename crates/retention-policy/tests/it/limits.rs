use chrono::TimeDelta;
use proptest::prelude::*;
use retention_policy::{
    Category, Error, Expiry, Lifetime, Policy, Purpose, PurposeSet, RecordMeta, Region, Relaxation,
    SubjectId, TenantId,
};

use crate::at;

fn meta(category: Category, now: &str) -> RecordMeta {
    let policy = Policy::default();
    RecordMeta::new(
        TenantId::from_random([1; 16]),
        SubjectId::from_random([2; 16]),
        category,
        PurposeSet::only(Purpose::DraftReply),
        Region::Germany,
        policy.expiry(category, at(now)).unwrap(),
    )
    .unwrap()
}

#[test]
fn ticket_data_is_unreachable_within_23_hours_and_16_minutes() {
    for (made, over, end) in [
        (
            "2026-03-02T09:07:00Z",
            "2026-03-03T08:07:00Z",
            "2026-03-03T08:15:00Z",
        ),
        (
            "2026-03-02T09:15:00Z",
            "2026-03-03T08:15:00Z",
            "2026-03-03T08:15:00Z",
        ),
        (
            "2026-03-02T09:15:01Z",
            "2026-03-03T08:15:01Z",
            "2026-03-03T08:30:00Z",
        ),
        (
            "2026-12-31T23:59:59Z",
            "2027-01-01T22:59:59Z",
            "2027-01-01T23:00:00Z",
        ),
    ] {
        let meta = meta(Category::Session, made);
        assert_eq!(meta.expires_at(), at(over));
        assert_eq!(meta.bucket().end(), at(end));
    }
}

#[test]
fn a_record_longer_than_its_category_is_refused() {
    let now = at("2026-03-02T09:00:00Z");
    let expiry = Expiry::after(now, Lifetime::hours(24).unwrap()).unwrap();
    let result = RecordMeta::new(
        TenantId::from_random([1; 16]),
        SubjectId::from_random([2; 16]),
        Category::Session,
        PurposeSet::only(Purpose::DraftReply),
        Region::Malta,
        expiry,
    );
    assert_eq!(
        result,
        Err(Error::TooLong {
            category: Category::Session
        })
    );
}

#[test]
fn endless_and_empty_cannot_be_said() {
    assert!(Lifetime::seconds(0).is_err());
    assert!(Lifetime::days(u32::MAX).is_err());
    assert_eq!(PurposeSet::from_bits(0), None);
    assert_eq!(PurposeSet::from_bits(0b1000_0000), None);
    for code in ["marketing", "advertising", "profiling", "DRAFT_REPLY", ""] {
        assert!(Purpose::from_code(code).is_err(), "{code}");
    }
}

#[test]
fn a_clock_before_2020_writes_nothing() {
    let policy = Policy::default();
    for now in ["1970-01-01T00:00:00Z", "2019-12-31T23:59:59Z"] {
        assert_eq!(
            policy.expiry(Category::Session, at(now)),
            Err(Error::ClockBeforeEpoch)
        );
    }
}

#[test]
fn regions_are_the_member_states_and_relaxations_are_named() {
    assert_eq!(Region::ALL.len(), 27);
    for code in ["US", "CH", "GB", "NO", "EU", "", "FRA"] {
        assert!(Region::from_code(code).is_err(), "{code}");
    }
    for region in Region::ALL {
        assert_eq!(Region::from_code(&region.code().to_lowercase()), Ok(region));
    }
    assert_eq!(Relaxation::eea("no").unwrap().code(), "NO");
    assert_eq!(Relaxation::adequate("CH").unwrap().code(), "CH");
    assert!(Relaxation::adequate("US").is_err());
    assert!(Relaxation::eea("FR").is_err());
}

#[test]
fn anonymous_records_keep_no_time_finer_than_a_week() {
    let monday = meta(Category::Usage, "2026-03-02T00:00:00Z");
    for now in [
        "2026-03-02T09:00:00Z",
        "2026-03-05T23:59:59Z",
        "2026-03-08T23:59:59Z",
    ] {
        assert_eq!(meta(Category::Usage, now), monday, "{now}");
    }
    assert_ne!(meta(Category::Usage, "2026-03-09T00:00:00Z"), monday);
}

proptest! {
    #[test]
    fn a_bucket_ends_at_or_after_the_expiry_and_within_one_width(
        seconds in 1_577_836_800i64..4_102_444_800,
        which in 0usize..8,
    ) {
        let category = Category::ALL[which];
        let now = chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        let meta = meta(category, &now.to_rfc3339());
        let late = meta.bucket().end() - meta.expires_at();
        prop_assert!(late >= TimeDelta::zero());
        prop_assert!(late < TimeDelta::seconds(i64::from(category.bucket_seconds())));
        // The promises: less than 24 hours, at most 30 days, with the sweeper's minute.
        let gone = meta.bucket().end() + TimeDelta::seconds(60) - now;
        match category {
            Category::Session => prop_assert!(gone <= TimeDelta::hours(23) + TimeDelta::minutes(16)),
            Category::Draft => prop_assert!(gone < TimeDelta::days(30)),
            _ => {}
        }
    }

    #[test]
    fn different_identities_have_different_bytes(a in any::<[u8; 16]>(), b in any::<[u8; 16]>()) {
        let make = |tenant, subject| RecordMeta::new(
            TenantId::from_bytes(tenant),
            SubjectId::from_bytes(subject),
            Category::Draft,
            PurposeSet::only(Purpose::DraftReply),
            Region::Spain,
            Policy::default().expiry(Category::Draft, at("2026-03-02T09:00:00Z")).unwrap(),
        ).unwrap().aad_bytes();
        prop_assert_eq!(make(a, b) == make(b, a), a == b);
    }
}
