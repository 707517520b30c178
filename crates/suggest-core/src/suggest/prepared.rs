//! A macro of the team's as a draft: the one that answers, with its slots filled by tags and facts.

use redact::{Kind, Tag};

use crate::draft::{Source, Suggestion};
use crate::fact::Fact;
use crate::intent::{Intent, Reading};
use crate::knowledge::slots::{self, Slot};
use crate::knowledge::{Audience, Passage, Pool};
use crate::suggest::embedded::order_of;
use crate::suggest::{Engine, Made, Question, Request};

/// How many macros are looked at.
const NEAREST: usize = 12;

/// A macro is about an intent from here on; one whose slots no other reply could have may be a little less so.
const ABOUT: f32 = 0.45;

/// Where it is about the intent, so much likeness to the words is needed beside it.
const ALIKE: f32 = 0.1;

/// Likeness alone that is enough when no intent is clear, and the share of it that the next macro may not reach.
const SURE: f32 = 0.4;
const RIVAL: f32 = 0.85;

/// What being about the intent counts beside likeness.
const TOPIC: f32 = 0.5;

/// What being about a neighbour of the intent is worth.
const NEIGHBOUR: f32 = 0.8;

struct Candidate<'a> {
    passage: &'a Passage,
    alike: f32,
    topic: f32,
}

impl Candidate<'_> {
    fn score(&self) -> f32 {
        self.alike + TOPIC * self.topic
    }
}

impl Engine {
    /// The macro that answers, when one is well ahead and all its slots can be filled.
    pub(super) fn prepared(
        &self,
        request: &Request<'_>,
        question: &Question<'_>,
        clear: Option<Reading>,
        facts: &[&Fact],
    ) -> Option<Suggestion> {
        let intent = clear.map(|reading| reading.intent);
        let (passage, confidence) = self
            .learned_macro(request, question)
            .or_else(|| self.nearest_macro(request, question, clear))?;
        let text = slots::filled(passage.text(), |slot| {
            filling(slot, request, question, facts)
        })?;
        Some(self.framed(
            request,
            question,
            vec![text],
            Made {
                text: String::new(),
                citations: vec![passage.id().to_owned()],
                supplied: &[passage],
                only_asks: false,
                confidence,
                intent,
                locale: question.locale,
                source: Source::Macro,
                engine: None,
            },
        ))
    }

    /// The macro a classifier of the integrator's is sure of.
    fn learned_macro(
        &self,
        request: &Request<'_>,
        question: &Question<'_>,
    ) -> Option<(&Passage, f32)> {
        let verdict = self.classifier.as_ref()?.classify(question.last);
        let label = verdict.label.filter(|_| verdict.sure)?;
        let passage = self.knowledge.passage(label)?;
        self.may_use(passage, request, question)
            .then_some((passage, verdict.confidence))
    }

    fn nearest_macro(
        &self,
        request: &Request<'_>,
        question: &Question<'_>,
        clear: Option<Reading>,
    ) -> Option<(&Passage, f32)> {
        let intent = clear.map(|reading| reading.intent);
        let found = self
            .knowledge
            .search(Pool::Macro, question.words, question.locale, NEAREST);
        let mut candidates: Vec<Candidate<'_>> = found
            .into_iter()
            .filter(|(passage, _)| self.may_use(passage, request, question))
            .map(|(passage, alike)| Candidate {
                passage,
                alike,
                topic: intent.map_or(0.0, |intent| about(passage, intent)),
            })
            .collect();
        candidates.sort_by(|a, b| {
            b.score()
                .total_cmp(&a.score())
                .then_with(|| a.passage.id().cmp(b.passage.id()))
        });
        let mut candidates = candidates.into_iter();
        let best = candidates.next()?;
        let ahead = candidates
            .next()
            .is_none_or(|rival| rival.score() < RIVAL * best.score());
        let answers = match intent {
            // Words of thanks or anger are answered by no prepared text.
            Some(Intent::Thanks | Intent::Complaint) => false,
            Some(Intent::ProductQuestion) | None => best.alike >= SURE,
            Some(_) => best.topic >= ABOUT && best.alike >= ALIKE,
        };
        let sure = clear.map_or(best.alike, |reading| {
            0.6 * reading.confidence + 0.4 * (best.alike + best.topic).min(1.0)
        });
        (ahead && answers).then_some((best.passage, sure.min(1.0)))
    }

    fn may_use(&self, passage: &Passage, request: &Request<'_>, question: &Question<'_>) -> bool {
        passage.pool() == Pool::Macro
            && passage.locale() == question.locale
            && passage.audience() == Audience::Customer
            && !passage.is_suspicious()
            && passage.is_valid(request.now)
    }
}

/// How much a macro is about an intent, or nearly as much about its neighbour: the answer to either helps.
fn about(passage: &Passage, intent: Intent) -> f32 {
    let beside = Intent::ALL.iter().filter(|other| intent.tolerates(**other));
    beside
        .map(|other| NEIGHBOUR * passage.topic(*other))
        .fold(passage.topic(intent), f32::max)
}

/// What a slot takes. Only canonical tags and sealed facts go in, so nothing of the customer's text can.
fn filling(
    slot: Slot,
    request: &Request<'_>,
    question: &Question<'_>,
    facts: &[&Fact],
) -> Option<String> {
    match slot {
        Slot::Tag(Kind::Order) => order_of(question).map(|tag| tag.to_string()),
        Slot::Tag(Kind::Person) => request.thread.customer().map(|tag: Tag| tag.to_string()),
        Slot::Tag(_) => None,
        Slot::Fact(kind) => {
            // Two facts of one kind are two matters.
            let mut of_kind = facts.iter().filter(|fact| fact.kind() == kind);
            let fact = of_kind.next().filter(|_| of_kind.next().is_none())?;
            Some(fact.value().as_str().trim().to_owned())
        }
    }
}
