//! Drafts without a model: the playbook around a passage or a fact, or the sentences of a passage.

use redact::{Kind, Tag};

use crate::draft::{NoSuggestion, Reason, Source, Suggestion};
use crate::fact::Fact;
use crate::intent::{self, Intent};
use crate::knowledge::Passage;
use crate::playbook::{Voice, needs};
use crate::prompt::Tone;
use crate::suggest::ranked::Ranked;
use crate::suggest::{Engine, Made, Question, Request};
use crate::text;

/// Below this lead an intent is not clear.
const CLEAR: f32 = 0.3;

/// A passage is about an intent from here on.
const ABOUT: f32 = 0.35;

/// A second intent is answered when a passage is about it as much as this.
const ABOUT_SECOND: f32 = 0.6;

/// A section of the same article is quoted too when it is nearly as good.
const BESIDE: f32 = 0.85;

/// For a question that only a passage can answer, how much of it the passage must hold.
const COVERED: f32 = 0.6;

/// Likeness below which a passage has little to do with a question.
const ALIKE: f32 = 0.12;

/// Longest quotation in characters, and in sentences.
const QUOTE_CHARS: usize = 700;
const QUOTE_SENTENCES: usize = 6;

impl Engine {
    pub(super) fn embedded(&self, request: &Request<'_>, question: &Question<'_>) -> Suggestion {
        let none = |reason, intent| {
            Suggestion::None(NoSuggestion {
                reason,
                findings: Vec::new(),
                intent,
                locale: Some(question.locale),
                rights: Vec::new(),
            })
        };
        if !intent::supported(question.locale) {
            return none(Reason::UnsupportedLanguage, None);
        }
        let clear = question.reading.filter(|r| r.confidence >= CLEAR);
        let intent = clear.map(|r| r.intent);
        let found = self.passages(request, question, intent);
        let facts: Vec<&Fact> = request
            .facts
            .iter()
            .filter(|fact| fact.is_valid(request.now) && fact.fits(question.last))
            .collect();
        if let Some(prepared) = self.prepared(request, question, clear, &facts)
            && prepared.draft().is_some()
        {
            return prepared;
        }
        if let (Some(intent), Some(reading)) = (intent, clear) {
            let mut chosen: Vec<Ranked<'_>> = Vec::new();
            if let Some(best) = found
                .passages
                .iter()
                .find(|r| self.answers(r, intent, question))
            {
                chosen.push(*best);
                chosen.extend(beside(&found.passages, best));
                chosen.extend(self.also(request, question, reading.second, best));
                chosen.sort_by_key(|r| {
                    (r.passage.source() != best.passage.source(), r.passage.place)
                });
            }
            let stated: Vec<&Fact> = facts
                .iter()
                .copied()
                .filter(|fact| fact.kind().key().is_some() && takes_facts(intent))
                .collect();
            return self
                .playbook_draft(
                    request,
                    question,
                    intent,
                    reading.confidence,
                    &chosen,
                    &stated,
                )
                .unwrap_or_else(|| {
                    let reason = if found.stale && chosen.is_empty() {
                        Reason::StaleKnowledge
                    } else {
                        Reason::NoKnowledge
                    };
                    none(reason, Some(intent))
                });
        }
        match self.nearest(question, &found.passages) {
            Some((ranked, covered)) => self.extractive_draft(request, question, ranked, covered),
            None if found.stale && found.passages.is_empty() => none(Reason::StaleKnowledge, None),
            None => none(Reason::IntentUnclear, None),
        }
    }

    /// Whether a passage answers a clear intent. An open question is only answered by what holds its words.
    fn answers(&self, ranked: &Ranked<'_>, intent: Intent, question: &Question<'_>) -> bool {
        let about = ranked.topic >= ABOUT;
        match intent {
            Intent::Thanks | Intent::Complaint => false,
            Intent::ProductQuestion => self.covers(question, ranked) >= COVERED,
            Intent::Shipping | Intent::Voucher | Intent::PaymentProblem | Intent::AccountAccess => {
                about && (ranked.alike >= ALIKE || ranked.topic >= 0.8)
            }
            _ => about,
        }
    }

    fn covers(&self, question: &Question<'_>, ranked: &Ranked<'_>) -> f32 {
        if ranked.alike < ALIKE {
            return 0.0;
        }
        let asked = asked(question.words);
        self.coverage(&asked, ranked.passage)
    }

    /// The passage of a second intent, when the message clearly asks that too and another passage answers it.
    fn also<'s>(
        &'s self,
        request: &Request<'_>,
        question: &Question<'_>,
        second: Option<Intent>,
        first: &Ranked<'_>,
    ) -> Option<Ranked<'s>> {
        // Only a neighbour: two matters of different kinds in one mail are for a human to weigh.
        let second = second.filter(|second| {
            let intent = question.reading.map(|reading| reading.intent);
            intent.is_some_and(|first| first.family() == second.family())
        })?;
        if first.passage.topic(second) >= ABOUT_SECOND {
            return None;
        }
        self.passages(request, question, Some(second))
            .passages
            .into_iter()
            .find(|r| r.topic >= ABOUT_SECOND && self.answers(r, second, question))
            .filter(|r| r.passage.source() != first.passage.source())
    }

    /// The one passage that holds most of what is asked, when it is well ahead of other articles.
    fn nearest<'r, 'p>(
        &self,
        question: &Question<'_>,
        ranked: &'r [Ranked<'p>],
    ) -> Option<(&'r Ranked<'p>, f32)> {
        let mut scored: Vec<(&Ranked<'_>, f32)> = ranked
            .iter()
            .take(8)
            .map(|r| (r, self.covers(question, r)))
            .collect();
        scored.sort_by(|a, b| {
            (b.1 + b.0.alike)
                .total_cmp(&(a.1 + a.0.alike))
                .then_with(|| a.0.passage.id().cmp(b.0.passage.id()))
        });
        let (best, covered) = *scored.first()?;
        let rival = scored
            .iter()
            .find(|(other, _)| other.passage.source() != best.passage.source());
        let ahead = rival.is_none_or(|(other, c)| c + other.alike < 0.8 * (covered + best.alike));
        (covered >= COVERED && ahead).then_some((best, covered))
    }

    fn playbook_draft(
        &self,
        request: &Request<'_>,
        question: &Question<'_>,
        intent: Intent,
        confidence: f32,
        chosen: &[Ranked<'_>],
        facts: &[&Fact],
    ) -> Option<Suggestion> {
        let voice = self.voice(request, question.locale);
        let order = order_of(question);
        let known = order.is_some()
            || question
                .last
                .tags()
                .iter()
                .any(|tag| is(tag, Kind::Tracking));
        let missing =
            needs(intent).is_some() && !known && facts.is_empty() && !thread_has_order(request);
        let mut paragraphs = vec![voice.ack(Some(intent), order.as_ref())?];
        paragraphs.extend(fact_lines(voice, facts));
        paragraphs.extend(chosen.iter().map(|r| quote(r.passage, question.words)));
        let mut asks = Vec::new();
        if missing {
            asks.extend(voice.frame("ask ORDER"));
        }
        if intent == Intent::ChangeAddress
            && !question
                .last
                .tags()
                .iter()
                .any(|tag| is(tag, Kind::Address))
        {
            asks.extend(voice.frame("ask ADDRESS"));
        }
        if chosen.is_empty() {
            asks.extend(voice.more(intent));
        }
        let says = !chosen.is_empty() || !facts.is_empty();
        if !says && asks.is_empty() && intent != Intent::Thanks {
            return None;
        }
        if !asks.is_empty() {
            paragraphs.push(asks.join(" "));
        }
        let support = chosen.first().map_or(0.5, |r| (r.topic + r.alike).min(1.0));
        Some(self.framed(
            request,
            question,
            paragraphs,
            Made {
                text: String::new(),
                citations: chosen.iter().map(|r| r.passage.id().to_owned()).collect(),
                supplied: &chosen.iter().map(|r| r.passage).collect::<Vec<_>>(),
                only_asks: chosen.is_empty(),
                confidence: (0.6 * confidence + 0.4 * support).min(1.0),
                intent: Some(intent),
                locale: question.locale,
                source: Source::Playbook,
                engine: None,
            },
        ))
    }

    fn extractive_draft(
        &self,
        request: &Request<'_>,
        question: &Question<'_>,
        ranked: &Ranked<'_>,
        covered: f32,
    ) -> Suggestion {
        let voice = self.voice(request, question.locale);
        let ack = voice.ack(None, None).unwrap_or_default();
        let paragraphs = vec![ack, quote(ranked.passage, question.words)];
        self.framed(
            request,
            question,
            paragraphs,
            Made {
                text: String::new(),
                citations: vec![ranked.passage.id().to_owned()],
                supplied: &[ranked.passage],
                only_asks: false,
                confidence: (0.5 * covered + ranked.alike).min(0.9),
                intent: None,
                locale: question.locale,
                source: Source::Extractive,
                engine: None,
            },
        )
    }

    /// Puts greeting and close around the paragraphs and hands all to the guards.
    pub(super) fn framed(
        &self,
        request: &Request<'_>,
        question: &Question<'_>,
        paragraphs: Vec<String>,
        mut made: Made<'_>,
    ) -> Suggestion {
        let customer = request.thread.customer();
        let voice = self.voice(request, question.locale);
        let frame = |key| voice.frame(key).unwrap_or_default();
        let mut parts = vec![voice.hello(customer.as_ref()).unwrap_or_default()];
        parts.extend(paragraphs);
        if made.intent != Some(Intent::Thanks) && voice.tone != Tone::Brief {
            parts.push(frame("close").to_owned());
        }
        parts.push(format!("{}\n{}", frame("bye"), frame("team")));
        made.text = parts.join("\n\n");
        self.checked(request, &made)
    }
}

fn fact_lines(voice: Voice<'_>, facts: &[&Fact]) -> Option<String> {
    let lines: Vec<String> = facts
        .iter()
        .filter_map(|fact| {
            let key = format!("fact {}", fact.kind().key()?);
            let line = voice.frame(&key)?;
            Some(line.replace("{VALUE}", fact.value().as_str().trim()))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Another section of the same article that is about as good and fits into the quotation.
fn beside<'a>(ranked: &[Ranked<'a>], best: &Ranked<'a>) -> Option<Ranked<'a>> {
    let length = |passage: &Passage| passage.text().chars().count();
    ranked
        .iter()
        .find(|r| {
            r.passage.source() == best.passage.source() && r.passage.id() != best.passage.id()
        })
        .filter(|r| r.score >= BESIDE * best.score)
        .filter(|r| length(r.passage) + length(best.passage) <= QUOTE_CHARS)
        .copied()
}

/// Intents whose answer is the state of something.
const fn takes_facts(intent: Intent) -> bool {
    matches!(
        intent,
        Intent::OrderStatus
            | Intent::DeliveryLate
            | Intent::NotReceived
            | Intent::Tracking
            | Intent::Refund
            | Intent::Return
            | Intent::Exchange
            | Intent::CancelOrder
            | Intent::PaymentProblem
            | Intent::Invoice
    )
}

fn is(tag: &Tag, kind: Kind) -> bool {
    tag.kind().kind() == Some(kind)
}

/// The one order the customer's own words speak of; none when there are several.
pub(super) fn order_of(question: &Question<'_>) -> Option<Tag> {
    let mut orders: Vec<&str> = text::tags(question.words)
        .into_iter()
        .filter(|tag| tag.label == Kind::Order.label())
        .map(|tag| tag.text)
        .collect();
    orders.dedup();
    match orders.as_slice() {
        [one] => Tag::parse(one),
        _ => None,
    }
}

fn thread_has_order(request: &Request<'_>) -> bool {
    request.thread.tags().any(|tag| is(tag, Kind::Order))
}

/// The sentences that ask; the whole when none does.
fn asked(words: &str) -> String {
    let asking: Vec<&str> = text::sentences(words)
        .into_iter()
        .filter_map(|range| words.get(range))
        .filter(|sentence| sentence.contains('?'))
        .collect();
    if asking.is_empty() {
        words.to_owned()
    } else {
        asking.join(" ")
    }
}

/// A passage whole when it is short, else the run of its sentences that has most in common with the question.
fn quote(passage: &Passage, words: &str) -> String {
    let ranges = text::sentences(passage.text());
    if passage.text().chars().count() <= QUOTE_CHARS && ranges.len() <= QUOTE_SENTENCES {
        return passage.text().to_owned();
    }
    let stemmer = text::stemmer(Some(passage.locale()));
    let asked: Vec<String> = text::stems(words, stemmer.as_ref())
        .into_iter()
        .filter(|stem| stem.chars().count() > 3)
        .collect();
    let shared: Vec<usize> = ranges
        .iter()
        .map(|range| {
            let sentence = passage.text().get(range.clone()).unwrap_or_default();
            let stems = text::stems(sentence, stemmer.as_ref());
            stems.iter().filter(|stem| asked.contains(stem)).count()
        })
        .collect();
    let mut best: Option<(usize, usize, usize)> = None;
    for (from, first) in ranges.iter().enumerate() {
        for (to, last) in ranges.iter().enumerate().skip(from).take(QUOTE_SENTENCES) {
            if last.end - first.start > QUOTE_CHARS && to > from {
                break;
            }
            let common: usize = shared.iter().skip(from).take(to - from + 1).sum();
            // More in common first, then the shorter, then the earlier.
            if best.is_none_or(|(c, f, t)| common > c || (common == c && to - from < t - f)) {
                best = Some((common, from, to));
            }
        }
    }
    let cut = best.and_then(|(_, from, to)| {
        let (first, last) = (ranges.get(from)?, ranges.get(to)?);
        passage.text().get(first.start..last.end)
    });
    cut.unwrap_or_default().to_owned()
}
