//! Guards: what a draft may not hold, judged before a person sees it.
//!
//! A guard compares with what the draft may rest on (the cited passages, the facts, the tags of the thread) and never
//! with what seems likely. A guard that cannot decide means no draft.

mod leak;
mod value;
mod words;

use std::fmt;

use chrono::{DateTime, Utc};
use redact::{
    Detector, Kind, Known, Locale, PseudonymMap, Public, Redacted, Span, TagUse, VerifyError,
    tags_in, verify_beside,
};

use crate::fact::Fact;
use crate::knowledge::Passage;
use crate::text;
use crate::thread::Thread;

pub(crate) use words::commands;

use words::{promises, says_free, states};

/// What a guard found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// A tag the map does not know.
    UnknownTag,
    /// A tag of the map that is not of this thread, or a greeting with somebody else's name.
    ForeignTag,
    /// A value of the map in clear.
    LeakedValue,
    /// The draft says something and cites nothing.
    MissingCitation,
    /// It cites what it was not given.
    ForeignCitation,
    /// A number that stands in no cited passage and no fact.
    Number,
    /// Such a date.
    Date,
    /// Such an amount of money.
    Price,
    /// Such a web address.
    Url,
    /// Such an e-mail address.
    Email,
    /// A promise, or an action said to be done, that no cited passage or fact holds.
    Promise,
    /// Not the customer's language.
    Language,
    /// Personal data, or a tag of a kind that is never repeated.
    Pii,
    /// Signs of an instruction to the model, or tags the customer did not use.
    Injection,
    /// It rests on what no longer holds.
    Stale,
}

impl Code {
    /// All codes.
    pub const ALL: [Self; 15] = [
        Self::UnknownTag,
        Self::ForeignTag,
        Self::LeakedValue,
        Self::MissingCitation,
        Self::ForeignCitation,
        Self::Number,
        Self::Date,
        Self::Price,
        Self::Url,
        Self::Email,
        Self::Promise,
        Self::Language,
        Self::Pii,
        Self::Injection,
        Self::Stale,
    ];

    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownTag => "unknown_tag",
            Self::ForeignTag => "foreign_tag",
            Self::LeakedValue => "leaked_value",
            Self::MissingCitation => "missing_citation",
            Self::ForeignCitation => "foreign_citation",
            Self::Number => "number",
            Self::Date => "date",
            Self::Price => "price",
            Self::Url => "url",
            Self::Email => "email",
            Self::Promise => "promise",
            Self::Language => "language",
            Self::Pii => "pii",
            Self::Injection => "injection",
            Self::Stale => "stale",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a finding means for the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a draft is shown or it is not")]
pub enum Severity {
    /// Shown, with the finding beside it.
    Warn,
    /// Not shown.
    Block,
}

impl Severity {
    /// `warn` or `block`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

/// A finding of a guard: code, severity and where, never text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What.
    pub code: Code,
    /// Whether the draft may be shown.
    pub severity: Severity,
    /// Where in the draft, in bytes; `None` when it is about the whole.
    pub span: Option<Span>,
}

impl Finding {
    fn block(code: Code, span: Option<Span>) -> Self {
        Self {
            code,
            severity: Severity::Block,
            span,
        }
    }

    fn warn(code: Code, span: Option<Span>) -> Self {
        Self {
            code,
            severity: Severity::Warn,
            span,
        }
    }
}

/// What a draft is judged against.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The thread it answers.
    pub thread: &'a Thread,
    /// The map of the thread.
    pub map: &'a PseudonymMap,
    /// Finds personal data the draft should not have.
    pub detector: &'a Detector,
    /// The facts it may rest on.
    pub facts: &'a [Fact],
    /// The passages it was given.
    pub supplied: &'a [&'a Passage],
    /// The ids it cites.
    pub citations: &'a [String],
    /// Sentences of the engine's own that any draft may hold.
    pub own: &'a [&'a str],
    /// The customer's language.
    pub locale: Locale,
    /// The instant passages and facts must hold at.
    pub now: DateTime<Utc>,
    /// Whether it may do without a citation: it asks and acknowledges, nothing more.
    pub only_asks: bool,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("facts", &self.facts.len())
            .field("supplied", &self.supplied.len())
            .field("citations", &self.citations.len())
            .field("locale", &self.locale)
            .finish_non_exhaustive()
    }
}

impl<'a> Context<'a> {
    /// Judges against nothing but the thread; add what the draft may rest on.
    #[must_use]
    pub fn new(
        thread: &'a Thread,
        map: &'a PseudonymMap,
        detector: &'a Detector,
        locale: Locale,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            thread,
            map,
            detector,
            facts: &[],
            supplied: &[],
            citations: &[],
            own: &[],
            locale,
            now,
            only_asks: false,
        }
    }

    /// Adds the facts.
    #[must_use]
    pub fn with_facts(mut self, facts: &'a [Fact]) -> Self {
        self.facts = facts;
        self
    }

    /// Adds the passages that were given and the ids that are cited.
    #[must_use]
    pub fn with_passages(mut self, supplied: &'a [&'a Passage], citations: &'a [String]) -> Self {
        self.supplied = supplied;
        self.citations = citations;
        self
    }

    /// The passages that are both given and cited: what the draft may rest on.
    fn cited(&self) -> impl Iterator<Item = &'a Passage> {
        let citations = self.citations;
        self.supplied
            .iter()
            .copied()
            .filter(move |passage| citations.iter().any(|id| id == passage.id()))
    }
}

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
    let uses = tags_in(draft, cx.map);
    let mut findings = Vec::new();
    tag_findings(draft, &uses, cx, &mut findings);
    citation_findings(cx, &mut findings);
    let plain = blanked(draft, &uses);
    value_findings(&plain, cx, &mut findings);
    sentence_findings(&plain, cx, &mut findings);
    language_finding(&plain, cx, &mut findings);
    leak::findings(&plain, cx, &mut findings);
    pii_findings(&plain, cx, &mut findings)?;
    Ok(told_once(findings))
}

/// One finding for one place: a value that is somebody's is not also a number, and half of it not a finding of its own.
fn told_once(mut findings: Vec<Finding>) -> Vec<Finding> {
    let personal: Vec<(Code, Span)> = findings
        .iter()
        .filter(|f| matches!(f.code, Code::LeakedValue | Code::Pii))
        .filter_map(|f| Some((f.code, f.span?)))
        .collect();
    findings.retain(|f| {
        let Some(span) = f.span else { return true };
        !personal.iter().any(|(code, of)| match f.code {
            Code::Number
            | Code::Date
            | Code::Price
            | Code::Url
            | Code::Email
            | Code::MissingCitation => of.overlaps(span),
            Code::Pii => *code == Code::LeakedValue && of.overlaps(span),
            Code::LeakedValue => {
                *code == Code::LeakedValue
                    && *of != span
                    && of.start() <= span.start()
                    && span.end() <= of.end()
            }
            _ => false,
        })
    });
    findings.sort_by_key(|f| (f.span.map_or(0, Span::start), f.code));
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
    let mut findings = check(draft, cx)?;
    if findings.iter().any(|f| f.severity == Severity::Block) {
        return Ok(Judged {
            text: None,
            findings,
        });
    }
    // The guards have compared every value with passages and facts: in whatever form it stands, it is held.
    let uses = tags_in(draft, cx.map);
    let plain = blanked(draft, &uses);
    let held: Vec<&str> = value::values(&plain)
        .into_iter()
        .filter_map(|value| plain.get(value.at))
        .collect();
    let passages = cx.cited().flat_map(|p| [p.title(), p.text()]);
    let public = Public::new(passages.chain(cx.own.iter().copied()).chain(held));
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

/// Kinds that a reply never repeats, even to the person they belong to.
fn is_never_repeated(kind: Kind) -> bool {
    kind.is_special() || matches!(kind, Kind::Card | Kind::Iban | Kind::Id | Kind::Secret)
}

/// More tags than this that the customer did not use in the last message read like a list of all tags.
const UNSEEN_TAGS: usize = 2;

fn tag_findings(draft: &str, uses: &[TagUse], cx: &Context<'_>, out: &mut Vec<Finding>) {
    let last = cx
        .thread
        .open_question()
        .map_or(&[][..], |text| text.tags());
    let mut unseen = Vec::new();
    for found in uses {
        let range = found.range();
        let span = Span::new(range.start, range.end);
        let Some(tag) = found.tag() else {
            out.push(Finding::block(Code::UnknownTag, span));
            continue;
        };
        let of_fact = cx
            .facts
            .iter()
            .any(|fact| fact.value().tags().contains(tag));
        if !of_fact && !cx.thread.tags().any(|other| other == tag) {
            out.push(Finding::block(Code::ForeignTag, span));
        }
        if tag.kind().kind().is_some_and(is_never_repeated) {
            out.push(Finding::block(Code::Pii, span));
        }
        if !of_fact && !last.contains(tag) && !unseen.contains(&tag) {
            unseen.push(tag);
            if unseen.len() > UNSEEN_TAGS {
                out.push(Finding::block(Code::Injection, span));
            }
        }
        if greets(draft, range.start) && tag.kind().kind() == Some(Kind::Person) {
            let theirs = match cx.thread.customer() {
                Some(customer) => same_person(cx.map, tag, &customer),
                // Nobody signs: only a name the customer wrote can be theirs.
                None => cx.thread.by_customer(tag),
            };
            if !theirs {
                out.push(Finding::block(Code::ForeignTag, span));
            }
        }
    }
}

fn same_person(map: &PseudonymMap, a: &redact::Tag, b: &redact::Tag) -> bool {
    let main = |tag: &redact::Tag| map.same_as(tag).unwrap_or_else(|| tag.clone());
    a == b || main(a) == main(b)
}

/// Whether a place lies in the first line that holds words.
fn greets(draft: &str, at: usize) -> bool {
    draft
        .get(..at)
        .is_some_and(|before| !before.trim_start().contains('\n') && text::words(before).len() <= 4)
}

fn citation_findings(cx: &Context<'_>, out: &mut Vec<Finding>) {
    if cx.citations.is_empty() && !cx.only_asks {
        out.push(Finding::block(Code::MissingCitation, None));
    }
    for id in cx.citations {
        match cx.supplied.iter().find(|passage| passage.id() == id) {
            None => out.push(Finding::block(Code::ForeignCitation, None)),
            Some(passage) if !passage.is_valid(cx.now) => {
                out.push(Finding::block(Code::Stale, None));
            }
            Some(_) => {}
        }
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

fn value_findings(plain: &str, cx: &Context<'_>, out: &mut Vec<Finding>) {
    let of = |passage: &Passage| {
        let mut values = value::values(passage.text());
        values.extend(value::values(passage.title()));
        values
    };
    let mut support: Vec<value::Value> = cx.cited().flat_map(of).collect();
    let uncited: Vec<value::Value> = cx.supplied.iter().flat_map(|passage| of(passage)).collect();
    support.extend(cx.own.iter().flat_map(|line| value::values(line)));
    let mut stale = Vec::new();
    for fact in cx.facts {
        let known = value::values(&text::without_tags(fact.value().as_str()));
        if fact.is_valid(cx.now) {
            support.extend(known);
        } else {
            stale.extend(known);
        }
    }
    for found in value::values(plain) {
        if support.iter().any(|known| found.is_held_by(known)) {
            continue;
        }
        let span = Span::new(found.at.start, found.at.end);
        if uncited.iter().any(|known| found.is_held_by(known)) {
            // It stands in a passage that was given and not named.
            let told =
                |f: &Finding| matches!(f.code, Code::MissingCitation | Code::ForeignCitation);
            if !out.iter().any(told) {
                out.push(Finding::block(Code::MissingCitation, span));
            }
            continue;
        }
        let code = if stale.iter().any(|known| found.is_held_by(known)) {
            Code::Stale
        } else {
            found.code()
        };
        out.push(Finding::block(code, span));
    }
}

/// How much of a promise must stand in what the draft rests on.
const HELD: f32 = 0.7;

fn sentence_findings(plain: &str, cx: &Context<'_>, out: &mut Vec<Finding>) {
    let stemmer = text::stemmer(Some(cx.locale));
    let mut rests_on: Vec<String> = Vec::new();
    for held in cx
        .cited()
        .map(Passage::text)
        .chain(cx.own.iter().copied())
        .chain(cx.facts.iter().map(|fact| fact.value().as_str()))
    {
        rests_on.extend(text::stems(held, stemmer.as_ref()));
    }
    for range in text::sentences(plain) {
        let sentence = plain.get(range.clone()).unwrap_or_default();
        let span = Span::new(range.start, range.end);
        let held = || {
            let stems = text::stems(sentence, stemmer.as_ref());
            let content: Vec<_> = stems.iter().filter(|stem| stem.len() > 3).collect();
            let found = content
                .iter()
                .filter(|stem| rests_on.contains(stem))
                .count();
            !content.is_empty() && found as f32 >= HELD * content.len() as f32
        };
        if commands(sentence) && !held() {
            out.push(Finding::block(Code::Injection, span));
        }
        let said_free = || cx.cited().any(|p| says_free(p.text(), cx.locale));
        let state_known = || {
            cx.facts
                .iter()
                .any(|f| f.is_valid(cx.now) && f.kind().tells_state())
        };
        let unheld = (promises(sentence, cx.locale) && !held())
            || (says_free(sentence, cx.locale) && !said_free() && !held())
            || (states(sentence, cx.locale) && !state_known() && !held());
        if unheld {
            out.push(Finding::block(Code::Promise, span));
        }
    }
    let lower = plain.to_lowercase();
    for sign in [
        "<script",
        "javascript:",
        "![",
        "<img",
        "<iframe",
        "data:text",
    ] {
        if let Some(at) = lower.find(sign) {
            // Lower case of some letters is longer; an offset that no longer fits is left out.
            let span = Span::new(at, at + sign.len()).filter(|s| s.of(plain).is_some());
            out.push(Finding::block(Code::Injection, span));
        }
    }
}

/// Fewer words than this say too little about their language.
const LANGUAGE_WORDS: usize = 8;

fn language_finding(plain: &str, cx: &Context<'_>, out: &mut Vec<Finding>) {
    if text::words(plain).len() < LANGUAGE_WORDS {
        return;
    }
    if let Some(locale) = redact::detect_locale(plain)
        && locale != cx.locale
    {
        out.push(Finding::block(Code::Language, None));
    }
}

fn pii_findings(plain: &str, cx: &Context<'_>, out: &mut Vec<Finding>) -> Result<(), Undecided> {
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        cx.detector.detect(plain, &Known::default())
    }))
    .map_err(|_| Undecided)?
    .map_err(|_| Undecided)?;
    let public: Vec<String> = cx
        .cited()
        .flat_map(|p| [p.title(), p.text()])
        .chain(cx.own.iter().copied())
        .map(folded_words)
        .collect();
    for finding in &found {
        let span = finding.span();
        let part = folded_words(span.of(plain).unwrap_or_default());
        if part.len() <= 2 || public.iter().any(|text| text.contains(&part)) {
            continue;
        }
        // Guards of their own judge these against passages and facts, and say so with their own code.
        let judged = matches!(
            finding.kind(),
            Kind::Url | Kind::Email | Kind::Date | Kind::Amount
        );
        let leaked = out.iter().any(|other| {
            other.code == Code::LeakedValue && other.span.is_some_and(|s| s.overlaps(span))
        });
        if judged || leaked {
            continue;
        }
        out.push(if is_personal(finding.kind()) {
            Finding::block(Code::Pii, Some(span))
        } else {
            Finding::warn(Code::Pii, Some(span))
        });
    }
    Ok(())
}

/// Kinds that belong to one person; a town or a company may just be spoken of.
fn is_personal(kind: Kind) -> bool {
    !matches!(kind, Kind::Location | Kind::Org | Kind::Age | Kind::Custom)
}

/// Words with one space around each, so that punctuation around a quotation does not count.
fn folded_words(text: &str) -> String {
    let mut out = String::from(" ");
    for word in text::words(text) {
        out.push_str(&word.folded);
        out.push(' ');
    }
    out
}
