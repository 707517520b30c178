use chrono::TimeDelta;
use retention_policy::{ClockState, ClockVerdict, ClockWatch, Error, clock_guard};

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

const MINUTE: TimeDelta = TimeDelta::minutes(1);
const YEAR: TimeDelta = TimeDelta::days(365);

/// Readings as minutes on the wall and on the monotonic clock since the one before; what comes of each.
fn walk(mut watch: ClockWatch, readings: &[(TimeDelta, Option<TimeDelta>)]) -> Vec<ClockState> {
    readings
        .iter()
        .map(|(wall, monotonic)| {
            watch
                .read(at(MADE) + *wall, *monotonic, MINUTE)
                .unwrap()
                .state()
        })
        .collect()
}

#[test]
fn a_jump_is_remembered_until_it_is_confirmed_or_taken_back() {
    use ClockState::{Ahead, Ok};
    let fresh = ClockWatch::default();
    let minute = Some(MINUTE);
    let jump = [
        (TimeDelta::zero(), None),
        (YEAR, minute),
        (YEAR + MINUTE, minute),
        (YEAR + MINUTE * 2, minute),
    ];
    assert_eq!(walk(fresh, &jump), [Ok, Ahead, Ahead, Ahead]);
    // The clock is set right again: nothing has to be confirmed.
    let back = [
        (TimeDelta::zero(), None),
        (YEAR, minute),
        (MINUTE * 2, minute),
        (MINUTE * 3, minute),
    ];
    assert_eq!(walk(fresh, &back), [Ok, Ahead, Ok, Ok]);
    let mut watch = fresh;
    for (wall, monotonic) in &jump[..2] {
        let _ = watch.read(at(MADE) + *wall, *monotonic, MINUTE).unwrap();
    }
    assert_eq!(watch.last_seen(), Some(at(MADE)));
    assert_eq!(watch.unconfirmed(), Some(at(MADE) + YEAR));
    watch.confirm();
    assert_eq!(
        (watch.last_seen(), watch.unconfirmed()),
        (Some(at(MADE) + YEAR), None)
    );
    let next = watch.read(at(MADE) + YEAR + MINUTE, minute, MINUTE);
    assert_eq!(next, Result::Ok(ClockVerdict::Trusted));
}

#[test]
fn a_restart_does_not_make_a_wrong_clock_right() {
    use ClockState::{Ahead, Ok};
    let seen = Some(at(MADE));
    let week = TimeDelta::days(7);
    let readings = [(week, None), (week + MINUTE, Some(MINUTE))];
    // A pause of a week is a pause, unless the jump was seen before it.
    assert_eq!(walk(ClockWatch::resume(seen, None), &readings), [Ok, Ok]);
    let jumped = ClockWatch::resume(seen, Some(at(MADE) + week));
    assert_eq!(walk(jumped, &readings), [Ahead, Ahead]);
    let long = [(YEAR, None), (YEAR + MINUTE, Some(MINUTE))];
    assert_eq!(walk(ClockWatch::resume(seen, None), &long), [Ahead, Ahead]);
    assert_eq!(walk(jumped, &[(MINUTE, None)]), [Ok]);
}

#[test]
fn a_clock_that_went_back_moves_nothing() {
    use ClockState::{Back, Ok};
    let mut watch = ClockWatch::resume(Some(at(MADE)), None);
    let hour = TimeDelta::hours(1);
    assert_eq!(
        walk(watch, &[(-hour, None), (MINUTE, Some(hour))]),
        [Back, Ok]
    );
    let _ = watch.read(at(MADE) - hour, None, MINUTE).unwrap();
    assert_eq!(
        (watch.last_seen(), watch.unconfirmed()),
        (Some(at(MADE)), None)
    );
    // Nothing to confirm: the latest instant stays the latest.
    watch.confirm();
    assert_eq!(watch.last_seen(), Some(at(MADE)));
    let before = watch;
    assert_eq!(
        watch.read(at("2001-01-01T00:00:00Z"), None, MINUTE),
        Err(Error::ClockBeforeEpoch)
    );
    assert_eq!(watch, before);
}

/// Confirmed is what the clock shows, not what it showed once: else all that ends within a year goes today.
#[test]
fn a_jump_that_went_back_is_not_confirmed() {
    let mut watch = ClockWatch::resume(Some(at(MADE)), None);
    let hour = TimeDelta::hours(1);
    for (wall, state) in [
        (MINUTE, ClockState::Ok),
        (YEAR, ClockState::Ahead),
        (-hour, ClockState::Back),
    ] {
        let verdict = watch.read(at(MADE) + wall, Some(MINUTE), MINUTE).unwrap();
        assert_eq!(verdict.state(), state);
    }
    watch.confirm();
    assert_eq!(watch.last_seen(), Some(at(MADE) + MINUTE));
    let next = watch.read(at(MADE) - hour + MINUTE, Some(MINUTE), MINUTE);
    assert_eq!(
        next,
        Ok(ClockVerdict::WentBack {
            by: hour,
            last_seen: at(MADE) + MINUTE
        })
    );
}

/// Time servers move clocks a little at every look: it adds up to nothing.
#[test]
fn small_steps_are_no_jump() {
    let mut watch = ClockWatch::default();
    let mut wall = at(MADE);
    for n in 0..2000 {
        wall += TimeDelta::seconds(if n % 2 == 0 { 61 } else { 59 });
        let verdict = watch.read(wall, Some(MINUTE), MINUTE).unwrap();
        assert_eq!(verdict, ClockVerdict::Trusted);
    }
    assert_eq!(ClockState::Ok.code(), "ok");
    assert_eq!(
        (ClockState::Back.code(), ClockState::Ahead.code()),
        ("back", "ahead")
    );
}

/// A clock that shows one instant for hours and then the right one has caught up, not jumped.
#[test]
fn a_clock_that_stood_still_may_catch_up() {
    let (hour, minute) = (TimeDelta::hours(1), TimeDelta::minutes(1));
    let mut watch = ClockWatch::default();
    let start = at("2026-03-02T09:00:00Z");
    for passed in [None, Some(hour), Some(hour), Some(hour)] {
        let read = watch.read(start, passed, minute).unwrap();
        assert_eq!(read, ClockVerdict::Trusted);
    }
    let caught_up = watch.read(start + hour * 3 + minute, Some(minute), minute);
    assert_eq!(caught_up, Ok(ClockVerdict::Trusted));
    let jumped = watch.read(start + hour * 6, Some(minute), minute).unwrap();
    assert!(
        matches!(jumped, ClockVerdict::JumpedAhead { .. }),
        "{jumped:?}"
    );
}
