//! Machines that are wrong on purpose: each breaks one rule, and the search must find it.
//!
//! A case cannot be changed from outside, so a wrong machine is made of right steps: it takes some in silence, hides or
//! invents effects, or looks at the wrong clock.

use gdpr_rights::Right;
use gdpr_rights::request::case::{
    ActingAs, AnswerTo, Art19, Case, Effect, Event, Extent, Merger, Message, NotNeeded, Opening,
    RefusalGround, Scope, Status, Why, merge, step,
};
use retention_policy::Timestamp;

use super::search::{Breadth, Machine, explore};
use super::{
    Stepped, alphabet, approve, clean, extend, id, instants, instruct, located, marketing, nonce,
    opened, opening, refuse, tenant, through, to_open,
};

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

fn all() -> Vec<Wrong> {
    let access = opening(Right::Access, CONTROLLER);
    let erasure = opening(Right::Erasure, CONTROLLER);
    let objection = opening(Right::Objection, CONTROLLER);
    let rectification = opening(Right::Rectification, CONTROLLER);
    let referred = opening(Right::Objection, PROCESSOR);
    let referred_access = opening(Right::Access, PROCESSOR);
    vec![
        wrong(
            "works without approval",
            "approval",
            access,
            helping(
                |e| *e == Event::Execute,
                &[|| located(id(1)), || approve(Extent::Full)],
            ),
        ),
        wrong(
            "works for whoever asks",
            "identity",
            access,
            helping(
                |e| *e == Event::Execute,
                &[
                    || Event::RequireIdentity,
                    || Event::IdentityVerified,
                    || located(id(1)),
                    || approve(Extent::Full),
                ],
            ),
        ),
        wrong(
            "takes any right for harmless",
            "identity",
            access,
            mistaking(|_, e| match e {
                Event::IdentityNotNeeded(_) => Event::IdentityNotNeeded(NotNeeded::Authenticated),
                e => e,
            }),
        ),
        wrong(
            "decides before every source answered",
            "every source",
            access,
            helping(|e| matches!(e, Event::Approve { .. }), &[|| located(id(1))]),
        ),
        wrong(
            "takes another case's answers",
            "another case",
            access,
            mistaking(|case, e| match e {
                Event::EverySourceAnswered(_) => located(case.id()),
                e => e,
            }),
        ),
        wrong(
            "grants more than was decided",
            "approval",
            access,
            stepping(|case, event, now| match event {
                Event::Approve { .. } => step(case, approve(Extent::Full), now),
                event => step(case, event, now),
            }),
        ),
        wrong(
            "closes without a second look",
            "clean",
            erasure,
            helping(
                |e| *e == Event::Deliver,
                &[
                    || clean(id(1), nonce()),
                    || Event::RecipientsSettled(Art19::Notified),
                ],
            ),
        ),
        wrong(
            "takes an old look for a new one",
            "clean",
            erasure,
            mistaking(|case, e| match e {
                Event::ScannedClean(_) => clean(case.id(), nonce()),
                e => e,
            }),
        ),
        wrong(
            "forgets the recipients",
            "recipients",
            erasure,
            helping(
                |e| *e == Event::Deliver,
                &[|| Event::RecipientsSettled(Art19::Notified)],
            ),
        ),
        wrong(
            "closes when the answer is made, not when it left",
            "silent",
            access,
            stepping(|case, event, now| {
                let (next, effects) = step(case, event, now)?;
                match event {
                    Event::Deliver => step(&next, Event::Sent(Message::Answer), now),
                    _ => Ok((next, effects)),
                }
            }),
        ),
        wrong(
            "refuses without a letter",
            "silent",
            access,
            telling(|_, effects| {
                effects.retain(|e| !matches!(e, Effect::LetterOfRefusal(_)));
            }),
        ),
        wrong(
            "tells nobody that cases merged",
            "silent",
            access,
            merging(|survivor, duplicate, now| {
                let mut done = merge(survivor, duplicate, now)?;
                let told = step(&done.duplicate, Event::Sent(Message::Joined), now)?;
                done.duplicate = told.0;
                Ok(done)
            }),
        ),
        wrong(
            "answers for the controller",
            "processor",
            referred_access,
            helping(
                |e| matches!(e, Event::EverySourceAnswered(_)),
                &[|| Event::ReferToController, || instruct(AnswerTo::Person)],
            ),
        ),
        wrong(
            "asks for identity as a processor",
            "processor",
            referred_access,
            stepping(|case, event, now| match event {
                Event::ReferToController => {
                    let (next, mut effects) = step(case, event, now)?;
                    effects.push(Effect::AskIdentity);
                    Ok((next, effects))
                }
                event => step(case, event, now),
            }),
        ),
        wrong(
            "obeys any controller",
            "another controller",
            referred_access,
            mistaking(|_, e| match e {
                Event::ControllerInstructs(what) => instruct(what.answer_to),
                Event::ControllerClosed(_) => Event::ControllerClosed(tenant()),
                e => e,
            }),
        ),
        wrong(
            "answers the person in the controller's place",
            "addressee",
            referred_access,
            telling(|_, effects| {
                for effect in effects {
                    if let Effect::Deliver { to, .. } = effect {
                        *to = AnswerTo::Person;
                    }
                }
            }),
        ),
        wrong(
            "closes what is referred when the day has passed",
            "referred stays open",
            referred_access,
            stepping(|case, event, now| match (case.status(), event) {
                (Status::Referred, Event::DayPassed { .. }) => {
                    step(case, Event::ControllerClosed(tenant()), now)
                }
                _ => step(case, event, now),
            }),
        ),
        wrong(
            "leaves half the work when the controller closes",
            "half the work",
            referred_access,
            stepping(|case, event, now| match step(case, event, now) {
                Err(e) if e.why() == Why::WorkOrdered && e.event() == "controller_closed" => {
                    let fresh = opened(opening(Right::Access, PROCESSOR));
                    Ok(through(&fresh, &[Event::ReferToController, event], now))
                }
                result => result,
            }),
        ),
        wrong(
            "forgets to restrict at receipt",
            "restrict first",
            rectification,
            telling(|_, effects| effects.retain(|e| !matches!(e, Effect::RestrictAtOnce(_)))),
        ),
        wrong(
            "forgets to restrict on instruction",
            "restrict first",
            referred,
            telling(|_, effects| effects.retain(|e| !matches!(e, Effect::RestrictAtOnce(_)))),
        ),
        wrong(
            "restricts after the work began",
            "restrict first",
            referred,
            telling(|_, effects| effects.reverse()),
        ),
        wrong(
            "weighs direct marketing first",
            "stop at once",
            marketing(),
            telling(|_, effects| effects.retain(|e| !matches!(e, Effect::StopAtOnce(_)))),
        ),
        wrong(
            "refuses to stop marketing",
            "absolute",
            marketing(),
            stepping(|case, event, now| match step(case, event, now) {
                Err(e) if e.why() == Why::Absolute && e.event() == "refuse" => {
                    let other = opened(opening(Right::Objection, CONTROLLER));
                    let mut events = to_open(CONTROLLER);
                    events.push(event);
                    Ok(through(&other, &events, instants()[0]))
                }
                result => result,
            }),
        ),
        wrong(
            "does not see the objection's day",
            "stop by itself",
            objection,
            stepping(|case, event, now| match event {
                Event::DayPassed { .. } => Ok((case.clone(), Vec::new())),
                event => step(case, event, now),
            }),
        ),
        wrong(
            "stops on paper only",
            "stop by itself",
            objection,
            telling(|_, effects| effects.retain(|e| *e != Effect::StopByItself)),
        ),
        wrong(
            "weighs an objection after its day",
            "refuse too late",
            objection,
            early(|e| matches!(e, Event::Refuse { .. })),
        ),
        wrong(
            "extends twice",
            "one extension",
            access,
            pretending(Why::ExtendedBefore, || {
                let fresh = opened(opening(Right::Access, CONTROLLER));
                step(&fresh, extend(), instants()[0]).unwrap().1.pop()
            }),
        ),
        wrong(
            "extends after the month",
            "extension in time",
            access,
            early(|e| matches!(e, Event::Extend { .. })),
        ),
        wrong(
            "counts a notice that left after the month",
            "extension in time",
            access,
            early(|e| *e == Event::Sent(Message::Extension)),
        ),
        wrong(
            "merges and keeps the later receipt",
            "merge earliest",
            access,
            merging(|survivor, duplicate, now| {
                let done = merge(survivor, duplicate, now)?;
                Ok(Merger {
                    survivor: survivor.clone(),
                    ..done
                })
            }),
        ),
        wrong(
            "merges and forgets what was asked",
            "merge scope",
            access,
            merging(|survivor, duplicate, now| {
                let done = merge(survivor, duplicate, now)?;
                let narrow = survivor.scope() == Scope::Narrowed
                    && survivor.received() <= duplicate.received();
                Ok(if narrow {
                    keeping(survivor, duplicate)
                } else {
                    done
                })
            }),
        ),
        wrong(
            "merges with nobody knows whom",
            "merge proved",
            objection,
            merging(
                |survivor, duplicate, now| match merge(survivor, duplicate, now) {
                    Err(e) if e.why() == Why::NotProved => Ok(keeping(survivor, duplicate)),
                    result => result,
                },
            ),
        ),
        wrong(
            "merges what is being worked on",
            "merge too late",
            access,
            merging(
                |survivor, duplicate, now| match merge(survivor, duplicate, now) {
                    Err(e) if e.why() == Why::WorkOrdered => Ok(keeping(survivor, duplicate)),
                    result => result,
                },
            ),
        ),
        wrong(
            "merges on what was decided before",
            "merge anew",
            access,
            merging(|survivor, duplicate, now| {
                let done = merge(survivor, duplicate, now)?;
                Ok(Merger {
                    survivor_effects: Vec::new(),
                    ..done
                })
            }),
        ),
        wrong(
            "forgets reminders",
            "remind",
            access,
            telling(|_, effects| effects.retain(|e| !matches!(e, Effect::Remind { .. }))),
        ),
        wrong(
            "reminds every day",
            "remind",
            access,
            stepping(|case, event, now| {
                let (next, effects) = step(case, event, now)?;
                match event {
                    Event::DayPassed { .. } => Ok((case.clone(), effects)),
                    _ => Ok((next, effects)),
                }
            }),
        ),
        wrong(
            "rings by the later reading of a pause",
            "alarm",
            access,
            telling(|_, effects| {
                effects.retain(|e| {
                    !matches!(
                        e,
                        Effect::Overdue {
                            unless_paused: true,
                            ..
                        }
                    )
                });
            }),
        ),
        wrong(
            "ends a restriction without notice",
            "lift",
            rectification,
            helping(
                |e| *e == Event::Lift,
                &[|| Event::AnnounceLifting, || Event::Sent(Message::Lifting)],
            ),
        ),
        wrong(
            "ends a restriction that is still needed",
            "lift",
            rectification,
            pretending(Why::StillNeeded, || Some(Effect::LiftRestriction)),
        ),
        wrong(
            "lets the person withdraw what is done",
            "withdraw",
            access,
            stepping(|case, event, now| match step(case, event, now) {
                Err(e) if e.why() == Why::WorkOrdered && event == Event::Withdraw => {
                    step(&opened(opening(Right::Access, CONTROLLER)), event, now)
                }
                result => result,
            }),
        ),
        wrong(
            "opens what has ended",
            "an end is an end",
            access,
            stepping(|case, event, now| {
                if case.status() == Status::Refused && event == Event::IdentityVerified {
                    let fresh = opened(opening(Right::Access, CONTROLLER));
                    return Ok(through(&fresh, &to_open(CONTROLLER), now));
                }
                step(case, event, now)
            }),
        ),
        wrong(
            "tells a stranger what is stored",
            "stranger",
            access,
            helping(
                |e| *e == refuse(RefusalGround::Exception),
                &[|| Event::RequireIdentity, || Event::IdentityVerified],
            ),
        ),
        wrong(
            "asks what is meant again and again",
            "ask once",
            access,
            pretending(Why::AskedBefore, || Some(Effect::AskClarification)),
        ),
        wrong(
            "begins a new month with a pause",
            "the receipt stays",
            access,
            stepping(|case, event, now| match event {
                Event::LimitsChanged(_) => {
                    let mut later = opening(Right::Access, CONTROLLER);
                    later.request.received = instants()[0];
                    Ok((opened(later), Vec::new()))
                }
                event => step(case, event, now),
            }),
        ),
        wrong(
            "names the wrong event",
            "names",
            access,
            stepping(|case, event, now| {
                step(case, event, now).map_err(|e| step(case, Event::Lift, now).err().unwrap_or(e))
            }),
        ),
        wrong(
            "says nothing at receipt",
            "acknowledge",
            access,
            telling(|_, effects| effects.retain(|e| *e != Effect::SendAcknowledgement)),
        ),
    ]
}

#[test]
fn the_search_finds_every_wrong_machine() {
    let breadth = Breadth {
        name: "wrong",
        events: alphabet,
        moments: [0, 3, 4, 8].map(|n| instants()[n]).to_vec(),
    };
    for wrong in all() {
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
