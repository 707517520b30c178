//! What the retriever finds first: questions over the passages of a shop's guidelines, and turns over turns of the same intent.
//!
//! The labels judge; the retriever gets ids and texts alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tactful::redact::{MapId, PseudonymMap, seal_marks};
use tactful::suggest_core::{Item, Locale, Retriever};

/// Hits looked at.
const HITS: usize = 10;

/// Intents of a turn that says nothing about a matter.
const EMPTY: [&str; 6] = [
    "contentonly",
    "confirmation",
    "rejection",
    "openinggreeting",
    "closinggreeting",
    "thankyou",
];

/// A text with what it is right for.
#[derive(Debug)]
struct Labelled {
    id: String,
    text: String,
    labels: BTreeSet<String>,
    group: String,
}

/// What is searched, and what is asked.
#[derive(Debug)]
pub struct Rows {
    corpus: Vec<Labelled>,
    queries: Vec<Labelled>,
}

/// What was found, of one group.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    asked: usize,
    first: usize,
    five: usize,
    reciprocal: f64,
}

/// What was found, by group.
#[derive(Debug, Default)]
pub struct Figures(BTreeMap<String, Found>);

impl Figures {
    /// Queries whose first hit was wrong.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.0.get("all").map_or(0, |all| all.asked - all.first)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (group, found) in &self.0 {
            let n = found.asked.max(1) as f64;
            writeln!(
                f,
                "{group:<14} {:>5} asked  {:>4} errors at rank 1  R@1 {:.3}  R@5 {:.3}  MRR {:.3}",
                found.asked,
                found.asked - found.first,
                found.first as f64 / n,
                found.five as f64 / n,
                found.reciprocal / n
            )?;
        }
        Ok(())
    }
}

impl Rows {
    /// The suite of questions over the guidelines, cut as `manifest` says and compared with its sums.
    ///
    /// # Errors
    /// A file does not have the schema, or the guidelines are others.
    pub fn questions(questions: &str, guidelines: &[u8], manifest: &str) -> Result<Self, String> {
        let manifest: Value = serde_json::from_str(manifest).map_err(|e| e.to_string())?;
        if manifest.pointer("/source/sha256") != Some(&sum(guidelines).into()) {
            return Err("these are not the guidelines of the suite: another SHA-256".to_owned());
        }
        let flows: Value = serde_json::from_slice(guidelines).map_err(|e| e.to_string())?;
        let mut corpus = Vec::new();
        for passage in manifest
            .get("passages")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let id = passage
                .get("id")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let text = passage_text(&flows, id).ok_or_else(|| format!("no passage {id}"))?;
            if passage.get("sha256") != Some(&sum(text.as_bytes()).into()) {
                return Err(format!("passage {id} is cut differently"));
            }
            corpus.push(Labelled {
                id: id.to_owned(),
                labels: BTreeSet::from([id.to_owned()]),
                group: String::new(),
                text,
            });
        }
        let mut queries = Vec::new();
        for line in questions.lines().filter(|line| !line.trim().is_empty()) {
            let row: Question = serde_json::from_str(line).map_err(|e| e.to_string())?;
            queries.push(Labelled {
                id: row.id,
                text: row.question,
                labels: BTreeSet::from([row.passage]),
                group: row.case,
            });
        }
        Ok(Self { corpus, queries })
    }

    /// Turns of MultiDoGO: those of `dev` ask, those of `train` are searched; turns without a matter are left out of both.
    ///
    /// # Errors
    /// A file does not have the schema; the two share a conversation.
    pub fn turns(train: &str, dev: &str) -> Result<Self, String> {
        let (corpus, seen) = turns(train)?;
        let (queries, asked) = turns(dev)?;
        if seen.intersection(&asked).next().is_some() {
            return Err("the two files share a conversation".to_owned());
        }
        Ok(Self { corpus, queries })
    }

    /// Corpus and queries as JSON Lines, for `tactful-peers --retrieve`.
    #[must_use]
    pub fn lines(&self) -> [String; 2] {
        [&self.corpus, &self.queries].map(|rows| {
            let line = |r: &Labelled| {
                format!(
                    "{}\n",
                    json!({"id": r.id, "text": r.text, "labels": r.labels, "group": r.group})
                )
            };
            rows.iter().map(line).collect()
        })
    }

    /// Searches for every query.
    ///
    /// # Errors
    /// A query cannot be sealed.
    pub fn run(&self) -> Result<Figures, String> {
        let english = Some(Locale::English);
        let items: Vec<Item<'_>> = self
            .corpus
            .iter()
            .map(|row| Item::new(&row.id, english, &row.text))
            .collect();
        let retriever = Retriever::new(&items);
        let labels: BTreeMap<&str, &BTreeSet<String>> = self
            .corpus
            .iter()
            .map(|row| (row.id.as_str(), &row.labels))
            .collect();
        let mut figures = Figures::default();
        for row in &self.queries {
            let mut map = PseudonymMap::new(MapId([0; 16]));
            let query = seal_marks(&row.text, &[], &mut map)
                .map_err(|_| format!("query {} cannot be sealed", row.id))?;
            let rank = retriever
                .search(&query, english, HITS)
                .iter()
                .position(|hit| {
                    labels
                        .get(hit.id.as_str())
                        .is_some_and(|of| !of.is_disjoint(&row.labels))
                });
            for group in ["all", &row.group] {
                let found = figures.0.entry(group.to_owned()).or_default();
                found.asked += 1;
                if let Some(rank) = rank {
                    found.first += usize::from(rank == 0);
                    found.five += usize::from(rank < 5);
                    found.reciprocal += 1.0 / (rank + 1) as f64;
                }
            }
        }
        Ok(figures)
    }
}

#[derive(Deserialize)]
struct Question {
    id: String,
    case: String,
    question: String,
    passage: String,
}

#[derive(Deserialize)]
struct Turn {
    domain: String,
    conv: String,
    turn: u64,
    tokens: Vec<String>,
    intent: Vec<String>,
}

fn turns(source: &str) -> Result<(Vec<Labelled>, BTreeSet<String>), String> {
    let (mut rows, mut conversations) = (Vec::new(), BTreeSet::new());
    for (n, line) in (1..).zip(source.lines()) {
        let turn: Turn = serde_json::from_str(line).map_err(|e| format!("line {n}: {e}"))?;
        conversations.insert(turn.conv.clone());
        // Some lines hold slots where the intent should be.
        let empty = |intent: &String| EMPTY.contains(&intent.as_str()) || intent.contains(' ');
        if turn.intent.is_empty() || turn.intent.iter().any(empty) {
            continue;
        }
        rows.push(Labelled {
            id: format!("{}/{}", turn.conv, turn.turn),
            text: turn.tokens.join(" "),
            labels: turn.intent.into_iter().collect(),
            group: turn.domain,
        });
    }
    Ok((rows, conversations))
}

/// One passage as `questions_passages.json` says: flow, description, subflow, instructions, actions with their subtexts.
fn passage_text(flows: &Value, id: &str) -> Option<String> {
    let (flow, subflow) = id.split_once('/')?;
    let of = flows.get(flow)?;
    let body = of.get("subflows")?.get(subflow)?;
    let mut parts = vec![flow, of.get("description")?.as_str()?, subflow];
    let strings =
        |value: &'_ Value| -> Option<Vec<String>> { serde_json::from_value(value.clone()).ok() };
    let instructions = strings(body.get("instructions")?)?;
    parts.extend(instructions.iter().map(String::as_str));
    let mut actions = Vec::new();
    for action in body.get("actions")?.as_array()? {
        actions.push(action.get("text")?.as_str()?.to_owned());
        actions.extend(strings(action.get("subtext")?)?);
    }
    parts.extend(actions.iter().map(String::as_str));
    let parts: Vec<String> = parts
        .iter()
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .collect();
    Some(parts.join("\n"))
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
