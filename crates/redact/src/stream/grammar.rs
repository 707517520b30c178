//! JSON (RFC 8259) read character by character, what stands inside strings aside: whether a text can still be JSON, and
//! whether a string is a name or a value. No stack: the kind of a list or object is a bit, of the first 64 levels.

/// Where one stands in a JSON text.
#[derive(Clone, Debug, Default)]
pub(super) struct Grammar {
    /// Which of the open lists and objects are objects.
    objects: u64,
    depth: usize,
    next: Next,
    atom: Atom,
}

/// What may come next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    /// The list or object that the text is.
    #[default]
    Text,
    Value,
    /// A value, or the end of a list that has just begun.
    FirstItem,
    Name,
    /// A name, or the end of an object that has just begun.
    FirstName,
    /// A name or a value: too deep to know.
    Either,
    Colon,
    /// What follows a string of which is not known whether it is a name.
    ColonOrComma,
    /// A comma or an end.
    Comma,
}

/// A value that is neither string, list nor object.
#[derive(Clone, Copy, Debug, Default)]
enum Atom {
    #[default]
    None,
    /// The rest of a word.
    Word(&'static [u8]),
    Number(Number),
}

/// What of a number was read last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    Minus,
    Zero,
    Digits,
    Point,
    Fraction,
    Exponent,
    Sign,
    Power,
}

impl Number {
    const fn followed_by(self, c: char) -> Option<Self> {
        Some(match (self, c) {
            (Self::Minus, '0') => Self::Zero,
            (Self::Minus, '1'..='9') | (Self::Digits, '0'..='9') => Self::Digits,
            (Self::Zero | Self::Digits, '.') => Self::Point,
            (Self::Point | Self::Fraction, '0'..='9') => Self::Fraction,
            (Self::Zero | Self::Digits | Self::Fraction, 'e' | 'E') => Self::Exponent,
            (Self::Exponent, '+' | '-') => Self::Sign,
            (Self::Exponent | Self::Sign | Self::Power, '0'..='9') => Self::Power,
            _ => return None,
        })
    }

    const fn is_whole(self) -> bool {
        matches!(
            self,
            Self::Zero | Self::Digits | Self::Fraction | Self::Power
        )
    }
}

/// What a string is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Name,
    Value,
    /// One of them: too deep to know.
    Unknown,
}

impl Grammar {
    /// Takes a character of a text that has to be JSON; `false` where it cannot be.
    pub(super) fn take(&mut self, c: char) -> bool {
        match self.atom {
            Atom::None => {}
            Atom::Word(rest) => {
                return match rest.split_first() {
                    Some((first, rest)) if char::from(*first) == c => {
                        self.begin(if rest.is_empty() {
                            Atom::None
                        } else {
                            Atom::Word(rest)
                        });
                        true
                    }
                    _ => false,
                };
            }
            Atom::Number(number) => {
                if let Some(number) = number.followed_by(c) {
                    self.begin(Atom::Number(number));
                    return true;
                }
                if !number.is_whole() {
                    return false;
                }
                self.begin(Atom::None);
            }
        }
        if matches!(self.next, Next::Value | Next::FirstItem | Next::Either) {
            let atom = match c {
                't' => Atom::Word(b"rue"),
                'f' => Atom::Word(b"alse"),
                'n' => Atom::Word(b"ull"),
                '-' => Atom::Number(Number::Minus),
                '0' => Atom::Number(Number::Zero),
                '1'..='9' => Atom::Number(Number::Digits),
                _ => Atom::None,
            };
            if !matches!(atom, Atom::None) {
                self.begin(atom);
                return true;
            }
        }
        let fits = self.fits(c);
        if fits {
            self.follow(c);
        }
        fits
    }

    fn begin(&mut self, atom: Atom) {
        self.atom = atom;
        self.next = Next::Comma;
    }

    /// Whether a character may stand here.
    pub(super) fn fits(&self, c: char) -> bool {
        let behind = matches!(self.next, Next::Comma | Next::ColonOrComma) && self.depth > 0;
        let value = matches!(self.next, Next::Value | Next::FirstItem | Next::Either);
        match c {
            ' ' | '\t' | '\n' | '\r' => true,
            '{' | '[' => value || self.next == Next::Text,
            '"' => value || matches!(self.next, Next::Name | Next::FirstName),
            ':' => matches!(self.next, Next::Colon | Next::ColonOrComma),
            ',' => behind,
            '}' => self.next == Next::FirstName || behind && self.is_object() != Some(false),
            ']' => self.next == Next::FirstItem || behind && self.is_object() != Some(true),
            _ => false,
        }
    }

    /// Follows a character of structure, whether or not it may stand here.
    pub(super) fn follow(&mut self, c: char) {
        self.next = match c {
            '{' | '[' => {
                let bit = u32::try_from(self.depth)
                    .map_or(0, |depth| 1_u64.checked_shl(depth).unwrap_or(0));
                self.depth += 1;
                if c == '{' {
                    self.objects |= bit;
                    Next::FirstName
                } else {
                    self.objects &= !bit;
                    Next::FirstItem
                }
            }
            '}' | ']' => {
                self.depth = self.depth.saturating_sub(1);
                Next::Comma
            }
            ',' => match self.is_object() {
                Some(true) => Next::Name,
                Some(false) => Next::Value,
                None => Next::Either,
            },
            ':' => Next::Value,
            _ => self.next,
        };
    }

    /// Whether the innermost open one is an object; `None` where that is too deep to know.
    fn is_object(&self) -> Option<bool> {
        let Some(index) = self.depth.checked_sub(1) else {
            return Some(false);
        };
        let bit = 1_u64.checked_shl(u32::try_from(index).ok()?)?;
        Some(self.objects & bit != 0)
    }

    /// What the string is that begins here.
    pub(super) const fn role(&self) -> Role {
        match self.next {
            Next::Name | Next::FirstName => Role::Name,
            Next::Either => Role::Unknown,
            _ => Role::Value,
        }
    }

    /// Follows the end of a string.
    pub(super) const fn end_string(&mut self) {
        self.next = match self.next {
            Next::Name | Next::FirstName => Next::Colon,
            Next::Either => Next::ColonOrComma,
            _ => Next::Comma,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether all of it is taken, strings without escapes.
    fn takes(text: &str) -> bool {
        let mut grammar = Grammar::default();
        let mut inside = false;
        text.chars().all(|c| {
            if c == '"' && inside {
                inside = false;
                grammar.end_string();
                return true;
            }
            let taken = inside || grammar.take(c);
            inside |= c == '"';
            taken
        }) && !inside
            && grammar.depth == 0
            && grammar.next == Next::Comma
    }

    #[test]
    fn lists_and_objects_are_taken_and_nothing_else() {
        for text in [
            "{}",
            " [ ] ",
            "[1,-0,2.5e-3,1E+9,0.0]",
            "{\"a\" : [true,false,null], \"b\":{}}",
            "[[[]],{}]\n",
            "[\"a\",\"b\"]",
        ] {
            assert!(takes(text), "{text}");
        }
        for text in [
            "",
            "1",
            "\"a\"",
            "true",
            "[",
            "{]",
            "[}",
            "[1,]",
            "{,}",
            "{\"a\"}",
            "{\"a\":1,}",
            "[01]",
            "[1.]",
            "[-]",
            "[.5]",
            "[1e]",
            "[tru]",
            "[truee]",
            "[1 2]",
            "{1:2}",
            "[:]",
            "[\"a\":1]",
            "{\"a\":1 \"b\":2}",
            "[] []",
            "[],",
            "{\"a\",\"b\"}",
            "[PERSON_1]",
            "\u{feff}[]",
            "[\u{a0}]",
        ] {
            assert!(!takes(text), "{text}");
        }
    }

    #[test]
    fn any_depth() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
            assert!(takes(&text));
        }
    }
}
