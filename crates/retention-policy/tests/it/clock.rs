use chrono::TimeDelta;
use retention_policy::{ClockVerdict, Error, clock_guard};

use crate::{MADE, at};

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
