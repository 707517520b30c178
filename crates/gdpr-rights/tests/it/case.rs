//! One case: what can happen to it, from outside.

mod deadlines;
mod facade;
mod machines;
mod merging;
mod promises;
mod refusals;
mod search;
mod sequences;
mod stored;
mod watcher;

use chrono::{NaiveDate, TimeDelta, Timelike as _};
use gdpr_rights::request::case::{
    ActingAs, AnswerTo, Art19, Case, Channel, CivilDay, Effect, Event, ExtensionReason, Extent,
    Ground, Instruction, Limits, Located, NotNeeded, Opening, RefusalGround, Rescan, StepError,
    WithoutPause, step,
};
use gdpr_rights::{Answer, Nonce, Request, Right, ScanOrder, SourceId};
use retention_policy::{ActorId, CaseId, SubjectId, TenantId, Timestamp};

use crate::at;

type Stepped = Result<(Case, Vec<Effect>), StepError>;

const RECEIVED: &str = "2026-03-02T09:00:00Z";

fn tenant() -> TenantId {
    TenantId::from_random([2; 16])
}

fn officer() -> ActorId {
    ActorId::from_random([9; 16])
}

fn id(n: u8) -> CaseId {
    CaseId::from_random([n; 16])
}

fn nonce() -> Nonce {
    Nonce::from_random([7; 32])
}

/// A civil day in Paris in summer.
fn day(text: &str) -> CivilDay {
    let day: NaiveDate = text.parse().unwrap();
    let ends = day.and_hms_opt(22, 0, 0).unwrap().and_utc();
    CivilDay::new(day, ends).unwrap()
}

/// Received on 2 March, nothing paused.
fn limits() -> Limits {
    let due = day("2026-04-02");
    Limits::new(due, day("2026-06-02"), due, None).unwrap()
}

/// The same with a pause of eleven days that one may contest.
fn paused() -> Limits {
    let without = WithoutPause {
        base_due: day("2026-04-02"),
        extended_due: day("2026-06-02"),
    };
    Limits::new(
        day("2026-04-13"),
        day("2026-06-15"),
        day("2026-04-02"),
        Some(without),
    )
    .unwrap()
}

fn opening(right: Right, acting: ActingAs) -> Opening {
    Opening {
        request: Request {
            case: id(1),
            tenant: tenant(),
            subject: SubjectId::from_random([3; 16]),
            right,
            received: at(RECEIVED),
        },
        acting,
        channel: Channel::PrivacyAddress,
        ground: None,
        limits: limits(),
    }
}

fn marketing() -> Opening {
    Opening {
        ground: Some(Ground::DirectMarketing),
        ..opening(Right::Objection, ActingAs::Controller)
    }
}

fn opened(opening: Opening) -> Case {
    Case::open(opening, opening.request.received).unwrap().0
}

fn order(case: CaseId, nonce: Nonce) -> (ScanOrder, Vec<Answer>) {
    let sources = ["store", "index"].map(|name| SourceId::new(name).unwrap());
    let answers = sources
        .iter()
        .map(|source| Answer::clean(source, nonce))
        .collect();
    (ScanOrder::new(case, sources, nonce).unwrap(), answers)
}

fn located(case: CaseId) -> Event {
    let (order, answers) = order(case, nonce());
    Event::EverySourceAnswered(Located::of(&order, &answers).unwrap())
}

fn clean(case: CaseId, nonce: Nonce) -> Event {
    let (order, answers) = order(case, nonce);
    Event::ScannedClean(Rescan::conclude(&order, &answers).unwrap().1)
}

fn executed() -> Event {
    Event::Executed { rescan: nonce() }
}

fn approve(extent: Extent) -> Event {
    Event::Approve {
        by: officer(),
        extent,
    }
}

fn refuse(ground: RefusalGround) -> Event {
    Event::Refuse {
        by: officer(),
        ground,
    }
}

fn extend() -> Event {
    Event::Extend {
        by: officer(),
        reason: ExtensionReason::Complexity,
    }
}

fn instruct(answer_to: AnswerTo) -> Event {
    Event::ControllerInstructs(Instruction {
        controller: tenant(),
        answer_to,
    })
}

fn day_passed(now: Timestamp) -> Event {
    Event::DayPassed {
        today: now.date_naive(),
    }
}

/// Takes a case through events that must all be possible at one instant.
fn through(case: &Case, events: &[Event], now: Timestamp) -> (Case, Vec<Effect>) {
    events
        .iter()
        .fold((case.clone(), Vec::new()), |(case, _), event| {
            step(&case, *event, now).unwrap_or_else(|e| panic!("{e}"))
        })
}

/// The events that open the work of a case in either role.
fn to_open(acting: ActingAs) -> Vec<Event> {
    match acting {
        ActingAs::Processor => vec![Event::ReferToController, instruct(AnswerTo::Person)],
        _ => vec![Event::RequireIdentity, Event::IdentityVerified],
    }
}

/// The events from open work to an answer that left.
fn to_end(case: CaseId, right: Right) -> Vec<Event> {
    let mut events = vec![
        located(case),
        approve(Extent::Full),
        Event::Execute,
        executed(),
    ];
    if changes_data(right) {
        events.push(clean(case, nonce()));
    }
    if has_recipients(right) {
        events.push(Event::RecipientsSettled(Art19::Notified));
    }
    events.extend([
        Event::Deliver,
        Event::Sent(gdpr_rights::request::case::Message::Answer),
    ]);
    events
}

/// Articles 16, 17, 18, 21 and 7(3) change what is stored or used.
fn changes_data(right: Right) -> bool {
    !matches!(
        right,
        Right::Access | Right::Portability | Right::HumanReview | Right::Recipients
    )
}

/// Article 19.
fn has_recipients(right: Right) -> bool {
    matches!(
        right,
        Right::Rectification | Right::Erasure | Right::Restriction
    )
}

/// Every event with the values that matter, and a few that must never be taken.
fn alphabet(case: CaseId) -> Vec<Event> {
    use gdpr_rights::request::case::{Message, Scope};
    let mut events = vec![
        Event::RequireIdentity,
        Event::IdentityNotNeeded(NotNeeded::Authenticated),
        Event::IdentityNotNeeded(NotNeeded::LowHarm),
        Event::IdentityVerified,
        Event::IdentityFailed,
        Event::RetryIdentity,
        Event::ReferToController,
        instruct(AnswerTo::Controller),
        instruct(AnswerTo::Person),
        Event::ControllerInstructs(Instruction {
            controller: TenantId::from_random([66; 16]),
            answer_to: AnswerTo::Person,
        }),
        Event::ControllerClosed(tenant()),
        Event::ControllerClosed(TenantId::from_random([66; 16])),
        Event::AskClarification,
        Event::Clarified(Scope::Narrowed),
        Event::ProceedWithAll,
        located(case),
        located(id(66)),
        approve(Extent::Full),
        approve(Extent::WithExceptions),
        Event::Execute,
        executed(),
        clean(case, nonce()),
        clean(case, Nonce::from_random([66; 32])),
        clean(id(66), nonce()),
        Event::ScannedDirty,
        Event::RecipientsSettled(Art19::Notified),
        Event::RecipientsSettled(Art19::Impossible),
        Event::Deliver,
        Event::TakeBack,
        Event::Withdraw,
        extend(),
        Event::LimitsChanged(limits()),
        Event::LimitsChanged(paused()),
        Event::Restrict(Ground::LegalClaim),
        Event::Restrict(Ground::DirectMarketing),
        Event::AnnounceLifting,
        Event::Lift,
    ];
    events.extend(
        [
            RefusalGround::IdentityNotProved,
            RefusalGround::Unfounded,
            RefusalGround::Exception,
            RefusalGround::CompellingGrounds,
        ]
        .map(refuse),
    );
    for message in Message::ALL {
        events.extend([Event::Sent(*message), Event::NotSent(*message)]);
    }
    events
}

/// A handful of instants around the days of [`limits`] and [`paused`]. Their nanoseconds mark them in stored bytes.
const MARK: u32 = 0x1ceb_00da;

fn instants() -> Vec<Timestamp> {
    [
        "2026-03-02T10:00:00Z", // the day of receipt
        "2026-03-20T10:00:00Z", // 13 days left
        "2026-03-31T10:00:00Z", // 2 days left
        "2026-04-02T10:00:00Z", // the last day
        "2026-04-06T10:00:00Z", // late unless the pause counts
        "2026-04-20T10:00:00Z", // late, or extended
        "2026-05-30T10:00:00Z", // 3 days left of the extension
        "2026-06-05T10:00:00Z", // late unless the pause counts
        "2026-06-20T10:00:00Z", // late in any case
    ]
    .into_iter()
    .map(|text| at(text).with_nanosecond(MARK).unwrap())
    .collect()
}

fn days(n: i64) -> TimeDelta {
    TimeDelta::days(n)
}
