//! Patterns by set: each compiled once, chosen for each text, so that one tenant's never meet another's.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::allow::AllowTable;
use super::compile::{Compiled, compile, of_number};
use super::engine::{Engine, Expression};
use super::pattern::{Allow, Pattern, PatternSet};
use super::phrases::Phrases;
use super::recognise::Meaning;
use super::rule::{self, Asked, By, Rule};
use super::{CustomRecogniser, Looks, TenantPattern};
use crate::error::{Error, RecogniserFault};
use crate::finding::Finding;
use crate::kind::Kind;
use crate::scan::Scan;

/// Most patterns of one set.
const MAX_PATTERNS: usize = 1_000;

/// One set, compiled.
pub(crate) struct Part {
    engine: Option<Engine>,
    words: Option<Phrases>,
    rules: Vec<Rule>,
    allow: Vec<AllowTable>,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Part({} patterns)", self.rules.len())
    }
}

/// All sets: the one for every text, and those with names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sets {
    base: Option<Arc<Part>>,
    named: Arc<BTreeMap<String, Arc<Part>>>,
}

impl Sets {
    /// Compiles everything.
    pub(crate) fn new(recognisers: &[CustomRecogniser], set: &PatternSet) -> Result<Self, Error> {
        let mut parts: BTreeMap<Option<&str>, Builder> = BTreeMap::new();
        for (index, one) in recognisers.iter().enumerate() {
            let bad = |fault| Error::BadRecogniser { index, fault };
            let part = parts.entry(None).or_default();
            part.recogniser(one, index).map_err(bad)?;
        }
        for (index, pattern) in set.patterns.iter().enumerate() {
            let part = parts.entry(pattern.set.as_deref()).or_default();
            part.pattern(pattern, index)
                .map_err(|fault| bad_pattern(index, pattern, fault))?;
        }
        for (index, allow) in set.allow.iter().enumerate() {
            let part = parts.entry(allow.set.as_deref()).or_default();
            part.allow(allow)
                .map_err(|fault| Error::BadAllow { index, fault })?;
        }
        let mut base = None;
        let mut named = BTreeMap::new();
        for (name, part) in parts {
            let built = Arc::new(part.build(&set.patterns)?);
            match name {
                None => base = Some(built),
                Some(name) => drop(named.insert(name.to_owned(), built)),
            }
        }
        let named = Arc::new(named);
        Ok(Self { base, named })
    }

    /// The parts for the sets of these names, the one for every text first.
    pub(crate) fn choose(&self, names: &[&str]) -> Result<Vec<Arc<Part>>, Error> {
        let mut chosen: Vec<Arc<Part>> = self.base.iter().cloned().collect();
        for (index, name) in names.iter().enumerate() {
            let part = self.named.get(*name).ok_or(Error::NoSuchSet { index })?;
            if !names.iter().take(index).any(|earlier| earlier == name) {
                chosen.push(Arc::clone(part));
            }
        }
        Ok(chosen)
    }
}

fn bad_pattern(index: usize, pattern: &Pattern, fault: RecogniserFault) -> Error {
    let label = match Meaning::of_label(&pattern.label) {
        Some(_) => pattern.label.clone(),
        None => "-".to_owned(),
    };
    Error::BadPattern {
        index,
        label,
        fault,
    }
}

/// Where a rule comes from, for errors that only the whole tells.
#[derive(Clone, Copy)]
enum Source {
    Recogniser(usize),
    Pattern(usize),
}

#[derive(Default)]
struct Builder {
    expressions: Vec<Expression>,
    words: Phrases,
    rules: Vec<Rule>,
    sources: Vec<Source>,
    allow: Vec<AllowTable>,
}

impl Builder {
    fn push(&mut self, rule: Rule, source: Source) -> Result<(), RecogniserFault> {
        if self.rules.len() >= MAX_PATTERNS {
            return Err(RecogniserFault::TooMany {
                limit: MAX_PATTERNS,
            });
        }
        self.rules.push(rule);
        self.sources.push(source);
        Ok(())
    }

    fn expression(&mut self, compiled: Compiled, number: bool) {
        self.expressions.push(Expression {
            rule: self.rules.len(),
            compiled,
            number,
        });
    }

    fn recogniser(&mut self, one: &CustomRecogniser, index: usize) -> Result<(), RecogniserFault> {
        let by = match &one.looks {
            Looks::Regex(expression) => {
                self.expression(compile(expression)?, false);
                By::Regex
            }
            Looks::Words(words) if words.is_empty() => return Err(RecogniserFault::MatchesNothing),
            Looks::Words(words) => {
                rule::add(&mut self.words, self.rules.len(), words)?;
                By::Words
            }
        };
        let rule = Rule::plain((&one.label).into(), by, one.score);
        self.push(rule, Source::Recogniser(index))
    }

    fn pattern(&mut self, pattern: &Pattern, index: usize) -> Result<(), RecogniserFault> {
        let by = match (&pattern.regex, pattern.words.is_empty(), &pattern.number) {
            (Some(expression), true, None) => {
                self.expression(compile(expression)?, false);
                By::Regex
            }
            (None, false, None) => {
                rule::add(&mut self.words, self.rules.len(), &pattern.words)?;
                By::Words
            }
            (None, true, Some(number)) => {
                TenantPattern::parse(Kind::Custom, number, index)
                    .map_err(|_| RecogniserFault::Number)?;
                self.expression(compile(&of_number(number))?, true);
                By::Number
            }
            _ => return Err(RecogniserFault::Matcher),
        };
        self.push(Rule::of(pattern, by)?, Source::Pattern(index))
    }

    fn allow(&mut self, allow: &Allow) -> Result<(), RecogniserFault> {
        self.allow.extend(AllowTable::new(allow)?);
        Ok(())
    }

    fn build(self, patterns: &[Pattern]) -> Result<Part, Error> {
        let Self {
            expressions,
            words,
            rules,
            sources,
            allow,
        } = self;
        let too_large = |rule: usize| {
            let fault = RecogniserFault::TooLarge;
            match sources.get(rule) {
                Some(Source::Recogniser(index)) => Error::BadRecogniser {
                    index: *index,
                    fault,
                },
                Some(Source::Pattern(index)) => match patterns.get(*index) {
                    Some(pattern) => bad_pattern(*index, pattern, fault),
                    None => bad_pattern(*index, &Pattern::default(), fault),
                },
                None => Error::BadRecogniser { index: 0, fault },
            }
        };
        Ok(Part {
            engine: Engine::new(expressions).map_err(too_large)?,
            words: words.ready(),
            rules,
            allow,
        })
    }
}

impl Part {
    /// Adds what the patterns find.
    pub(crate) fn find(
        &self,
        scan: &Scan<'_>,
        locale: Option<crate::locale::Locale>,
        threshold: f32,
        out: &mut Vec<Finding>,
    ) {
        let asked = Asked {
            scan,
            locale,
            threshold,
        };
        let mut accept = |rule: usize, start: usize, end: usize| {
            let found = self
                .rules
                .get(rule)
                .and_then(|rule| rule.judge(&asked, start, end));
            let believed = found.is_some();
            out.extend(found);
            believed
        };
        if let Some(engine) = &self.engine {
            engine.find(scan.text, &mut accept);
        }
        if let Some(words) = &self.words {
            for (at, token) in scan.tokens.all().iter().enumerate() {
                for (owner, _, span) in words.at(scan, at, token) {
                    accept(owner, span.start(), span.end());
                }
            }
        }
    }

    /// Takes out what is allowed.
    pub(crate) fn allow(&self, scan: &Scan<'_>, candidates: &mut Vec<Finding>) {
        for allow in &self.allow {
            allow.apply(scan, candidates);
        }
    }
}
