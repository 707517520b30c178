//! Drafts by a model: a grounded prompt, an untrusted answer, the same guards.

use crate::draft::{NoSuggestion, Reason, Source, Suggestion};
use crate::fact::Fact;
use crate::knowledge::Passage;
use crate::model::ChatModel;
use crate::prompt::{NO_ANSWER, Prompt, SOURCES};
use crate::suggest::{Engine, Made, Question, Request};

/// Passages a model is given at most.
const PASSAGES: usize = 5;

/// A passage with a lower score is not worth its place.
const WORTH: f32 = 0.08;

/// An answer longer than this is not a reply to a customer.
const MAX_BYTES: usize = 20_000;

impl Engine {
    pub(super) async fn by_model(
        &self,
        request: &Request<'_>,
        question: &Question<'_>,
        model: &dyn ChatModel,
    ) -> Suggestion {
        let intent = question.reading.map(|reading| reading.intent);
        let none = |reason| {
            Suggestion::None(NoSuggestion {
                reason,
                findings: Vec::new(),
                intent,
                locale: Some(question.locale),
                rights: Vec::new(),
            })
        };
        let found = self.passages(request, question, intent);
        let supplied: Vec<&Passage> = found
            .passages
            .iter()
            .filter(|ranked| ranked.score >= WORTH)
            .take(PASSAGES)
            .map(|ranked| ranked.passage)
            .collect();
        let facts: Vec<&Fact> = request
            .facts
            .iter()
            .filter(|fact| fact.is_valid(request.now))
            .collect();
        if supplied.is_empty() && facts.is_empty() {
            // A model without anything to rest on can only guess.
            return none(if found.stale {
                Reason::StaleKnowledge
            } else {
                Reason::NoKnowledge
            });
        }
        let mut relations = request.map.relations();
        relations.extend(request.map.owners());
        let prompt = Prompt::build(
            request.thread,
            &supplied,
            &facts,
            &relations,
            question.locale,
            self.voice(request, question.locale).tone,
        );
        let reply = match model.complete(&prompt, &self.options.call).await {
            Ok(reply) => reply,
            Err(error) => return none(Reason::ModelFailed(error)),
        };
        let untrusted = reply.untrusted();
        if untrusted.len() > MAX_BYTES {
            return none(Reason::ModelFailed(crate::model::ModelError::Unreadable));
        }
        let (text, citations) = taken_apart(untrusted);
        if text.is_empty() || text.contains(NO_ANSWER) {
            return none(Reason::ModelAbstained);
        }
        let confidence = question
            .reading
            .map_or(0.3, |reading| 0.4 + 0.4 * reading.confidence);
        self.checked(
            request,
            &Made {
                text: text.to_owned(),
                // Facts alone need no passage.
                only_asks: supplied.is_empty(),
                citations,
                supplied: &supplied,
                confidence,
                intent,
                locale: question.locale,
                source: Source::Model,
                engine: Some(&model.info().name),
            },
        )
    }
}

/// Splits an answer into the reply and the ids of its last `SOURCES:` line.
fn taken_apart(answer: &str) -> (&str, Vec<String>) {
    let mut at = answer.len();
    for line in answer.split_inclusive('\n').rev() {
        at -= line.len();
        let bare = line.trim().trim_matches(['*', '_', '#', '`', ' ']);
        let Some(head) = bare.get(..SOURCES.len()) else {
            continue;
        };
        if !head.eq_ignore_ascii_case(SOURCES) {
            continue;
        }
        let ids = bare
            .get(SOURCES.len()..)
            .unwrap_or_default()
            .split([',', ';', ' '])
            .map(|id| id.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
            .filter(|id| !id.is_empty() && !id.eq_ignore_ascii_case("none"))
            .map(str::to_owned)
            .collect();
        return (answer.get(..at).unwrap_or_default().trim(), ids);
    }
    (answer.trim(), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_taken_apart() {
        for (answer, text, ids) in [
            ("Hello.\nSOURCES: a#b, c#d", "Hello.", &["a#b", "c#d"][..]),
            ("Hello.\n\n**Sources:** [a#b]\n", "Hello.", &["a#b"]),
            ("Hello.\nSOURCES: none", "Hello.", &[]),
            ("Hello.", "Hello.", &[]),
            (
                "SOURCES: x\nHello.\nsources: y#z",
                "SOURCES: x\nHello.",
                &["y#z"],
            ),
        ] {
            let (got, citations) = taken_apart(answer);
            assert_eq!(
                (got, citations.as_slice()),
                (
                    text,
                    &ids.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()[..]
                ),
                "{answer}"
            );
        }
    }
}
