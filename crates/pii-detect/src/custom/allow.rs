//! Values that are no finding.

use regex_automata::Input;
use regex_automata::meta::{Config, Regex};
use regex_syntax::hir::{Hir, Look};

use super::compile::parse;
use super::pattern::Allow;
use super::phrases::Phrases;
use super::recognise::Meaning;
use crate::error::RecogniserFault;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::lexicon::folded;
use crate::scan::Scan;
use crate::span::Span;

/// Most entries of one list.
pub(super) const MAX_ENTRIES: usize = 100_000;
/// Largest automaton of the expressions of one list.
const MAX_COMPILED: usize = 4 << 20;
/// Fewest letters and digits by which a number is compared without its separators.
const NUMBER: usize = 4;

/// An [`Allow`], ready to be asked.
#[derive(Default)]
pub(super) struct AllowTable {
    values: Option<Phrases>,
    whole: Vec<Vec<u8>>,
    numbers: Vec<Vec<u8>>,
    /// Lengths of numbers, as bits; 63 stands for all that are longer.
    lengths: u64,
    prefixes: Vec<Vec<u8>>,
    suffixes: Vec<Vec<u8>>,
    regex: Option<Regex>,
    labels: Vec<String>,
}

/// Folded, each run of white space one space.
fn plain(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (i, word) in text.split_whitespace().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        out.extend(folded(word));
    }
    out
}

/// Letters and digits alone, folded, where there is a digit and enough of them.
fn number(plain: &[u8]) -> Option<Vec<u8>> {
    let bare: Vec<u8> = plain
        .iter()
        .copied()
        .filter(|b| b.is_ascii_alphanumeric() || !b.is_ascii())
        .collect();
    (bare.len() >= NUMBER && bare.iter().any(u8::is_ascii_digit)).then_some(bare)
}

impl AllowTable {
    pub(super) fn new(allow: &Allow) -> Result<Option<Self>, RecogniserFault> {
        let lists = [
            &allow.values,
            &allow.prefixes,
            &allow.suffixes,
            &allow.regexes,
        ];
        let len = lists.iter().map(|list| list.len()).sum();
        if len > MAX_ENTRIES {
            return Err(RecogniserFault::TooLong {
                len,
                limit: MAX_ENTRIES,
            });
        }
        if allow.labels.iter().any(|l| Meaning::of_label(l).is_none()) {
            return Err(RecogniserFault::Label);
        }
        let mut values = Phrases::default();
        for (entry, value) in allow.values.iter().enumerate() {
            if !values.add(0, value) {
                return Err(RecogniserFault::EmptyEntry { entry });
            }
        }
        let ends = |list: &[String]| -> Result<Vec<Vec<u8>>, RecogniserFault> {
            let fold = list.iter().map(|end| plain(end)).enumerate();
            fold.map(|(entry, end)| match end.is_empty() {
                true => Err(RecogniserFault::EmptyEntry { entry }),
                false => Ok(end),
            })
            .collect()
        };
        let mut whole: Vec<Vec<u8>> = allow.values.iter().map(|v| plain(v)).collect();
        let mut numbers: Vec<Vec<u8>> = whole.iter().filter_map(|v| number(v)).collect();
        whole.sort_unstable();
        numbers.sort_unstable();
        Ok((len > 0).then_some(Self {
            values: values.ready(),
            lengths: numbers.iter().fold(0, |all, n| all | 1 << n.len().min(63)),
            whole,
            numbers,
            prefixes: ends(&allow.prefixes)?,
            suffixes: ends(&allow.suffixes)?,
            regex: regex(&allow.regexes)?,
            labels: allow.labels.clone(),
        }))
    }

    /// Whether a value is allowed as a whole.
    pub(super) fn holds(&self, value: &str, kind: Kind) -> bool {
        self.whole.binary_search(&plain(value)).is_ok()
            || self.holds_number(value, kind)
            || self.holds_by_form(value)
    }

    /// Whether a value is one of the numbers, however it is written.
    fn holds_number(&self, value: &str, kind: Kind) -> bool {
        let numeric = matches!(
            kind,
            Kind::Phone
                | Kind::Card
                | Kind::Iban
                | Kind::Id
                | Kind::Order
                | Kind::Tracking
                | Kind::CustomerId
                | Kind::Custom
        );
        numeric
            && self.long_as_a_number(value)
            && number(&plain(value)).is_some_and(|n| self.numbers.binary_search(&n).is_ok())
    }

    /// Whether a value begins, ends, or is formed as one that is allowed.
    fn holds_by_form(&self, value: &str) -> bool {
        if !self.prefixes.is_empty() || !self.suffixes.is_empty() {
            let folded = plain(value);
            if self.prefixes.iter().any(|p| folded.starts_with(p))
                || self.suffixes.iter().any(|s| folded.ends_with(s))
            {
                return true;
            }
        }
        let fits = |regex: &Regex| regex.is_match(Input::new(value.trim()));
        self.regex.as_ref().is_some_and(fits)
    }

    /// Whether a number among the values may have the length of this one: most findings end here.
    fn long_as_a_number(&self, value: &str) -> bool {
        let len = value.bytes().filter(u8::is_ascii_alphanumeric).count();
        !value.is_ascii() || self.lengths >> len.min(63) & 1 == 1
    }

    /// Takes out what is allowed, and what lies within a value or number that is; beginnings, ends and expressions are asked of a
    /// whole finding and speak for it alone. What is known of the customer stays.
    pub(super) fn apply(&self, scan: &Scan<'_>, candidates: &mut Vec<Finding>) {
        let meant = |finding: &Finding| {
            !finding.why().by("known")
                && (self.labels.is_empty() || self.labels.iter().any(|l| l == finding.label()))
        };
        let mut spans: Vec<Span> = Vec::new();
        if let Some(values) = &self.values {
            let tokens = scan.tokens.all().iter().enumerate();
            spans.extend(
                tokens.flat_map(|(at, token)| values.at(scan, at, token).map(|(_, _, span)| span)),
            );
        }
        for finding in candidates.iter().filter(|f| meant(f)) {
            let value = finding.span().of(scan.text).unwrap_or("");
            // Values as they stand were found above.
            if self.holds_number(value, finding.kind()) {
                spans.push(finding.span());
            }
        }
        let forms = !(self.prefixes.is_empty() && self.suffixes.is_empty()) || self.regex.is_some();
        if spans.is_empty() && !forms {
            return;
        }
        // The farthest end of all that begin up to here: whether one of them covers a finding is one look.
        spans.sort_unstable();
        let mut reach = 0;
        let reach: Vec<(usize, usize)> = spans
            .iter()
            .map(|span| {
                reach = span.end().max(reach);
                (span.start(), reach)
            })
            .collect();
        candidates.retain(|finding| {
            let span = finding.span();
            let before = reach.partition_point(|(start, _)| *start <= span.start());
            let covered = before
                .checked_sub(1)
                .and_then(|at| reach.get(at))
                .is_some_and(|(_, end)| *end >= span.end());
            let by_form = || {
                let value = finding.span().of(scan.text).unwrap_or("");
                forms && self.holds_by_form(value)
            };
            !(meant(finding) && (covered || by_form()))
        });
    }
}

/// Expressions that must fit from end to end, as one automaton.
fn regex(list: &[String]) -> Result<Option<Regex>, RecogniserFault> {
    if list.is_empty() {
        return Ok(None);
    }
    let mut whole = Vec::with_capacity(list.len());
    for (entry, expression) in list.iter().enumerate() {
        let hir = parse(expression).map_err(Box::new);
        let hir = hir.map_err(|fault| RecogniserFault::Entry { entry, fault })?;
        whole.push(Hir::concat(vec![
            Hir::look(Look::Start),
            hir,
            Hir::look(Look::End),
        ]));
    }
    Regex::builder()
        .configure(Config::new().nfa_size_limit(Some(MAX_COMPILED)))
        .build_many_from_hir(&whole)
        .map(Some)
        .map_err(|_| RecogniserFault::TooLarge)
}
