//! Sequences of random events at random instants, watched like the search.

use chrono::TimeDelta;
use gdpr_rights::request::case::{Case, Event, step};
use proptest::prelude::*;

use super::search::openings;
use super::watcher::{Observed, Seen};
use super::{alphabet, at, day_passed, id};

/// An event of the alphabet, or a look at the clock, after some minutes.
fn steps() -> impl Strategy<Value = Vec<(prop::sample::Index, bool, i64)>> {
    let wait = prop_oneof![
        6 => 0i64..600,
        3 => 0i64..(3 * 24 * 60),
        1 => 0i64..(40 * 24 * 60),
    ];
    prop::collection::vec(
        (
            any::<prop::sample::Index>(),
            prop::bool::weighted(0.1),
            wait,
        ),
        1..120,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_breaks_a_rule(which in any::<prop::sample::Index>(), steps in steps()) {
        let all = openings();
        let (name, opening) = &all[which.index(all.len())];
        let mut now = at("2026-03-02T09:00:00.5Z");
        let (mut case, effects) = Case::open(*opening, now).unwrap();
        let (mut seen, broken) = Seen::at_opening(opening, &effects);
        prop_assert!(broken.is_empty(), "{}: {:?}", name, broken);
        for (which, clock, minutes) in steps {
            now += TimeDelta::minutes(minutes);
            // Most random events are refused: take the next one that is not.
            let events = alphabet(id(1));
            let first = which.index(events.len());
            let taken: Option<(Event, _)> = if clock {
                step(&case, day_passed(now), now).ok().map(|done| (day_passed(now), done))
            } else {
                (0..events.len())
                    .map(|n| events[(first + n) % events.len()])
                    .find_map(|event| Some((event, step(&case, event, now).ok()?)))
            };
            let Some((event, (after, effects))) = taken else {
                continue;
            };
            let (next, broken) = seen.after(&Observed {
                before: &case,
                event,
                now,
                after: &after,
                effects: &effects,
            });
            prop_assert!(broken.is_empty(), "{}: {:?} by {:?} at {}", name, broken, event, now);
            let stored = Case::from_bytes(&after.to_bytes());
            prop_assert_eq!(stored.as_ref(), Ok(&after));
            // The same step again gives the same.
            prop_assert_eq!(step(&case, event, now), Ok((after.clone(), effects)));
            case = after;
            seen = next;
        }
    }
}
