//! The wrong machines, one by one.

use gdpr_rights::Right;
use gdpr_rights::request::case::{
    AnswerTo, Art19, Effect, Event, Extent, Merger, Message, NotNeeded, RefusalGround, Scope,
    Status, Why, merge, step,
};

use super::{
    CONTROLLER, PROCESSOR, Wrong, early, helping, keeping, merging, mistaking, pretending,
    stepping, telling, wrong,
};
use crate::case::{
    approve, clean, extend, id, instants, instruct, located, marketing, nonce, opened, opening,
    refuse, tenant, through, to_open,
};

pub(super) fn all() -> Vec<Wrong> {
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
