//! The sort of place a value stands in.

use crate::gold::Span;

/// Classes and what stands before a value of theirs.
const WORDS: &str = include_str!("place.txt");

/// The last lines of a text that may be a signature.
const SIGNATURE: usize = 4;

/// The class of a span's place.
pub(super) fn of(text: &str, span: &Span) -> &'static str {
    let before = text.get(..span.start).unwrap_or("");
    let value = text.get(span.start..span.end).unwrap_or("").trim();
    let after = text.get(span.end..).unwrap_or("");
    if text.trim() == value {
        return "the whole text";
    }
    if let Some(class) = announced(before) {
        return class;
    }
    let line_before = before.rsplit('\n').next().unwrap_or("").trim();
    let line_after = after.split('\n').next().unwrap_or("").trim();
    if line_before.is_empty() && line_after.is_empty() {
        let below = after.trim_end().matches('\n').count();
        return if below < SIGNATURE && before.contains('\n') {
            "a line of its own at the end"
        } else {
            "a line of its own"
        };
    }
    let near = before.chars().next_back().unwrap_or(' ');
    if near.is_alphanumeric() || "@_-/.#".contains(near) {
        return "inside a longer word";
    }
    match line_before.chars().next_back() {
        None => "at the start of a line",
        Some(':' | '=' | '|') => "after a label",
        Some('.' | '!' | '?') => "at the start of a sentence",
        Some(',' | ';') => "after a comma",
        Some(c) if !c.is_alphanumeric() => "after another sign",
        Some(_) if last_word(line_before).starts_with(char::is_uppercase) => {
            "after a capitalised word"
        }
        Some(_) => "after a lower-case word",
    }
}

fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or("")
}

/// The class whose words stand last in `before`.
fn announced(before: &str) -> Option<&'static str> {
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    // The longest phrase has fewer characters than this.
    let cut = before.char_indices().rev().take(32).last();
    let near = before.get(cut.map_or(0, |(at, _)| at)..).unwrap_or("");
    let near = near.to_lowercase();
    for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
        let Some((class, phrases)) = line.split_once(": ") else {
            continue;
        };
        let stands = |phrase: &str| {
            near.strip_suffix(phrase)
                .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        };
        if phrases.split('|').any(stands) {
            return Some(class);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::gold::Span;

    #[test]
    fn places_have_classes() {
        for (text, class) in [
            ("QQ", "the whole text"),
            ("Dear QQ, hello", "after a greeting"),
            ("ok\nKind regards,\nQQ", "after a sign-off"),
            ("my name is QQ", "after an introduction"),
            ("the order no. QQ please", "after a word for a number"),
            ("ok then\nQQ\nbye", "a line of its own at the end"),
            ("Full name: QQ. Well", "after a label"),
            ("Fine. QQ said", "at the start of a sentence"),
            ("yes, QQ it", "after a comma"),
            ("see @QQ there", "inside a longer word"),
            ("Meet Zed QQ there", "after a capitalised word"),
            ("where QQ is", "after a lower-case word"),
            ("begin QQ", "after a lower-case word"),
        ] {
            let at = text.find("QQ").unwrap();
            assert_eq!(of(text, &Span::gold(at, at + 2, "X")), class, "{text}");
        }
    }
}
