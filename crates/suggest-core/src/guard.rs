//! Guards: what a draft may not hold, judged before a person sees it.
//!
//! A guard compares with what the draft may rest on (the cited passages, the facts, the tags of the thread) and never
//! with what seems likely. A guard that cannot decide means no draft.

mod claims;
mod code;
mod context;
mod form;
mod impersonal;
mod inject;
mod leak;
mod personal;
mod phrases;
mod promise;
mod spans;
mod tags;
mod value;
mod words;

use std::ops::Range;

use redact::{Public, Redacted, TagUse, VerifyError, tags_in, verify_beside};

pub use code::{Code, Finding, Severity};
pub use context::Context;
pub use inject::is_suspicious;

pub(crate) use words::commands;

use spans::Spans;

/// A guard could not decide: the detector failed. There is no draft then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a guard could not decide: the draft is not used")]
#[non_exhaustive]
pub struct Undecided;

/// Judges a draft before it is verified, so that its findings can say where they are.
///
/// The text may hold tags in any form a restorer accepts. Findings come in the order of the draft.
///
/// # Errors
/// [`Undecided`] when the detector fails.
pub fn check(draft: &str, cx: &Context<'_>) -> Result<Vec<Finding>, Undecided> {
    Ok(checked(draft, cx)?.0)
}

/// Findings, and where in the draft something stands that looks personal and is not.
fn checked(draft: &str, cx: &Context<'_>) -> Result<(Vec<Finding>, Vec<Range<usize>>), Undecided> {
    let uses = tags_in(draft, cx.map);
    let mut findings = Vec::new();
    tags::findings(draft, &uses, cx, &mut findings);
    form::findings(draft, cx, &mut findings);
    inject::findings(draft, cx, &mut findings);
    let plain = blanked(draft, &uses);
    claims::citations(&plain, cx, &mut findings);
    claims::values(&plain, cx, &mut findings);
    promise::findings(&plain, cx, &mut findings);
    personal::language(&plain, cx, &mut findings);
    leak::findings(&plain, cx, &mut findings);
    let mut held = Vec::new();
    personal::findings(&plain, cx, &mut held, &mut findings)?;
    Ok((told_once(findings), held))
}

/// One finding for one place: a value that is somebody's is not also a number, and half of it not a finding of its own.
fn told_once(mut findings: Vec<Finding>) -> Vec<Finding> {
    let spans = |code: Code| {
        Spans::new(
            findings
                .iter()
                .filter(|f| f.severity == Severity::Block && f.code == code)
                .filter_map(|f| f.span),
        )
    };
    let (leaked, personal) = (spans(Code::LeakedValue), spans(Code::Pii));
    findings.retain(|f| {
        let Some(span) = f.span else { return true };
        match f.code {
            Code::Number
            | Code::Date
            | Code::Price
            | Code::Url
            | Code::Email
            | Code::MissingCitation => !leaked.overlap(span) && !personal.overlap(span),
            Code::Pii => !leaked.overlap(span),
            Code::LeakedValue => !leaked.another_holds(span),
            _ => true,
        }
    });
    findings.sort_by_key(|f| (f.span.map_or(0, redact::Span::start), f.code));
    findings.dedup();
    findings
}

/// What guards and verification say of a draft.
#[derive(Debug)]
#[non_exhaustive]
pub struct Judged {
    /// The draft, bound to its map; `None` when something blocks it.
    pub text: Option<Redacted>,
    /// All findings.
    pub findings: Vec<Finding>,
}

/// Judges a draft and, when nothing blocks it, verifies it: the only way from any text to a draft.
///
/// # Errors
/// [`Undecided`] when the detector fails.
pub fn judge(draft: &str, cx: &Context<'_>) -> Result<Judged, Undecided> {
    let (mut findings, excused) = checked(draft, cx)?;
    if findings.iter().any(|f| f.severity == Severity::Block) {
        return Ok(Judged {
            text: None,
            findings,
        });
    }
    // The guards have compared every value with passages and facts: in whatever form it stands, it is held.
    let uses = tags_in(draft, cx.map);
    let plain = blanked(draft, &uses);
    let held: Vec<&str> = value::values(&plain, cx.locale)
        .into_iter()
        .map(|value| value.at)
        .chain(excused)
        .filter_map(|at| plain.get(at))
        .collect();
    let passages = cx.cited().flat_map(|p| [p.title(), p.text()]);
    let passages = passages.chain(cx.own.iter().copied()).chain(cx.stated());
    let public = Public::new(passages.chain(held));
    match verify_beside(draft, cx.map, cx.detector, &public) {
        Ok(text) => Ok(Judged {
            text: Some(text),
            findings,
        }),
        Err(refusal) => {
            findings.push(of_refusal(&refusal)?);
            Ok(Judged {
                text: None,
                findings,
            })
        }
    }
}

/// The finding a refusal of `verify` stands for, when the guards before it found nothing.
fn of_refusal(error: &VerifyError) -> Result<Finding, Undecided> {
    match error {
        VerifyError::UnknownTags { .. } | VerifyError::Truncated => {
            Ok(Finding::block(Code::UnknownTag, None))
        }
        VerifyError::Withheld { .. } => Ok(Finding::block(Code::ForeignTag, None)),
        VerifyError::Leak { .. } => Ok(Finding::block(Code::LeakedValue, None)),
        VerifyError::Residue { .. } => Ok(Finding::block(Code::Pii, None)),
        _ => Err(Undecided),
    }
}

/// The draft with its tags blanked out: same offsets, so that spans stay right.
fn blanked(draft: &str, uses: &[TagUse]) -> String {
    let mut out = String::with_capacity(draft.len());
    let mut at = 0;
    for found in uses {
        let range = found.range();
        out.push_str(draft.get(at..range.start).unwrap_or_default());
        out.extend(std::iter::repeat_n(
            ' ',
            range.end.saturating_sub(range.start.max(at)),
        ));
        at = range.end.max(at);
    }
    out.push_str(draft.get(at..).unwrap_or_default());
    out
}
