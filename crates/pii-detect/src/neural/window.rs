//! Texts longer than a model reads at once, cut into windows that overlap.
//!
//! A window ends at the end of a line where there is one in its second half, else of a sentence, else of a word, and the
//! next one begins a little before. Of what both have read, each word counts where it stands further from the edge.

use super::wordpiece::Piece;

/// Pieces of a text, as indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The first piece read.
    pub(super) from: usize,
    /// The piece behind the last one read.
    pub(super) to: usize,
    /// The first piece that counts.
    pub(super) own_from: usize,
    /// The piece behind the last one that counts.
    pub(super) own_to: usize,
}

/// Cuts pieces into windows of `budget` pieces at most. Every piece counts in exactly one, and no word is divided
/// between two unless it is longer than a window.
pub(super) fn plan(text: &str, pieces: &[Piece], budget: usize) -> Vec<Window> {
    let budget = budget.max(8);
    let overlap = budget / 5;
    let mut windows = Vec::with_capacity(pieces.len() / budget + 1);
    let (mut from, mut own_from) = (0, 0);
    loop {
        if pieces.len() - from <= budget {
            windows.push(Window {
                from,
                to: pieces.len(),
                own_from,
                own_to: pieces.len(),
            });
            return windows;
        }
        let furthest = from + budget;
        let to = cut(text, pieces, from + budget / 2 + 1, furthest).unwrap_or(furthest);
        // Behind what counts already, so that every window counts for something.
        let earliest = (to - 2 * overlap).max(from.max(own_from) + 1);
        let next = cut(text, pieces, earliest, to - overlap / 2).unwrap_or(to - overlap);
        let middle = next + (to - next) / 2;
        let own_to = (next..=middle)
            .rev()
            .find(|at| pieces.get(*at).is_some_and(|p| p.head))
            .unwrap_or(middle);
        windows.push(Window {
            from,
            to,
            own_from,
            own_to,
        });
        (from, own_from) = (next, own_to);
    }
}

/// The best place to cut before, of `first..=last`: the last line, else the last sentence, else the last word.
fn cut(text: &str, pieces: &[Piece], first: usize, last: usize) -> Option<usize> {
    let (mut best, mut rank) = (None, 0);
    for at in (first..=last).rev() {
        let here = border(text, pieces, at);
        if here > rank {
            (best, rank) = (Some(at), here);
        }
        if rank == LINE {
            break;
        }
    }
    best
}

const LINE: u8 = 3;
const SENTENCE: u8 = 2;
const WORD: u8 = 1;

/// What ends before the piece `at`.
fn border(text: &str, pieces: &[Piece], at: usize) -> u8 {
    let ends = (
        at.checked_sub(1).and_then(|i| pieces.get(i)),
        pieces.get(at),
    );
    let (Some(before), Some(piece)) = ends else {
        return 0;
    };
    if !piece.head {
        return 0;
    }
    let gap = text.get(before.end..piece.start).unwrap_or("");
    let last = text.get(before.start..before.end).unwrap_or("");
    if gap.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
        LINE
    } else if !gap.is_empty() && last.ends_with(['.', '!', '?', '\u{2026}', '\u{3002}']) {
        SENTENCE
    } else {
        WORD
    }
}

#[cfg(test)]
mod tests {
    use super::{Window, plan};
    use crate::neural::wordpiece::Piece;
    use proptest::prelude::*;

    /// Words at single spaces, each one piece, `~` a second piece of the word before it.
    fn pieces(text: &str) -> Vec<Piece> {
        let mut at = 0;
        let mut all = Vec::new();
        for part in text.split_inclusive([' ', '\n']) {
            let word = part.trim_end();
            let mut start = at;
            for (i, bit) in word.split_inclusive('~').enumerate() {
                let (id, end, head) = (0, start + bit.len(), i == 0);
                all.push(Piece {
                    id,
                    start,
                    end,
                    head,
                });
                start = end;
            }
            at += part.len();
        }
        all
    }

    #[test]
    fn lines_before_sentences_before_words() {
        let text = "a b c d e f. g h\ni j k l m n o p q r s t";
        let all = pieces(text);
        let windows = plan(text, &all, 10);
        assert_eq!(windows[0].to, 8, "the line ends there: {windows:?}");
        let text = "a b c d e f. g h i j k l m n o p q r s t";
        assert_eq!(plan(text, &pieces(text), 10)[0].to, 6);
        let text = "a b c d e f g h i j~k l m n o p q r s t";
        assert_eq!(plan(text, &pieces(text), 10)[0].to, 9, "not within a word");
    }

    #[test]
    fn one_window_is_enough() {
        let whole = |to| Window {
            from: 0,
            to,
            own_from: 0,
            own_to: to,
        };
        assert_eq!(plan("a b c", &pieces("a b c"), 10), [whole(3)]);
        assert_eq!(plan("", &[], 10), [whole(0)]);
    }

    proptest! {
        #[test]
        fn every_piece_counts_once(text in "([a-d~]{1,9}[.]?[ \n]){0,80}", budget in 8usize..40) {
            let all = pieces(&text);
            let windows = plan(&text, &all, budget);
            let mut at = 0;
            for (i, w) in windows.iter().enumerate() {
                prop_assert!(w.to - w.from <= budget);
                prop_assert!(w.from <= w.own_from && w.own_to <= w.to);
                prop_assert_eq!(w.own_from, at);
                at = w.own_to;
                if let Some(next) = windows.get(i + 1) {
                    prop_assert!(next.from > w.from && next.from <= w.own_to);
                }
            }
            prop_assert_eq!(at, all.len());
            // The cost stays linear: a window and a half a budget of new pieces.
            prop_assert!(windows.len() <= 1 + all.len() * 4 / budget.max(1));
        }
    }
}
