//! When a match is believed: what stands near it, what it must pass, and what it must not be.

use super::allow::{AllowTable, MAX_ENTRIES};
use super::pattern::{Allow, Pattern};
use super::phrases::Phrases;
use super::recognise::Meaning;
use crate::checksum::{Scheme, luhn};
use crate::error::RecogniserFault;
use crate::finding::{Finding, Why};
use crate::locale::Locale;
use crate::scan::Scan;
use crate::span::Span;

/// Words before and behind that are near, unless the pattern says more or less.
const NEAR: usize = 5;
const MAX_NEAR: usize = 32;

/// How a match was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Regex,
    Words,
    Number,
}

/// What a number must pass.
enum Check {
    Luhn,
    Mod97,
    Scheme(&'static Scheme),
}

/// One pattern without what finds it.
pub(super) struct Rule {
    meaning: Meaning,
    by: By,
    score: f32,
    context_score: f32,
    locales: Vec<Locale>,
    context: Option<Phrases>,
    unless: Option<Phrases>,
    within: usize,
    allow: Option<AllowTable>,
    check: Option<Check>,
}

/// What is asked of every match in a text.
pub(super) struct Asked<'a> {
    pub(super) scan: &'a Scan<'a>,
    pub(super) locale: Option<Locale>,
    /// Less is not believed, and does not hide another pattern's match.
    pub(super) threshold: f32,
}

impl Rule {
    /// A rule that believes every match.
    pub(super) fn plain(meaning: Meaning, by: By, score: f32) -> Self {
        Self {
            meaning,
            by,
            score,
            context_score: score,
            locales: Vec::new(),
            context: None,
            unless: None,
            within: NEAR,
            allow: None,
            check: None,
        }
    }

    /// Checks what a pattern says besides what it looks for.
    pub(super) fn of(pattern: &Pattern, by: By) -> Result<Self, RecogniserFault> {
        let meaning = Meaning::of_label(&pattern.label).ok_or(RecogniserFault::Label)?;
        let alone = if pattern.context.is_empty() { 0.9 } else { 0.5 };
        let score = pattern.score.unwrap_or(alone);
        let context_score = pattern.context_score.unwrap_or(score.max(0.9));
        for score in [score, context_score] {
            if !(0.0..=1.0).contains(&score) {
                return Err(RecogniserFault::Score);
            }
        }
        let locale = |(entry, code): (usize, &String)| {
            Locale::from_code(code).ok_or(RecogniserFault::Locale { entry })
        };
        let locales: Result<Vec<_>, _> = pattern.locales.iter().enumerate().map(locale).collect();
        let within = pattern.within.unwrap_or(NEAR);
        if within > MAX_NEAR {
            return Err(RecogniserFault::Window { limit: MAX_NEAR });
        }
        // What a list of its own would obey must not be passed over here.
        let Allow { set, labels, .. } = &pattern.allow;
        for (key, said) in [("set", set.is_some()), ("labels", !labels.is_empty())] {
            if said {
                return Err(RecogniserFault::Nested { key });
            }
        }
        Ok(Self {
            context_score,
            locales: locales?,
            context: list(&pattern.context)?,
            unless: list(&pattern.unless)?,
            within,
            allow: AllowTable::new(&pattern.allow)?,
            check: pattern.check.as_deref().map(check).transpose()?,
            ..Self::plain(meaning, by, score)
        })
    }

    /// Whether a match is a finding.
    pub(super) fn judge(&self, asked: &Asked<'_>, start: usize, end: usize) -> Option<Finding> {
        let span = Span::new(start, end)?;
        let value = span.of(asked.scan.text)?;
        let elsewhere = |locale| !self.locales.is_empty() && !self.locales.contains(&locale);
        if asked.locale.is_some_and(elsewhere)
            || self
                .check
                .as_ref()
                .is_some_and(|check| !check.passes(value))
        {
            return None;
        }
        let mut near = false;
        if self.context.is_some() || self.unless.is_some() {
            let all = asked.scan.tokens.all();
            let first = all.partition_point(|t| t.end <= start);
            let behind = all.partition_point(|t| t.start < end);
            let around = |phrases: &Phrases| {
                phrases.within(asked.scan, first.saturating_sub(self.within), first)
                    || phrases.within(asked.scan, behind, all.len().min(behind + self.within))
            };
            if self.unless.as_ref().is_some_and(around) {
                return None;
            }
            near = self.context.as_ref().is_some_and(around);
        }
        let score = if near { self.context_score } else { self.score };
        let allowed = |allow: &AllowTable| allow.holds(value, self.meaning.kind());
        if score < asked.threshold || self.allow.as_ref().is_some_and(allowed) {
            return None;
        }
        let why = match (self.by, near, self.check.is_some()) {
            (By::Regex, false, false) => "custom:-:regex",
            (By::Regex, false, true) => "custom:-:regex-checked",
            (By::Regex, true, false) => "custom:context:regex",
            (By::Regex, true, true) => "custom:context:regex-checked",
            (By::Words, false, _) => "custom:-:words",
            (By::Words, true, _) => "custom:context:words",
            (By::Number, false, false) => "custom:-:number",
            (By::Number, false, true) => "custom:-:number-checked",
            (By::Number, true, false) => "custom:context:number",
            (By::Number, true, true) => "custom:context:number-checked",
        };
        Some(self.meaning.finding(span, score, Why::new(why)))
    }
}

/// A list of words and phrases.
fn list(phrases: &[String]) -> Result<Option<Phrases>, RecogniserFault> {
    let mut all = Phrases::default();
    add(&mut all, 0, phrases)?;
    Ok(all.ready())
}

/// Adds the words of a pattern.
pub(super) fn add(
    all: &mut Phrases,
    owner: usize,
    phrases: &[String],
) -> Result<(), RecogniserFault> {
    if phrases.len() > MAX_ENTRIES {
        return Err(RecogniserFault::TooLong {
            len: phrases.len(),
            limit: MAX_ENTRIES,
        });
    }
    match phrases.iter().position(|phrase| !all.add(owner, phrase)) {
        Some(entry) => Err(RecogniserFault::EmptyEntry { entry }),
        None => Ok(()),
    }
}

fn check(name: &str) -> Result<Check, RecogniserFault> {
    match name {
        "luhn" => Ok(Check::Luhn),
        "mod97" => Ok(Check::Mod97),
        _ => Scheme::all()
            .iter()
            .find(|scheme| scheme.name() == name)
            .map(Check::Scheme)
            .ok_or(RecogniserFault::Check),
    }
}

impl Check {
    fn passes(&self, value: &str) -> bool {
        let bare = || value.bytes().filter(u8::is_ascii_alphanumeric);
        match self {
            // The rule knows digits alone: letters before them are the issuer's.
            Self::Luhn => luhn(&bare().filter(u8::is_ascii_digit).collect::<Vec<u8>>()),
            Self::Mod97 => {
                let rest = bare().fold(0, |rest, b| match char::from(b).to_digit(36) {
                    Some(letter) if letter > 9 => (rest * 100 + letter) % 97,
                    digit => (rest * 10 + digit.unwrap_or(0)) % 97,
                });
                rest == 1
            }
            Self::Scheme(scheme) => {
                let compact: String = bare().map(|b| char::from(b.to_ascii_uppercase())).collect();
                scheme.valid(&compact)
            }
        }
    }
}
