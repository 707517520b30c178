//! Words that sound alike.

/// In a shorter word another vowel makes another word.
const OTHER_VOWEL_FROM: usize = 8;

/// How a word is spelt by ear: `k` for `c` and `qu`, one letter for two, no `h`, `s` for `z`, `i` for `y` and `j`.
pub(super) fn squashed(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            'h' => continue,
            'q' => {
                if chars.peek() == Some(&'u') {
                    chars.next();
                }
                'k'
            }
            'c' => match chars.peek() {
                Some('e' | 'i' | 'y') => 's',
                _ => 'k',
            },
            'z' => 's',
            'y' | 'j' => 'i',
            'v' => 'b',
            other => other,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// Whether two words are equal or differ by one letter more or less, another vowel, or two neighbours swapped. Another
/// consonant makes another word too often (content, consent).
pub(super) fn within_one(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (Some(a), Some(b)) = (a.get(same..), b.get(same..)) else {
        return false;
    };
    match (a, b) {
        ([], []) => true,
        ([_, rest_a @ ..], _) if rest_a == b => true,
        (_, [_, rest_b @ ..]) if a == rest_b => true,
        ([x, rest_a @ ..], [y, rest_b @ ..]) if rest_a == rest_b => {
            same + a.len() >= OTHER_VOWEL_FROM && vowel(*x) && vowel(*y)
        }
        ([x, y, rest_a @ ..], [v, w, rest_b @ ..]) => x == w && y == v && rest_a == rest_b,
        _ => false,
    }
}

const fn vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_by_ear() {
        for (a, b, close) in [
            ("kiero", "quiero", true),
            ("informasion", "informacion", true),
            ("einwiligung", "einwilligung", true),
            ("consnet", "consent", true),
            ("delivery", "delete", false),
            ("content", "consent", false),
        ] {
            let (a, b) = (squashed(a), squashed(b));
            assert_eq!(within_one(a.as_bytes(), b.as_bytes()), close, "{a} {b}");
        }
    }
}
