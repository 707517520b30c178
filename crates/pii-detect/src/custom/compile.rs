//! From an expression to what the engine takes: checked, and without what makes the engine slow.
//!
//! An expression becomes two. One finds, exactly as the `regex` crate does. The other goes into the automaton of the whole
//! set, which only says whose turn it is: it may say so too often, never too seldom. So it can do without Unicode word
//! borders, for which the fast automaton gives up at letters beyond ASCII, which is every line of French or Polish.

use regex_automata::meta::{Config, Regex};
use regex_automata::nfa::thompson;
use regex_syntax::hir::{Capture, Class, ClassUnicode, Hir, HirKind, Look, Repetition};

use crate::error::RecogniserFault;

/// Longest expression, in bytes.
pub(super) const MAX_EXPRESSION: usize = 8 << 10;
/// Largest compiled expression, in bytes.
const MAX_COMPILED: usize = 4 << 20;
/// Room for the lazy automaton of one expression, per search thread.
const CACHE_BYTES: usize = 8 << 20;

/// An expression, ready for the engine.
pub(super) struct Compiled {
    pub(super) regex: Regex,
    /// Matches wherever `regex` does, and perhaps elsewhere.
    pub(super) loose: Hir,
    /// Whether a group `value` says which part is meant.
    pub(super) group: bool,
}

/// Checks an expression.
pub(super) fn compile(expression: &str) -> Result<Compiled, RecogniserFault> {
    let hir = parse(expression)?;
    if hir.properties().minimum_len() == Some(0) {
        return Err(RecogniserFault::MatchesNothing);
    }
    let hir = plain(hir);
    // What is read backwards is larger and follows from this: one limit is enough.
    thompson::Compiler::new()
        .configure(thompson::Config::new().nfa_size_limit(Some(MAX_COMPILED)))
        .build_from_hir(&hir)
        .map_err(|_| RecogniserFault::TooLarge)?;
    // Groups are asked for in what was matched already. The engines that are left out take longest to build.
    let group = has_group(&hir);
    let config = Config::new()
        .hybrid_cache_capacity(CACHE_BYTES)
        .onepass(group)
        .dfa(false)
        .nfa_size_limit(None);
    let regex = Regex::builder()
        .configure(config)
        .build_from_hir(&hir)
        .map_err(|_| RecogniserFault::TooLarge)?;
    Ok(Compiled {
        regex,
        group,
        loose: loose(hir),
    })
}

/// Parses an expression; what is said of it never quotes it.
pub(super) fn parse(expression: &str) -> Result<Hir, RecogniserFault> {
    if expression.len() > MAX_EXPRESSION {
        return Err(RecogniserFault::TooLong {
            len: expression.len(),
            limit: MAX_EXPRESSION,
        });
    }
    regex_syntax::parse(expression).map_err(|error| match &error {
        regex_syntax::Error::Parse(e) => RecogniserFault::Syntax {
            rule: e.kind().to_string(),
            at: e.span().start.offset,
        },
        regex_syntax::Error::Translate(e) => RecogniserFault::Syntax {
            rule: e.kind().to_string(),
            at: e.span().start.offset,
        },
        _ => RecogniserFault::TooLarge,
    })
}

fn has_group(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(c) if c.name.as_deref() == Some("value") => true,
        kind => kind.subs().iter().any(has_group),
    }
}

/// Takes out of classes what nobody means by `\d` or by letters in any case: digits beyond ASCII, the long s and the
/// Kelvin sign. A class made of nothing else, or one that says what is not meant, stays.
fn plain(hir: Hir) -> Hir {
    let Ok(all) = regex_syntax::parse("[\\d\u{17f}\u{212a}--0-9]") else {
        return hir;
    };
    match all.kind() {
        HirKind::Class(Class::Unicode(foreign)) => without(hir, foreign),
        _ => hir,
    }
}

fn without(hir: Hir, foreign: &ClassUnicode) -> Hir {
    match hir.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Class(Class::Unicode(mut class)) => {
            let open = class.ranges().last().is_some_and(|r| r.end() == char::MAX);
            let mut rest = class.clone();
            rest.difference(foreign);
            if !open && !rest.ranges().is_empty() {
                class = rest;
            }
            Hir::class(Class::Unicode(class))
        }
        HirKind::Class(class) => Hir::class(class),
        HirKind::Repetition(r) => Hir::repetition(Repetition {
            sub: Box::new(without(*r.sub, foreign)),
            ..r
        }),
        HirKind::Capture(c) => Hir::capture(Capture {
            sub: Box::new(without(*c.sub, foreign)),
            ..c
        }),
        HirKind::Concat(subs) => {
            Hir::concat(subs.into_iter().map(|s| without(s, foreign)).collect())
        }
        HirKind::Alternation(subs) => {
            Hir::alternation(subs.into_iter().map(|s| without(s, foreign)).collect())
        }
    }
}

/// Puts the ASCII border in place of `\b` where that holds whenever the other does, and nothing in place of every other
/// word border of Unicode.
fn loose(hir: Hir) -> Hir {
    match hir.into_kind() {
        HirKind::Concat(subs) => {
            let beside = |at: usize, start, sort: &dyn Fn(u8) -> bool| {
                subs.get(at).is_some_and(|sub| edge(sub, start, &sort))
            };
            let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
            let as_ascii: Vec<bool> = subs
                .iter()
                .enumerate()
                .map(|(at, sub)| {
                    let before = |sort| at.checked_sub(1).is_some_and(|at| beside(at, false, sort));
                    let behind = |sort| beside(at + 1, true, sort);
                    // Beside a letter or digit of ASCII, and between characters of ASCII, whatever they are.
                    matches!(sub.kind(), HirKind::Look(Look::WordUnicode))
                        && (before(&word)
                            || behind(&word)
                            || before(&|b| b.is_ascii()) && behind(&|b| b.is_ascii()))
                })
                .collect();
            let subs = subs.into_iter().zip(as_ascii);
            Hir::concat(
                subs.map(|(sub, as_ascii)| match as_ascii {
                    true => Hir::look(Look::WordAscii),
                    false => loose(sub),
                })
                .collect(),
            )
        }
        HirKind::Look(
            Look::WordUnicode
            | Look::WordUnicodeNegate
            | Look::WordStartUnicode
            | Look::WordEndUnicode
            | Look::WordStartHalfUnicode
            | Look::WordEndHalfUnicode,
        ) => Hir::empty(),
        HirKind::Alternation(subs) => Hir::alternation(subs.into_iter().map(loose).collect()),
        // Which part is meant is asked of the other one.
        HirKind::Capture(c) => loose(*c.sub),
        HirKind::Repetition(r) => Hir::repetition(Repetition {
            sub: Box::new(loose(*r.sub)),
            ..r
        }),
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
    }
}

/// Whether whatever this matches begins (ends) with a byte of ASCII of some sort.
fn edge(hir: &Hir, start: bool, sort: &impl Fn(u8) -> bool) -> bool {
    let range =
        |low: u32, high: u32| high < 128 && (low..=high).all(|c| u8::try_from(c).is_ok_and(sort));
    let end = |subs: &[Hir]| {
        let sub = if start { subs.first() } else { subs.last() };
        sub.is_some_and(|sub| edge(sub, start, sort))
    };
    match hir.kind() {
        HirKind::Literal(literal) => {
            let b = if start {
                literal.0.first()
            } else {
                literal.0.last()
            };
            b.is_some_and(|b| b.is_ascii() && sort(*b))
        }
        HirKind::Class(Class::Unicode(class)) => class
            .ranges()
            .iter()
            .all(|r| range(r.start().into(), r.end().into())),
        HirKind::Class(Class::Bytes(class)) => class
            .ranges()
            .iter()
            .all(|r| range(r.start().into(), r.end().into())),
        HirKind::Repetition(r) => r.min > 0 && edge(&r.sub, start, sort),
        HirKind::Capture(c) => edge(&c.sub, start, sort),
        HirKind::Concat(subs) => end(subs),
        HirKind::Alternation(subs) => subs.iter().all(|sub| edge(sub, start, sort)),
        HirKind::Empty | HirKind::Look(_) => false,
    }
}

/// The expression of a number pattern whose places were checked.
pub(super) fn of_number(pattern: &str) -> String {
    let mut expression = String::with_capacity(8 * pattern.len());
    for c in pattern.chars() {
        match c {
            '#' => expression.push_str("[0-9]"),
            '@' => expression.push_str("[A-Za-z]"),
            '*' => expression.push_str("[0-9A-Za-z]"),
            c if c.is_ascii_alphabetic() => {
                let both = [c.to_ascii_lowercase(), c.to_ascii_uppercase()];
                expression.extend(['['].into_iter().chain(both).chain([']']));
            }
            c if c.is_ascii_digit() => expression.push(c),
            c => expression.extend(
                ['\\', 'x', '{']
                    .into_iter()
                    .chain(format!("{:x}}}", u32::from(c)).chars()),
            ),
        }
    }
    expression
}
