//! Mail addresses that lost their signs in a chat.

use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Look, Shape, Token};
use crate::words::Marks;

/// Ends of words that were mail addresses before their signs were lost.
const GLUED: [&str; 8] = [
    "mailcom",
    "yahoocom",
    "outlookcom",
    "icloudcom",
    "livecom",
    "gmxde",
    "gmxnet",
    "webde",
];
/// Whether four letters are the last ones of one of those.
fn glued(four: [u8; 4]) -> bool {
    let small = four.map(|b| b | 0x20);
    // The cheap question first.
    matches!(small[3], b'm' | b'e' | b't')
        && matches!(
            &small,
            b"lcom" | b"ocom" | b"kcom" | b"dcom" | b"ecom" | b"mxde" | b"xnet" | b"ebde"
        )
}

/// Words that are all that is left of the part behind the sign.
const HOSTS: [&str; 4] = ["gmailcom", "hotmailcom", "yahoocom", "outlookcom"];

/// "sam 27 gmailcom": what is left of an address when its signs are gone.
pub(crate) fn find(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    let bytes = scan.text.as_bytes();
    let looks = tokens.looks();
    let unlisted = looks.each(|word| {
        looks.marked(word, Marks::UNLISTED)
            & looks.word(word, Look::Long)
            & !looks.word(word, Look::Digits)
    });
    for at in unlisted {
        let Some(token) = tokens.get(at) else { break };
        let last = bytes.get(token.end - 4..token.end);
        if token.chars > 40 || !last.is_some_and(|last| last.try_into().is_ok_and(glued)) {
            continue;
        }
        let word = tokens.word(at);
        let tail = |ends: &[&str]| {
            ends.iter().any(|end| {
                word.len()
                    .checked_sub(end.len())
                    .and_then(|from| word.get(from..))
                    .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
            })
        };
        if !tail(&GLUED) {
            continue;
        }
        let mut from = at;
        let host = HOSTS.iter().any(|host| word.eq_ignore_ascii_case(host));
        // The local part: digits behind a word, and the word.
        while from > 0 && at - from < 3 && tokens.gap(from) == Gap::Space {
            let Some(before) = tokens.before(from) else {
                break;
            };
            let digits = before.shape == Shape::Number && before.chars <= 4;
            let named = before.word()
                && (2..=24).contains(&before.chars)
                && (before.known().name() || !before.known().common_word());
            if !(digits || named && (host || tokens.get(from).is_some_and(Token::digits))) {
                break;
            }
            from -= 1;
            if named {
                break;
            }
        }
        if let (Some(first), Some(last)) = (tokens.get(from), tokens.get(at))
            && let Some(span) = Span::new(first.start, last.end)
        {
            out.push(Finding::new(
                span,
                Kind::Email,
                0.7,
                Why::new("email:glued:host"),
            ));
        }
    }
}
