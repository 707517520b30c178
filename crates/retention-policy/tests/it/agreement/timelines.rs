//! Tickets under clocks that jump: `ClockWatch` and `Policy::verdict` together, tick by tick.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use retention_policy::{ClockState, ClockVerdict, ClockWatch, Hold, RecordMeta, Verdict};

use super::{adapter, readings};
use crate::reference::{
    self, Answer, Events, Gone, HOUR, MINUTE, Purpose, Reason, Timeline, Trigger,
};

/// As the reference takes it, with the crate's readings of the policy.
fn of_chance(seed: u64) -> (Timeline, retention_policy::Policy) {
    let mut line = reference::random_timeline(seed);
    if line.record.purposes.is_empty() {
        // Data without a purpose does not exist.
        line.record.purposes.push(Purpose::OtherA);
    }
    line.policy = adapter::within_ceilings(&line.policy);
    let policy = adapter::policy(&line.policy);
    readings::lay_over_house(&mut line.policy);
    readings::tenants_own(&mut line.policy, &line.record);
    (line, policy)
}

fn stamped(line: &Timeline) -> Vec<(Trigger, i64, i64)> {
    let stamp = |real| reference::stamp(&line.ticks, real);
    let of = |(what, real): &(Trigger, i64)| (*what, *real, stamp(*real));
    line.events.iter().map(of).collect()
}

fn until(events: &[(Trigger, i64, i64)], real: i64) -> Events {
    let known = events.iter().filter(|(_, at, _)| *at <= real);
    known.map(|(what, _, stamp)| (*what, *stamp)).collect()
}

fn holding(line: &Timeline, real: i64) -> Vec<reference::Hold> {
    let holds = |span: &&reference::HoldSpan| {
        span.placed <= real && span.released.is_none_or(|at| real < at)
    };
    let now = line.holds.iter().filter(holds);
    now.map(|span| span.hold.clone()).collect()
}

/// Whoever keeps a store does this: reads the clock, lets somebody confirm, sweeps what is due.
fn engine(line: &Timeline, policy: &retention_policy::Policy) -> Option<Gone> {
    let meta: RecordMeta = adapter::meta(&line.record);
    let events = stamped(line);
    let sweep_every = TimeDelta::seconds(line.sweep_every);
    let mut watch = ClockWatch::default();
    let made = adapter::instant(line.record.made);
    assert_eq!(
        watch.read(made, None, sweep_every),
        Ok(ClockVerdict::Trusted)
    );
    let mut before = line.record.made;
    for (number, tick) in line.ticks.iter().enumerate() {
        let wall = adapter::instant(tick.wall);
        let passed = TimeDelta::seconds(tick.real - before);
        before = tick.real;
        let mut clock = watch.read(wall, Some(passed), sweep_every).unwrap();
        if tick.confirm {
            watch.confirm();
            if clock.state() == ClockState::Ahead {
                let again = watch.read(wall, Some(TimeDelta::zero()), sweep_every);
                clock = again.unwrap();
            }
        }
        let now = match clock {
            ClockVerdict::Trusted => wall,
            ClockVerdict::WentBack { last_seen, .. } => last_seen,
            ClockVerdict::JumpedAhead { .. } => continue,
        };
        if !tick.sweep {
            continue;
        }
        let events = adapter::events(&until(&events, tick.real));
        let holds: Vec<Hold> = holding(line, tick.real)
            .iter()
            .map(|hold| adapter::hold(hold, &meta))
            .collect();
        let dossier = crate::dossier(&meta, &events, &holds);
        if let Verdict::Due {
            reason,
            disposition,
        } = policy.verdict(&dossier, now)
        {
            return Some(Gone {
                tick: number,
                wall: tick.wall,
                real: tick.real,
                reason: adapter::reason(reason),
                action: adapter::action(disposition),
            });
        }
    }
    None
}

/// The reference's loop with the crate's reading of R15: a reading that agrees with the monotonic clock again takes the
/// jump back by itself. A time server's mistake that it mends after a minute needs nobody at night.
fn taken_back(line: &Timeline) -> Option<Gone> {
    let (mut seen_wall, mut seen_real) = (line.record.made, line.record.made);
    let events = stamped(line);
    for (number, tick) in line.ticks.iter().enumerate() {
        let margin = HOUR.max(3 * line.sweep_every);
        let ahead = (tick.wall - seen_wall) - (tick.real - seen_real) > margin;
        let stopped = ahead && !tick.confirm;
        let back = tick.wall < seen_wall - 5 * MINUTE;
        let judged_at = if back { seen_wall } else { tick.wall };
        if !stopped && tick.wall > seen_wall {
            (seen_wall, seen_real) = (tick.wall, tick.real);
        }
        if stopped || !tick.sweep {
            continue;
        }
        let (events, holds) = (until(&events, tick.real), holding(line, tick.real));
        let answer = reference::verdict(&line.policy, &line.record, &events, &holds, judged_at);
        if let Answer::Due { reason, action } = answer {
            let gone = Gone {
                tick: number,
                wall: tick.wall,
                real: tick.real,
                reason,
                action,
            };
            return Some(with_own_reason(line, gone, judged_at));
        }
    }
    None
}

/// R1, as in `readings`. What a clock that ran ahead wrote down for later has not happened for who judges now.
fn with_own_reason(line: &Timeline, mut gone: Gone, judged_at: i64) -> Gone {
    let events = stamped(line);
    let past = |what| {
        let known = |(w, real, stamp): &(Trigger, i64, i64)| {
            *w == what && *real <= gone.real && *stamp <= judged_at
        };
        events.iter().any(known)
    };
    if gone.reason == Reason::Expired
        && let Some(reason) = readings::unheard(&line.record, &past)
    {
        gone.reason = reason;
        gone.action = reference::Action::Erase;
    }
    gone
}

#[test]
fn agreement_on_what_a_sweep_destroys_under_clocks_that_jump() {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    let lines = (super::cases() / 50).min(20_000);
    for seed in 0..lines {
        let (line, policy) = of_chance(seed);
        let naive = taken_back(&line);
        let own = reference::simulate(&line);
        let own = own.map(|gone| {
            let at = gone.wall;
            with_own_reason(&line, gone, at)
        });
        let reading = if own == naive { "as it is" } else { "R15" };
        *counts.entry(reading).or_default() += 1;
        let gone = engine(&line, &policy);
        let fate = if gone.is_some() { "destroyed" } else { "kept" };
        *counts.entry(fate).or_default() += 1;
        if gone != naive {
            wrong.push(format!("seed {seed}: {gone:?} for {naive:?}"));
        }
    }
    eprintln!("{lines} timelines: {counts:?}");
    assert_eq!(wrong.len(), 0, "{}", wrong[..wrong.len().min(5)].join("\n"));
    assert_eq!(counts.len(), 4);
}
