//! Personal data that no tag stands for, and the language of a draft.

use std::cell::LazyCell;
use std::ops::Range;

use redact::{Kind, Known, Span};

use crate::guard::impersonal::Ordinary;
use crate::guard::spans::Spans;
use crate::guard::{Code, Context, Finding, Undecided};
use crate::guard::{value, words};
use crate::text;

/// Fewer words than this say too little about their language.
const LANGUAGE_WORDS: usize = 8;

pub(super) fn language(plain: &str, cx: &Context<'_>, out: &mut Vec<Finding>) {
    // Names of people and places speak no language: only words in small letters count.
    let small: Vec<&str> = plain
        .split_whitespace()
        .filter(|word| word.starts_with(char::is_lowercase))
        .collect();
    if small.len() < LANGUAGE_WORDS {
        return;
    }
    let differs =
        |text: &str| redact::detect_locale(text).is_some_and(|locale| locale != cx.locale);
    if differs(plain) && differs(&small.join(" ")) {
        out.push(Finding::block(Code::Language, None));
    }
}

/// Findings of a second detection; what is excused stands in `held`, so that verification knows it too.
pub(super) fn findings(
    plain: &str,
    cx: &Context<'_>,
    held: &mut Vec<Range<usize>>,
    out: &mut Vec<Finding>,
) -> Result<(), Undecided> {
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        cx.detector.detect(plain, &Known::default())
    }))
    .map_err(|_| Undecided)?
    .map_err(|_| Undecided)?;
    let public: Vec<String> = cx
        .cited()
        .flat_map(|p| [p.title(), p.text()])
        .chain(cx.own.iter().copied())
        .chain(cx.stated())
        .map(folded_words)
        .collect();
    // What was left in clear when the thread was redacted is nobody's: towns and firms may be said back.
    let said: Vec<String> = cx
        .thread
        .messages()
        .iter()
        .map(|message| folded_words(message.text().as_str()))
        .collect();
    // The name of the shop often stands in its addresses alone.
    let hosts: Vec<String> = cx
        .supplied
        .iter()
        .flat_map(|p| value::values(p.text(), p.locale()))
        .filter_map(|value| value.host().map(letters))
        .collect();
    let ordinary = LazyCell::new(|| {
        let public = cx.cited().flat_map(|p| [p.title(), p.text()]);
        let public = public.chain(cx.own.iter().copied()).chain(cx.stated());
        // What the customer said in clear is a word they know.
        let said = cx.thread.messages().iter().map(|m| m.text().as_str());
        let public = public.chain(said);
        Ordinary::new(cx.detector, cx.locale, public)
    });
    let values = value::values(plain, cx.locale);
    let leaks = out.iter().filter(|other| other.code == Code::LeakedValue);
    let leaks = Spans::new(leaks.filter_map(|other| other.span));
    for finding in &found {
        let span = finding.span();
        let kind = finding.kind();
        let raw = span.of(plain).unwrap_or_default();
        let part = folded_words(raw);
        if part.len() <= 2 || public.iter().any(|text| text.contains(&part)) {
            continue;
        }
        // Guards of their own judge these against passages and facts, and say so with their own code.
        let judged = matches!(
            kind,
            Kind::Url | Kind::Email | Kind::Date | Kind::Amount | Kind::Age | Kind::Child
        );
        let capital = raw.contains(char::is_uppercase);
        let counted = |most: usize| {
            let behind = values.partition_point(|value| value.at.start <= span.start());
            raw.chars().filter(char::is_ascii_digit).count() <= most
                && behind
                    .checked_sub(1)
                    .and_then(|last| values.get(last))
                    .is_some_and(|value| value.is_number() && span.end() <= value.at.end)
        };
        let of_shop = || {
            let name = letters(raw);
            name.len() >= NAME && hosts.iter().any(|host| host.contains(&name))
        };
        let excused = match kind {
            // `otto` is eight, and `Doe aangifte` a step of a list.
            // A verb in capitals asks for an answer: `D\u{ed}ganos`.
            Kind::Person => {
                counted(0)
                    || begins_item(plain, span)
                    || of_shop()
                    || words::is_request(raw, cx.locale)
                    || ordinary.signs(plain, span)
                    || ordinary.begins(plain, span)
                    || ordinary.is_inflected(raw)
            }
            // What names a place or a firm has a capital.
            Kind::Location | Kind::Org => {
                !capital
                    || said.iter().any(|text| text.contains(&part))
                    || of_shop()
                    || ordinary.signs(plain, span)
                    || ordinary.begins(plain, span)
            }
            // A word of the passages in another form is no secret of a person.
            kind if kind.is_special() => ordinary.is_inflected(raw),
            // `in place of 12`
            Kind::Address => !capital && text::words(raw).len() <= 3,
            // A number so short is a count.
            Kind::Id => counted(4),
            _ => false,
        };
        let leaked = leaks.overlap(span);
        if judged || excused {
            held.push(span.start()..span.end());
        }
        if judged || excused || leaked {
            continue;
        }
        out.push(if is_personal(kind) {
            Finding::block(Code::Pii, Some(span))
        } else {
            Finding::warn(Code::Pii, Some(span))
        });
    }
    Ok(())
}

/// Letters that make a name, not a word.
const NAME: usize = 4;

/// The letters and digits of a text, folded, without what stands between them.
fn letters(text: &str) -> String {
    let mut out = text::fold(text);
    out.retain(char::is_alphanumeric);
    out
}

/// Whether one word begins the item of a list and goes on in small letters: its capital says nothing then.
fn begins_item(plain: &str, span: Span) -> bool {
    let one = span
        .of(plain)
        .is_some_and(|raw| !raw.contains(char::is_whitespace));
    let line = plain
        .get(..span.start())
        .and_then(|before| before.rsplit('\n').next())
        .unwrap_or_default()
        .trim_start();
    let marked = line
        .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '*' | '\u{2022}'))
        && !line.contains(char::is_alphabetic);
    let goes_on = plain
        .get(span.end()..)
        .and_then(|rest| rest.strip_prefix(' '))
        .is_some_and(|rest| rest.starts_with(char::is_lowercase));
    one && marked && goes_on
}

/// Kinds that belong to one person; a town or a company may just be spoken of.
fn is_personal(kind: Kind) -> bool {
    !matches!(kind, Kind::Location | Kind::Org | Kind::Age | Kind::Custom)
}

/// Words with one space around each, so that punctuation around a quotation does not count.
fn folded_words(text: &str) -> String {
    let mut out = String::from(" ");
    for word in text::words(text) {
        out.push_str(&word.folded);
        out.push(' ');
    }
    out
}
