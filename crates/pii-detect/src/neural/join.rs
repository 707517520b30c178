//! From words with labels to spans: the parts of a name, of an address, of a number brought together.

use super::NeuralSpan;
use super::label::Part;
use crate::cues::{self, Class};
use crate::kind::Kind;
use crate::lexicon::hash_word;
use crate::span::Span;

/// A word that the model holds for part of something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// The first byte.
    pub(super) start: usize,
    /// The byte behind the last.
    pub(super) end: usize,
    /// Part of what.
    pub(super) part: Part,
    /// Whether the model says that something begins here.
    pub(super) begins: bool,
    /// How probable it is.
    pub(super) score: f32,
}

/// Most bytes between two parts of one address: a comma, spaces, the end of a line.
const BESIDE: usize = 6;
/// Most bytes of particles between two parts of a name.
const PARTICLES: usize = 12;

/// Joins words in the order of the text to spans.
pub(super) fn join(text: &str, words: &[Word]) -> Vec<NeuralSpan> {
    let mut spans = Vec::new();
    let mut rest = words;
    while let Some(first) = rest.first() {
        let count = match first.part.group() {
            Kind::Person => person(text, rest),
            Kind::Address | Kind::Postcode | Kind::Location => {
                let count = place(text, rest);
                let (run, _) = rest.split_at(count);
                places(text, run, &mut spans);
                rest = rest.get(count..).unwrap_or(&[]);
                continue;
            }
            _ => plain(text, rest),
        };
        let (run, after) = rest.split_at(count);
        push(first.part.group(), run, &mut spans);
        rest = after;
    }
    spans
}

/// How many of the words are one name: given names and surnames in either order, hyphens, initials and particles
/// between them. A second given name after a surname begins another name.
fn person(text: &str, words: &[Word]) -> usize {
    let (mut given, mut surname) = (false, false);
    let mut end = None;
    words
        .iter()
        .take_while(|word| {
            let belongs = word.part.group() == Kind::Person
                && end.is_none_or(|end| {
                    let gap = text.get(end..word.start).unwrap_or("\n");
                    let spaced = gap.contains(char::is_whitespace);
                    let another = match word.part {
                        Part::Given => given && surname,
                        Part::Name => true,
                        _ => false,
                    };
                    one_name(gap) && !(spaced && word.begins && another)
                });
            given |= word.part == Part::Given;
            surname |= word.part == Part::Surname;
            end = Some(word.end);
            belongs
        })
        .count()
}

/// Whether what stands between two words keeps them one name.
fn one_name(gap: &str) -> bool {
    match gap {
        "" | " " | "-" | "'" | "\u{2019}" | "\u{2010}" | "\u{2011}" | "." | ". " => true,
        _ if gap.contains(['\n', '\r', '\u{2028}', '\u{2029}']) => false,
        _ if gap.trim().is_empty() => gap.chars().count() <= 3,
        // "van der", "de la", "d'": nothing but particles.
        _ => {
            gap.len() <= PARTICLES
                && gap.starts_with(' ')
                && gap
                    .split([' ', '\'', '\u{2019}'])
                    .filter(|word| !word.is_empty())
                    .all(|word| cues::class(hash_word(word)).has(Class::PARTICLE))
        }
    }
}

/// How many of the words stand beside each other as an address does.
fn place(text: &str, words: &[Word]) -> usize {
    let mut end = None;
    words
        .iter()
        .take_while(|word| {
            let group = word.part.group();
            let belongs = matches!(group, Kind::Address | Kind::Postcode | Kind::Location)
                && end.is_none_or(|end| beside(text.get(end..word.start).unwrap_or("\n\n")));
            end = Some(word.end);
            belongs
        })
        .count()
}

fn beside(gap: &str) -> bool {
    let lines = gap.bytes().filter(|b| *b == b'\n').count();
    gap.len() <= BESIDE
        && lines <= 1
        && gap.chars().all(|c| {
            c.is_whitespace()
                || matches!(
                    c,
                    ',' | ';' | '.' | '-' | '/' | '\'' | '\u{2019}' | '#' | '('
                )
        })
}

/// One address where a street is among the words; else postcodes and towns, each alone. A house number alone is a number.
fn places(text: &str, run: &[Word], spans: &mut Vec<NeuralSpan>) {
    if run
        .iter()
        .any(|word| matches!(word.part, Part::Street | Part::Unit))
    {
        push(Kind::Address, run, spans);
        return;
    }
    let mut rest = run;
    while let Some(first) = rest.first() {
        let count = plain(text, rest);
        let (same, after) = rest.split_at(count);
        if first.part != Part::Building {
            push(first.part.group(), same, spans);
        }
        rest = after;
    }
}

/// How many of the words are one value of one kind.
fn plain(text: &str, words: &[Word]) -> usize {
    let group = words.first().map(|word| word.part.group());
    let mut end = None;
    words
        .iter()
        .take_while(|word| {
            let belongs = Some(word.part.group()) == group
                && end.is_none_or(|end| {
                    let gap = text.get(end..word.start).unwrap_or("\n");
                    let spaced = gap.contains(char::is_whitespace);
                    one_value(gap) && !(spaced && word.begins)
                });
            end = Some(word.end);
            belongs
        })
        .count()
}

/// Whether what stands between two words keeps them one value: a space, or signs as numbers and addresses of the net have them.
fn one_value(gap: &str) -> bool {
    gap.len() <= 3
        && gap.chars().all(|c| {
            matches!(c, ' ' | '\u{a0}' | '\u{202f}')
                || c.is_ascii_punctuation() && c != ',' && c != ';'
        })
}

fn push(kind: Kind, words: &[Word], spans: &mut Vec<NeuralSpan>) {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return;
    };
    #[expect(clippy::cast_precision_loss, reason = "a span has few words")]
    let score = words.iter().map(|word| word.score).sum::<f32>() / words.len() as f32;
    if let Some(span) = Span::new(first.start, last.end) {
        spans.push(NeuralSpan::new(span, kind, score));
    }
}

#[cfg(test)]
mod tests {
    use super::{Word, join};
    use crate::kind::Kind;
    use crate::neural::label::Part;
    use Part::{Building, Given, Name, Place, Plain, Postcode, Street, Surname, Unit};

    /// What is joined of the words of a text; a `*` before a word says that something begins with it.
    fn joined(text: &str, parts: &[(&str, Part)]) -> Vec<(Kind, String)> {
        let mut at = 0;
        let words: Vec<Word> = parts
            .iter()
            .map(|(word, part)| {
                let begins = word.starts_with('*');
                let word = word.trim_start_matches('*');
                let start = at + text[at..].find(word).expect("the word is there");
                at = start + word.len();
                let (end, part, score) = (at, *part, 0.9);
                Word {
                    start,
                    end,
                    part,
                    begins,
                    score,
                }
            })
            .collect();
        join(text, &words)
            .iter()
            .map(|s| {
                (
                    s.kind(),
                    s.span().of(text).expect("a span of it").to_owned(),
                )
            })
            .collect()
    }

    fn is(got: &[(Kind, String)], wanted: &[(Kind, &str)]) {
        let got: Vec<(Kind, &str)> = got.iter().map(|(k, s)| (*k, s.as_str())).collect();
        assert_eq!(got, wanted);
    }

    #[test]
    fn names_of_several_parts() {
        let person =
            |text, parts: &[(&str, Part)]| is(&joined(text, parts), &[(Kind::Person, text)]);
        person("Ana Belo", &[("*Ana", Given), ("*Belo", Surname)]);
        person("BELO Ana", &[("*BELO", Surname), ("*Ana", Given)]);
        person(
            "Ana-Lena O'Brien",
            &[
                ("*Ana", Given),
                ("*Lena", Given),
                ("*O", Surname),
                ("Brien", Surname),
            ],
        );
        person("J. Belo", &[("*J", Given), ("*Belo", Surname)]);
        person(
            "Joost van den Berg",
            &[("*Joost", Given), ("*Berg", Surname)],
        );
        person("Zoe  Belo", &[("*Zoe", Name), ("Belo", Name)]);
    }

    #[test]
    fn names_of_several_people() {
        let text = "Ana Belo Rui Melo";
        let parts = [
            ("*Ana", Given),
            ("*Belo", Surname),
            ("*Rui", Given),
            ("*Melo", Surname),
        ];
        is(
            &joined(text, &parts),
            &[(Kind::Person, "Ana Belo"), (Kind::Person, "Rui Melo")],
        );
        for text in ["Ana, Rui", "Ana\nRui", "Ana and Rui", "Ana. But Rui"] {
            let parts = [("*Ana", Given), ("*Rui", Given)];
            is(
                &joined(text, &parts),
                &[(Kind::Person, "Ana"), (Kind::Person, "Rui")],
            );
        }
        let parts = [("*Ana", Name), ("*Rui", Name)];
        is(
            &joined("Ana Rui", &parts),
            &[(Kind::Person, "Ana"), (Kind::Person, "Rui")],
        );
    }

    #[test]
    fn addresses() {
        let text = "12 Elm Rd, Flat 3\nLeeds LS1 4AP, not 9, Hull";
        let parts = [
            ("*12", Building),
            ("*Elm", Street),
            ("Rd", Street),
            ("*Flat", Unit),
            ("3", Unit),
            ("*Leeds", Place),
            ("*LS1", Postcode),
            ("4AP", Postcode),
            ("*9", Building),
            ("*Hull", Place),
        ];
        is(
            &joined(text, &parts),
            &[
                (Kind::Address, "12 Elm Rd, Flat 3\nLeeds LS1 4AP"),
                (Kind::Location, "Hull"),
            ],
        );
        let parts = [("*28012", Postcode), ("*Madrid", Place)];
        is(
            &joined("28012 Madrid", &parts),
            &[(Kind::Postcode, "28012"), (Kind::Location, "Madrid")],
        );
    }

    #[test]
    fn values() {
        let id = Plain(Kind::Id);
        let parts = [("*AB", id), ("*12", id), ("34", id), ("*56", id)];
        is(
            &joined("AB-12 34, 56", &parts),
            &[(Kind::Id, "AB-12 34"), (Kind::Id, "56")],
        );
        let mail = Plain(Kind::Email);
        let parts = [("*a", mail), ("b", mail), ("x", mail), ("*org", mail)];
        is(&joined("a.b@x.org", &parts), &[(Kind::Email, "a.b@x.org")]);
        let parts = [("*1", id), ("*2", Plain(Kind::Phone))];
        is(
            &joined("1 2", &parts),
            &[(Kind::Id, "1"), (Kind::Phone, "2")],
        );
    }
}
