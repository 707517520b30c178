//! What is found first, beside `bm25`. The labels judge; nobody searches with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bm25::{Document, Language, SearchEngineBuilder};
use redact::{MapId, PseudonymMap, seal_marks};
use serde_json::Value;
use suggest_core::{Item, Locale, Retriever};

struct Row {
    id: String,
    text: String,
    labels: BTreeSet<String>,
    group: String,
}

/// Prints errors at rank 1 of both, by group.
pub fn print(corpus: &Path, queries: &Path) -> Result<(), String> {
    let (corpus, queries) = (rows(corpus)?, rows(queries)?);
    let labels: BTreeMap<&str, &BTreeSet<String>> = corpus
        .iter()
        .map(|row| (row.id.as_str(), &row.labels))
        .collect();
    let items: Vec<Item<'_>> = corpus
        .iter()
        .map(|row| Item::new(&row.id, Some(Locale::English), &row.text))
        .collect();
    let ours = Retriever::new(&items);
    let documents: Vec<Document<String>> = corpus
        .iter()
        .map(|row| Document::new(row.id.clone(), &row.text))
        .collect();
    let theirs =
        SearchEngineBuilder::<String>::with_documents(Language::English, documents).build();
    // Asked, and errors of ours and of the peer.
    let mut groups: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in &queries {
        let mut map = PseudonymMap::new(MapId([0; 16]));
        let query = seal_marks(&row.text, &[], &mut map).map_err(|_| "a query cannot be sealed")?;
        let first = ours
            .search(&query, Some(Locale::English), 1)
            .pop()
            .map(|hit| hit.id);
        // All hits, since the peer breaks ties in no order of its own.
        let peer = theirs
            .search(&row.text, corpus.len())
            .into_iter()
            .max_by(|a, b| {
                a.score
                    .total_cmp(&b.score)
                    .then_with(|| b.document.id.cmp(&a.document.id))
            })
            .map(|hit| hit.document.id);
        let wrong = |id: &Option<String>| {
            id.as_ref()
                .is_none_or(|id| labels[id.as_str()].is_disjoint(&row.labels))
        };
        for group in ["all", row.group.as_str()] {
            let counts = groups.entry(group).or_default();
            counts[0] += 1;
            counts[1] += usize::from(wrong(&first));
            counts[2] += usize::from(wrong(&peer));
        }
    }
    println!("| group | asked | tactful: errors at rank 1 | `bm25`: errors at rank 1 |\n|-|-|-|-|");
    for (group, [asked, ours, theirs]) in groups {
        println!("| {group} | {asked} | {ours} | {theirs} |");
    }
    Ok(())
}

fn rows(path: &Path) -> Result<Vec<Row>, String> {
    let file = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut rows = Vec::new();
    for line in file.lines() {
        let row: Value = serde_json::from_str(line).map_err(|_| "a line is no JSON")?;
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let labels = row["labels"].as_array().into_iter().flatten();
        rows.push(Row {
            id: text("id"),
            text: text("text"),
            labels: labels
                .filter_map(|l| l.as_str().map(str::to_owned))
                .collect(),
            group: text("group"),
        });
    }
    Ok(rows)
}
