//! From an expression to what the engine takes: checked, and without what makes the engine slow.
//!
//! The fast automaton gives up where Unicode word borders meet letters beyond ASCII, which is every line of French or
//! Polish. At the ends of an expression `\b` is taken out, or becomes the ASCII border where that holds whenever the
//! other does, and is looked at where something was found. Between characters of ASCII both borders are one. What is
//! left goes into an engine of its own, so that it slows down nothing else.

use regex_automata::nfa::thompson;
use regex_syntax::hir::{Capture, Class, ClassUnicode, Hir, HirKind, Look, Repetition};

use crate::error::RecogniserFault;

/// Longest expression, in bytes.
pub(super) const MAX_EXPRESSION: usize = 8 << 10;
/// Largest compiled expression, in bytes.
const MAX_COMPILED: usize = 4 << 20;

/// An expression, ready for the engine.
pub(super) struct Compiled {
    pub(super) hir: Hir,
    /// Whether the word border at its start, at its end, is still to be looked at.
    pub(super) borders: (bool, bool),
    /// Whether a Unicode border is left in it.
    pub(super) slow: bool,
    /// Whether a group `value` says which part is meant.
    pub(super) group: bool,
}

/// Checks an expression. Alternatives whose borders differ become expressions of their own.
pub(super) fn compile(expression: &str) -> Result<Vec<Compiled>, RecogniserFault> {
    let hir = parse(expression)?;
    if hir.properties().minimum_len() == Some(0) {
        return Err(RecogniserFault::MatchesNothing);
    }
    let hir = between(plain(hir));
    let whole = ready(hir.clone());
    let all = match hir.into_kind() {
        HirKind::Alternation(subs) if whole.slow => subs.into_iter().map(ready).collect(),
        _ => vec![whole],
    };
    for one in &all {
        thompson::Compiler::new()
            .configure(thompson::Config::new().nfa_size_limit(Some(MAX_COMPILED)))
            .build_from_hir(&one.hir)
            .map_err(|_| RecogniserFault::TooLarge)?;
    }
    Ok(all)
}

fn ready(hir: Hir) -> Compiled {
    let group = has_group(&hir);
    let (hir, start) = border(hir, true);
    let (hir, end) = border(hir, false);
    Compiled {
        slow: hir.properties().look_set().contains_word_unicode(),
        hir,
        borders: (start, end),
        group,
    }
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

/// Puts the ASCII border in place of `\b` between characters of ASCII.
fn between(hir: Hir) -> Hir {
    match hir.into_kind() {
        HirKind::Concat(mut subs) => {
            for at in 1..subs.len().saturating_sub(1) {
                let word = |at: usize| subs.get(at).is_some_and(is_border);
                let ascii = |at: usize, start| {
                    subs.get(at)
                        .is_some_and(|s| edge(s, start, &|b| b.is_ascii()))
                };
                let both = word(at) && ascii(at - 1, false) && ascii(at + 1, true);
                if let Some(sub) = subs.get_mut(at).filter(|_| both) {
                    *sub = Hir::look(Look::WordAscii);
                }
            }
            Hir::concat(subs.into_iter().map(between).collect())
        }
        HirKind::Alternation(subs) => Hir::alternation(subs.into_iter().map(between).collect()),
        HirKind::Capture(c) => Hir::capture(Capture {
            sub: Box::new(between(*c.sub)),
            ..c
        }),
        HirKind::Repetition(r) => Hir::repetition(Repetition {
            sub: Box::new(between(*r.sub)),
            ..r
        }),
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
    }
}

fn is_border(hir: &Hir) -> bool {
    matches!(hir.kind(), HirKind::Look(Look::WordUnicode))
}

/// Takes `\b` from one end, and says whether it stood there.
fn border(hir: Hir, start: bool) -> (Hir, bool) {
    let kept = hir.clone();
    let changed = match hir.into_kind() {
        HirKind::Concat(mut subs) => {
            if !start {
                subs.reverse();
            }
            let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
            let safe = subs.get(1).is_some_and(|s| edge(s, start, &word));
            let stands = subs.first_mut().filter(|s| is_border(s)).map(|look| {
                *look = if safe {
                    Hir::look(Look::WordAscii)
                } else {
                    Hir::empty()
                };
            });
            if !start {
                subs.reverse();
            }
            stands.map(|()| Hir::concat(subs))
        }
        HirKind::Alternation(subs) => {
            let done: Vec<(Hir, bool)> = subs.into_iter().map(|s| border(s, start)).collect();
            done.iter()
                .all(|(_, safe)| *safe)
                .then(|| Hir::alternation(done.into_iter().map(|(hir, _)| hir).collect()))
        }
        HirKind::Capture(c) => {
            let (sub, stood) = border(*c.sub, start);
            stood.then(|| {
                Hir::capture(Capture {
                    sub: Box::new(sub),
                    index: c.index,
                    name: c.name,
                })
            })
        }
        _ => None,
    };
    match changed {
        Some(hir) => (hir, true),
        None => (kept, false),
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

/// The bytes with which a match can begin, as bits; all where that is not plain.
pub(super) fn first_bytes(hir: &Hir) -> [u64; 4] {
    let mut bytes = [0; 4];
    if !collect(hir, &mut bytes) {
        bytes = [u64::MAX; 4];
    }
    bytes
}

pub(super) fn has_byte(bytes: &[u64; 4], b: u8) -> bool {
    bytes
        .get(usize::from(b >> 6))
        .is_some_and(|word| word >> (b & 63) & 1 == 1)
}

/// Adds the first bytes of what `hir` matches; `false` when they are not known or it can match nothing.
fn collect(hir: &Hir, bytes: &mut [u64; 4]) -> bool {
    let mut add = |b: u8| {
        if let Some(word) = bytes.get_mut(usize::from(b >> 6)) {
            *word |= 1 << (b & 63);
        }
    };
    match hir.kind() {
        HirKind::Literal(literal) => {
            literal.0.first().into_iter().for_each(|b| add(*b));
            true
        }
        HirKind::Class(Class::Unicode(class)) => {
            let first = |c: char| c.encode_utf8(&mut [0; 4]).as_bytes().first().copied();
            for range in class.ranges() {
                let (low, high) = (first(range.start()), first(range.end()));
                (low.unwrap_or(0)..=high.unwrap_or(u8::MAX)).for_each(&mut add);
            }
            true
        }
        HirKind::Class(Class::Bytes(class)) => {
            let ranges = class.ranges().iter();
            ranges.for_each(|r| (r.start()..=r.end()).for_each(&mut add));
            true
        }
        HirKind::Repetition(r) => r.min > 0 && collect(&r.sub, bytes),
        HirKind::Capture(c) => collect(&c.sub, bytes),
        HirKind::Concat(subs) => {
            let mut rest = subs
                .iter()
                .skip_while(|s| matches!(s.kind(), HirKind::Look(_)));
            rest.next().is_some_and(|sub| collect(sub, bytes))
        }
        HirKind::Alternation(subs) => subs.iter().all(|sub| collect(sub, bytes)),
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
