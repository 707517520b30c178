//! Keys that show what they are: the forms of `data/keys.txt`, as the providers document them.
//!
//! A form is found by its first word, which is an anchor of its own, or by the first bytes of a word that mixes letters and
//! digits; the rest is one comparison over bytes.

use std::sync::LazyLock;

use super::look::{LONGEST as LOOKED, Look};
use crate::lexicon::hash_word;
use crate::scan::Scan;
use crate::token::Shape;

static LIST: &str = include_str!("../../../data/keys.txt");

/// The upper bound of a run that has none.
const ENDLESS: usize = usize::MAX;

/// Runs without an upper bound that are remembered: a form has three at most.
const RUNS: usize = 4;

/// Bytes of a prefix that nothing else has, whatever stands behind it.
const SURE: usize = 24;

/// The letters a run may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alphabet {
    Word,
    Url,
    Small,
    Capital,
    Hex,
    AnyHex,
    Digit,
    Base64,
}

impl Alphabet {
    const fn of(letter: u8) -> Option<Self> {
        Some(match letter {
            b'w' => Self::Word,
            b'u' => Self::Url,
            b'a' => Self::Small,
            b'A' => Self::Capital,
            b'x' => Self::Hex,
            b'X' => Self::AnyHex,
            b'd' => Self::Digit,
            b'b' => Self::Base64,
            _ => return None,
        })
    }

    const fn holds(self, b: u8) -> bool {
        match self {
            Self::Word => b.is_ascii_alphanumeric(),
            Self::Url => b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'),
            Self::Small => b.is_ascii_lowercase() || b.is_ascii_digit(),
            Self::Capital => b.is_ascii_uppercase() || b.is_ascii_digit(),
            Self::Hex => matches!(b, b'0'..=b'9' | b'a'..=b'f'),
            Self::AnyHex => b.is_ascii_hexdigit(),
            Self::Digit => b.is_ascii_digit(),
            Self::Base64 => b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='),
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Text(&'static str),
    Run {
        alphabet: Alphabet,
        least: usize,
        most: usize,
    },
}

/// What has been read of a text.
#[derive(Default)]
pub(super) struct Read {
    /// Up to here no form begins: a run of words is read once, not from each of its words.
    dull: usize,
    /// The last runs without an upper bound: alphabet, where it was read from, and the byte behind it. From a later byte of a
    /// run it need not be read again, so that a text costs no more than some looks at each of its bytes, though every
    /// `sk-` and `eyJ` of it may begin a key without end.
    runs: [Option<(Alphabet, usize, usize)>; RUNS],
    /// Bytes looked at.
    #[cfg(test)]
    steps: usize,
}

impl Read {
    /// The length of a run of an alphabet, `most` at most.
    fn run(&mut self, text: &[u8], from: usize, alphabet: Alphabet, most: usize) -> usize {
        let known =
            |run: &&(Alphabet, usize, usize)| run.0 == alphabet && (run.1..=run.2).contains(&from);
        if most == ENDLESS
            && let Some((_, _, end)) = self.runs.iter().flatten().find(known)
        {
            return end - from;
        }
        let rest = text.get(from..).unwrap_or(&[]).iter();
        let len = rest.take(most).take_while(|b| alphabet.holds(**b)).count();
        #[cfg(test)]
        {
            self.steps += len;
        }
        if most == ENDLESS {
            self.runs.rotate_right(1);
            if let Some(oldest) = self.runs.first_mut() {
                *oldest = Some((alphabet, from, from + len));
            }
        }
        len
    }
}

#[derive(Debug)]
struct Form {
    parts: Vec<Part>,
}

impl Form {
    fn parse(form: &'static str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = form;
        while !rest.is_empty() {
            let open = rest.find('[').unwrap_or(rest.len());
            let (text, behind) = rest.split_at(open);
            if !text.is_empty() {
                parts.push(Part::Text(text));
            }
            if behind.is_empty() {
                break;
            }
            let (run, behind) = behind.get(1..)?.split_once(']')?;
            let alphabet = Alphabet::of(*run.as_bytes().first()?)?;
            let (least, most) = match run.get(1..)?.split_once("..") {
                Some((least, "")) => (least.parse().ok()?, ENDLESS),
                Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
                None => {
                    let exact = run.get(1..)?.parse().ok()?;
                    (exact, exact)
                }
            };
            parts.push(Part::Run {
                alphabet,
                least,
                most,
            });
            rest = behind;
        }
        Some(Self { parts })
    }

    fn text(&self) -> &'static str {
        match self.parts.first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// The byte behind what has the form and begins at `start`; nothing may run on behind it.
    fn matches(&self, text: &[u8], start: usize, read: &mut Read) -> Option<usize> {
        let mut end = start;
        let mut last = Alphabet::Word;
        for part in &self.parts {
            match part {
                Part::Text(part) => {
                    if !text.get(end..)?.starts_with(part.as_bytes()) {
                        return None;
                    }
                    end += part.len();
                }
                Part::Run {
                    alphabet,
                    least,
                    most,
                } => {
                    let run = read.run(text, end, *alphabet, *most);
                    if run < *least {
                        return None;
                    }
                    end += run;
                    last = *alphabet;
                }
            }
        }
        let behind = text.get(end).copied().unwrap_or(b' ');
        (!behind.is_ascii_alphanumeric() && !last.holds(behind)).then_some(end)
    }
}

/// All forms, ordered for the three ways of finding one.
pub(super) struct Forms {
    /// By the hash of the first word, sorted.
    headed: Vec<(u64, Form)>,
    /// By the first byte, sorted: the first word runs into what varies.
    glued: Vec<(u8, Form)>,
    /// Forms that begin with what varies.
    bare: Vec<Form>,
    /// One bit for each two bytes that one in `glued` begins with.
    first: Box<[u64; 1024]>,
}

pub(super) static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let mut forms = Forms {
        headed: Vec::new(),
        glued: Vec::new(),
        bare: Vec::new(),
        first: Box::new([0; 1024]),
    };
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        let Some(form) = line.split_once(' ').and_then(|(_, form)| Form::parse(form)) else {
            continue;
        };
        let text = form.text();
        let word = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
        match text.bytes().next() {
            None => forms.bare.push(form),
            Some(first) if word == text.len() => {
                let second = text.as_bytes().get(1);
                for next in second.map_or(0..=u8::MAX, |second| *second..=*second) {
                    let (slot, bit) = two(&[first, next]);
                    if let Some(slot) = forms.first.get_mut(slot) {
                        *slot |= bit;
                    }
                }
                forms.glued.push((first, form));
            }
            Some(_) => {
                let head = hash_word(text.get(..word).unwrap_or(""));
                forms.headed.push((head, form));
            }
        }
    }
    forms.headed.sort_by_key(|(head, _)| *head);
    forms.glued.sort_by_key(|(first, _)| *first);
    forms
});

/// Where the bit of the first two bytes stands.
fn two(bytes: &[u8]) -> (usize, u64) {
    let two = bytes
        .first_chunk()
        .map_or(0, |two| u16::from_be_bytes(*two));
    (usize::from(two >> 6), 1 << (two & 63))
}

impl Forms {
    /// The hashes of the first words.
    pub(super) fn heads(&self) -> impl Iterator<Item = u64> {
        self.headed.iter().map(|(head, _)| *head)
    }

    /// The byte behind the key that begins with the token `at`; `headed` where its word is an anchor.
    pub(super) fn find(
        &self,
        scan: &Scan<'_>,
        at: usize,
        headed: bool,
        read: &mut Read,
    ) -> Option<usize> {
        let token = scan.tokens.get(at)?;
        let start = token.start;
        let bytes = scan.text.as_bytes();
        let first = *bytes.get(start)?;
        if start < read.dull {
            return None;
        }
        let mut hit = |form: &Form| {
            let end = form.matches(bytes, start, read)?;
            let varies = scan.slice(start + form.text().len(), end);
            let sure = form.text().len() >= SURE || Look::of(varies).key();
            if !sure {
                read.dull = read.dull.max(end.min(start + LOOKED));
            }
            sure.then_some(end)
        };
        if headed {
            let from = self.headed.partition_point(|(head, _)| *head < token.hash);
            let rest = self.headed.get(from..).unwrap_or(&[]);
            let same = rest.iter().take_while(|(head, _)| *head == token.hash);
            if let Some(end) = same.filter_map(|(_, form)| hit(form)).max() {
                return Some(end);
            }
        }
        let mixed = matches!(token.shape, Shape::Mixed | Shape::Inner | Shape::Capital)
            || token.chars >= 16;
        let (slot, bit) = two(bytes.get(start..)?);
        if mixed && self.first.get(slot).is_some_and(|slot| slot & bit != 0) {
            let from = self.glued.partition_point(|(byte, _)| *byte < first);
            let rest = self.glued.get(from..).unwrap_or(&[]);
            let same = rest.iter().take_while(|(byte, _)| *byte == first);
            if let Some(end) = same.filter_map(|(_, form)| hit(form)).max() {
                return Some(end);
            }
        }
        // Hexadecimal digits of some length, or a number with a colon behind it.
        if token.chars == 32
            || token.shape == Shape::Number
                && bytes.get(start + usize::from(token.chars)) == Some(&b':')
        {
            return self.bare.iter().find_map(hit);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMS, LIST, Part, Read};
    use crate::scan::Scan;

    #[test]
    fn every_line_is_a_form() {
        let lines = LIST.lines().filter(|line| !line.starts_with('#')).count();
        let forms = &*FORMS;
        assert_eq!(
            lines,
            forms.headed.len() + forms.glued.len() + forms.bare.len()
        );
        let all = forms.headed.iter().map(|(_, form)| form);
        let all = all.chain(forms.glued.iter().map(|(_, form)| form));
        for form in all.chain(&forms.bare) {
            let least = form.parts.iter().map(|part| match part {
                Part::Text(text) => text.len(),
                Part::Run { least, .. } => *least,
            });
            assert!(least.sum::<usize>() >= 20, "{form:?}");
        }
    }

    #[test]
    fn what_begins_keys_without_end_is_not_read_again() {
        let long = "eyJ-sk-ant-".repeat(5_000);
        let parts = format!("{long}.{long}.{long} ");
        for piece in [
            "eyJ-",
            "sk-",
            "sk-ant-",
            "eyJ.",
            "eyJhbGci.",
            "sk.eyJ-",
            "ghp_",
            "pypi-sk-",
            &parts,
        ] {
            let text = piece.repeat(400_000 / piece.len());
            let scan = Scan::new(&text);
            let mut read = Read::default();
            for at in 0..scan.tokens.all().len() {
                FORMS.find(&scan, at, true, &mut read);
            }
            assert!(read.steps <= 8 * text.len(), "{piece}: {}", read.steps);
        }
    }

    #[test]
    fn every_provider_is_documented() {
        let docs = include_str!("../../../../../docs/secrets.md");
        for line in LIST.lines().filter(|line| !line.starts_with('#')) {
            let provider = line.split(' ').next().unwrap_or("");
            assert!(docs.contains(&format!("| {provider} |")), "{provider}");
        }
    }
}
