//! A search index as shops have one: words to documents in memory, documents and words in files of 256 documents each.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;
use tactful::Customer;

use super::source::{System, identifiers, replace, sync_folder};

/// Documents of a file.
const SEGMENT: usize = 256;
/// What stands where somebody was.
const ERASED: &str = "(erased)";

struct Document {
    customer: String,
    text: String,
}

impl Document {
    fn words(&self) -> BTreeSet<String> {
        words(&self.text).chain(words(&self.customer)).collect()
    }
}

pub(super) struct Index {
    dir: PathBuf,
    documents: Vec<Option<Document>>,
    words: HashMap<String, Vec<u32>>,
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split_whitespace()
        .map(|w| {
            w.trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase()
        })
        .filter(|w| !w.is_empty())
}

impl Index {
    pub(super) fn create(
        dir: &Path,
        documents: impl IntoIterator<Item = (String, String)>,
    ) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let mut index = Index {
            dir: dir.to_owned(),
            documents: Vec::new(),
            words: HashMap::new(),
        };
        for (customer, text) in documents {
            let document = Document { customer, text };
            let number = index.documents.len() as u32;
            for word in document.words() {
                index.words.entry(word).or_default().push(number);
            }
            index.documents.push(Some(document));
        }
        for segment in 0..index.documents.len().div_ceil(SEGMENT) {
            index.write(segment)?;
        }
        sync_folder(dir)?;
        Ok(index)
    }

    pub(super) fn len(&self) -> usize {
        self.documents.len()
    }

    /// Documents in which a value stands.
    fn find(&self, value: &str) -> Vec<u32> {
        let lists: Option<Vec<&Vec<u32>>> = words(value).map(|w| self.words.get(&w)).collect();
        let Some(shortest) = lists.and_then(|lists| lists.into_iter().min_by_key(|l| l.len()))
        else {
            return Vec::new();
        };
        let holds = |n: &u32| {
            let document = self.documents.get(*n as usize).and_then(Option::as_ref);
            document.is_some_and(|d| d.customer == value || d.text.contains(value))
        };
        shortest.iter().copied().filter(holds).collect()
    }

    fn of(&self, who: &Customer) -> BTreeSet<u32> {
        identifiers(who)
            .flat_map(|value| self.find(value))
            .collect()
    }

    fn forget(&mut self, number: u32, document: &Document) {
        for word in document.words() {
            if let Some(list) = self.words.get_mut(&word) {
                list.retain(|n| *n != number);
                if list.is_empty() {
                    self.words.remove(&word);
                }
            }
        }
    }

    fn write(&self, segment: usize) -> io::Result<()> {
        let first = segment * SEGMENT;
        let here = self.documents.iter().enumerate().skip(first).take(SEGMENT);
        let mut out = Vec::new();
        let mut words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (number, document) in here {
            let Some(document) = document else { continue };
            let line =
                json!({"document": number, "customer": document.customer, "text": document.text});
            serde_json::to_writer(&mut out, &line)?;
            out.push(b'\n');
            for word in document.words() {
                words.entry(word).or_default().push(number);
            }
        }
        serde_json::to_writer(&mut out, &words)?;
        out.push(b'\n');
        replace(&self.dir.join(format!("segment-{segment:05}.jsonl")), &out)
    }
}

impl System for Index {
    fn held(&self, who: &Customer) -> io::Result<u64> {
        Ok(self.of(who).len() as u64)
    }

    /// The person's own documents go, of others' the words that name the person.
    fn erase(&mut self, who: &Customer) -> io::Result<()> {
        let mut segments = BTreeSet::new();
        for number in self.of(who) {
            let Some(document) = self
                .documents
                .get_mut(number as usize)
                .and_then(Option::take)
            else {
                continue;
            };
            segments.insert(number as usize / SEGMENT);
            self.forget(number, &document);
            if who.customer_ids.contains(&document.customer) {
                continue;
            }
            let mut document = document;
            for value in identifiers(who) {
                document.text = document.text.replace(value, ERASED);
            }
            for word in document.words() {
                let list = self.words.entry(word).or_default();
                let at = list.partition_point(|n| *n < number);
                list.insert(at, number);
            }
            if let Some(place) = self.documents.get_mut(number as usize) {
                *place = Some(document);
            }
        }
        for segment in segments {
            self.write(segment)?;
        }
        sync_folder(&self.dir)
    }
}
