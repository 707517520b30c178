//! What a draft claims, against the passages, facts and messages it may rest on.

use redact::Span;

use crate::guard::value::{self, From, Support};
use crate::guard::{Code, Context, Finding, words};
use crate::knowledge::Passage;
use crate::text;
use crate::thread::Author;

/// A draft that states something names what it rests on, and names only what it was given.
pub(super) fn citations(plain: &str, cx: &Context<'_>, out: &mut Vec<Finding>) {
    if cx.citations.is_empty() && !asks(plain, cx) {
        out.push(Finding::block(Code::MissingCitation, None));
    }
    for id in cx.citations {
        match cx.supplied.iter().find(|passage| passage.id() == id) {
            None => out.push(Finding::block(Code::ForeignCitation, None)),
            Some(passage) if !passage.is_valid(cx.now) => {
                out.push(Finding::block(Code::Stale, None));
            }
            Some(_) => {}
        }
    }
}

/// A sentence of so few words that it can only greet or sign.
const GREETING: usize = 4;

/// Thanks of more words than this may say something beside.
const COURTESY: usize = 14;

/// Whether a draft asks and acknowledges, nothing more.
fn asks(plain: &str, cx: &Context<'_>) -> bool {
    cx.only_asks || (cx.citations.is_empty() && only_asks(plain, cx))
}

/// Whether all sentences ask, greet or are the engine's own: such a draft rests on nothing.
fn only_asks(plain: &str, cx: &Context<'_>) -> bool {
    let sentences = text::sentences(plain);
    let mut asks = false;
    let all = sentences.into_iter().all(|range| {
        let sentence = plain.get(range).unwrap_or_default();
        let question = sentence.ends_with('?');
        let request = !question && requests(sentence, cx);
        asks |= question || request;
        let words = text::words(sentence).len();
        question
            || request
            || words <= GREETING
            || (words <= COURTESY && words::is_courtesy(sentence, cx.locale))
            || cx.own.iter().any(|own| own.contains(sentence))
    });
    asks && all
}

/// Whether a sentence asks for an answer without a question mark, and names no figure.
fn requests(sentence: &str, cx: &Context<'_>) -> bool {
    text::words(sentence).len() <= COURTESY
        && words::is_request(sentence, cx.locale)
        && !value::values(sentence, cx.locale)
            .iter()
            .any(value::Value::claims)
}

/// Numbers, dates, amounts and addresses.
pub(super) fn values(plain: &str, cx: &Context<'_>, out: &mut Vec<Finding>) {
    let mut support = Support::default();
    let mut uncited = Support::default();
    let of = |passage: &Passage, known: &mut Support| {
        for part in [passage.title(), passage.text()] {
            known.add(value::values(part, passage.locale()), From::Passage);
        }
    };
    for passage in cx.cited() {
        of(passage, &mut support);
    }
    for passage in cx.supplied {
        of(passage, &mut uncited);
    }
    for own in cx.own {
        support.add(value::values(own, cx.locale), From::Passage);
    }
    let mut stale = Support::default();
    for fact in cx.facts {
        let known = value::values(&text::without_tags(fact.value().as_str()), cx.locale);
        if fact.is_valid(cx.now) {
            support.add(known, From::Fact);
        } else {
            stale.add(known, From::Fact);
        }
    }
    // Figures the customer wrote may be said back, unless a fact has overtaken them.
    let mut said = Support::default();
    for message in cx.thread.messages() {
        if message.author() == Author::Customer {
            let words = text::own_words(message.text().as_str());
            said.add(
                value::values(&text::without_tags(words), cx.locale),
                From::Customer,
            );
        }
    }
    let asks = asks(plain, cx);
    let questions: Vec<_> = text::sentences(plain)
        .into_iter()
        .filter(|range| {
            let sentence = plain.get(range.clone()).unwrap_or_default();
            asks && sentence.ends_with('?')
        })
        .collect();
    let of_citation = |f: &Finding| matches!(f.code, Code::MissingCitation | Code::ForeignCitation);
    let mut told = out.iter().any(of_citation);
    for found in value::values(plain, cx.locale) {
        if !found.claims() || support.holds(&found) {
            continue;
        }
        let span = Span::new(found.at.start, found.at.end);
        if stale.holds(&found) {
            out.push(Finding::block(Code::Stale, span));
        } else if said.says(&found)
            || (asks && uncited.says(&found))
            || (found.may_be_asked(plain) && is_within(&questions, &found.at))
        {
            // Said back, or asked about.
        } else if uncited.says(&found) {
            // It stands in a passage that was given and not named.
            if !std::mem::replace(&mut told, true) {
                out.push(Finding::block(Code::MissingCitation, span));
            }
        } else {
            out.push(Finding::block(found.code(), span));
        }
    }
}

/// Whether one of some ranges in order holds another.
fn is_within(ranges: &[std::ops::Range<usize>], at: &std::ops::Range<usize>) -> bool {
    let behind = ranges.partition_point(|range| range.start <= at.start);
    behind
        .checked_sub(1)
        .and_then(|last| ranges.get(last))
        .is_some_and(|range| at.end <= range.end)
}
