//! Special categories of personal data (GDPR Articles 9 and 10) and children (Article 8, recitals 38 and 58).
//!
//! A word alone says little: "diabetic" of a person is health data, of socks it is a product. Words stand in two
//! classes, those that reveal by themselves and those that need a person's frame, and what is sold, titles and
//! idioms turn both off. `docs/special-categories.md` says what counts. The reason of a finding names the article.

mod child;
mod frame;
mod table;

use crate::detector::Context;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use frame::Around;
use table::{FRAMED, Hit, IDIOM, KID, KINDS, LEXICON, SURE};

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
    /// This language knows nothing here.
    Unknown,
}

/// Adds what stands in the text.
pub(crate) fn find(scan: &Scan<'_>, context: &Context<'_>, out: &mut Vec<Finding>) {
    let lexicon = &*LEXICON;
    let tokens = &scan.tokens;
    let home = lexicon.place(context.locale);
    let own = home.and_then(|home| lexicon.languages.get(home));
    let order: Vec<usize> = home
        .into_iter()
        .chain((0..lexicon.languages.len()).filter(|i| Some(*i) != home))
        .collect();
    let mut behind = 0;
    let push = |range: (usize, usize), kind, score, why, out: &mut Vec<Finding>| {
        if let (Some(first), Some(last)) = (tokens.get(range.0), tokens.before(range.1))
            && let Some(span) = Span::new(first.start, last.end)
        {
            out.push(Finding::new(span, kind, score, Why::new(why)));
        }
    };
    for at in 0..tokens.all().len() {
        if at < behind || !lexicon.may_begin(tokens, at) {
            continue;
        }
        for place in &order {
            let Some(language) = lexicon.languages.get(*place) else {
                continue;
            };
            let around = Around {
                scan,
                language,
                own,
            };
            let foreign = home.is_some_and(|home| home != *place);
            match judge(&around, at, foreign) {
                Verdict::Found(range, kind, score, why) => {
                    push(range, kind, score, why, out);
                    behind = behind.max(range.1);
                }
                Verdict::Pass(len) => behind = at + len,
                Verdict::Unknown => continue,
            }
            break;
        }
    }
    for at in &scan.numeric {
        let language = own.or_else(|| lexicon.languages.first());
        if let Some(language) = language {
            let around = Around {
                scan,
                language,
                own,
            };
            if let Some(range) = child::own_age(&around, *at) {
                push(range, Kind::Child, 0.8, "special:child:age", out);
            }
        }
    }
}

/// What one language says of a place.
fn judge(around: &Around<'_, '_>, at: usize, foreign: bool) -> Verdict {
    let Some(hit) = around.language.begins(&around.scan.tokens, at) else {
        return Verdict::Unknown;
    };
    let nothing = if foreign {
        Verdict::Unknown
    } else {
        Verdict::Pass(hit.len)
    };
    if hit.bits & IDIOM != 0 {
        return nothing;
    }
    if hit.bits & KID != 0
        && let Some(range) = child::with_age(around, at, hit.len)
        && !around.sold(at, hit)
    {
        return Verdict::Found(range, Kind::Child, 0.8, "special:child:age");
    }
    if hit.bits & (SURE | FRAMED) == 0 {
        return if foreign {
            Verdict::Unknown
        } else {
            Verdict::Pass(1)
        };
    }
    if around.sold(at, hit) || around.quoted(at, hit.len) {
        return nothing;
    }
    for (i, (_, kind, sure, framed)) in KINDS.iter().enumerate() {
        let range = (at, at + hit.len);
        if hit.bits & (2 << i) != 0 {
            if around.framed(at, hit.len, REACH_SURE) {
                return Verdict::Found(range, *kind, 0.7, framed);
            }
            if !around.shop(at, hit.len) && (!foreign || letters(around, at, hit) >= LONG) {
                return Verdict::Found(range, *kind, 0.6, sure);
            }
        } else if hit.bits & (2 << (i + 9)) != 0 {
            let child = *kind == Kind::Child && child::kid_near(around, at, hit.len);
            if child || around.framed(at, hit.len, REACH_FRAMED) {
                return Verdict::Found(range, *kind, 0.6, framed);
            }
        }
    }
    nothing
}

fn letters(around: &Around<'_, '_>, at: usize, hit: Hit) -> usize {
    (at..at + hit.len)
        .filter_map(|i| around.scan.tokens.get(i))
        .map(|t| usize::from(t.chars))
        .sum()
}
