//! What a draft says back: words of the customer between quotation marks, told as theirs.

use redact::Locale;

use crate::guard::Context;
use crate::guard::phrases::{self, Kind};
use crate::guard::words;
use crate::text;
use crate::thread::Author;

/// What begins and what ends a quotation.
const QUOTES: [(char, char); 8] = [
    ('"', '"'),
    ('\u{201c}', '\u{201d}'),
    ('\u{201e}', '\u{201c}'),
    ('\u{201e}', '\u{201d}'),
    ('\u{ab}', '\u{bb}'),
    ('\u{bb}', '\u{ab}'),
    ('\u{2018}', '\u{2019}'),
    ('\u{201a}', '\u{2018}'),
];

/// The words of each message of the customer.
pub(super) fn said(cx: &Context<'_>) -> Vec<Vec<String>> {
    let messages = cx.thread.messages().iter();
    messages
        .filter(|message| message.author() == Author::Customer)
        .map(|message| words::folded(text::own_words(message.text().as_str())))
        .collect()
}

/// A sentence without what it says back: a quotation that stands in a message of the customer, where the sentence says
/// before it that somebody said so. A quotation that is not theirs, or that nobody is said to have said, stays.
pub(super) fn without(sentence: &str, said: &[Vec<String>], locale: Locale) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((at, close)) = next(rest) {
        let (before, quote) = rest.split_at(at);
        out.push_str(before);
        let mut inner = quote.chars();
        let open = inner.next();
        let inner = inner.as_str();
        let Some(end) = inner.find(close) else {
            rest = quote;
            break;
        };
        let (inner, behind) = inner.split_at(end);
        let told = words::folded(&out);
        let told = phrases::cues(Kind::Say, locale)
            .iter()
            .any(|cue| cue.matches(&told));
        if !(told && is_said(inner, said)) {
            out.extend(open);
            out.push_str(inner);
            out.push(close);
        }
        rest = behind.strip_prefix(close).unwrap_or(behind);
    }
    out.push_str(rest);
    out
}

/// Where the next quotation begins, and what ends it.
fn next(text: &str) -> Option<(usize, char)> {
    text.char_indices().find_map(|(at, c)| {
        let behind = text.get(at + c.len_utf8()..)?;
        QUOTES
            .iter()
            .filter(|(open, _)| *open == c)
            .filter_map(|(_, close)| Some((behind.find(*close)?, *close)))
            .min()
            .map(|(_, close)| (at, close))
    })
}

/// Whether a message of the customer has the words in a row.
fn is_said(inner: &str, said: &[Vec<String>]) -> bool {
    let inner = words::folded(inner);
    !inner.is_empty()
        && said.iter().any(|message| {
            message
                .windows(inner.len())
                .any(|words| words == inner.as_slice())
        })
}
