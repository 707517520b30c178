//! What a text gives away: the values an attacker reads out of it, as keys to be looked up in the register.
//!
//! The same keys are made of a person of the register (`of_person`) and of a text (`of_text`).

use super::Person;
use super::data::{Data, LANGS};
use super::text::{fold, hash, only_digits, tail, words};
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::{BTreeMap, HashMap};

/// Kinds of evidence. Within one kind only the strongest counts, except for [`NAME`] and [`WORD`], which add up.
pub(super) const CHANNELS: usize = 9;
/// Single words of a name.
pub(super) const NAME: usize = 0;
/// Two parts of a name side by side.
const FULL: usize = 1;
const INITIALS: usize = 2;
const MAIL: usize = 3;
const PHONE: usize = 4;
const ORDER: usize = 5;
const DATE: usize = 6;
const PLACE: usize = 7;
const PRODUCT: usize = 8;
/// Words of an e-mail address that are no name; they add to the names.
const WORD: usize = NAME;

const PARTICLES: [&str; 9] = [
    "van", "der", "den", "von", "dos", "del", "las", "los", "het",
];
/// Tokens of a text that stand in for a value.
const GAP: &str = "\u{1}";

/// One thing a text gives away.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clue {
    pub(super) channel: usize,
    pub(super) key: u64,
    /// How much of a whole value it is.
    pub(super) factor: f64,
}

/// The persons each key leads to.
pub(super) type Index = HashMap<u64, Vec<usize>>;

/// Clues, each once with its strongest factor.
#[derive(Debug, Default)]
pub(super) struct Clues<'a> {
    found: BTreeMap<(usize, u64), f64>,
    /// Where given, keys that lead to nobody are not kept.
    index: Option<&'a Index>,
}

impl Clues<'_> {
    fn knows(&self, channel: usize, key: &[&str]) -> bool {
        let key = keyed(channel, key);
        self.index.is_none_or(|i| i.contains_key(&key))
    }

    fn add(&mut self, channel: usize, key: &[&str], factor: f64) {
        let key = keyed(channel, key);
        if self.index.is_some_and(|i| !i.contains_key(&key)) {
            return;
        }
        let slot = self.found.entry((channel, key)).or_insert(0.0);
        *slot = slot.max(factor);
    }

    pub(super) fn into_vec(self) -> Vec<Clue> {
        let one = |((channel, key), factor)| Clue {
            channel,
            key,
            factor,
        };
        self.found.into_iter().map(one).collect()
    }

    /// A number under every part an attacker may hold: its end, its beginning, any five digits or more.
    fn number(&mut self, channel: usize, digits: &str) {
        let n = digits.len();
        for len in 3..=n {
            for start in 0..=n.saturating_sub(len) {
                if len < 5 && start + len != n && start != 0 {
                    continue;
                }
                let part = digits.get(start..start + len).unwrap_or("");
                let end = if start + len == n { "end" } else { "part" };
                self.add(channel, &[end, part], 1.0);
            }
        }
    }

    fn number_seen(&mut self, digits: &str) {
        let factor = match digits.len() {
            0..=2 => return,
            3 => 0.8,
            4 => 1.0,
            5 | 6 => 1.3,
            _ => 1.6,
        };
        for channel in [PHONE, ORDER] {
            self.add(channel, &["end", digits], factor);
            self.add(channel, &["part", digits], factor * 0.9);
        }
        // Telephone numbers stand there with and without country code and leading zero.
        if digits.len() >= 9 {
            self.add(PHONE, &["end", tail(digits, 9)], 1.6);
            self.add(PHONE, &["end", tail(digits, 8)], 1.4);
        }
    }
}

fn keyed(channel: usize, key: &[&str]) -> u64 {
    let tag = ["n", "f", "i", "m", "p", "o", "d", "t", "a"];
    let mut parts = vec![tag.get(channel).copied().unwrap_or("")];
    parts.extend(key);
    hash(&parts)
}

fn name_words(name: &str) -> Vec<String> {
    let mut out = words(name);
    out.retain(|w| w.len() > 2 && !PARTICLES.contains(&w.as_str()));
    out
}

/// Everything the register says of a person.
pub(super) fn of_person(p: &Person) -> Clues<'static> {
    let mut out = Clues::default();
    let (given, surname) = (name_words(&p.given), name_words(&p.surname));
    for w in given.iter().chain(&surname) {
        out.add(NAME, &[w], 1.0);
    }
    for g in &given {
        for s in &surname {
            let (a, b) = (g.get(..1).unwrap_or(""), s.get(..1).unwrap_or(""));
            for pair in [[g.as_str(), s], [a, s], [g, b]] {
                out.add(FULL, &pair, 1.0);
            }
            out.add(INITIALS, &[a, b], 1.0);
        }
        // "J. D." of "de Vries": the particle may count.
        if let (Some(a), Some(b)) = (g.get(..1), fold(&p.surname).get(..1)) {
            out.add(INITIALS, &[a, b], 1.0);
        }
    }
    let mail = fold(&p.email);
    let (local, domain) = mail.split_once('@').unwrap_or((&mail, ""));
    out.add(MAIL, &["all", &mail], 1.0);
    out.add(MAIL, &["local", local], 1.0);
    out.add(MAIL, &["start", local.get(..1).unwrap_or(""), domain], 1.0);
    out.add(MAIL, &["domain", domain], 1.0);
    for w in words(local) {
        let alone = w.trim_end_matches(|c: char| c.is_ascii_digit());
        let known = given.iter().chain(&surname).any(|n| n == alone);
        if alone.len() > 3 && !known {
            out.add(WORD, &["mail", alone], 1.0);
        }
    }
    out.number(PHONE, tail(&only_digits(&p.phone), 9));
    for o in &p.orders {
        out.number(ORDER, &only_digits(&o.number));
        date(&mut out, o.date);
        let title = words(&o.product);
        out.add(PRODUCT, &["all", &title.join(" ")], 1.0);
        opens(&mut out, &title);
        for w in title.iter().filter(|w| w.len() > 3) {
            out.add(PRODUCT, &[w], 1.0);
        }
    }
    for (key, place) in [("town", &p.town), ("region", &p.region)] {
        let parts = words(place);
        out.add(PLACE, &[key, &parts.join(" ")], 1.0);
        opens(&mut out, &parts);
        for w in parts.iter().filter(|w| w.len() > 3) {
            out.add(PLACE, &["part", w], 1.0);
        }
    }
    out
}

/// Remembers the first word of a phrase, so that a text is searched for phrases only where one can begin.
fn opens(out: &mut Clues<'_>, phrase: &[String]) {
    if let Some(first) = phrase.first() {
        out.add(PLACE, &["opens", first], 1.0);
    }
}

fn date(out: &mut Clues<'_>, d: NaiveDate) {
    out.add(DATE, &["day", &d.to_string()], 1.0);
    out.add(DATE, &["dm", &d.format("%m-%d").to_string()], 1.0);
    out.add(DATE, &["ym", &d.format("%Y-%m").to_string()], 1.0);
    out.add(DATE, &["m", &d.format("%m").to_string()], 1.0);
    let quarter = format!("{} q{}", d.year(), 1 + d.month0() / 3);
    out.add(DATE, &["q", &quarter], 1.0);
    out.add(DATE, &["w", &d.weekday().to_string()], 1.0);
}

/// The words an attacker knows: month and weekday names, words of each language.
#[derive(Debug)]
pub(super) struct Vocabulary {
    months: BTreeMap<String, u32>,
    days: Vec<(String, Weekday)>,
    stops: Vec<(&'static str, Vec<String>)>,
}

impl Vocabulary {
    pub(super) fn new(data: &Data) -> Self {
        let (mut months, mut days, mut stops) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (lang, _) in LANGS {
            for (name, n) in data.list(lang, "months").iter().zip(1..) {
                months.insert(fold(name), n);
            }
            let mut day = Weekday::Mon;
            for name in data.list(lang, "weekdays") {
                let name = fold(name);
                let first = name.split('-').next().unwrap_or("").to_owned();
                days.push((first, day));
                day = day.succ();
            }
            let list = data.list(lang, "stop").iter().map(|w| fold(w));
            stops.push((lang, list.collect()));
        }
        Self {
            months,
            days,
            stops,
        }
    }

    /// The language with most of its small words in the text.
    pub(super) fn language(&self, text: &str) -> Option<&'static str> {
        let words = words(text);
        let hits = |list: &[String]| words.iter().filter(|w| list.contains(w)).count();
        let best = self.stops.iter().map(|(lang, list)| (hits(list), *lang));
        best.max().filter(|b| b.0 > 1).map(|b| b.1)
    }

    /// Everything in a text that leads to somebody.
    pub(super) fn of_text<'a>(&self, text: &str, index: &'a Index) -> Clues<'a> {
        let mut out = Clues {
            index: Some(index),
            ..Clues::default()
        };
        let shown = without_tags(text);
        mails(&mut out, &shown);
        numbers(&mut out, &shown);
        self.dates(&mut out, &shown);
        names(&mut out, &shown);
        let words = words(&shown);
        for (start, first) in words.iter().enumerate() {
            let longest = if out.knows(PLACE, &["opens", first]) {
                7
            } else {
                0
            };
            for len in 1..=longest {
                let Some(run) = words.get(start..start + len) else {
                    break;
                };
                let phrase = run.join(" ");
                out.add(PLACE, &["town", &phrase], 1.0);
                out.add(PLACE, &["region", &phrase], 1.0);
                out.add(PRODUCT, &["all", &phrase], 1.1);
            }
            if first.len() > 3 {
                out.add(PLACE, &["part", first], 0.7);
                out.add(PRODUCT, &[first], 0.7);
                let stem = first.trim_end_matches(|c: char| c.is_ascii_digit());
                out.add(WORD, &["mail", stem], 0.8);
            }
        }
        out
    }

    fn dates(&self, out: &mut Clues<'_>, text: &str) {
        let tokens = words(text);
        let number = |i: Option<usize>| -> Option<u32> {
            let t = tokens.get(i?)?;
            let t = t.trim_end_matches("st").trim_end_matches("th");
            t.parse().ok()
        };
        for (i, token) in tokens.iter().enumerate() {
            if let Some(day) = self.days.iter().find(|d| token.starts_with(&d.0)) {
                out.add(DATE, &["w", &day.1.to_string()], 1.0);
            }
            if let Some(q) = token.strip_prefix('q').filter(|q| q.len() == 1) {
                for year in [number(i.checked_sub(1)), number(Some(i + 1))] {
                    let year = year.unwrap_or(0);
                    out.add(DATE, &["q", &format!("{year} q{q}")], 1.0);
                }
            }
            if let Some(m) = self.months.get(token) {
                let small = |i: usize| tokens.get(i).is_some_and(|t| t == "de");
                let (before, after) = (i.checked_sub(1), i + 1);
                let before = before.filter(|b| !small(*b)).or(i.checked_sub(2));
                let after = if small(after) { after + 1 } else { after };
                let near = [number(before), number(Some(after)), number(Some(after + 1))];
                let day = near.iter().flatten().find(|n| (1..=31).contains(*n));
                let year = near.iter().flatten().find(|n| (2000..2100).contains(*n));
                dated(out, year.copied(), *m, day.copied());
            }
        }
        let numeric = |c: char| c.is_ascii_digit() || "/.-".contains(c);
        for run in text.split(|c| !numeric(c)) {
            let parts: Vec<&str> = run
                .trim_matches(['.', '-', '/'])
                .split(['/', '.', '-'])
                .collect();
            let n: Vec<u32> = parts.iter().filter_map(|p| p.parse().ok()).collect();
            match (n.as_slice(), parts.as_slice()) {
                ([y, m, d], [first, _, _]) if first.len() == 4 => {
                    dated(out, Some(*y), *m, Some(*d))
                }
                ([d, m, y], [_, _, last]) if last.len() == 4 => {
                    dated(out, Some(*y), *m, Some(*d));
                    dated(out, Some(*y), *d, Some(*m));
                }
                ([y, m], [first, _]) if first.len() == 4 => dated(out, Some(*y), *m, None),
                ([m, y], [_, last]) if last.len() == 4 => dated(out, Some(*y), *m, None),
                ([d, m], [a, b]) if a.len() < 3 && b.len() < 3 => dated(out, None, *m, Some(*d)),
                _ => {}
            }
        }
    }
}

/// Adds a date that may lack its year or its day.
fn dated(out: &mut Clues<'_>, year: Option<u32>, month: u32, day: Option<u32>) {
    if !(1..=12).contains(&month) || day.is_some_and(|d| !(1..=31).contains(&d)) {
        return;
    }
    out.add(DATE, &["m", &format!("{month:02}")], 1.0);
    if let Some(d) = day {
        out.add(DATE, &["dm", &format!("{month:02}-{d:02}")], 1.0);
    }
    if let Some(y) = year {
        out.add(DATE, &["ym", &format!("{y}-{month:02}")], 1.0);
        if let Some(d) = day {
            out.add(DATE, &["day", &format!("{y}-{month:02}-{d:02}")], 1.2);
        }
    }
}

fn mails(out: &mut Clues<'_>, text: &str) {
    let low = fold(text);
    let ends = |c: char| c.is_whitespace() || "<>()[]{}\",;:!?|".contains(c);
    for token in low.split(ends) {
        let token = token.trim_matches(['.', '\'']);
        let Some((local, domain)) = token.split_once('@') else {
            // A log-in name without its host.
            if token.len() > 4 {
                out.add(MAIL, &["local", token], 1.2);
            }
            continue;
        };
        out.add(MAIL, &["all", token], 1.7);
        out.add(MAIL, &["local", local], 1.4);
        out.add(MAIL, &["domain", domain], 0.8);
        out.add(MAIL, &["start", local.get(..1).unwrap_or(""), domain], 1.0);
    }
}

/// Digits, whole and in the groups they are written in.
fn numbers(out: &mut Clues<'_>, text: &str) {
    let mut groups: Vec<String> = Vec::new();
    let (mut open, mut gap) = (String::new(), 0);
    let flush = |out: &mut Clues<'_>, groups: &mut Vec<String>| {
        for start in 0..groups.len() {
            for end in start + 1..=groups.len().min(start + 7) {
                out.number_seen(&groups.get(start..end).unwrap_or(&[]).concat());
            }
        }
        groups.clear();
    };
    for c in text.chars().chain(['\n', '\n']) {
        if c.is_ascii_digit() {
            if open.is_empty() && gap > 2 {
                flush(out, &mut groups);
            }
            open.push(c);
            gap = 0;
            continue;
        }
        if !open.is_empty() {
            groups.push(std::mem::take(&mut open));
        }
        gap += if " .-/()".contains(c) { 1 } else { 3 };
    }
    flush(out, &mut groups);
}

/// Words, neighbouring words and initials.
fn names(out: &mut Clues<'_>, text: &str) {
    let lower = !text.chars().any(char::is_uppercase);
    let lines = text.trim_end().lines().count();
    for (i, line) in text.trim_end().lines().enumerate() {
        let raw: Vec<&str> = line
            .split(|c: char| !c.is_alphanumeric() && c != '\u{1}')
            .filter(|w| !w.is_empty())
            .collect();
        let plain: Vec<String> = raw.iter().map(|w| fold(w)).collect();
        // Who signs is who writes; who is mentioned need not be.
        let place = if i + 1 == lines { 1.3 } else { 1.0 };
        let mut proper: Vec<&str> = Vec::new();
        for (w, shown) in plain.iter().zip(&raw) {
            let capital = lower || shown.starts_with(char::is_uppercase);
            if w.len() > 2 && w != GAP {
                let factor = if capital { place } else { place * 0.4 };
                out.add(NAME, &[w], factor);
            }
            if !PARTICLES.contains(&w.as_str()) && w != "de" && w != "da" {
                proper.push(w);
            }
        }
        for pair in proper.windows(2) {
            let [a, b] = pair else { continue };
            if *a == GAP || *b == GAP {
                continue;
            }
            if a.len() == 1 && b.len() == 1 {
                out.add(INITIALS, &[a, b], place);
                continue;
            }
            out.add(FULL, &[a, b], place);
            out.add(FULL, &[b, a], place);
        }
        if let ([one], true) = (raw.as_slice(), i + 1 == lines) {
            let two: Vec<String> = one.chars().map(|c| fold(&c.to_string())).collect();
            if let ([a, b], true) = (two.as_slice(), one.chars().all(char::is_uppercase)) {
                out.add(INITIALS, &[a, b], place);
            }
        }
    }
}

/// Replaces placeholders (`[PERSON_1]`, `<DATE>`, `{TOWN}`, `PERSON_1`) by a gap: they hold no value.
fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let flush = |out: &mut String, word: &mut String, next: char| {
        let upper = word
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        let framed = out.ends_with(['[', '<', '{', '\u{27e8}']) && "]>}\u{27e9}".contains(next);
        if upper && word.chars().any(|c| c.is_ascii_uppercase()) && (framed || word.contains('_')) {
            out.push_str(GAP);
        } else {
            out.push_str(word);
        }
        word.clear();
    };
    for c in text.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            flush(&mut out, &mut word, c);
            out.push(c);
        }
    }
    flush(&mut out, &mut word, ' ');
    out
}
