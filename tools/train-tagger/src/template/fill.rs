//! Fills one template.

use super::value::{self, Person};
use super::{Lists, Page, Piece};
use crate::sample::{Mark, Random, Sample};
use std::collections::BTreeMap;

/// Names of how many templates in a hundred are treated as never heard of.
const UNHEARD: usize = 25;

pub(super) fn fill(
    template: &[Piece],
    language: &str,
    dev: bool,
    lists: &Lists,
    mut random: Random,
) -> Result<Sample, String> {
    let mut page = Page::default();
    let mut people: BTreeMap<&str, Person> = BTreeMap::new();
    let mut fixed: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let source = value::Source {
        language,
        dev,
        lists,
    };
    for piece in template {
        match piece {
            Piece::Text(text) => page.text(text),
            Piece::Marked(text, label) => page.mark(text, *label),
            Piece::Slot(name, form, number) => {
                let mut fresh = None;
                let person = if number.is_empty() {
                    fresh.insert(source.person(&mut random)?)
                } else {
                    if !people.contains_key(number.as_str()) {
                        people.insert(number, source.person(&mut random)?);
                    }
                    people.get_mut(number.as_str()).ok_or("person")?
                };
                if value::write_person(name, form, person, &mut page, &mut random) {
                    continue;
                }
                if value::write_place(name, form, &source, &mut page, &mut random)? {
                    continue;
                }
                let key = (name.as_str(), number.as_str());
                let text = match fixed.get(&key) {
                    Some(text) if !number.is_empty() => text.clone(),
                    _ => source.other(name, person, &mut random)?,
                };
                let text = value::cased(&text, form);
                if matches!(name.as_str(), "company" | "product" | "brand") {
                    page.mark(&text, 3);
                } else {
                    page.text(&text);
                }
                fixed.insert(key, text);
            }
        }
    }
    // Some people write everything in one case, some without accents.
    let mut sample = Sample {
        text: page.text,
        marks: page.marks,
        ..Sample::default()
    };
    match random.below(100) {
        0..=7 => recase(&mut sample, str::to_lowercase),
        8..=9 => recase(&mut sample, str::to_uppercase),
        10..=14 => recase(&mut sample, |text| text.chars().map(value::plain).collect()),
        _ => {}
    }
    if random.chance(UNHEARD) {
        sample.unheard = sample
            .marks
            .iter()
            .filter(|m| m.label == 0)
            .map(|m| (m.start, m.end))
            .collect();
    }
    Ok(sample)
}

/// Rewrites the text piece by piece, so that marks stay where they belong.
fn recase(sample: &mut Sample, change: impl Fn(&str) -> String) {
    let mut text = String::with_capacity(sample.text.len());
    let mut marks = Vec::with_capacity(sample.marks.len());
    let mut at = 0;
    for mark in &sample.marks {
        text.push_str(&change(&sample.text[at..mark.start]));
        let start = text.len();
        text.push_str(&change(&sample.text[mark.start..mark.end]));
        marks.push(Mark {
            start,
            end: text.len(),
            label: mark.label,
        });
        at = mark.end;
    }
    text.push_str(&change(&sample.text[at..]));
    sample.text = text;
    sample.marks = marks;
}
