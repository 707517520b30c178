//! Machines that are wrong on purpose: each breaks one rule, and the search must find it.
//!
//! A case cannot be changed from outside, so a wrong machine is made of right steps: it takes some in silence, hides or
//! invents effects, or looks at the wrong clock.

mod list;

use gdpr_rights::Right;
use gdpr_rights::request::case::{
    ActingAs, Case, Effect, Event, Merger, Opening, Status, Why, step,
};
use retention_policy::Timestamp;

use super::search::{Breadth, Machine, explore};
use super::{Stepped, alphabet, instants, opening};

const CONTROLLER: ActingAs = ActingAs::Controller;
const PROCESSOR: ActingAs = ActingAs::Processor;

fn stepping(f: impl Fn(&Case, Event, Timestamp) -> Stepped + 'static) -> Machine {
    Machine {
        step: Box::new(f),
        ..Machine::real()
    }
}

fn merging(
    f: impl Fn(&Case, &Case, Timestamp) -> Result<Merger, gdpr_rights::request::case::StepError>
    + 'static,
) -> Machine {
    Machine {
        merge: Box::new(f),
        ..Machine::real()
    }
}

/// Takes other steps in silence before one that is refused.
fn helping(is: fn(&Event) -> bool, help: &'static [fn() -> Event]) -> Machine {
    stepping(move |case, event, now| {
        let first = step(case, event, now);
        if first.is_ok() || !is(&event) {
            return first;
        }
        let helped = help.iter().fold(case.clone(), |case, help| {
            step(&case, help(), now).map_or(case, |(next, _)| next)
        });
        step(&helped, event, now)
    })
}

/// Changes the effects of steps that are taken.
fn telling(change: fn(&Case, &mut Vec<Effect>)) -> Machine {
    Machine {
        open: Box::new(move |opening, now| {
            let (case, mut effects) = Case::open(opening, now)?;
            change(&case, &mut effects);
            Ok((case, effects))
        }),
        step: Box::new(move |case, event, now| {
            let (next, mut effects) = step(case, event, now)?;
            change(case, &mut effects);
            Ok((next, effects))
        }),
        ..Machine::real()
    }
}

/// Takes what is refused for one reason, with an effect out of thin air.
fn pretending(why: Why, effect: fn() -> Option<Effect>) -> Machine {
    stepping(move |case, event, now| match step(case, event, now) {
        Err(e) if e.why() == why => Ok((case.clone(), effect().into_iter().collect())),
        result => result,
    })
}

/// Reads an early clock for some events.
fn early(is: fn(&Event) -> bool) -> Machine {
    stepping(move |case, event, now| {
        let now = if is(&event) { instants()[0] } else { now };
        step(case, event, now)
    })
}

/// Puts another event in place of one.
fn mistaking(what: fn(&Case, Event) -> Event) -> Machine {
    stepping(move |case, event, now| {
        // The error keeps its names: only what is taken is wrong.
        step(case, event, now).or_else(|e| step(case, what(case, event), now).map_err(|_| e))
    })
}

fn keeping(survivor: &Case, duplicate: &Case) -> Merger {
    Merger {
        survivor: survivor.clone(),
        survivor_effects: vec![Effect::AskEverySource(survivor.scope())],
        duplicate: duplicate.clone(),
        duplicate_effects: Vec::new(),
    }
}

struct Wrong {
    name: &'static str,
    rule: &'static str,
    opening: Opening,
    machine: Machine,
}

fn wrong(name: &'static str, rule: &'static str, opening: Opening, machine: Machine) -> Wrong {
    Wrong {
        name,
        rule,
        opening,
        machine,
    }
}

#[test]
fn the_search_finds_every_wrong_machine() {
    let breadth = Breadth {
        name: "wrong",
        events: alphabet,
        moments: [0, 3, 4, 8].map(|n| instants()[n]).to_vec(),
    };
    for wrong in list::all() {
        let found = explore(&wrong.machine, wrong.opening, &breadth, |found| {
            found.broken.contains_key(wrong.rule) || found.states > 30_000
        });
        assert!(
            found.broken.contains_key(wrong.rule),
            "{}: {} not among {:?}",
            wrong.name,
            wrong.rule,
            found.broken.keys()
        );
        println!("{}: {}", wrong.name, wrong.rule);
    }
}

/// A machine in which nothing wrong happens, and nothing any more.
#[test]
fn the_search_finds_a_dead_end() {
    let machine = stepping(|case, event, now| {
        let asked = case.status() == Status::AwaitingIdentity;
        let leaves = matches!(event, Event::IdentityVerified | Event::Refuse { .. });
        if asked && leaves {
            return Err(step(case, Event::Lift, now).unwrap_err());
        }
        step(case, event, now)
    });
    let found = explore(
        &machine,
        opening(Right::Access, CONTROLLER),
        &Breadth::work(),
        |_| false,
    );
    assert_eq!(
        found.stuck.into_iter().collect::<Vec<_>>(),
        [Status::AwaitingIdentity]
    );
}
