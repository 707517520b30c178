//! How a run of characters looks: drawn at random, made up by a person, or put there to be replaced.

/// What a run of characters consists of; counted in one pass.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    pub(super) chars: usize,
    pub(super) digits: usize,
    pub(super) lower: usize,
    pub(super) upper: usize,
    /// Anything that is no letter and no digit.
    pub(super) signs: usize,
    /// Signs that words and numbers do not have between them.
    odd: usize,
    /// Different ASCII characters.
    distinct: u32,
    /// Longest run of letters and digits.
    longest: usize,
    /// Letters beyond `f`, in either case.
    beyond_hex: usize,
}

/// Longest run looked at.
pub(super) const LONGEST: usize = 512;

impl Look {
    pub(super) fn of(text: &str) -> Self {
        let mut look = Self::default();
        let mut seen = 0u128;
        let mut run = 0;
        for c in text.chars().take(LONGEST) {
            look.chars += 1;
            if c.is_ascii() {
                seen |= 1 << (c as u32);
            }
            if c.is_ascii_digit() {
                look.digits += 1;
            } else if c.is_uppercase() {
                look.upper += 1;
                look.beyond_hex += usize::from(!c.is_ascii_hexdigit());
            } else if c.is_alphabetic() {
                look.lower += 1;
                look.beyond_hex += usize::from(!c.is_ascii_hexdigit());
            } else {
                look.signs += 1;
                look.odd += usize::from(!matches!(
                    c,
                    '\'' | '\u{2019}' | '-' | '/' | '.' | ',' | ':' | '(' | ')'
                ));
                run = 0;
                continue;
            }
            run += 1;
            look.longest = look.longest.max(run);
        }
        look.distinct = seen.count_ones();
        look
    }

    const fn letters(&self) -> usize {
        self.lower + self.upper
    }

    /// Behind the prefix of a provider: not words, not `xxxxxxxx`.
    pub(super) const fn key(&self) -> bool {
        let mixed = self.digits > 0 || self.lower > 0 && self.upper > 0;
        // Sixteen capitals are now and then drawn without a digit.
        let capitals = self.upper >= 16 && self.signs == 0 && self.distinct >= 8;
        (mixed || capitals) && self.distinct >= 5 && (self.longest >= 8 || self.chars < 8)
    }

    /// So long and so mixed that nobody made it up.
    pub(super) const fn random(&self) -> bool {
        let cases = self.lower > 0 && self.upper > 0 && self.digits > 0;
        let hex = self.digits >= 4 && self.letters() >= 3;
        self.chars >= 16 && self.distinct >= 8 && self.longest >= 6 && (cases || hex)
    }

    /// Random enough to be named by a word some way off: no order number, no file name.
    pub(super) const fn drawn(&self) -> bool {
        let cases = self.lower > 0 && self.upper > 0 && self.chars >= 20;
        self.random() && (cases || self.chars >= 32)
    }

    pub(super) const fn distinct(&self) -> u32 {
        self.distinct
    }

    /// Random, and hexadecimal digits alone: it may be a checksum as well.
    pub(super) const fn hexadecimal(&self) -> bool {
        self.beyond_hex == 0
    }

    /// What no word looks like: letters with digits, or signs inside.
    pub(super) const fn made_up(&self) -> bool {
        self.chars >= 4 && self.digits > 0 && self.letters() >= 2
            || self.chars >= 6 && self.odd > 0 && self.letters() >= 2
    }
}

/// "8-digit", "4-stellig", "24h", "2FA": a count, not a password.
pub(super) fn counted(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(digits..).unwrap_or("");
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    (1..=2).contains(&digits)
        && !rest.is_empty()
        && rest.chars().all(char::is_alphabetic)
        && (text.contains('-') || rest.chars().count() <= 3)
}

/// What stands where a secret was or will be: `<token>`, `${TOKEN}`, `****`, `YOUR_API_KEY`.
pub(super) fn placeholder(text: &str) -> bool {
    let bytes = text.as_bytes();
    let hidden = text.chars().all(|c| {
        matches!(
            c,
            '*' | '\u{2022}' | '.' | '-' | '_' | 'x' | 'X' | '#' | '?'
        )
    });
    let variable = matches!(
        bytes,
        [b'<' | b'{', ..] | [b'%', .., b'%'] | [b'$', b'{' | b'(' | b'A'..=b'Z' | b'_', ..]
    ) || text.ends_with('>')
        || matches!(bytes, [b'$', rest @ ..] if rest.iter().all(|b| b.is_ascii_lowercase() || *b == b'_'));
    let begins = |word: &str| {
        text.get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    let named = [
        "your_",
        "your-",
        "yourpass",
        "yourkey",
        "my_",
        "insert",
        "process.env",
        "os.environ",
        "getenv",
        "env.",
    ]
    .iter()
    .any(|word| begins(word));
    let nothing = [
        "null",
        "none",
        "true",
        "false",
        "undefined",
        "redacted",
        "example",
        "string",
        "todo",
    ]
    .iter()
    .any(|word| text.eq_ignore_ascii_case(word));
    hidden || variable || named || nothing
}

#[cfg(test)]
mod tests {
    use super::{Look, counted, placeholder};

    #[test]
    fn made_up_or_counted() {
        for text in ["S3cure", "blue_horse", "am0r", "pa$$word"] {
            assert!(Look::of(text).made_up() && !counted(text), "{text}");
        }
        for text in ["8-digit", "4-stellig", "24h", "2FA"] {
            assert!(counted(text), "{text}");
        }
        assert!(!Look::of("reset-page").made_up());
    }

    #[test]
    fn placeholders() {
        for text in [
            "<token>",
            "${TOKEN}",
            "$SECRET",
            "*****",
            "YOUR_API_KEY",
            "null",
            "xxxx",
            "{{key}}",
        ] {
            assert!(placeholder(text), "{text}");
        }
        assert!(!placeholder("$2sug4") && !placeholder("x1y2"));
    }
}
