//! Dates read far enough to be made coarser or to be moved: figures in the usual orders, months by name in seven languages.
//!
//! What is not understood is `None`, and the value then goes as a whole: nothing is guessed.

use std::ops::Range;

use chrono::{Datelike, Days, Months, NaiveDate};
use zeroize::Zeroizing;

static MONTHS: &str = include_str!("../../data/months.txt");

/// A number of the value: where it stands and what it is.
#[derive(Clone, Debug)]
struct Number {
    range: Range<usize>,
    value: u32,
}

impl Number {
    fn digits(&self) -> usize {
        self.range.len()
    }
}

#[derive(Clone, Debug)]
enum Month {
    Number(Number),
    /// Row of the table and month from 1.
    Name(Range<usize>, usize, u32),
}

impl Month {
    const fn value(&self) -> u32 {
        match self {
            Self::Number(number) => number.value,
            Self::Name(_, _, month) => *month,
        }
    }
}

/// A date with what it says and where it says so.
#[derive(Clone, Debug)]
pub(super) struct Date {
    day: Option<Number>,
    month: Option<Month>,
    year: Option<Number>,
    /// Day and month could be the other way round.
    either: bool,
}

fn rows() -> impl Iterator<Item = impl Iterator<Item = &'static str>> {
    MONTHS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::split_whitespace)
}

fn month_of(word: &str) -> Option<(usize, u32)> {
    rows().enumerate().find_map(|(row, names)| {
        let month = (1..=12).zip(names).find(|(_, name)| *name == word)?.0;
        Some((row, month))
    })
}

impl Date {
    /// Reads a value that the detector calls a date.
    pub(super) fn read(value: &str) -> Option<Self> {
        let mut numbers: Vec<Number> = Vec::new();
        let mut months: Vec<Month> = Vec::new();
        for (start, run) in runs(value) {
            let range = start..start + run.len();
            if run.bytes().all(|b| b.is_ascii_digit()) {
                if run.len() > 4 {
                    return None;
                }
                let value = run.parse().ok()?;
                numbers.push(Number { range, value });
            } else if let Some((row, month)) = month_of(&run.to_lowercase()) {
                months.push(Month::Name(range, row, month));
            }
        }
        let mut date = Self {
            day: None,
            month: None,
            year: None,
            either: false,
        };
        match (months.pop(), months.is_empty(), numbers.as_slice()) {
            (Some(month), true, [a, b]) => {
                date.month = Some(month);
                let (day, year) = if a.digits() == 4 { (b, a) } else { (a, b) };
                date.day = Some(day.clone());
                date.year = Some(year.clone());
            }
            (Some(month), true, [a]) => {
                date.month = Some(month);
                *if a.digits() == 4 {
                    &mut date.year
                } else {
                    &mut date.day
                } = Some(a.clone());
            }
            (None, _, [a, b, c]) => {
                let (day, month, year) = if a.digits() == 4 {
                    (c, b, a)
                } else if b.value > 12 {
                    (b, a, c)
                } else {
                    date.either = a.value <= 12 && a.value != b.value;
                    (a, b, c)
                };
                date.day = Some(day.clone());
                date.month = Some(Month::Number(month.clone()));
                date.year = Some(year.clone());
            }
            (None, _, [a, b]) if a.digits() == 4 || b.digits() == 4 => {
                let (month, year) = if a.digits() == 4 { (b, a) } else { (a, b) };
                date.month = Some(Month::Number(month.clone()));
                date.year = Some(year.clone());
            }
            (None, _, [a]) if a.digits() == 4 => date.year = Some(a.clone()),
            _ => return None,
        }
        let sane = date
            .day
            .as_ref()
            .is_none_or(|d| (1..=31).contains(&d.value) && d.digits() <= 2)
            && date
                .month
                .as_ref()
                .is_none_or(|m| (1..=12).contains(&m.value()));
        sane.then_some(date)
    }

    /// Coarser forms, finest first: month as in ISO 8601, year, decade. Each says less than the value itself.
    ///
    /// A year of two digits says no century, and none is invented; a month that could be the day is none.
    pub(super) fn coarser(&self, to_month: bool) -> Vec<String> {
        let Some(year) = self
            .year
            .as_ref()
            .filter(|y| y.digits() == 4)
            .map(|y| y.value)
        else {
            return Vec::new();
        };
        let mut forms = Vec::new();
        if let (true, Some(_), Some(month), false) = (to_month, &self.day, &self.month, self.either)
        {
            forms.push(format!("{year:04}-{:02}", month.value()));
        }
        if self.month.is_some() {
            forms.push(format!("{year:04}"));
        }
        forms.push(format!("{:03}0s", year / 10));
        forms
    }

    /// The value moved by so many days, written as it was; months without a day by as many months as that is.
    ///
    /// `None` where it says too little to be moved, or would leave the calendar.
    pub(super) fn moved(&self, value: &str, days: i64) -> Option<Zeroizing<String>> {
        let year = self.year.as_ref()?;
        let month = self.month.as_ref()?;
        let full = match year.digits() {
            4 => year.value,
            2 => year.value + if year.value < 50 { 2000 } else { 1900 },
            _ => return None,
        };
        let day = self.day.as_ref().map_or(1, |d| d.value);
        let from = NaiveDate::from_ymd_opt(i32::try_from(full).ok()?, month.value(), day)?;
        let to = if self.day.is_some() {
            let by = Days::new(days.unsigned_abs());
            if days < 0 {
                from.checked_sub_days(by)
            } else {
                from.checked_add_days(by)
            }
        } else {
            let by = Months::new(u32::try_from((days.unsigned_abs() + 15) / 30).ok()?.max(1));
            if days < 0 {
                from.checked_sub_months(by)
            } else {
                from.checked_add_months(by)
            }
        }?;
        let mut edits: Vec<(Range<usize>, String)> = Vec::with_capacity(4);
        let padded = |n: &Number| {
            n.digits() == 2 && matches!(month, Month::Number(_))
                || value
                    .get(n.range.clone())
                    .is_some_and(|d| d.starts_with('0'))
        };
        let written = |n: &Number, value: u32| {
            if padded(n) {
                format!("{value:02}")
            } else {
                value.to_string()
            }
        };
        if let Some(n) = &self.day {
            edits.push((n.range.clone(), written(n, to.day())));
            if let Some(ordinal) = ordinal(value, n.range.end, to.day()) {
                edits.push(ordinal);
            }
        }
        match month {
            Month::Number(n) => edits.push((n.range.clone(), written(n, to.month()))),
            Month::Name(range, row, _) => {
                let index = usize::try_from(to.month0()).ok()?;
                let name = rows().nth(*row)?.nth(index)?;
                edits.push((range.clone(), cased(value.get(range.clone())?, name)));
            }
        }
        let number = u32::try_from(to.year()).ok()?;
        edits.push((
            year.range.clone(),
            match year.digits() {
                2 => format!("{:02}", number % 100),
                _ => format!("{number:04}"),
            },
        ));
        edits.sort_by_key(|(range, _)| range.start);
        let mut out = Zeroizing::new(String::with_capacity(value.len() + 16));
        let mut at = 0;
        for (range, text) in edits {
            out.push_str(value.get(at..range.start)?);
            out.push_str(&text);
            at = range.end;
        }
        out.push_str(value.get(at..)?);
        Some(out)
    }
}

/// Runs of digits and runs of letters, with where they begin.
fn runs(value: &str) -> Vec<(usize, &str)> {
    let class = |c: char| {
        if c.is_ascii_digit() {
            1
        } else {
            usize::from(c.is_alphabetic()) * 2
        }
    };
    let mut out = Vec::new();
    let mut start = 0;
    let mut last = 0;
    for (at, c) in value
        .char_indices()
        .chain(std::iter::once((value.len(), ' ')))
    {
        let now = class(c);
        if now != last {
            if last != 0 {
                out.extend(value.get(start..at).map(|run| (start, run)));
            }
            start = at;
            last = now;
        }
    }
    out
}

/// What stands right behind the day ("3rd", "1er"), and what has to stand there now.
fn ordinal(value: &str, at: usize, day: u32) -> Option<(Range<usize>, String)> {
    let rest = value.get(at..)?;
    let word = rest.get(
        ..rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len()),
    )?;
    let right = match (word.to_lowercase().as_str(), day) {
        ("st" | "nd" | "rd" | "th", 1 | 21 | 31) => "st",
        ("st" | "nd" | "rd" | "th", 2 | 22) => "nd",
        ("st" | "nd" | "rd" | "th", 3 | 23) => "rd",
        ("st" | "nd" | "rd" | "th", _) => "th",
        ("er", 1) => "er",
        ("er", _) => "",
        _ => return None,
    };
    Some((at..at + word.len(), right.to_owned()))
}

/// `word` in the case of `like`.
pub(super) fn cased(like: &str, word: &str) -> String {
    let mut letters = like.chars().filter(|c| c.is_alphabetic());
    let (first, second) = (letters.next(), letters.next());
    let upper = |c: Option<char>| c.is_some_and(char::is_uppercase);
    if upper(first) && upper(second) && !like.chars().any(char::is_lowercase) {
        return word.to_uppercase();
    }
    let mut out = String::with_capacity(word.len() + 4);
    let mut rest = word.chars();
    match rest.next() {
        Some(c) if upper(first) => out.extend(c.to_uppercase()),
        Some(c) if first.is_some() => out.extend(c.to_lowercase()),
        Some(c) => out.push(c),
        None => {}
    }
    out.push_str(rest.as_str());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_and_made_coarser() {
        for (value, expected) in [
            ("3 May 1987", "1987-05 1987 1980s"),
            ("May 3rd, 1987", "1987-05 1987 1980s"),
            ("1er mars 2024", "2024-03 2024 2020s"),
            ("3 de marzo de 2024", "2024-03 2024 2020s"),
            ("1987-05-03", "1987-05 1987 1980s"),
            ("13.05.1987", "1987-05 1987 1980s"),
            ("05/13/1987", "1987-05 1987 1980s"),
            ("03/04/1987", "1987 1980s"),
            ("08/2024", "2024 2020s"),
            ("1985", "1980s"),
            ("3.4.87", ""),
        ] {
            let date = Date::read(value).unwrap();
            assert_eq!(date.coarser(true).join(" "), expected, "{value}");
        }
        for value in [
            "third of April",
            "32.01.2020",
            "3 4 5 2020",
            "15th",
            "May and June 2020",
        ] {
            assert!(
                Date::read(value).is_none_or(|d| d.coarser(true).is_empty()),
                "{value}"
            );
        }
    }

    #[test]
    fn moved_as_it_was_written() {
        for (value, expected) in [
            ("3 May 1987", "7 June 1987"),
            ("MAY 3rd, 1987", "JUNE 7th, 1987"),
            ("1er mars 2024", "5 avril 2024"),
            ("03.05.87", "07.06.87"),
            ("1987-11-30", "1988-01-04"),
            ("Montag, 3. Okt. 2022", "Montag, 7. Nov. 2022"),
            ("08/2024", "09/2024"),
        ] {
            let moved = Date::read(value).unwrap().moved(value, 35).unwrap();
            assert_eq!(moved.as_str(), expected);
        }
        assert!(Date::read("1985").unwrap().moved("1985", 35).is_none());
    }
}
