//! Which language each part of a text is written in: a thread can hold a German customer and an English agent.
//!
//! Lines are the smallest parts. The function words of a line vote until one language leads clearly; a line that
//! decides nothing belongs to the part before it.

use super::{Locale, Votes};
use crate::bits::ones;
use crate::span::Span;
use crate::token::{Look, Signs, Token, Tokens};
use crate::words::Marks;

/// Words of a line that vote.
const ENOUGH_WORDS: usize = 40;
/// A lead that ends the vote of a line.
const CLEAR: f32 = 2.5;
/// A lead that suffices at the end of a line: two words that only one language has.
const LEAD: f32 = 1.5;
/// From so many bytes on an undecided line is worth the trigram model, which costs more than all else here ...
const LONG_LINE: usize = 160;
/// ... on so many of its bytes ...
pub(super) const TRIGRAM_BYTES: usize = 512;
/// ... and for so many lines of a text.
const TRIGRAM_LINES: usize = 8;

/// A part of a text in one language.
///
/// ```
/// use pii_detect::{Detector, Known, Locale};
/// let text = "Ich habe die Bestellung noch nicht bekommen.\n\nWe are sorry to hear that and will look into it.";
/// let found = Detector::new().detect(text, &Known::new())?;
/// let locales: Vec<_> = found.parts().iter().map(|p| p.locale()).collect();
/// assert_eq!(locales, [Some(Locale::German), Some(Locale::English)]);
/// # Ok::<(), pii_detect::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    span: Span,
    locale: Option<Locale>,
}

impl Part {
    /// Where it stands, in bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Its language, where it could be told.
    #[must_use]
    pub const fn locale(&self) -> Option<Locale> {
        self.locale
    }
}

/// The parts of a text in order, without gap: every byte lies in one. Empty for an empty text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parts(Vec<Part>);

impl Parts {
    /// One part, in a language that is known already.
    pub(crate) fn whole(text: &str, locale: Option<Locale>) -> Self {
        let span = Span::new(0, text.len());
        Self(span.into_iter().map(|span| Part { span, locale }).collect())
    }

    /// The parts of a text; `whole` is the language of all of it.
    pub(crate) fn new(tokens: &Tokens<'_>, whole: Option<Locale>) -> Self {
        if !tokens.signs().has(Signs::LINE) {
            return Self::whole(tokens.text, whole);
        }
        // The language of the first part, known once a line has decided, and where the others begin.
        let mut first: Option<Locale> = None;
        let mut others: Vec<(usize, Option<Locale>)> = Vec::new();
        let mut budget = TRIGRAM_LINES;
        let mut add = |from: usize, to: usize, agrees: Option<bool>| {
            let locale = match agrees {
                Some(agrees) => whole.filter(|_| agrees),
                None => line(tokens, from, to, whole, &mut budget),
            };
            let start = tokens.get(from).map_or(0, |first| first.start);
            let last = others.last_mut().map_or(&mut first, |(_, last)| last);
            if last.is_none() {
                *last = locale;
            } else if locale.is_some() && *last != locale {
                others.push((start, locale));
            }
        };
        let mine = whole.map_or(0, |whole| u64::from(whole.bit()));
        let mine = mine | mine << 32;
        let mut agreement = Agreement::default();
        let mut from = 0;
        let looks = tokens.looks();
        for (part, base) in tokens.all().chunks(64).zip((0..).step_by(64)) {
            // Where lines begin, and which words speak for what, cannot be foretold: they are marked all at once.
            let lines = looks.word(base / 64, Look::Line) & !u64::from(base == 0);
            let mut here = Agreement::default();
            for bit in ones(looks.marked(base / 64, Marks::LANGUAGE)) {
                if let Some(token) = part.get(bit) {
                    here.mark(token, mine, bit);
                }
            }
            for bit in ones(lines) {
                let before = here.take(bit);
                add(from, base + bit, whole.and(agreement.and(before).of()));
                agreement = Agreement::default();
                from = base + bit;
            }
            agreement = agreement.and(here.take(64));
        }
        if !tokens.all().is_empty() {
            add(from, tokens.all().len(), whole.and(agreement.of()));
        }
        if others.is_empty() {
            return Self::whole(tokens.text, whole);
        }
        let ends = others
            .iter()
            .map(|(start, _)| *start)
            .chain([tokens.text.len()]);
        let starts = [(0, first)].into_iter().chain(others.iter().copied());
        let part = |((start, locale), end): ((usize, Option<Locale>), usize)| {
            Span::new(start, end).map(|span| Part { span, locale })
        };
        Self(starts.zip(ends).filter_map(part).collect())
    }

    /// Adds the parts of what follows, `before` bytes further on.
    pub(crate) fn extend(&mut self, parts: &[Part], before: usize) {
        for part in parts {
            let (start, end) = (part.span.start() + before, part.span.end() + before);
            match self.0.last_mut() {
                Some(last) if last.locale == part.locale => {
                    last.span = Span::new(last.span.start(), end).unwrap_or(last.span);
                }
                _ => self.0.extend(Span::new(start, end).map(|span| Part {
                    span,
                    locale: part.locale,
                })),
            }
        }
    }

    pub(crate) fn as_slice(&self) -> &[Part] {
        &self.0
    }

    /// The language at a byte.
    pub(crate) fn at(&self, byte: usize) -> Option<Locale> {
        let behind = self.0.partition_point(|part| part.span.start() <= byte);
        self.0.get(behind.saturating_sub(1))?.locale
    }
}

/// Words of some text that belong to the language of the whole of it, and those that speak for others: their number, or one
/// bit each.
#[derive(Clone, Copy, Default)]
struct Agreement {
    agree: u64,
    depart: u64,
}

impl Agreement {
    /// Marks a word that may speak for a language; `mine` has the bits of the text's.
    #[inline]
    fn mark(&mut self, token: &Token, mine: u64, bit: usize) {
        let votes = token.listed.votes;
        let agrees = votes & mine != 0;
        // A letter beyond ASCII may speak for a language, too; a mark alone says no more than that a sign beyond it follows.
        let wide = token.end - token.start != usize::from(token.chars);
        let speaks = (votes != 0) | wide;
        self.agree |= u64::from(agrees & speaks) << bit;
        self.depart |= u64::from(!agrees & speaks) << bit;
    }

    /// How many of the first words are marked; their marks are taken off.
    fn take(&mut self, words: usize) -> Self {
        let first = u64::MAX.unbounded_shr(64 - words as u32);
        let number = |marks: &mut u64| {
            let number = u64::from((*marks & first).count_ones());
            *marks &= !first;
            number
        };
        Self {
            agree: number(&mut self.agree),
            depart: number(&mut self.depart),
        }
    }

    /// Both numbers added.
    const fn and(self, other: Self) -> Self {
        Self {
            agree: self.agree + other.agree,
            depart: self.depart + other.depart,
        }
    }

    /// Whether the line agrees; `None` where two of its words might belong to another language, so that all have to vote.
    /// Most lines need no vote at all.
    fn of(&self) -> Option<bool> {
        (self.depart < 2).then_some(self.agree > 0)
    }
}

/// The language of a line that its words have to tell.
fn line(
    tokens: &Tokens<'_>,
    from: usize,
    to: usize,
    whole: Option<Locale>,
    budget: &mut usize,
) -> Option<Locale> {
    let mut votes = Votes::default();
    let mut seen = 0;
    for (at, token) in tokens.all().get(from..to)?.iter().enumerate() {
        if !token.word() {
            continue;
        }
        if token.marks.has(Marks::LANGUAGE) {
            votes.add(tokens, from + at, token);
        }
        seen += 1;
        if seen % 4 == 0 {
            let (best, lead) = votes.leader();
            if lead >= CLEAR {
                return best;
            }
            if seen >= ENOUGH_WORDS {
                break;
            }
        }
    }
    let (best, lead) = votes.leader();
    // What agrees with the text as a whole needs less than what departs from it.
    if lead >= LEAD && seen > 3 || lead >= 0.5 && best == whole {
        return best;
    }
    let start = tokens.get(from)?.start;
    let end = tokens.before(to)?.end;
    if end - start < LONG_LINE || *budget == 0 || votes.first_two().1 < 0.5 {
        return None;
    }
    *budget -= 1;
    let mut cut = end.min(start + TRIGRAM_BYTES);
    while !tokens.text.is_char_boundary(cut) {
        cut -= 1;
    }
    let running = votes.candidates();
    votes.guess(tokens.text.get(start..cut)?, running);
    let (best, lead) = votes.leader();
    best.filter(|_| lead >= LEAD)
}
