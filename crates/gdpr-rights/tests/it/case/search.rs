//! Every state the real step can reach, for every right and both roles, with a watcher on every edge.
//!
//! Instants are a handful of days around the limits; two cases that differ only in when something was noted down are one
//! state, because no step looks back at that. The search ends when nothing new is found, so what it says holds for
//! sequences of any length over its alphabet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gdpr_rights::request::case::{
    ActingAs, Art19, Case, Effect, Event, Extent, Ground, Limits, Merger, Message, NotNeeded,
    Opening, RefusalGround, Scope, Status, StepError, merge, step,
};
use gdpr_rights::{Error, Request, Right};
use retention_policy::{CaseId, Timestamp};

use super::watcher::{Observed, Seen};
use super::{
    MARK, Stepped, alphabet, at, day, day_passed, id, instants, limits, marketing, opening,
    through, to_open,
};

type Opened = Result<(Case, Vec<Effect>), Error>;

/// What is searched: the real functions, or one of them changed.
pub(super) struct Machine {
    pub(super) open: Box<dyn Fn(Opening, Timestamp) -> Opened>,
    pub(super) step: Box<dyn Fn(&Case, Event, Timestamp) -> Stepped>,
    pub(super) merge: Box<dyn Fn(&Case, &Case, Timestamp) -> Result<Merger, StepError>>,
}

impl Machine {
    pub(super) fn real() -> Self {
        Self {
            open: Box::new(Case::open),
            step: Box::new(step),
            merge: Box::new(merge),
        }
    }
}

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) states: usize,
    pub(super) edges: usize,
    refused: usize,
    /// A broken rule, once each, with what led to it.
    pub(super) broken: BTreeMap<&'static str, String>,
    /// States from which no end can be reached without the person's help.
    pub(super) stuck: BTreeSet<Status>,
    /// Status, event, next status.
    moves: BTreeSet<(Status, &'static str, Status)>,
}

struct Node {
    case: Case,
    seen: Seen,
    moment: usize,
}

struct Search<'a> {
    machine: &'a Machine,
    breadth: &'a Breadth,
    twins: Vec<(Case, bool)>,
    found: Found,
    nodes: Vec<Node>,
    index: HashMap<(Vec<u8>, Seen, usize), usize>,
    /// For each state, those that lead to it without the passing of time or a withdrawal.
    back: Vec<Vec<usize>>,
}

/// Explores everything from one opening. `enough` stops it early.
pub(super) fn explore(
    machine: &Machine,
    opening: Opening,
    breadth: &Breadth,
    enough: impl Fn(&Found) -> bool,
) -> Found {
    let mut search = Search {
        machine,
        breadth,
        twins: twins(opening),
        found: Found::default(),
        nodes: Vec::new(),
        index: HashMap::new(),
        back: Vec::new(),
    };
    let (case, effects) = (machine.open)(opening, breadth.moments[0]).unwrap();
    let (seen, broken) = Seen::at_opening(&opening, &effects);
    search.note(&broken, || format!("{opening:?}"));
    search.arrive(case, seen, 0);
    let mut next = 0;
    while next < search.nodes.len() && !enough(&search.found) {
        search.leave(next);
        search.found.states = search.nodes.len();
        next += 1;
    }
    if next == search.nodes.len() {
        search.find_stuck();
    }
    search.found
}

impl Search<'_> {
    fn note(&mut self, broken: &[&'static str], what: impl Fn() -> String) {
        for rule in broken {
            self.found.broken.entry(rule).or_insert_with(&what);
        }
    }

    fn arrive(&mut self, case: Case, seen: Seen, moment: usize) -> usize {
        let bytes = case.to_bytes();
        let key = (without_instants(&bytes), seen, moment);
        if let Some(known) = self.index.get(&key) {
            return *known;
        }
        match Case::from_bytes(&bytes) {
            Ok(again) if again == case => {}
            _ => self.note(&["stored"], || format!("{case:?} {seen:?}")),
        }
        let new = self.nodes.len();
        self.index.insert(key, new);
        self.nodes.push(Node { case, seen, moment });
        self.back.push(Vec::new());
        new
    }

    fn leave(&mut self, from: usize) {
        let Node { case, seen, moment } = &self.nodes[from];
        let (case, seen, moment) = (case.clone(), *seen, *moment);
        let now = self.breadth.moments[moment];
        let mut events = (self.breadth.events)(case.id());
        events.push(day_passed(now));
        for event in events {
            match (self.machine.step)(&case, event, now) {
                Err(error) => {
                    self.found.refused += 1;
                    if error.status() != case.status() || error.event() != event.name() {
                        self.note(&["names"], || error.to_string());
                    }
                }
                Ok((after, effects)) => {
                    let (next, broken) = seen.after(&Observed {
                        before: &case,
                        event,
                        now,
                        after: &after,
                        effects: &effects,
                    });
                    self.note(&broken, || {
                        format!("{event:?} at {now}: {case:?} {seen:?} -> {after:?} {effects:?}")
                    });
                    self.go(from, (after, next), moment, &event);
                }
            }
        }
        if case.status() == Status::Open {
            self.meet_twins(from, &case, &seen, moment);
        }
        // Time goes on, whether anything happens or not. After the end no day matters.
        if moment + 1 < self.breadth.moments.len() && !case.status().is_terminal() {
            self.arrive(case, seen, moment + 1);
        }
    }

    fn go(&mut self, from: usize, (after, seen): (Case, Seen), moment: usize, event: &Event) {
        let before = self.nodes[from].case.status();
        self.found.edges += 1;
        self.found
            .moves
            .insert((before, event.name(), after.status()));
        let to = self.arrive(after, seen, moment);
        if *event != Event::Withdraw {
            self.back[to].push(from);
        }
    }

    fn meet_twins(&mut self, from: usize, case: &Case, seen: &Seen, moment: usize) {
        let now = self.breadth.moments[moment];
        for n in 0..self.twins.len() {
            let (twin, proved) = self.twins[n].clone();
            if let Ok(done) = (self.machine.merge)(case, &twin, now) {
                let (next, broken) = seen.surviving(
                    (case, &twin),
                    proved,
                    &done.survivor,
                    &done.survivor_effects,
                );
                self.note(&broken, || format!("{case:?} takes over {twin:?}"));
                self.found.edges += 1;
                let to = self.arrive(done.survivor, next, moment);
                self.back[to].push(from);
            }
            if let Ok(done) = (self.machine.merge)(&twin, case, now) {
                let (next, broken) = seen.joined(
                    (case, &twin),
                    proved,
                    &done.duplicate,
                    &done.duplicate_effects,
                );
                self.note(&broken, || format!("{case:?} joins {twin:?}"));
                self.found.edges += 1;
                let to = self.arrive(done.duplicate, next, moment);
                self.back[to].push(from);
            }
        }
    }

    fn find_stuck(&mut self) {
        let mut free: Vec<bool> = self
            .nodes
            .iter()
            .map(|n| n.case.status().is_terminal())
            .collect();
        let mut todo: Vec<usize> = (0..free.len()).filter(|n| free[*n]).collect();
        while let Some(node) = todo.pop() {
            for from in &self.back[node] {
                if !free[*from] {
                    free[*from] = true;
                    todo.push(*from);
                }
            }
        }
        let stuck = self.nodes.iter().zip(&free).filter(|(_, free)| !**free);
        self.found.stuck = stuck.map(|(n, _)| n.case.status()).collect();
    }
}

/// Other requests of the same person: an earlier one, a later one, one with pause, one of nobody knows whom.
fn twins(opening: Opening) -> Vec<(Case, bool)> {
    let now = instants()[0];
    let twin = |n: u8, received: &str, limits: Limits| {
        let opening = Opening {
            request: Request {
                case: id(n),
                received: at(received),
                ..opening.request
            },
            limits,
            ..opening
        };
        Case::open(opening, now).unwrap().0
    };
    let a_day_earlier = Limits::new(
        day("2026-04-01"),
        day("2026-06-01"),
        day("2026-04-01"),
        None,
    )
    .unwrap();
    let known = to_open(opening.acting);
    let earlier = twin(101, "2026-03-01T09:00:00Z", a_day_earlier);
    let later = twin(102, "2026-03-02T09:30:00Z", limits());
    let unknown = twin(103, "2026-03-01T09:00:00Z", a_day_earlier);
    let low = Event::IdentityNotNeeded(NotNeeded::LowHarm);
    let unknown = step(&unknown, low, now).map_or(unknown, |(case, _)| case);
    let mut narrowed = known.clone();
    narrowed.extend([Event::AskClarification, Event::Clarified(Scope::Narrowed)]);
    vec![
        (through(&earlier, &known, now).0, true),
        (through(&later, &narrowed, now).0, true),
        (unknown, false),
    ]
}

/// The stored bytes with the instants of the search gone, and without the check over them.
fn without_instants(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes[..bytes.len() - 8].to_vec();
    let mark = MARK.to_be_bytes();
    let mut n = 8;
    while n + 4 <= out.len() {
        if out[n] == mark[0] && out[n..n + 4] == mark {
            out[n - 8..n].fill(0);
            n += 4;
        } else {
            n += 1;
        }
    }
    out
}

/// Every right in both roles, and the objection nothing is weighed against.
pub(super) fn openings() -> Vec<(String, Opening)> {
    let mut all = Vec::new();
    for acting in [ActingAs::Controller, ActingAs::Processor] {
        for right in Right::ALL {
            all.push((format!("{right} as {acting}"), opening(right, acting)));
        }
    }
    all.push(("marketing as controller".into(), marketing()));
    all.push((
        "marketing as processor".into(),
        Opening {
            ground: Some(Ground::DirectMarketing),
            ..opening(Right::Objection, ActingAs::Processor)
        },
    ));
    all
}

/// How much of the product of events and days is searched.
pub(super) struct Breadth {
    pub(super) name: &'static str,
    pub(super) events: fn(CaseId) -> Vec<Event>,
    pub(super) moments: Vec<Timestamp>,
}

impl Breadth {
    /// Everything at every moment: minutes.
    fn all() -> Self {
        Self {
            name: "all",
            events: alphabet,
            moments: instants(),
        }
    }

    /// Every event but those about days, on the last day and after the last of all days.
    pub(super) fn work() -> Self {
        Self {
            name: "work",
            events: |case| {
                let mut events = alphabet(case);
                events.retain(|e| {
                    !matches!(
                        e,
                        Event::Extend { .. }
                            | Event::LimitsChanged(_)
                            | Event::Restrict(_)
                            | Event::Sent(Message::Extension)
                            | Event::NotSent(Message::Extension)
                    )
                });
                events
            },
            moments: [3, 8].map(|n| instants()[n]).to_vec(),
        }
    }

    /// Every event about days at most moments, with the shortest ways through the work.
    pub(super) fn days() -> Self {
        Self {
            name: "days",
            events: |case| {
                let mut events = alphabet(case);
                events.retain(|e| match e {
                    Event::IdentityNotNeeded(_)
                    | Event::IdentityFailed
                    | Event::RetryIdentity
                    | Event::Clarified(_)
                    | Event::Restrict(_)
                    | Event::ScannedDirty
                    | Event::AnnounceLifting => false,
                    Event::RecipientsSettled(how) => *how == Art19::Notified,
                    Event::Approve { extent, .. } => *extent == Extent::Full,
                    Event::Refuse { ground, .. } => *ground == RefusalGround::Unfounded,
                    _ => true,
                });
                events
            },
            moments: [1, 3, 4, 5, 8].map(|n| instants()[n]).to_vec(),
        }
    }
}

/// What may change a status, besides what an objection does on its day.
const MOVES: &[(Status, &str, Status)] = &[
    (
        Status::Received,
        "require_identity",
        Status::AwaitingIdentity,
    ),
    (Status::Received, "identity_not_needed", Status::Open),
    (Status::Received, "refer_to_controller", Status::Referred),
    (Status::Received, "sent", Status::Refused),
    (Status::Received, "withdraw", Status::Withdrawn),
    (Status::AwaitingIdentity, "identity_verified", Status::Open),
    (Status::AwaitingIdentity, "sent", Status::Refused),
    (Status::AwaitingIdentity, "withdraw", Status::Withdrawn),
    (Status::AwaitingClarification, "clarified", Status::Open),
    (
        Status::AwaitingClarification,
        "proceed_with_all",
        Status::Open,
    ),
    (Status::AwaitingClarification, "withdraw", Status::Withdrawn),
    (
        Status::Open,
        "ask_clarification",
        Status::AwaitingClarification,
    ),
    (Status::Open, "sent", Status::Fulfilled),
    (Status::Open, "sent", Status::PartlyFulfilled),
    (Status::Open, "sent", Status::Refused),
    (Status::Open, "sent", Status::Merged),
    (Status::Open, "withdraw", Status::Withdrawn),
    (Status::Open, "controller_closed", Status::ReferredClosed),
    (Status::Referred, "controller_instructs", Status::Open),
    (
        Status::Referred,
        "controller_closed",
        Status::ReferredClosed,
    ),
    (Status::Referred, "withdraw", Status::Withdrawn),
    // Nobody decided an objection by its day.
    (Status::Received, "day_passed", Status::Open),
    (Status::Received, "take_back", Status::Open),
    (Status::AwaitingClarification, "day_passed", Status::Open),
];

/// What happens within a status, of what the search must have met.
const STAYS: &[(Status, &str)] = &[
    (Status::Received, "extend"),
    (Status::Received, "refuse"),
    (Status::AwaitingIdentity, "extend"),
    (Status::AwaitingIdentity, "identity_failed"),
    (Status::AwaitingIdentity, "retry_identity"),
    (Status::AwaitingIdentity, "refuse"),
    (Status::AwaitingClarification, "extend"),
    (Status::Open, "every_source_answered"),
    (Status::Open, "approve"),
    (Status::Open, "execute"),
    (Status::Open, "executed"),
    (Status::Open, "scanned_clean"),
    (Status::Open, "scanned_dirty"),
    (Status::Open, "recipients_settled"),
    (Status::Open, "deliver"),
    (Status::Open, "refuse"),
    (Status::Open, "extend"),
    (Status::Open, "restrict"),
    (Status::Open, "sent"),
    (Status::Open, "not_sent"),
    (Status::Open, "take_back"),
    (Status::Referred, "day_passed"),
    (Status::Referred, "limits_changed"),
    (Status::Fulfilled, "announce_lifting"),
    (Status::Fulfilled, "lift"),
    (Status::Refused, "lift"),
    (Status::Withdrawn, "lift"),
    (Status::ReferredClosed, "lift"),
];

#[derive(Default)]
struct Sum {
    states: usize,
    edges: usize,
    refused: usize,
    moves: BTreeSet<(Status, &'static str, Status)>,
}

fn search(breadth: &Breadth, openings: &[(String, Opening)]) -> Sum {
    let machine = Machine::real();
    let mut sum = Sum::default();
    for (name, opening) in openings {
        let found = explore(&machine, *opening, breadth, |_| false);
        assert_eq!(found.broken, BTreeMap::new(), "{name}");
        assert_eq!(found.stuck, BTreeSet::new(), "{name}");
        sum.states += found.states;
        sum.edges += found.edges;
        sum.refused += found.refused;
        sum.moves.extend(found.moves);
    }
    println!(
        "{}: {} openings, {} states, {} edges, {} steps refused, 0 violations, 0 stuck",
        breadth.name,
        openings.len(),
        sum.states,
        sum.edges,
        sum.refused
    );
    sum
}

fn by_name(names: &[&str]) -> Vec<(String, Opening)> {
    let mut some = openings();
    some.retain(|(name, _)| names.contains(&name.as_str()));
    assert_eq!(some.len(), names.len());
    some
}

#[test]
fn work_breaks_no_rule_and_gets_stuck_nowhere() {
    search(&Breadth::work(), &openings());
}

/// One right of each kind; `TACTFUL_HEAVY=1` has every right at every moment.
#[test]
fn days_break_no_rule_and_get_stuck_nowhere() {
    search(
        &Breadth::days(),
        &by_name(&[
            "access as controller",
            "objection as controller",
            "erasure as processor",
        ]),
    );
}

/// The whole product of events and days: with `TACTFUL_HEAVY=1`, a smaller one without.
#[test]
fn the_whole_machine_moves_as_the_table_says() {
    let heavy = std::env::var_os("TACTFUL_HEAVY").is_some_and(|v| v == "1");
    let sum = if heavy {
        search(&Breadth::all(), &openings())
    } else {
        let few = Breadth {
            name: "few",
            moments: [3, 8].map(|n| instants()[n]).to_vec(),
            ..Breadth::all()
        };
        search(
            &few,
            &by_name(&["objection as controller", "erasure as processor"]),
        )
    };
    let table: BTreeSet<_> = MOVES.iter().copied().collect();
    let moved: BTreeSet<_> = sum
        .moves
        .iter()
        .filter(|(from, _, to)| from != to)
        .copied()
        .collect();
    assert_eq!(moved, table);
    let stayed: BTreeSet<_> = sum
        .moves
        .iter()
        .filter(|(from, _, to)| from == to)
        .map(|(from, event, _)| (*from, *event))
        .collect();
    let missing: Vec<_> = STAYS.iter().filter(|s| !stayed.contains(s)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
