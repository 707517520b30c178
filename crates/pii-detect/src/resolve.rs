//! From candidates to findings: trimmed, above the threshold, sorted, without overlap.
//!
//! A sure secret is cut out of whatever it stands in.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::kind::Kind;
use crate::rules::secret::SURE;
use crate::span::Span;

/// Resolves overlaps: a sure secret wins, else the longer, then the higher score, then the kind that comes first.
///
/// What a loser covered and the winner does not is kept as a finding of its own where it holds two letters or
/// digits at least: half a covered value is a leak.
pub(crate) fn resolve(text: &str, mut candidates: Vec<Finding>, threshold: f32) -> Vec<Finding> {
    candidates.retain(|c| c.score() >= threshold);
    candidates.sort_by_key(|c| c.span().start());
    let mut kept = Vec::with_capacity(candidates.len());
    let mut rest = candidates.into_iter().peekable();
    let mut heap = Vec::new();
    while let Some(first) = rest.next() {
        let mut end = first.span().end();
        // Most stand alone; only those that meet others are weighed.
        if rest.peek().is_none_or(|next| next.span().start() >= end) {
            if let Some(span) = trim(text, first.span()) {
                kept.push(first.with_span(span));
            }
            continue;
        }
        heap.push(first);
        while let Some(next) = rest.next_if(|next| next.span().start() < end) {
            end = end.max(next.span().end());
            heap.push(next);
        }
        weigh(text, &mut heap, &mut kept);
        heap.clear();
    }
    kept
}

/// Resolves the overlaps of candidates that hang together.
fn weigh(text: &str, candidates: &mut Vec<Finding>, out: &mut Vec<Finding>) {
    // Often the first holds all others, and nothing is left of them.
    if let Some(first) = candidates.iter().min_by(|a, b| order(a, b))
        && let Some(span) = trim(text, first.span())
        && candidates
            .iter()
            .all(|c| span.start() <= c.span().start() && c.span().end() <= span.end())
    {
        out.push(first.clone().with_span(span));
        return;
    }
    candidates.sort_by(order);
    // Start of every kept span, and the finding: spans in here never overlap.
    let mut kept: BTreeMap<usize, Finding> = BTreeMap::new();
    for candidate in candidates.drain(..) {
        let Some(span) = trim(text, candidate.span()) else {
            continue;
        };
        // What is still free of the span, piece by piece.
        let mut at = span.start();
        if let Some((_, before)) = kept.range(..=at).next_back() {
            at = at.max(before.span().end());
        }
        if at >= span.end() {
            continue;
        }
        let mut free = Vec::new();
        for (&start, other) in kept.range(at..span.end()) {
            free.push((at, start));
            at = other.span().end();
        }
        free.push((at, span.end()));
        for (start, end) in free {
            let rest = Span::new(start, end).and_then(|rest| trim(text, rest));
            if let Some(rest) = rest
                && (rest == span || worth_keeping(text, rest))
            {
                kept.insert(rest.start(), candidate.clone().with_span(rest));
            }
        }
    }
    out.extend(kept.into_values());
}

/// Who goes first.
fn order(a: &Finding, b: &Finding) -> Ordering {
    let by_score = || b.score().total_cmp(&a.score());
    surely_secret(b)
        .cmp(&surely_secret(a))
        .then_with(|| b.span().len().cmp(&a.span().len()))
        .then_with(by_score)
        .then_with(|| a.kind().cmp(&b.kind()))
        .then_with(|| a.span().start().cmp(&b.span().start()))
}

/// A password inside a web address: the address is told without it.
fn surely_secret(finding: &Finding) -> bool {
    finding.kind() == Kind::Secret && finding.score() >= SURE
}

/// Cuts spaces, and brackets that have no partner inside, off both ends; moves ends to character boundaries.
fn trim(text: &str, span: Span) -> Option<Span> {
    let plain = |at: usize| {
        text.as_bytes()
            .get(at)
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    if plain(span.start()) && plain(span.end() - 1) {
        return Some(span);
    }
    trim_signs(text, span)
}

fn trim_signs(text: &str, span: Span) -> Option<Span> {
    let mut start = span.start();
    let mut end = span.end().min(text.len());
    while !text.is_char_boundary(start) {
        start += 1;
    }
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    loop {
        let part = text.get(start..end)?;
        let first = part.chars().next()?;
        let last = part.chars().next_back()?;
        if first.is_whitespace()
            || matches!(first, ')' | ']' | '}' | '>')
            || opens(first) && !part.contains(partner(first))
        {
            start += first.len_utf8();
        } else if last.is_whitespace()
            || opens(last)
            || matches!(last, ')' | ']' | '}' | '>') && !part.contains(partner(last))
        {
            end -= last.len_utf8();
        } else if opens(first) && last == partner(first) {
            start += first.len_utf8();
            end -= last.len_utf8();
        } else {
            return Span::new(start, end);
        }
    }
}

fn opens(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '<')
}

fn partner(c: char) -> char {
    match c {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        ')' => '(',
        ']' => '[',
        '}' => '{',
        _ => '<',
    }
}

/// Whether a rest of a loser still says something.
fn worth_keeping(text: &str, span: Span) -> bool {
    span.of(text).is_some_and(|part| {
        part.chars()
            .filter(|c| c.is_alphanumeric())
            .nth(1)
            .is_some()
    })
}
