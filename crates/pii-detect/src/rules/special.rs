//! Special categories of personal data (GDPR Articles 9 and 10) and children (Article 8, recitals 38 and 58).
//!
//! A word alone says little: "diabetic" of a person is health data, of socks it is a product. Words stand in two
//! classes, those that reveal by themselves and those that need a person's frame, and what is sold, titles and
//! idioms turn both off. `docs/special-categories.md` says what counts. The reason of a finding names the article.

mod child;
mod frame;
mod parts;
mod table;

use crate::detector::Context;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::rules::push;
use crate::scan::Scan;
use crate::words::LANGUAGES;
use frame::Around;
use parts::Edges;
use table::{ANY, CHILD, FRAMED, Hit, IDIOM, KID, KINDS, Language, SURE};

pub(crate) use parts::edges;
pub(crate) use table::fill;

/// Words between a verb and what it says of somebody.
const REACH_SURE: usize = 7;
const REACH_FRAMED: usize = 4;
/// From this many letters on a word of another language is believed without a frame.
const LONG: usize = 8;

/// What a place says.
enum Verdict {
    /// A finding over some tokens.
    Found((usize, usize), Kind, f32, &'static str),
    /// Something else is meant by this many tokens.
    Pass(usize),
    /// The word is known, and says nothing of anybody here.
    Declined,
    /// This language knows nothing here.
    Unknown,
}

/// All languages.
const ALL: [Language; LANGUAGES] = table::languages();

/// Adds what stands in the text.
pub(crate) fn find(scan: &Scan<'_>, context: &Context<'_>, out: &mut Vec<Finding>) {
    let parts = parts::parts();
    let tokens = &scan.tokens;
    let own = ALL.into_iter().find(|l| Some(l.locale) == context.locale);
    let mut behind = 0;
    for at in parts.worth(tokens).ones() {
        if at < behind {
            continue;
        }
        let token = tokens.get(at);
        let Some(may) = token.and_then(|token| parts.may_begin(tokens, at, token)) else {
            continue;
        };
        let edges = parts.of_edges(tokens.word(at), may);
        if edges.nowhere() {
            continue;
        }
        let mut declined = false;
        // A word alone, believed once no language has a frame for it.
        let mut alone = None;
        for language in edges.languages(own) {
            let around = Around {
                scan,
                language,
                own,
            };
            let foreign = own.is_some_and(|own| own.locale != language.locale);
            match judge(&around, at, &edges, foreign, declined) {
                Verdict::Found(range, kind, score, why) if why.ends_with('-') => {
                    alone = alone.or(Some((range, kind, score, why)));
                    declined = true;
                    continue;
                }
                Verdict::Found(range, kind, score, why) => {
                    alone = None;
                    push(scan, range, kind, score, why, out);
                    behind = behind.max(range.1);
                }
                Verdict::Pass(len) => behind = at + len,
                Verdict::Declined => {
                    declined = true;
                    continue;
                }
                Verdict::Unknown => continue,
            }
            break;
        }
        if let Some((range, kind, score, why)) = alone {
            push(scan, range, kind, score, why, out);
            behind = behind.max(range.1);
        }
    }
    for at in scan.numeric() {
        if !child::may_be_age(tokens, at) {
            continue;
        }
        let own_age = |language| {
            let around = Around {
                scan,
                language,
                own,
            };
            child::own_age(&around, at)
        };
        // "y" is a year in one language and joins two clauses in another: no word of ANY tells which.
        let joint = tokens.get(at + 1).is_some_and(|next| next.chars == 1)
            && tokens.word(at + 1).eq_ignore_ascii_case("y");
        if (joint || own_age(ANY).is_some())
            && let Some(range) = own.into_iter().chain(ALL).find_map(own_age)
        {
            push(scan, range, Kind::Child, 0.8, "special:child:age", out);
        }
    }
}

/// What one language says of a place. Once the text's own has declined, another needs a frame.
fn judge(around: &Around<'_>, at: usize, edges: &Edges, foreign: bool, declined: bool) -> Verdict {
    let Some(hit) = around.language.begins(&around.scan.tokens, at, edges) else {
        return Verdict::Unknown;
    };
    if hit.bits & IDIOM != 0 {
        return if foreign {
            Verdict::Unknown
        } else {
            Verdict::Pass(hit.len)
        };
    }
    let sold = around.sold(at, hit);
    if hit.bits & (KID | CHILD) != 0
        && !sold
        && let Some(range) = child::with_age(around, at, hit.len)
    {
        return Verdict::Found(range, Kind::Child, 0.8, "special:child:age");
    }
    if hit.bits & (SURE | FRAMED) == 0 {
        return Verdict::Unknown;
    }
    if sold || around.quoted(at, hit.len) || around.model(at, hit.len) {
        return Verdict::Declined;
    }
    // "our three year old", "unser Dreij\u{e4}hriger": the age is that of a child, and no other detector's.
    if hit.bits & CHILD != 0
        && child::told_by(around, at, hit.len)
        && around.framed(at, hit.len, REACH_FRAMED)
    {
        return Verdict::Found((at, at + hit.len), Kind::Child, 0.8, "special:child:age");
    }
    let joined = around.joined(at, hit.len);
    let range = (at, at + hit.len);
    let mut kinds = hit.bits & SURE | (hit.bits & FRAMED) >> 9;
    while kinds != 0 {
        let i = kinds.trailing_zeros() as usize - 1;
        kinds &= kinds - 1;
        let Some((_, kind, sure, framed)) = KINDS.get(i) else {
            break;
        };
        if hit.bits & (2 << i) != 0 {
            if around.framed(at, hit.len, REACH_SURE) {
                return Verdict::Found(range, *kind, 0.7, framed);
            }
            let alone = !declined
                && !joined
                && !around.shop(at, hit.len)
                && around.peopled(at, hit.len)
                && (!foreign || letters(around, at, hit) >= LONG);
            if alone {
                return Verdict::Found(range, *kind, 0.6, sure);
            }
        } else if hit.bits & (2 << (i + 9)) != 0 {
            let child = *kind == Kind::Child && child::kid_near(around, at, hit.len);
            if child || !joined && around.framed(at, hit.len, REACH_FRAMED) {
                return Verdict::Found(range, *kind, 0.6, framed);
            }
        }
    }
    Verdict::Declined
}

fn letters(around: &Around<'_>, at: usize, hit: Hit) -> usize {
    (at..at + hit.len)
        .filter_map(|i| around.scan.tokens.get(i))
        .map(|t| usize::from(t.chars))
        .sum()
}
