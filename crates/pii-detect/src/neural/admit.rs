//! From what a classifier found to candidates: checked, trimmed, and cut where the rules know better.

use super::{NeuralError, NeuralSpan, TokenClassifier};
use crate::cues::Class;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use crate::taken::Taken;
use crate::token::{Token, Tokens};

/// Why all of them are found.
const WHY: Why = Why::new("neural:token:softmax");

/// Rules that are at least this sure keep their words from becoming a name.
const SURE: f32 = 0.6;

/// Words seen in lower case this often are function words, though somebody somewhere is called so.
const OFTEN: u16 = 3;

/// Words that stand beside a name and are no part of it.
const BESIDE: Class = Class::STOP
    .or(Class::TITLE)
    .or(Class::GREETING)
    .or(Class::SIGNOFF)
    .or(Class::RELATION)
    .or(Class::MY);

/// Adds what the classifier finds; `out` holds what the rules found, of which what lies under `threshold` is no obstacle.
pub(crate) fn add(
    classifier: &dyn TokenClassifier,
    scan: &Scan<'_>,
    threshold: f32,
    out: &mut Vec<Finding>,
) -> Result<(), NeuralError> {
    let found = classifier.classify(scan.text)?;
    let ruled = Taken::new(out.iter().filter(|f| f.score() >= threshold && !special(f)));
    let sure = Taken::new(
        out.iter()
            .filter(|f| f.score() >= SURE.max(threshold) && !special(f) && !worded(f.kind())),
    );
    for (index, found) in found.iter().enumerate() {
        let fits = found.span().of(scan.text).is_some() && found.score().is_finite();
        if !fits {
            return Err(NeuralError::BadSpan { index });
        }
        let words = worded(found.kind()) && found.kind() != Kind::Postcode;
        let taken = if words { &sure } else { &ruled };
        for (from, to) in taken.free(found.span()) {
            // A piece cut off a number says something only if it holds a part of the number.
            let whole = (from, to) == (found.span().start(), found.span().end());
            let digits = || scan.slice(from, to).bytes().any(|b| b.is_ascii_digit());
            if (whole || words || digits())
                && let Some(span) = admissible(scan, found, from, to, whole)
            {
                out.push(Finding::new(span, found.kind(), scaled(found.score()), WHY));
            }
        }
    }
    Ok(())
}

/// Findings that speak of what a word means, not of whose it is; names may stand in them.
fn special(finding: &Finding) -> bool {
    finding.why().by("special")
}

/// Kinds that are words: both engines count, and the longer finding wins.
fn worded(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Person | Kind::Location | Kind::Address | Kind::Postcode | Kind::Org
    )
}

/// More probable than not stands where the detector's threshold stands; a rule that checked something is surer than any model.
fn scaled(probability: f32) -> f32 {
    let p = probability.clamp(0.0, 1.0);
    if p < 0.5 { 0.7 * p } else { p - 0.15 }
}

/// The span that may become a candidate, if any.
fn admissible(
    scan: &Scan<'_>,
    found: &NeuralSpan,
    from: usize,
    to: usize,
    whole: bool,
) -> Option<Span> {
    let text = scan.slice(from, to);
    let front = |c: char| !c.is_alphanumeric() && !matches!(c, '+' | '(' | '@');
    let cut = text.trim_start_matches(front);
    let start = to - cut.len();
    let cut = cut.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let span = Span::new(start, start + cut.len())?;
    let digits = cut.chars().filter(|c| c.is_numeric()).count();
    let signs = cut.chars().filter(|c| c.is_alphanumeric()).count();
    match found.kind() {
        Kind::Person => named(&scan.tokens, span),
        Kind::Location | Kind::Org => within(&scan.tokens, span)
            .iter()
            .any(|t| t.word() && t.chars >= 2 && (t.capital() || !t.known().common_word()))
            .then_some(span),
        Kind::Phone => (digits >= 5 || !whole).then_some(span),
        Kind::Id => (digits >= 3 && signs >= 5 || !whole).then_some(span),
        Kind::Postcode => (digits >= 2 && signs <= 10).then_some(span),
        Kind::Email => (cut.contains('@') || !whole).then_some(span),
        Kind::Url => (cut.contains('.') || !whole).then_some(span),
        _ => Some(span),
    }
}

/// The tokens of a span.
fn within<'t>(tokens: &'t Tokens<'_>, span: Span) -> &'t [Token] {
    let all = tokens.all();
    let from = all.partition_point(|t| t.end <= span.start());
    let to = all.partition_point(|t| t.start < span.end());
    all.get(from..to).unwrap_or(&[])
}

/// A name without the words beside it; `None` when nothing of it can be one.
fn named(tokens: &Tokens<'_>, span: Span) -> Option<Span> {
    let all = tokens.all();
    let mut from = all.partition_point(|t| t.end <= span.start());
    let mut to = all.partition_point(|t| t.start < span.end());
    while from < to
        && tokens
            .get(from)
            .is_some_and(|t| t.class.has(BESIDE) && !t.known().name() || t.digits())
    {
        from += 1;
    }
    while from < to {
        let last = tokens.get(to - 1)?;
        let possessive = last.chars == 1
            && matches!(tokens.between(to - 1), "'" | "\u{2019}")
            && tokens.word(to - 1).eq_ignore_ascii_case("s");
        if !(possessive || last.class.has(BESIDE) && !last.known().name() || last.digits()) {
            break;
        }
        to -= 1;
    }
    let speaks = all.get(from..to)?.iter().any(tells);
    if !speaks {
        return None;
    }
    let start = tokens.get(from)?.start.max(span.start());
    let end = tokens.before(to)?.end.min(span.end());
    Span::new(start, end)
}

/// Whether a word may be what makes a name: no single letter, no word of every day in lower case.
fn tells(token: &Token) -> bool {
    let known = token.known();
    token.word()
        && token.chars >= 2
        && !token.class.has(Class::STOP)
        && (token.capital() || !known.common_word() || known.name() && known.lower_bucket() < OFTEN)
}

#[cfg(test)]
mod tests {
    use super::{Taken, scaled};
    use crate::finding::{Finding, Why};
    use crate::kind::Kind;
    use crate::span::Span;

    #[test]
    fn what_is_taken_is_cut_out() {
        let held: Vec<Finding> = [(4, 8), (6, 10), (20, 22)]
            .iter()
            .filter_map(|&(from, to)| Span::new(from, to))
            .map(|span| Finding::new(span, Kind::Phone, 0.9, Why::new("a:b:c")))
            .collect();
        let taken = Taken::new(held.iter());
        let free = |from, to| taken.free(Span::new(from, to).expect("not empty"));
        assert_eq!(free(0, 30), [(0, 4), (10, 20), (22, 30)]);
        assert_eq!(free(5, 9), []);
        assert_eq!(free(10, 20), [(10, 20)]);
        assert_eq!(free(9, 21), [(10, 20)]);
    }

    #[test]
    fn half_is_the_line() {
        assert!((scaled(0.5) - 0.35).abs() < 1e-6);
        assert!((scaled(1.0) - 0.85).abs() < 1e-6);
        assert!(scaled(0.49) < 0.35);
        assert!(scaled(7.0) <= 0.85);
    }
}
