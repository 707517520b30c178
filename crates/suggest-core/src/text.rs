//! Words, sentences, tags and character n-grams of a text; all other modules read text through these.
//!
//! Offsets are bytes of the text they were made from and lie on character boundaries.

use std::ops::Range;

use redact::{Kind, Locale};
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word, folded: lower case, no diacritics. A tag is the word `#KIND`.
#[derive(Clone)]
pub(crate) struct Word {
    pub(crate) folded: String,
    pub(crate) at: Range<usize>,
}

/// A canonical tag standing in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TagAt<'t> {
    /// The whole tag with its brackets.
    pub(crate) text: &'t str,
    /// The label between bracket and number.
    pub(crate) label: &'t str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Folds a text to lower case without diacritics: customers write with and without them.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        for low in c.to_lowercase() {
            match low {
                '\u{df}' => out.push_str("ss"),
                '\u{e6}' => out.push_str("ae"),
                '\u{153}' => out.push_str("oe"),
                '\u{f8}' => out.push('o'),
                '\u{142}' => out.push('l'),
                _ => out.push(low),
            }
        }
    }
    out
}

/// The canonical tags of a text, in order.
pub(crate) fn tags(text: &str) -> Vec<TagAt<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find('[')) {
        let start = from + open;
        match tag_at(text, start) {
            Some(tag) => {
                from = tag.end;
                found.push(tag);
            }
            None => from = start + 1,
        }
    }
    found
}

/// The canonical tag that begins at `start`: `[KIND_n]` with `n` from 1 and no leading zero.
fn tag_at(text: &str, start: usize) -> Option<TagAt<'_>> {
    let rest = text.get(start..)?.strip_prefix('[')?;
    let close = rest.find(']').filter(|&c| c <= 64)?;
    let (label, number) = rest.get(..close)?.rsplit_once('_')?;
    let label_fits = label.starts_with(|c: char| c.is_ascii_uppercase())
        && label.split('_').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        });
    let number_fits = !number.is_empty()
        && number.len() <= 9
        && !number.starts_with('0')
        && number.bytes().all(|b| b.is_ascii_digit());
    let end = start + close + 2;
    (label_fits && number_fits).then_some(TagAt {
        text: text.get(start..end)?,
        label,
        start,
        end,
    })
}

/// Whether a tag of a special category, of crimes or of a child stands in the text.
pub(crate) fn holds_special(text: &str) -> bool {
    tags(text)
        .iter()
        .any(|tag| Kind::from_label(tag.label).is_some_and(Kind::is_special))
}

/// The text with a space in the place of every tag.
pub(crate) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for tag in tags(text) {
        out.push_str(text.get(from..tag.start).unwrap_or_default());
        out.push(' ');
        from = tag.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// The words of a text in order; `hasn't` is one word, `l'ordre` two.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut out = Vec::new();
    let mut from = 0;
    for tag in tags(text) {
        plain_words(text, from..tag.start, &mut out);
        out.push(Word {
            folded: format!("#{}", tag.label),
            at: tag.start..tag.end,
        });
        from = tag.end;
    }
    plain_words(text, from..text.len(), &mut out);
    out
}

fn plain_words(text: &str, range: Range<usize>, out: &mut Vec<Word>) {
    let Some(part) = text.get(range.clone()) else {
        return;
    };
    let mut start = None;
    let mut chars = part.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if c.is_alphanumeric() || is_combining_mark(c) {
            start.get_or_insert(i);
            continue;
        }
        let negation = matches!(c, '\'' | '\u{2019}')
            && start.is_some()
            && chars
                .peek()
                .is_some_and(|&(j, next)| matches!(next, 't' | 'T') && ends_word(part, j + 1));
        if negation {
            continue;
        }
        if let Some(s) = start.take() {
            push_word(part, s..i, range.start, out);
        }
    }
    if let Some(s) = start {
        push_word(part, s..part.len(), range.start, out);
    }
}

fn ends_word(part: &str, at: usize) -> bool {
    part.get(at..)
        .and_then(|rest| rest.chars().next())
        .is_none_or(|c| !c.is_alphanumeric())
}

fn push_word(part: &str, at: Range<usize>, base: usize, out: &mut Vec<Word>) {
    if let Some(raw) = part.get(at.clone()) {
        let mut folded = fold(raw);
        folded.retain(char::is_alphanumeric);
        if !folded.is_empty() {
            out.push(Word {
                folded,
                at: base + at.start..base + at.end,
            });
        }
    }
}

/// The beginning of a text, at most that many bytes.
pub(crate) fn head(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// The sentences of a text: lines, and within a line what `.`, `!`, `?` or `...` ends before a new beginning.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let end = line_start + line.len();
        split_line(text, line_start..end, &mut out);
        line_start = end;
    }
    out
}

fn split_line(text: &str, line: Range<usize>, out: &mut Vec<Range<usize>>) {
    let Some(part) = text.get(line.clone()) else {
        return;
    };
    let mut start = 0;
    let mut chars = part.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if !matches!(c, '.' | '!' | '?' | '\u{2026}') {
            continue;
        }
        let end = i + c.len_utf8();
        let Some(&(_, next)) = chars.peek() else {
            continue;
        };
        if !next.is_whitespace() || (c == '.' && is_abbreviation(part.get(start..i).unwrap_or("")))
        {
            continue;
        }
        let rest = part.get(end..).unwrap_or_default().trim_start();
        let begins = rest.chars().next().is_some_and(|c| {
            !c.is_lowercase() || matches!(text.as_bytes().get(line.start + i), Some(b'!' | b'?'))
        });
        if begins {
            push_trimmed(part, start..end, line.start, out);
            start = end;
        }
    }
    push_trimmed(part, start..part.len(), line.start, out);
}

/// Whether the text before a full stop ends in one or two letters after a space: `z. B.`, `Nr.`, `p. ej.`, `Dr.`.
fn is_abbreviation(before: &str) -> bool {
    let last = before
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let letters = last.chars().filter(|c| c.is_alphabetic()).count();
    let total = last.chars().count();
    // `open until 18 h.` and `the box is here, so it is.` end a sentence.
    let stem = before.strip_suffix(last).unwrap_or_default();
    let measure = stem.trim_end().ends_with(|c: char| c.is_ascii_digit());
    let word = matches!(
        fold(last).as_str(),
        "is" | "it"
            | "us"
            | "so"
            | "be"
            | "go"
            | "me"
            | "ja"
            | "wo"
            | "da"
            | "es"
            | "er"
            | "si"
            | "ya"
            | "ok"
    );
    (letters > 0 && letters == total && total <= 2 && !measure && !word)
        || matches!(
            fold(last).as_str(),
            "bzw"
                | "inkl"
                | "zzgl"
                | "tel"
                | "art"
                | "max"
                | "min"
                | "usw"
                | "etc"
                | "sra"
                | "bijv"
                | "incl"
                | "resp"
        )
}

fn push_trimmed(part: &str, at: Range<usize>, base: usize, out: &mut Vec<Range<usize>>) {
    let Some(raw) = part.get(at.clone()) else {
        return;
    };
    let lead = raw.len() - raw.trim_start().len();
    let trimmed = raw.trim();
    if !trimmed.is_empty() {
        let start = base + at.start + lead;
        out.push(start..start + trimmed.len());
    }
}

/// The Snowball stemmer of a language, where there is one.
pub(crate) fn stemmer(locale: Option<Locale>) -> Option<Stemmer> {
    let algorithm = match locale? {
        Locale::Danish => Algorithm::Danish,
        Locale::Dutch => Algorithm::Dutch,
        Locale::English => Algorithm::English,
        Locale::Finnish => Algorithm::Finnish,
        Locale::French => Algorithm::French,
        Locale::German => Algorithm::German,
        Locale::Greek => Algorithm::Greek,
        Locale::Hungarian => Algorithm::Hungarian,
        Locale::Italian => Algorithm::Italian,
        Locale::Portuguese => Algorithm::Portuguese,
        Locale::Romanian => Algorithm::Romanian,
        Locale::Spanish => Algorithm::Spanish,
        Locale::Swedish => Algorithm::Swedish,
        _ => return None,
    };
    Some(Stemmer::create(algorithm))
}

/// The stems of a text without its tags, folded after stemming because Snowball reads diacritics.
pub(crate) fn stems(text: &str, stemmer: Option<&Stemmer>) -> Vec<String> {
    let plain = without_tags(text);
    words(&plain)
        .into_iter()
        .map(|word| {
            let raw = plain.get(word.at.clone()).unwrap_or_default();
            stem(raw, &word.folded, stemmer)
        })
        .collect()
}

/// The stem of a word as it stands in a text.
pub(crate) fn stem(raw: &str, folded: &str, stemmer: Option<&Stemmer>) -> String {
    match stemmer {
        Some(stemmer) if raw.chars().all(char::is_alphabetic) => {
            fold(&stemmer.stem(&raw.to_lowercase()))
        }
        _ => folded.to_owned(),
    }
}

/// Calls `each` with the hash of every character 3- to 5-gram of the words of a text, a space around each word
/// (scikit-learn's `char_wb`). Tags do not count.
pub(crate) fn grams(text: &str, mut each: impl FnMut(u32)) {
    for word in words(text) {
        if !word.folded.starts_with('#') {
            word_grams(&word.folded, &mut each);
        }
    }
}

/// Calls `each` with the hash of every character 3- to 5-gram of one folded word, a space around it.
pub(crate) fn word_grams(folded: &str, mut each: impl FnMut(u32)) {
    let mut padded: Vec<char> = Vec::with_capacity(folded.len() + 2);
    padded.push(' ');
    padded.extend(folded.chars());
    padded.push(' ');
    for n in 3..=5 {
        if n >= padded.len() {
            each(hash(padded.iter().copied(), n));
            break;
        }
        for gram in padded.windows(n) {
            each(hash(gram.iter().copied(), n));
        }
    }
}

/// FNV-1a: small, even enough for a million buckets, and the same on every machine.
pub(crate) fn hash(chars: impl Iterator<Item = char>, seed: usize) -> u32 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64 ^ seed as u64;
    for c in chars {
        for byte in (c as u32).to_le_bytes().into_iter().take(3) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    (state ^ (state >> 32)) as u32
}

/// The part of a mail its author wrote: without quoted lines, what stands under a quotation header, and the
/// signature under `-- `.
pub(crate) fn own_words(mail: &str) -> &str {
    let mut end = 0;
    let mut at = 0;
    for line in mail.split_inclusive('\n') {
        let trimmed = line.trim();
        let begins = at == 0;
        at += line.len();
        if !begins
            && (trimmed.starts_with('>')
                || line.trim_end_matches(['\r', '\n']) == "-- "
                || quotes(trimmed))
        {
            break;
        }
        end = at;
    }
    mail.get(..end).unwrap_or(mail)
}

/// Whether a line is the header mail programs put over what they quote.
fn quotes(line: &str) -> bool {
    const WROTE: [&str; 8] = [
        " wrote:",
        " schrieb:",
        " a \u{e9}crit :",
        " a \u{e9}crit:",
        " escribi\u{f3}:",
        " ha scritto:",
        " schreef:",
        " escreveu:",
    ];
    if line.len() < 300 && WROTE.iter().any(|wrote| line.ends_with(wrote)) {
        return true;
    }
    // `Am 12.3. schrieb Shop <..>:` keeps the verb in the middle.
    if line.len() < 300
        && line.ends_with(':')
        && (line.contains(" schrieb ") || line.contains(" schreef "))
        && line.split_whitespace().count() <= 14
    {
        return true;
    }
    let dashes = line
        .bytes()
        .take_while(|b| matches!(b, b'-' | b'_'))
        .count();
    dashes >= 5 || (dashes >= 2 && line.ends_with("--") && line.len() > 8)
}
