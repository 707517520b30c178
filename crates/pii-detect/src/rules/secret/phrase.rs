//! Recovery phrases of wallets (BIP-39): 12 to 24 words behind a cue such as "seed phrase".
//!
//! The word lists are not shipped: words of three to eight letters, in a number that fits, with hardly a function word among
//! them, are enough behind the cue.

use super::Hit;
use super::words::{self, Role};
use crate::locale::function_word;
use crate::scan::Scan;
use crate::token::{Gap, Shape};

/// How far behind its cue a phrase begins.
const REACH: usize = 8;
/// Most words counted.
const MOST: usize = 30;

/// The phrase behind the cue at `at`.
pub(super) fn find(scan: &Scan<'_>, at: usize) -> Option<Hit> {
    let tokens = &scan.tokens;
    (at + 1..=at + REACH)
        .filter(|&start| {
            tokens.between(start).contains([':', '\n', '='])
                || start > at + 1 && words::before(tokens, start, 1).has(Role::COPULA)
                || words::before(tokens, start, 1).has(Role::PHRASE)
        })
        .find_map(|start| list(scan, start))
}

/// A list of words that begins with the token `start`.
fn list(scan: &Scan<'_>, start: usize) -> Option<Hit> {
    let tokens = &scan.tokens;
    let mut at = start;
    let (mut count, mut plain, mut end) = (0u8, 0u8, 0);
    let mut style = None;
    while usize::from(count) < MOST {
        let mut numbered = false;
        if let Some(number) = tokens.get(at)
            && number.shape == Shape::Number
            && number.chars <= 2
            && tokens.word(at).parse() == Ok(count + 1)
        {
            numbered = true;
            at += 1;
        }
        let Some(token) = tokens.get(at) else { break };
        let gap = tokens.gap(at);
        let joined = if numbered {
            matches!(
                gap,
                Gap::Dot | Gap::Space | Gap::Colon | Gap::Hyphen | Gap::Other
            )
        } else {
            count == 0 || matches!(gap, Gap::Space | Gap::Comma | Gap::Line | Gap::Hyphen)
        };
        let word = (3..=8).contains(&token.chars)
            && matches!(token.shape, Shape::Lower | Shape::Capital | Shape::Upper);
        if !joined || !word {
            break;
        }
        // Where the list changes its looks at a number of words that fits, it has ended.
        let now = (numbered, gap);
        match style {
            None if count > 0 => style = Some(now),
            Some(before) if before != now && fits(count) => break,
            // One word a line, and now a sentence.
            Some(_) if gap == Gap::Line && fits(count) && tokens.gap(at + 1) == Gap::Space => {
                break;
            }
            _ => {}
        }
        count += 1;
        plain += u8::from(function_word(token));
        end = token.end;
        at += 1;
    }
    (count >= 12 && plain * 4 <= count).then_some(Hit {
        start: tokens.get(start)?.start,
        end,
        score: 0.96,
        why: "secret:cue:wordlist",
    })
}

const fn fits(count: u8) -> bool {
    matches!(count, 12 | 15 | 18 | 21 | 24 | 25)
}
