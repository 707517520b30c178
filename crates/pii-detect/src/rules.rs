//! The rules, in the order in which they look at a text.

pub(crate) mod address;
mod answer;
mod chat;
mod contact;
pub(crate) mod date;
mod device;
mod few;
mod known;
mod money;
pub(crate) mod name;
mod national;
mod number;
mod order;
pub(crate) mod secret;
pub(crate) mod special;

use crate::bits::Bits;
use crate::detector::Context;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use crate::tagger::{self, Label, Tagged};
use crate::taken::Taken;
use crate::token::{Gap, Tokens};
use address::PlaceKind;

/// Lets every rule add its candidates.
pub(crate) fn find(scan: &Scan<'_>, context: &Context<'_>, out: &mut Vec<Finding>) {
    contact::find(scan, out);
    secret::find(scan, out);
    number::find(scan, context, out);
    date::words(scan, context, out);
    device::bics(scan, out);
    special::find(scan, context, out);
    known::find(scan, context.known, out);
    answer::find(scan, out);
    chat::find(scan, out);
    if context.names {
        places_and_names(scan, context, out);
    }
}

/// Streets first, names around them, and what the tagger sees besides.
fn places_and_names(scan: &Scan<'_>, context: &Context<'_>, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    let mut taken = Bits::none(tokens.all().len());
    // What a contact rule holds already is neither a street nor a name. A part of a known name may begin somebody else's.
    for finding in out.iter().filter(|f| {
        f.score() >= 0.6 && !f.why().by("special") && f.why().as_str() != known::NAME_PART
    }) {
        let from = tokens
            .all()
            .partition_point(|t| t.end <= finding.span().start());
        let to = tokens
            .all()
            .partition_point(|t| t.start < finding.span().end());
        taken.fill(from, to);
    }
    let mut places = address::find(tokens);
    for place in &places {
        taken.fill(place.from, place.to);
    }
    let mut tagged = tagger::tag(tokens, &taken, context.bias);
    for t in &mut tagged {
        t.to = one_sentence(tokens, t);
    }
    // "Muslim", "Basque" look like names and say more than one.
    let special = Taken::new(out.iter().filter(|f| f.why().by("special")));
    tagged.retain(|t| {
        !(t.from..t.to).all(|at| {
            tokens
                .get(at)
                .is_some_and(|t| t.chars < 2 || special.holds(t.start, t.end))
        })
    });
    let names = name::find(tokens, &taken, &tagged);
    for name in &names {
        taken.fill(name.from, name.to);
        push(
            scan,
            (name.from, name.to),
            Kind::Person,
            name.score,
            name.why,
            out,
        );
    }
    address::join(tokens, &taken, &tagged, &mut places);
    for place in &places {
        let kind = match place.kind {
            PlaceKind::Address => Kind::Address,
            PlaceKind::Postcode => Kind::Postcode,
            PlaceKind::Location => Kind::Location,
        };
        push(
            scan,
            (place.from, place.to),
            kind,
            place.score,
            place.why,
            out,
        );
    }
}

/// Where a name or place ends that the tagger carries into the next sentence: "in Florence ? Delivered ...".
fn one_sentence(tokens: &Tokens<'_>, t: &Tagged) -> usize {
    let ends = |at: &usize| {
        tokens.gap(*at) == Gap::Other && tokens.between(*at).contains(['?', '!', ';', ')'])
    };
    match t.label {
        Label::Person | Label::Location => (t.from + 1..t.to).find(ends).unwrap_or(t.to),
        _ => t.to,
    }
}

/// Adds a finding over the tokens `range.0..range.1`.
fn push(
    scan: &Scan<'_>,
    range: (usize, usize),
    kind: Kind,
    score: f32,
    why: &'static str,
    out: &mut Vec<Finding>,
) {
    let (Some(first), Some(last)) = (scan.tokens.get(range.0), scan.tokens.before(range.1)) else {
        return;
    };
    if let Some(span) = Span::new(first.start, last.end) {
        out.push(Finding::new(span, kind, score, Why::new(why)));
    }
}
