//! Templates and what fills them.
//!
//! The format of a template is told in README.md. Names of every tenth hash are kept for the development templates, so that
//! neither their texts nor their names were learned.

mod fill;
mod value;

use crate::sample::{Mark, Random, Sample, hash};
use std::collections::BTreeMap;
use std::path::Path;

/// The languages that have templates.
pub(crate) const LANGUAGES: [&str; 7] = ["en", "fr", "de", "es", "it", "nl", "pt"];

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Text as it stands.
    Text(String),
    /// Text with a label.
    Marked(String, u8),
    /// `{person:lower#1}`: name, form, number.
    Slot(String, String, String),
}

/// Lists by `language.list`.
type Lists = BTreeMap<String, Vec<String>>;

/// Everything that templates are made of.
#[derive(Debug)]
pub(crate) struct Filler {
    templates: BTreeMap<(String, bool), Vec<Vec<Piece>>>,
    lists: Lists,
}

impl Filler {
    /// Reads templates and lists from the folder of this tool.
    pub(crate) fn read(here: &Path) -> Result<Self, String> {
        let load = |path: std::path::PathBuf| {
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
        };
        let mut lists = Lists::new();
        for line in load(here.join("data/names.tsv"))?
            .lines()
            .chain(load(here.join("data/towns.tsv"))?.lines())
        {
            let columns: Vec<&str> = line.split('\t').collect();
            let (key, value) = match columns.as_slice() {
                [group, kind, name] => (format!("{group}.{kind}"), *name),
                [group, town] => (format!("{group}.town"), *town),
                _ => {
                    return Err(format!(
                        "a line of names or towns has {} columns",
                        columns.len()
                    ));
                }
            };
            let key = if hash(value).is_multiple_of(10) {
                format!("dev.{key}")
            } else {
                key
            };
            lists.entry(key).or_default().push(value.to_owned());
        }
        let mut section = String::new();
        for line in load(here.join("data/fill.txt"))?
            .lines()
            .filter(|l| !l.starts_with('#'))
        {
            if let Some(name) = line.strip_prefix('[') {
                section = name.trim_end_matches(']').to_owned();
            } else {
                let entries = line
                    .split(';')
                    .map(|e| e.trim().to_owned())
                    .filter(|e| !e.is_empty());
                lists.entry(section.clone()).or_default().extend(entries);
            }
        }
        let mut templates = BTreeMap::new();
        for language in LANGUAGES {
            for (folder, dev) in [("templates", false), ("templates/dev", true)] {
                let path = here.join(folder).join(format!("{language}.txt"));
                let text = load(path.clone())?;
                let mut all = Vec::new();
                for one in text.split("\n---\n") {
                    let one = one.trim_matches('\n').trim_end_matches("\n---");
                    if !one.trim().is_empty() {
                        all.push(
                            pieces(one)
                                .map_err(|e| format!("{}: {e} in: {one}", path.display()))?,
                        );
                    }
                }
                templates.insert((language.to_owned(), dev), all);
            }
        }
        Ok(Self { templates, lists })
    }

    /// Every template `times` times, for training or for development.
    pub(crate) fn fill_all(
        &self,
        seed: &str,
        times: usize,
        dev: bool,
    ) -> Result<Vec<Sample>, String> {
        let mut samples = Vec::new();
        for ((language, of_dev), templates) in &self.templates {
            if *of_dev != dev {
                continue;
            }
            for (number, template) in templates.iter().enumerate() {
                for time in 0..times {
                    let random = Random::new(hash(&format!("{seed} {language} {number} {time}")));
                    let mut sample = fill::fill(template, language, dev, &self.lists, random)?;
                    sample.source = format!("{seed} {language}");
                    samples.push(sample);
                }
            }
        }
        Ok(samples)
    }
}

/// Cuts a template into pieces.
fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '[']) {
        let (before, tail) = rest.split_at(at);
        if let Some(inner) = tail.strip_prefix("[[") {
            push_text(&mut all, before);
            let end = inner.find("]]").ok_or("[[ without ]]")?;
            let (literal, after) = inner.split_at(end);
            let (value, label) = literal.rsplit_once('|').ok_or("[[ without label")?;
            let label = crate::sample::LABELS
                .iter()
                .position(|l| *l == label)
                .ok_or_else(|| format!("label {label}"))?;
            all.push(Piece::Marked(value.to_owned(), label as u8));
            rest = after.get(2..).unwrap_or("");
        } else if let Some(inner) = tail.strip_prefix('{')
            && let Some(end) = inner.find(['}', '{', '"', '\n'])
            && inner[end..].starts_with('}')
            && inner[..end]
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b':' | b'#'))
        {
            push_text(&mut all, before);
            let slot = &inner[..end];
            let (slot, number) = slot.split_once('#').unwrap_or((slot, ""));
            let (name, form) = slot.split_once(':').unwrap_or((slot, ""));
            // {person#1:lower} is as good as {person:lower#1}.
            let (number, form) = match number.split_once(':') {
                Some((n, f)) => (n, f),
                None => (number, form),
            };
            if !value::KNOWN.contains(&name) {
                return Err(format!("slot {name}"));
            }
            all.push(Piece::Slot(
                name.to_owned(),
                form.to_owned(),
                number.to_owned(),
            ));
            rest = &inner[end + 1..];
        } else {
            let (text, after) = rest.split_at(at + 1);
            push_text(&mut all, text);
            rest = after;
        }
    }
    push_text(&mut all, rest);
    Ok(all)
}

fn push_text(all: &mut Vec<Piece>, text: &str) {
    if let Some(Piece::Text(last)) = all.last_mut() {
        last.push_str(text);
    } else if !text.is_empty() {
        all.push(Piece::Text(text.to_owned()));
    }
}

/// A text in the making.
#[derive(Debug, Default)]
struct Page {
    text: String,
    marks: Vec<Mark>,
}

impl Page {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn mark(&mut self, text: &str, label: u8) {
        let start = self.text.len();
        self.text.push_str(text);
        self.marks.push(Mark {
            start,
            end: self.text.len(),
            label,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    #[test]
    fn slots_labels_and_literal_braces() {
        let all =
            pieces("Hi {given#1}, [[Nespresso|OTH]] {\"a\": \"{person:lower#2}\"} [x]").unwrap();
        assert_eq!(
            all,
            [
                Piece::Text("Hi ".into()),
                Piece::Slot("given".into(), String::new(), "1".into()),
                Piece::Text(", ".into()),
                Piece::Marked("Nespresso".into(), 3),
                Piece::Text(" {\"a\": \"".into()),
                Piece::Slot("person".into(), "lower".into(), "2".into()),
                Piece::Text("\"} [x]".into()),
            ]
        );
        assert!(pieces("{persona}").is_err());
        assert!(pieces("[[Paris|TOWN]]").is_err());
    }
}
