//! Numbers that count the items of a list, or name one.

use super::token::Token;
use super::{Value, What};
use crate::guard::words;

/// Bytes before a number that are looked at.
const NEAR: usize = 64;

/// `1.` or `2)` at the beginning of a line counts items, not things; so does `(3)` or `3)` within it, and `step 4`.
pub(super) fn is_list_number(text: &str, token: &Token, measures: bool) -> bool {
    if token.at.len() > 2 {
        return false;
    }
    // What makes an item of a number stands close before it.
    let from = (token.at.start.saturating_sub(NEAR)..=token.at.start)
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default();
    let before = text.get(from..token.at.start).unwrap_or_default();
    let behind = text.get(token.at.end..).unwrap_or_default();
    let whole = from == 0 || before.contains('\n');
    let line = before.rsplit('\n').next().unwrap_or_default();
    let begins = whole
        && line
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, '*' | '-' | '(' | '#' | '>' | '\u{2022}'));
    let item = begins && behind.starts_with(['.', ')', ':']);
    let inline = behind.starts_with(')') && (!line.contains('(') || line.ends_with('('));
    // The sign of `step n\u{b0} 2` is no word.
    let line = line.trim_end();
    let signed = line.trim_end_matches(['\u{b0}', '\u{ba}', '.']);
    let word = signed
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let word = crate::text::fold(word);
    let counter = words::is_counter(&word) || (signed.len() < line.len() && word == "n");
    item || inline || goes_on(text, token) || (!measures && counter)
}

/// `1. the key, 2. the book, 3. the card`: a number within a line that goes on with the one before it, or that the next
/// one goes on with, each behind a sign.
fn goes_on(text: &str, token: &Token) -> bool {
    let (before, behind) = (text.get(..token.at.start), text.get(token.at.end..));
    let (Some(before), Some(behind)) = (before, behind) else {
        return false;
    };
    let line = before.rsplit('\n').next().unwrap_or_default().trim_end();
    let marked = behind.starts_with(['.', ')']) && line.ends_with([':', ',', ';']);
    let mark = behind.get(..1).unwrap_or_default();
    let rest = behind.split('\n').next().unwrap_or_default();
    let item = |n: u32, text: &str| {
        let item = format!(" {n}{mark} ");
        text.match_indices(&item)
            .any(|(at, _)| n == 1 || text.get(..at).is_some_and(|t| t.ends_with([',', ';'])))
    };
    marked
        && token
            .small()
            .is_some_and(|n| (n > 1 && item(n - 1, line)) || (n > 0 && item(n + 1, rest)))
}

/// A bare number before or behind a list that is the number of its items claims nothing.
pub(super) fn count_items(found: &mut [(usize, usize, Value)], tokens: &[Token], text: &str) {
    let mut items = 0_u32;
    let mut lines = Vec::new();
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let is_item = begins_item(line);
        items += u32::from(is_item);
        lines.push((from, is_item));
        from += line.len();
    }
    count_questions(found, tokens, text);
    if items < 2 {
        return;
    }
    for (start, _, value) in found.iter_mut() {
        let What::Number(n, unit) = &value.what else {
            continue;
        };
        let known = n.parse().is_ok_and(|n: u32| n <= items);
        if known && refers(tokens, *start) {
            value.claims = false;
        }
        if unit.is_some() {
            continue;
        }
        let line = lines.partition_point(|(start, _)| *start <= value.at.start);
        let in_item = line
            .checked_sub(1)
            .and_then(|last| lines.get(last))
            .is_some_and(|(_, is_item)| *is_item);
        if !in_item && n.parse() == Ok(items) {
            value.claims = false;
        }
    }
}

/// Whether a line is the item of a list: `- x`, `* x`, `1. x`, `2) x`.
fn begins_item(line: &str) -> bool {
    let line = line.trim_start();
    let bullet = line.strip_prefix(['-', '*', '\u{2022}', '\u{2013}']);
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    // `1.\u{ba} `
    let number = (number.len() < line.len())
        .then(|| number.strip_prefix(['.', ')']))
        .flatten()
        .map(|rest| rest.trim_start_matches(['\u{ba}', '\u{aa}', '\u{b0}']));
    bullet
        .or(number)
        .is_some_and(|rest| rest.starts_with([' ', '\t']))
        || names_step(line)
}

/// `Step 2: fill in the form`
fn names_step(line: &str) -> bool {
    let mut parts = line.splitn(3, ' ');
    let counter = parts
        .next()
        .is_some_and(|word| words::is_counter(&crate::text::fold(word)));
    counter
        && parts.next().is_some_and(|number| {
            let digits = number.trim_end_matches([':', '.', ')']);
            digits.len() < number.len() && digits.bytes().all(|b| b.is_ascii_digit())
        })
}

/// `points 2 to 4`, `steps 1 and 2`: items of the list, by their numbers.
fn refers(tokens: &[Token], at: usize) -> bool {
    const RANGE: [&str; 16] = [
        "to", "and", "or", "bis", "und", "oder", "a", "et", "ou", "y", "o", "e", "tot", "en", "al",
        "ate",
    ];
    let named = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at)?.word())
            .is_some_and(|word| words::is_point(word) || words::is_counter(word))
    };
    let range = at
        .checked_sub(1)
        .and_then(|before| tokens.get(before))
        .is_some_and(|t| t.is(&RANGE));
    let first = at
        .checked_sub(2)
        .and_then(|before| tokens.get(before))
        .is_some_and(|t| t.digits().is_some());
    named(at.checked_sub(1)) || (range && first && named(at.checked_sub(3)))
}

/// `could you confirm two points?` and two questions behind it: the number counts them.
fn count_questions(found: &mut [(usize, usize, Value)], tokens: &[Token], text: &str) {
    for (_, end, value) in found.iter_mut() {
        let What::Number(n, _) = &value.what else {
            continue;
        };
        let point = tokens
            .get(*end)
            .or_else(|| tokens.get(end.checked_sub(1)?))
            .into_iter()
            .chain(tokens.get(end.saturating_sub(1)))
            .any(|t| t.word().is_some_and(words::is_point));
        let rest = text.get(value.at.end..).unwrap_or_default();
        let asked = rest.split_once(['.', '?', ':', '!']);
        let asked = asked.map_or(0, |(_, behind)| behind.matches('?').count());
        if point && asked > 1 && n.parse() == Ok(asked) {
            value.claims = false;
        }
    }
}
