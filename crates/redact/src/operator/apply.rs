//! Operators applied to a text.
//!
//! The text is first sealed into a map of the call's own, whatever the operators: so overlaps, further occurrences in any
//! spelling, look-alikes and the second detection are those of [`crate::seal_checked`], and judged on a text in which
//! every value is a tag. Stand-ins and codes therefore never meet the second detection as data: what it judges is the
//! text around them, with them masked. Then each tag gives way to what its operator makes of the value, and the result is
//! searched once more for every value that had to go.

use std::ops::Range;

use pii_detect::{Findings, Known, Locale};
use zeroize::Zeroizing;

use super::error::OperatorError;
use super::generalise::coarser;
use super::hash::code;
use super::mask::mask;
use super::text::{Applied, Partial, Replaced};
use super::{Means, Operator, Operators};
use crate::map::PseudonymMap;
use crate::map::table::Table;
use crate::provenance::Provenance;
use crate::scan::{Found, View, find_all};
use crate::seal::leak::Needles;
use crate::seal::{Mark, guarded, masked, seal_marks, trimmed};
use crate::tag::{Tag, TagKind};
use crate::text::Redacted;

/// As many rounds as sealing has.
const DETECTIONS: usize = 4;

/// A value of the text: where the sealed text has its tag, and where the text has it.
struct Cut {
    tag: Tag,
    sealed: Range<usize>,
    source: Range<usize>,
}

/// The text with everything in its place, and what stands where.
struct Rendered {
    text: Zeroizing<String>,
    puts: Vec<(Range<usize>, Put)>,
}

/// What was put in a value's place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Put {
    Tag,
    Gone,
    Coarse,
    Stand,
    Clear,
}

/// Does with each finding what its kind's operator says.
///
/// The findings must come from the same text. Overlaps become one part of the kind of the longest, as in
/// [`crate::seal()`]; where kinds of one part have different operators and that of the longest would show something of it,
/// the part is dropped. What must go wins over what may stay: a kept value that contains a dropped one is dropped.
///
/// # Errors
/// [`OperatorError`]; the map is then as it was. A detector that fails or panics means that the text is not used.
pub fn apply(
    text: &str,
    findings: &Findings,
    operators: &Operators,
    means: &mut Means<'_>,
) -> Result<Applied, OperatorError> {
    served(operators, means)?;
    let nothing = Known::default();
    let known = means.known.unwrap_or(&nothing);
    let (sealed, values, cuts, marks) = taken_apart(text, findings, known, means)?;
    let chosen = chosen(operators, &cuts, &marks);

    let mut gone = Table::default();
    for (cut, operator) in cuts.iter().zip(&chosen) {
        if *operator != Operator::Keep
            && let Some(value) = values.expose(&cut.tag)
        {
            gone.insert(cut.tag.clone(), value, Provenance::Customer);
        }
    }
    let needles = Needles::new(&gone);

    let before = means.map.len();
    let made = Work {
        operators,
        means,
        needles: &needles,
        findings,
        values: &values,
    }
    .render(sealed.as_str(), &cuts, &chosen)
    .and_then(|made| judged(made.text, &made.puts, &needles, known, means));
    if made.is_err() {
        means.map.roll_back(before);
    }
    made
}

/// The operator of each cut. One that shows something gives way where a part of the cut is of a kind with another.
fn chosen(operators: &Operators, cuts: &[Cut], marks: &[Mark]) -> Vec<Operator> {
    let mut chosen: Vec<Operator> = cuts
        .iter()
        .map(|cut| operators.of(cut.tag.kind()))
        .collect();
    for mark in marks {
        // Sealing has joined marks that overlap, so each lies in one cut.
        let at = cuts.partition_point(|cut| cut.source.end <= mark.range().start);
        if let Some(operator) = chosen.get_mut(at)
            && matches!(
                operator,
                Operator::Keep | Operator::Mask | Operator::Generalise
            )
            && operators.of(mark.kind()) != *operator
        {
            *operator = Operator::Drop;
        }
    }
    chosen
}

/// The first of sorted ranges that reaches beyond a place.
fn reaching(puts: &[(Range<usize>, Put)], at: usize) -> usize {
    puts.partition_point(|(range, _)| range.end <= at)
}

/// Operators that need a key or stand-ins have them, whether this text needs them or not.
fn served(operators: &Operators, means: &Means<'_>) -> Result<(), OperatorError> {
    let missing = |operator, there: bool| match operators.kind_with(operator) {
        Some(kind) if !there => Err(OperatorError::Missing { operator, kind }),
        _ => Ok(()),
    };
    missing(Operator::Hash, means.key.is_some())?;
    missing(Operator::Surrogate, means.surrogates.is_some())
}

/// The text sealed into a map of its own, beside the values the conversation's map knows already.
fn taken_apart(
    text: &str,
    findings: &Findings,
    known: &Known,
    means: &Means<'_>,
) -> Result<(Redacted, PseudonymMap, Vec<Cut>, Vec<Mark>), OperatorError> {
    let mut marks: Vec<Mark> = findings
        .iter()
        .filter_map(|finding| {
            let kind = TagKind::new(finding.label()).unwrap_or_else(|| finding.kind().into());
            Mark::new(finding.span().start()..finding.span().end(), kind)
        })
        .collect();
    let mut kind = TagKind::TEXT;
    for _ in 0..DETECTIONS {
        let mut values = PseudonymMap::new(means.map.id());
        for (tag, value) in means.map.table().entries() {
            values.put(tag.clone(), value, Provenance::Customer);
        }
        let sealed = seal_marks(text, &marks, &mut values)?;
        let cuts = cuts(sealed.as_str(), &values);
        let tags: Vec<Range<usize>> = cuts.iter().map(|cut| cut.sealed.clone()).collect();
        let again = guarded(|| {
            means
                .detector
                .detect(&masked(sealed.as_str(), &tags), known)
        })?;
        let left: Vec<Mark> = again
            .iter()
            .flat_map(|finding| {
                let kind = TagKind::new(finding.label()).unwrap_or(TagKind::TEXT);
                plain_parts(&cuts, finding.span().start()..finding.span().end())
                    .into_iter()
                    .filter_map(move |range| Mark::new(trimmed(text, range), kind.clone()))
            })
            .collect();
        match left.first() {
            None => return Ok((sealed, values, cuts, marks)),
            Some(first) => kind = first.kind().clone(),
        }
        marks.extend(left);
    }
    Err(OperatorError::Residue { kind, count: 1 })
}

/// The tags of a sealed text. Sealing has made sure that nothing else reads like one.
fn cuts(sealed: &str, values: &PseudonymMap) -> Vec<Cut> {
    let mut cuts = Vec::new();
    // How far the text is ahead of the sealed one, in either direction.
    let (mut from_sealed, mut from_source) = (0, 0);
    for found in find_all(sealed, View::Any).0 {
        let tag = sealed.get(found.start..found.end).and_then(Tag::parse);
        let Some((tag, value)) = tag.and_then(|tag| values.expose(&tag).map(|v| (tag.clone(), v)))
        else {
            continue;
        };
        let start = from_source + (found.start - from_sealed);
        cuts.push(Cut {
            tag,
            sealed: found.start..found.end,
            source: start..start + value.len(),
        });
        from_sealed = found.end;
        from_source = start + value.len();
    }
    cuts
}

/// The parts of the text that stand within a range of the sealed one, tags left out.
fn plain_parts(cuts: &[Cut], range: Range<usize>) -> Vec<Range<usize>> {
    let first = cuts.partition_point(|cut| cut.sealed.end <= range.start);
    let source_of = |index: usize, at: usize| match index.checked_sub(1).and_then(|i| cuts.get(i)) {
        Some(cut) => cut.source.end + at.saturating_sub(cut.sealed.end),
        None => at,
    };
    let mut parts = Vec::new();
    let mut at = range.start;
    for index in first..=cuts.len() {
        let next = cuts.get(index);
        let end = next.map_or(range.end, |cut| cut.sealed.start.min(range.end));
        if at < end {
            parts.push(source_of(index, at)..source_of(index, end));
        }
        match next {
            Some(cut) if cut.sealed.end < range.end => at = at.max(cut.sealed.end),
            _ => break,
        }
    }
    parts
}

struct Work<'w, 'a> {
    operators: &'w Operators,
    means: &'w mut Means<'a>,
    needles: &'w Needles,
    findings: &'w Findings,
    values: &'w PseudonymMap,
}

impl Work<'_, '_> {
    fn render(
        mut self,
        sealed: &str,
        cuts: &[Cut],
        chosen: &[Operator],
    ) -> Result<Rendered, OperatorError> {
        let mut pieces: Vec<(Zeroizing<String>, Put)> = Vec::with_capacity(cuts.len());
        for (cut, operator) in cuts.iter().zip(chosen) {
            let value = self.values.expose(&cut.tag).unwrap_or_default();
            let locale = self
                .findings
                .locale_at(cut.source.start)
                .or(self.findings.locale());
            let kind = cut.tag.kind();
            pieces.push(match *operator {
                Operator::Tag => {
                    let tag = self.means.map.tag_of(kind, value)?;
                    (Zeroizing::new(tag.to_string()), Put::Tag)
                }
                other => self
                    .made(other, kind, value, locale)
                    .unwrap_or_else(|| (Zeroizing::new(format!("<{}>", kind.as_str())), Put::Gone)),
            });
        }
        let length = sealed.len() + pieces.iter().map(|(piece, _)| piece.len()).sum::<usize>();
        let mut out = Zeroizing::new(String::with_capacity(length));
        let mut puts = Vec::with_capacity(cuts.len());
        let mut at = 0;
        for (cut, (piece, put)) in cuts.iter().zip(&pieces) {
            out.push_str(sealed.get(at..cut.sealed.start).unwrap_or_default());
            let start = out.len();
            out.push_str(piece);
            puts.push((start..out.len(), *put));
            at = cut.sealed.end;
        }
        out.push_str(sealed.get(at..).unwrap_or_default());
        Ok(Rendered { text: out, puts })
    }

    /// What stands for a value; `None` where that would show one that has to go, or nothing can.
    fn made(
        &mut self,
        operator: Operator,
        kind: &TagKind,
        value: &str,
        locale: Option<Locale>,
    ) -> Option<(Zeroizing<String>, Put)> {
        let shows = |piece: &str| !self.needles.hits(piece, false).is_empty();
        let (piece, put) = match operator {
            Operator::Keep => (Zeroizing::new(value.to_owned()), Put::Clear),
            Operator::Mask => (mask(kind, value), Put::Clear),
            Operator::Generalise => {
                let forms = coarser(kind, value, self.operators.dates);
                let form = forms.into_iter().find(|form| !shows(form))?;
                (Zeroizing::new(form), Put::Coarse)
            }
            Operator::Hash => {
                let (key, tenant) = self.means.key?;
                (
                    Zeroizing::new(code(key, tenant, kind, value, locale)),
                    Put::Stand,
                )
            }
            Operator::Surrogate => {
                let surrogates = self.means.surrogates.as_deref_mut()?;
                (
                    surrogates.stand_in(kind, value, locale, &shows)?,
                    Put::Stand,
                )
            }
            Operator::Drop | Operator::Tag => return None,
        };
        (!shows(&piece)).then_some((piece, put))
    }
}

/// The state of the result, by what stands in it.
fn judged(
    out: Zeroizing<String>,
    puts: &[(Range<usize>, Put)],
    needles: &Needles,
    known: &Known,
    means: &Means<'_>,
) -> Result<Applied, OperatorError> {
    // Tags and kinds say nothing; everything else is looked at together with what stands around it.
    let silent: Vec<Range<usize>> = puts
        .iter()
        .filter(|(_, put)| matches!(put, Put::Tag | Put::Gone))
        .map(|(range, _)| range.clone())
        .collect();
    let starts = std::iter::once(0).chain(silent.iter().map(|range| range.end));
    let ends = silent
        .iter()
        .map(|range| range.start)
        .chain(std::iter::once(out.len()));
    let hits: Vec<_> = starts
        .zip(ends)
        .filter_map(|(start, end)| out.get(start..end))
        .flat_map(|gap| needles.hits(gap, false))
        .collect();
    if let Some(first) = hits.first() {
        return Err(OperatorError::Leak {
            kind: first.kind.clone(),
            count: hits.len(),
        });
    }
    let has = |wanted: Put| puts.iter().any(|(_, put)| *put == wanted);
    if has(Put::Clear) {
        return Ok(Applied::Partial(Partial::new(out)));
    }
    if has(Put::Stand) {
        return Ok(Applied::Replaced(Replaced::new(out.to_string())));
    }
    let again = guarded(|| means.detector.detect(&masked(&out, &silent), known))?;
    let mut coarse = 0;
    for finding in &again {
        let span = finding.span();
        let range = trimmed(&out, span.start()..span.end());
        let touched = puts
            .iter()
            .skip(reaching(puts, range.start))
            .take_while(|(put, _)| put.start < range.end);
        let mut inside = false;
        let mut any_coarse = false;
        for (place, put) in touched {
            inside |= *put != Put::Coarse && place.start <= range.start && range.end <= place.end;
            any_coarse |= *put == Put::Coarse;
        }
        if any_coarse {
            coarse += 1;
        } else if !range.is_empty() && !inside {
            let kind = TagKind::new(finding.label()).unwrap_or_else(|| finding.kind().into());
            return Err(OperatorError::Residue { kind, count: 1 });
        }
    }
    let (seen, open) = find_all(&out, View::Any);
    let is_tag = |f: &Found| {
        let put = puts.get(reaching(puts, f.start));
        put.is_some_and(|(range, put)| *put == Put::Tag && *range == (f.start..f.end))
    };
    let strays = seen.iter().filter(|f| !is_tag(f)).count() + usize::from(open.is_some());
    if strays > 0 {
        return Err(OperatorError::LookAlike { count: strays });
    }
    Ok(if coarse == 0 {
        Applied::Redacted(Redacted::new(out.to_string(), means.map.id()))
    } else {
        Applied::Replaced(Replaced::new(out.to_string()))
    })
}
