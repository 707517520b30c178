//! Names of persons: by what stands before them, by the tagger, and by being said twice.
//!
//! Three ways, in this order. *Cues* ("my name is", "Mr", a greeting, the line under the regards) say that a
//! name follows, so that lower-case and unknown names are found. The *tagger* sees the others. *Again* finds every name
//! once more that was sure the first time.

mod again;
mod cue;
mod extent;
mod mail;

use crate::bits::Bits;
use crate::cues::Class;
use crate::tagger::{Label, Tagged};
use crate::token::{Gap, Look, Shape, Token, Tokens};

/// A name, as a range of tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    /// First token.
    pub(crate) from: usize,
    /// Token behind the last.
    pub(crate) to: usize,
    /// How sure, 0 to 1.
    pub(crate) score: f32,
    /// `rule:cue:validator`.
    pub(crate) why: &'static str,
}

/// "Dana K Whitlow": a given name, one letter, and a word that is no ordinary one.
fn middle_initials(tokens: &Tokens<'_>, names: &mut Vec<Name>) {
    let looks = tokens.looks();
    let initials = looks.each(|word| {
        looks.word(word, Look::Capital)
            & looks.word(word, Look::Short)
            & looks.word(word, Look::Spaced)
    });
    for at in initials {
        let from = at.wrapping_sub(1);
        let Some([first, initial, last]) = tokens.all().get(from..at + 2) else {
            continue;
        };
        if initial.shape != Shape::Initial || initial.gap != Gap::Space {
            continue;
        }
        let given = first.shape == Shape::Capital && first.read().given();
        let word = last.shape == Shape::Capital
            && matches!(last.gap, Gap::Space | Gap::Dot)
            && !last.read().common_word()
            && !last.read().mostly_plain()
            && !last.class.has(Class::STOP.or(Class::ORG).or(Class::STREET));
        if given && word {
            names.push(Name {
                from,
                to: from + 3,
                score: 0.75,
                why: "name:initial:lexicon",
            });
        }
    }
}

/// Where a name begins behind a formula: of "regards from Zoe" and "Gr\u{fc}\u{df}e von Zoe" the small word belongs to no name.
fn behind_formula(tokens: &Tokens<'_>, name: &Name) -> usize {
    let small = tokens.get(name.from).is_some_and(|token| {
        token.shape == Shape::Lower && token.gap == Gap::Space && token.class.has(Class::PARTICLE)
    });
    let formula = |token: &Token| token.class.has(Class::SIGNOFF);
    let behind = small && tokens.before(name.from).is_some_and(formula);
    name.from + usize::from(behind && name.from + 1 < name.to)
}

/// A word of running text, in lower case.
fn common(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| t.shape == Shape::Lower && t.read().common_word())
}

/// Finds the names of a text. `taken` marks tokens that belong to something else, such as a street.
pub(crate) fn find(tokens: &Tokens<'_>, taken: &Bits, tagged: &[Tagged]) -> Vec<Name> {
    let mut names = Vec::with_capacity(8);
    cue::find(tokens, &mut names);
    middle_initials(tokens, &mut names);
    mail::find(tokens, &mut names);
    // "an Anna senden": what a cue announced ends before the words of running text behind it.
    let ends_common = |t: &Tagged| t.to - t.from > 1 && common(tokens, t.to - 1);
    let mut announced: Vec<(usize, usize)> = Vec::new();
    if tagged
        .iter()
        .any(|t| t.label == Label::Person && ends_common(t))
    {
        announced.extend(names.iter().map(|n| (n.from, n.to)));
        announced.sort_unstable();
    }
    let runs_on = |t: &Tagged| {
        let from = announced.partition_point(|(from, _)| *from < t.from);
        let same = announced.get(from..).unwrap_or(&[]).iter();
        same.take_while(|(from, to)| *from == t.from && *to < t.to)
            .any(|(_, to)| (*to..t.to).all(|at| common(tokens, at)))
    };
    let persons = tagged
        .iter()
        .filter(|t| t.label == Label::Person)
        .filter(|t| !(ends_common(t) && runs_on(t)));
    names.extend(persons.filter_map(|t| {
        let from = cue::skip_titles(tokens, t.from);
        (from < t.to).then_some(Name {
            from,
            to: t.to,
            score: t.score,
            why: "name:tagger:crf",
        })
    }));
    for name in &mut names {
        name.from = behind_formula(tokens, name);
    }
    names.retain(|name| (name.from..name.to).all(|at| !taken.has(at)));
    again::find(tokens, taken, &mut names);
    names
}
