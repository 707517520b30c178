//! Tagged text, `token<TAB>BIO` a line, made into running text again.

use crate::sample::{LABELS, Mark, Random, Sample, hash};
use std::io::Read;
use std::path::Path;

/// One sentence: tokens with label and whether the token begins its span.
type Sentence = Vec<(String, Option<u8>, bool)>;

/// Reads `part.tsv.gz` and joins sentences to texts of one to four.
pub(crate) fn read(folder: &Path, part: &str) -> Result<Vec<Sample>, String> {
    let path = folder.join(format!("{part}.tsv.gz"));
    let at = |e: std::io::Error| format!("{}: {e}", path.display());
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(&path).map_err(at)?)
        .read_to_string(&mut text)
        .map_err(at)?;
    let mut sentences = sentences(&text, &path)?;
    // The base part mixes languages; there a text is a sentence.
    let mixed = part == "base";
    let mut samples = Vec::new();
    let mut random = Random::new(hash(part));
    sentences.reverse();
    while let Some(sentence) = sentences.pop() {
        let mut sample = Sample {
            source: part.to_owned(),
            silver: part.starts_with("silver_"),
            ..Sample::default()
        };
        write(&sentence, &mut sample);
        let more = if mixed { 0 } else { random.below(4) };
        for _ in 0..more {
            if sample.text.len() > 600 {
                break;
            }
            let Some(next) = sentences.pop() else { break };
            sample.text.push_str(match random.below(10) {
                0..=6 => " ",
                7..=8 => "\n",
                _ => "\n\n",
            });
            write(&next, &mut sample);
        }
        if !sample.text.is_empty() {
            samples.push(sample);
        }
    }
    Ok(samples)
}

fn sentences(text: &str, path: &Path) -> Result<Vec<Sentence>, String> {
    let mut all = Vec::new();
    let mut sentence = Sentence::new();
    for (number, line) in text.lines().enumerate() {
        let Some((token, tag)) = line.split_once('\t') else {
            if !sentence.is_empty() {
                all.push(std::mem::take(&mut sentence));
            }
            continue;
        };
        let label = match tag.split_once('-') {
            None => None,
            Some((_, name)) => Some(
                LABELS
                    .iter()
                    .position(|l| *l == name)
                    .ok_or_else(|| format!("{}:{}: label {tag}", path.display(), number + 1))?
                    as u8,
            ),
        };
        sentence.push((token.to_owned(), label, tag.starts_with('B')));
    }
    if !sentence.is_empty() {
        all.push(sentence);
    }
    Ok(all)
}

/// Appends a sentence as people write it: punctuation where it belongs.
fn write(sentence: &Sentence, sample: &mut Sample) {
    let mut quoted = false;
    let mut glue = true;
    let mut before: Option<&str> = None;
    for (i, (token, label, begins)) in sentence.iter().enumerate() {
        let next = sentence.get(i + 1).map(|t| t.0.as_str());
        if token == "\u{23ce}" {
            sample.text.push('\n');
            glue = true;
            before = None;
            continue;
        }
        let (left, right) = joins(token, before, next, &mut quoted);
        if !(glue || left) {
            sample.text.push(' ');
        }
        let start = sample.text.len();
        sample.text.push_str(token);
        let end = sample.text.len();
        if let Some(label) = label {
            match sample.marks.last_mut() {
                Some(mark) if !begins && mark.label == *label => mark.end = end,
                _ => sample.marks.push(Mark {
                    start,
                    end,
                    label: *label,
                }),
            }
        }
        glue = right;
        before = Some(token);
    }
}

/// Whether a token is written without space before it, and without space behind it.
fn joins(token: &str, before: Option<&str>, next: Option<&str>, quoted: &mut bool) -> (bool, bool) {
    let number = |t: Option<&str>| t.is_some_and(|t| t.bytes().all(|b| b.is_ascii_digit()));
    let word = |t: Option<&str>| t.is_some_and(|t| t.chars().all(char::is_alphanumeric));
    let opened = matches!(before, Some(b) if b.ends_with(['(', '[', '{', '\u{ab}', '\u{201e}', '\u{201c}', '@', '#', '$', '\u{a3}']));
    let (left, right) = match token {
        "," | "." | ":" if number(before) && number(next) => (true, true),
        "." | "," | ";" | ":" | "!" | "?" | "%" | "\u{2026}" => (true, false),
        ")" | "]" | "}" | "\u{bb}" => (true, false),
        "(" | "[" | "{" | "\u{ab}" | "\u{201e}" | "@" | "#" | "$" | "\u{a3}" => (false, true),
        "-" | "\u{2010}" if word(before) && word(next) => (true, true),
        "/" | "_" | "'" | "\u{2019}" | "&" if word(before) && word(next) => (true, true),
        "\"" => {
            *quoted = !*quoted;
            (!*quoted, *quoted)
        }
        _ => (false, false),
    };
    (left || opened, right)
}

#[cfg(test)]
mod tests {
    use super::{sentences, write};
    use crate::sample::Sample;
    use std::path::Path;

    #[test]
    fn tokens_become_running_text() {
        let tsv = "Jean\tB-PER\n-\tI-PER\nLuc\tI-PER\nd\tO\n'\tO\nArc\tB-PER\n,\tO\n2\tO\n.\tO\n500\tO\n\u{23ce}\tO\n(\tO\nRoma\tB-LOC\n)\tO\n";
        let mut sample = Sample::default();
        for sentence in sentences(tsv, Path::new("x")).unwrap() {
            write(&sentence, &mut sample);
        }
        assert_eq!(sample.text, "Jean-Luc d'Arc, 2.500\n(Roma)");
        let marked: Vec<_> = sample
            .marks
            .iter()
            .map(|m| (&sample.text[m.start..m.end], m.label))
            .collect();
        assert_eq!(marked, [("Jean-Luc", 0), ("Arc", 0), ("Roma", 1)]);
    }
}
