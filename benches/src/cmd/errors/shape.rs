//! The shape of a value: `Xxxxx xx 9999`.

use crate::gold::Span;

/// Letters in a row are told up to this many.
const RUN: usize = 5;
/// A shape is told up to this many characters.
const LONGEST: usize = 36;

/// The shape of a span: `X` an upper-case letter, `x` another one, `9` a digit; what a finding covers stands in braces.
pub(super) fn of(text: &str, span: &Span, found: &[Span]) -> String {
    let mut shape = String::new();
    let (mut last, mut run, mut inside) = (' ', 0, false);
    for (at, c) in text.get(span.start..span.end).unwrap_or("").char_indices() {
        let at = span.start + at;
        let covered = found.iter().any(|f| f.start <= at && at < f.end);
        if covered != inside {
            shape.push(if covered { '{' } else { '}' });
            (inside, run) = (covered, 0);
        }
        let sign = sign(c);
        run = if sign == last { run + 1 } else { 1 };
        last = sign;
        // Digits are all told: how many there are is what a rule looks at.
        if run <= RUN || sign == '9' {
            shape.push(sign);
        }
        if shape.len() >= LONGEST {
            shape.push_str("..");
            break;
        }
    }
    if inside {
        shape.push('}');
    }
    shape
}

fn sign(c: char) -> char {
    match c {
        c if c.is_numeric() => '9',
        c if c.is_uppercase() => 'X',
        c if c.is_alphabetic() => 'x',
        '\n' => '/',
        c if c.is_whitespace() => ' ',
        // What would end a cell, a code span or a braced part.
        '|' | '`' | '{' | '}' => '?',
        c if c.is_ascii() => c,
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::gold::Span;

    #[test]
    fn a_shape_tells_no_letter() {
        let text = "Zo\u{eb} van Qurrentijn|+31 20/12345678901";
        let whole = Span::gold(0, text.len(), "X");
        assert_eq!(of(text, &whole, &[]), "Xxx xxx Xxxxxx?+99 99/99999999999");
        let part = Span::gold(9, 19, "X");
        let inner = Span::gold(0, 19, "X");
        assert_eq!(of(text, &inner, &[part]), "Xxx xxx {Xxxxxx}");
    }
}
