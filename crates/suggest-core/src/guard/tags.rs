//! Tags: known, of this thread, of the person who is greeted.

use redact::{Kind, PseudonymMap, Span, Tag, TagUse};

use crate::guard::{Code, Context, Finding};
use crate::text;
use crate::thread::{Author, Thread};

/// Kinds that a reply never repeats, even to the person they belong to.
fn is_never_repeated(kind: Kind) -> bool {
    kind.is_special() || matches!(kind, Kind::Card | Kind::Iban | Kind::Id | Kind::Secret)
}

/// More tags than this that the customer did not use in the last message read like a list of all tags.
const UNSEEN_TAGS: usize = 2;

pub(super) fn findings(draft: &str, uses: &[TagUse], cx: &Context<'_>, out: &mut Vec<Finding>) {
    let last = cx
        .thread
        .open_question()
        .map_or(&[][..], |text| text.tags());
    let writer = cx.thread.customer().or_else(|| writer(cx.thread));
    let mut unseen = Vec::new();
    let mut greeted = false;
    for found in uses {
        let range = found.range();
        let span = Span::new(range.start, range.end);
        let Some(tag) = found.tag() else {
            out.push(Finding::block(Code::UnknownTag, span));
            continue;
        };
        let of_fact = cx
            .facts
            .iter()
            .any(|fact| fact.value().tags().contains(tag));
        if !of_fact && !cx.thread.tags().any(|other| other == tag) {
            out.push(Finding::block(Code::ForeignTag, span));
        }
        if tag.kind().kind().is_some_and(is_never_repeated) {
            out.push(Finding::block(Code::Pii, span));
        }
        if !of_fact && !last.contains(tag) && !unseen.contains(&tag) {
            unseen.push(tag);
            if unseen.len() > UNSEEN_TAGS {
                out.push(Finding::block(Code::Injection, span));
            }
        }
        let person = tag.kind().kind() == Some(Kind::Person);
        // Who is named behind the one who is greeted is sent regards.
        if person && !std::mem::replace(&mut greeted, true) && greets(draft, range.start) {
            let theirs = match writer {
                Some(ref writer) => same_person(cx.map, tag, writer),
                // Nobody signs: only a name the customer wrote can be theirs.
                None => cx.thread.by_customer(tag),
            };
            if !theirs {
                out.push(Finding::block(Code::ForeignTag, span));
            }
        }
    }
}

fn same_person(map: &PseudonymMap, a: &Tag, b: &Tag) -> bool {
    let main = |tag: &Tag| map.same_as(tag).unwrap_or_else(|| tag.clone());
    a == b || main(a) == main(b)
}

/// How people say who they are without a verb, before (`hier ist`) and behind (`hier`) their name, folded.
const I_AM: [&[&str]; 14] = [
    &["this", "is"],
    &["it", "s"],
    &["here", "is"],
    &["name", "of"],
    &["hier", "ist"],
    &["hier", "spricht"],
    &["namen"],
    &["ici"],
    &["nom", "de"],
    &["con"],
    &["met"],
    &["nombre"],
    &["aqui"],
    &["qui"],
];
const HERE: [&str; 7] = ["here", "again", "hier", "ici", "aqui", "qui", "speaking"];

/// The one person a message names as its writer, where none stands alone under it: in its first sentence, or as its last
/// word.
fn writer(thread: &Thread) -> Option<Tag> {
    thread
        .messages()
        .iter()
        .rev()
        .filter(|message| message.author() == Author::Customer)
        .find_map(|message| {
            let own = text::own_words(message.text().as_str());
            let words = text::words(own);
            let tag = |word: &text::Word| {
                let is_person = word.folded == "#PERSON";
                is_person.then(|| Tag::parse(own.get(word.at.clone())?))?
            };
            let named = words.iter().enumerate().take(12).find_map(|(at, word)| {
                let tag = tag(word)?;
                let before = words.get(..at)?;
                let says = I_AM.iter().any(|phrase| {
                    before.len() >= phrase.len()
                        && (before.iter().rev().zip(phrase.iter().rev()))
                            .all(|(word, said)| word.folded == *said)
                });
                let behind = words
                    .get(at + 1)
                    .is_some_and(|next| HERE.contains(&next.folded.as_str()));
                // `Hello, [PERSON_1], tickets for two`: between two commas right behind the greeting.
                let rest = own.get(word.at.end..)?;
                let beside = at <= 3
                    && own
                        .get(..word.at.start)?
                        .trim_end()
                        .ends_with([',', ':', '!'])
                    && rest.trim_start().starts_with([',', '.', ':', '(']);
                (says || behind || beside).then_some(tag)
            });
            named.or_else(|| tag(words.last()?))
        })
}

/// Whether a place lies in the first line that holds words.
fn greets(draft: &str, at: usize) -> bool {
    draft
        .get(..at)
        .is_some_and(|before| !before.trim_start().contains('\n') && text::words(before).len() <= 4)
}
