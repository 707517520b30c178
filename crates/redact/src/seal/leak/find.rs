//! Where forms stand in a folded text.

use zeroize::Zeroizing;

use super::folded::Folded;
use super::forms::Forms;

/// Bytes of a form's first word that are looked at before all of it is compared.
const HEAD: usize = 32;
/// Bytes of a form of letters and digits alone that are looked at first; none is shorter.
const DENSE: usize = 7;

/// Takes a form's number and its place; answers whether it counts.
type Judge<'j> = &'j mut dyn FnMut(usize, usize, usize) -> Option<()>;

/// By what they begin with: the numbers of the forms.
pub(super) struct Index {
    /// Hash of the first word, longest form first, and where in the form that word begins.
    words: Zeroizing<Vec<(u64, usize, usize)>>,
    /// The first letters and digits themselves.
    compact: Zeroizing<Vec<(u64, usize)>>,
}

impl Index {
    pub(super) fn new(words: &Forms, compact: &Forms) -> Self {
        let mut index = Self {
            words: Zeroizing::new(Vec::with_capacity(words.len())),
            compact: Zeroizing::new(Vec::with_capacity(compact.len())),
        };
        for (number, form) in words.iter().enumerate() {
            let begin = form
                .char_indices()
                .find(|(_, c)| c.is_alphanumeric())
                .map_or(0, |(at, _)| at);
            index.words.push((head(form, begin), number, begin));
        }
        let longest =
            |forms: &Forms, number: usize| std::cmp::Reverse(forms.get(number).map_or(0, str::len));
        index
            .words
            .sort_by_key(|(hash, number, _)| (*hash, longest(words, *number)));
        for (number, form) in compact.iter().enumerate() {
            index.compact.push((dense(form, 0).unwrap_or(0), number));
        }
        index
            .compact
            .sort_by_key(|(hash, number)| (*hash, longest(compact, *number)));
        index
    }

    /// Forms of whole words: at every place the longest that counts. Places may overlap, so that none hides another.
    pub(super) fn words(&self, forms: &Forms, folded: &Folded, judge: Judge<'_>) {
        let text = folded.text.as_str();
        let mut inside = false;
        for (at, c) in text.char_indices() {
            let word = c.is_alphanumeric();
            // A word begins here, or something that does not count was left out within one.
            let begins = word && (!inside || folded.is_torn(at));
            inside = word;
            if !begins {
                continue;
            }
            let hash = head(text, at);
            let first = self.words.partition_point(|(of, ..)| *of < hash);
            let same = self.words.iter().skip(first);
            for (_, number, begin) in same.take_while(|(of, ..)| *of == hash) {
                let (Some(form), Some(start)) = (forms.get(*number), at.checked_sub(*begin)) else {
                    continue;
                };
                let end = start + form.len();
                if text.get(start..end) == Some(form) && judge(*number, start, end).is_some() {
                    break;
                }
            }
        }
    }

    /// Forms of letters and digits alone.
    pub(super) fn compact(&self, forms: &Forms, folded: &Folded, judge: Judge<'_>) {
        let text = folded.text.as_str();
        for (at, _) in text.char_indices() {
            let Some(hash) = dense(text, at) else {
                break;
            };
            let first = self.compact.partition_point(|(of, _)| *of < hash);
            let same = self.compact.iter().skip(first);
            for (_, number) in same.take_while(|(of, _)| *of == hash) {
                let Some(form) = forms.get(*number) else {
                    continue;
                };
                let end = at + form.len();
                if text.get(at..end) == Some(form) && judge(*number, at, end).is_some() {
                    break;
                }
            }
        }
    }
}

/// The beginning of the word at `at`, as a number.
fn head(text: &str, at: usize) -> u64 {
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.chars().take_while(|c| c.is_alphanumeric());
    let mut hash = 0u64;
    let mut len = 0;
    for c in word {
        len += c.len_utf8();
        if len > HEAD {
            break;
        }
        hash = (hash.rotate_left(9) ^ u64::from(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    hash
}

/// The bytes at `at`, as a number; `None` where too few are left.
fn dense(text: &str, at: usize) -> Option<u64> {
    let bytes: &[u8; DENSE] = text.as_bytes().get(at..)?.first_chunk()?;
    Some(bytes.iter().fold(0, |sum, b| sum << 8 | u64::from(*b)))
}
