//! Misses as Markdown: a row each, or classes in a document that keeps what people wrote into it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Told;

/// How many places and shapes of a class are told.
const TOLD: usize = 3;

/// A row for each miss of a set.
pub(super) fn rows(set: &Told) -> String {
    let mut out = format!(
        "\n## {}\n\n{}\n\n| kind | language | in clear | shape | place | why |\n|-|-|-|-|-|-|\n",
        set.name,
        figures(set)
    );
    for miss in &set.worst {
        let _ = writeln!(
            out,
            "| {} | {} | {} | `{}` | {} | {} |",
            miss.kind, miss.lang, miss.clear, miss.shape, miss.place, miss.why
        );
    }
    out
}

fn figures(set: &Told) -> String {
    format!(
        "{} of {} marked spans with {} letters or digits in clear",
        set.open, set.marked, set.clear
    )
}

/// A class of misses of one set.
#[derive(Default)]
struct Class<'t> {
    now: usize,
    clear: usize,
    places: BTreeMap<&'t str, usize>,
    shapes: BTreeMap<&'t str, usize>,
}

/// What an earlier run and its readers left of a class.
#[derive(Default)]
struct Kept {
    then: usize,
    done: String,
}

/// The document with every set's section written anew: `then` stays what it was in the first run, and so does what
/// stands in the last column. Classes that are gone stay with the count 0.
pub(super) fn renewed(old: &str, told: &[Told]) -> String {
    let mut doc = old.to_owned();
    for set in told {
        let (open, close) = (format!("<!-- set {} -->", set.name), "<!-- /set -->");
        let place = doc.find(&open).and_then(|from| {
            let inner = from + open.len();
            let len = doc.get(inner..)?.find(close)?;
            Some((from, inner, inner + len))
        });
        match place {
            Some((from, inner, to)) => {
                let section = section(set, doc.get(inner..to));
                doc.replace_range(from..to, &format!("{open}\n{section}"));
            }
            None => {
                if !doc.is_empty() && !doc.ends_with("\n\n") {
                    doc.push('\n');
                }
                let section = section(set, None);
                let _ = write!(doc, "## {}\n\n{open}\n{section}{close}\n", set.name);
            }
        }
    }
    doc
}

fn section(set: &Told, old: Option<&str>) -> String {
    let (first, mut kept) = old.map(kept).unwrap_or_default();
    let mut classes: BTreeMap<(&str, &str), Class<'_>> = BTreeMap::new();
    for miss in &set.worst {
        let class = classes.entry((&miss.kind, &miss.why)).or_default();
        class.now += 1;
        class.clear += miss.clear;
        *class.places.entry(miss.place).or_default() += 1;
        *class.shapes.entry(&miss.shape).or_default() += 1;
    }
    let first = first.unwrap_or_else(|| figures(set));
    let mut out = format!("Now: {}.\nThen: {first}.\n\n", figures(set));
    out.push_str(
        "| kind | why missed | then | now | in clear | where | shapes | what was done |\n",
    );
    out.push_str("|-|-|-|-|-|-|-|-|\n");
    let mut list: Vec<_> = classes.into_iter().collect();
    list.sort_by_key(|(key, class)| (std::cmp::Reverse(class.now), *key));
    for ((kind, why), class) in list {
        let key = (kind.to_owned(), why.to_owned());
        let before = match (kept.remove(&key), old) {
            (Some(before), _) => before,
            // A class that the first run did not have.
            (None, Some(_)) => Kept::default(),
            (None, None) => Kept {
                then: class.now,
                done: String::new(),
            },
        };
        let _ = writeln!(
            out,
            "| {kind} | {why} | {} | {} | {} | {} | {} | {} |",
            before.then,
            class.now,
            class.clear,
            most(&class.places, ""),
            most(&class.shapes, "`"),
            before.done,
        );
    }
    for ((kind, why), before) in kept {
        let _ = writeln!(
            out,
            "| {kind} | {why} | {} | 0 | 0 | | | {} |",
            before.then, before.done
        );
    }
    out
}

/// The most frequent, with their counts.
fn most(counts: &BTreeMap<&str, usize>, quote: &str) -> String {
    let mut list: Vec<_> = counts.iter().collect();
    list.sort_by_key(|(what, count)| (std::cmp::Reverse(**count), **what));
    let told: Vec<String> = list
        .iter()
        .take(TOLD)
        .map(|(what, count)| format!("{quote}{what}{quote} {count}"))
        .collect();
    told.join(", ")
}

/// The figures of the first run and the classes of a section.
fn kept(section: &str) -> (Option<String>, BTreeMap<(String, String), Kept>) {
    let first = section
        .lines()
        .find_map(|line| line.strip_prefix("Then: "))
        .map(|rest| rest.trim_end_matches('.').to_owned());
    let mut classes = BTreeMap::new();
    for line in section.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let [_, kind, why, then, _, _, _, _, done, ..] = cells.as_slice()
            && let Ok(then) = then.parse()
        {
            let done = (*done).to_owned();
            classes.insert(((*kind).to_owned(), (*why).to_owned()), Kept { then, done });
        }
    }
    (first, classes)
}
