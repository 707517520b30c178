//! Known names: in any order, by a part, with initials, with slips, in handles and mail addresses.

use super::word::{Likeness, Word, letter};
use super::{GAP, NAME_PART, add};
use crate::cues::Class;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::lexicon::{folded, lookup};
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Tokens};
use zeroize::Zeroizing;

/// A name whole, in any order, or one of its words.
pub(super) fn find(scan: &Scan<'_>, value: &str, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    let own = Tokens::new(value);
    let words: Vec<Word> = (0..own.all().len())
        .map(|at| Word::new(own.word(at)))
        .collect();
    if words.is_empty() {
        return;
    }
    let part = |at: usize| {
        words
            .iter()
            .enumerate()
            .filter_map(|(i, word)| word.like(tokens, at).map(|like| (i, like)))
            .min_by_key(|(_, like)| *like as u8)
    };
    let mut at = 0;
    while at < tokens.all().len() {
        let Some(first) = part(at) else {
            at += 1;
            continue;
        };
        let from = at;
        let mut parts = vec![(at, first)];
        at += 1;
        // Parts that stand together are one name.
        while let Some(next) = part(at)
            && tokens.gap(at) != Gap::Line
            && tokens.between(at).len() <= GAP
        {
            parts.push((at, next));
            at += 1;
        }
        judge(scan, &words, from, at, &parts, out);
    }
    handles(scan, &words, out);
}

/// Accepts a run of parts, with the initials beside it.
fn judge(
    scan: &Scan<'_>,
    words: &[Word],
    mut from: usize,
    mut to: usize,
    parts: &[(usize, (usize, Likeness))],
    out: &mut Vec<Finding>,
) {
    let tokens = &scan.tokens;
    let same = |like: Likeness| like != Likeness::Slip;
    let sure = parts
        .iter()
        .any(|(at, (i, like))| same(*like) && strong(scan, *at, words.get(*i)));
    let whole = parts.len() > 1 && parts.iter().any(|(_, (_, like))| same(*like));
    // A slip alone is believed if it is no word and no name of somebody else.
    let slip = parts.iter().any(|(at, (_, like))| {
        !same(*like)
            && tokens.get(*at).is_some_and(|t| {
                let entry = lookup(t.hash);
                !entry.name() && !entry.common_word() && !entry.mostly_plain() && entry.town() < 2
            })
    });
    // Beside another name it is somebody else's.
    let stranger = |at: usize, gap: usize| {
        matches!(tokens.gap(gap), Gap::Space | Gap::Hyphen)
            && tokens
                .get(at)
                .is_some_and(|t| t.capital() && lookup(t.hash).name())
    };
    let slip = slip && !stranger(to, to) && !(from > 0 && stranger(from - 1, from));
    let slips = parts.len() > 1;
    if !(sure
        || whole
        || slip
        || slips
        || words.len() == 1 && parts.len() == 1 && parts.iter().all(|p| same(p.1.1)))
    {
        return;
    }
    // "M. Dupont", "Dupont M.": a letter beside it stands for another word of the name.
    let stands = |at: usize| {
        letter(tokens, at).is_some_and(|l| {
            words
                .iter()
                .enumerate()
                .any(|(i, w)| w.initial() == l && parts.iter().all(|(_, (p, _))| *p != i))
        })
    };
    while from > 0 && matches!(tokens.gap(from), Gap::Dot | Gap::Space) && stands(from - 1) {
        from -= 1;
    }
    while matches!(tokens.gap(to), Gap::Space | Gap::Comma) && stands(to) {
        to += 1;
    }
    let all = to - from >= words.len() && words.len() > 1;
    let (score, why) = if all && parts.iter().all(|(_, (_, like))| same(*like)) {
        (1.0, "known:name:exact")
    } else if sure || whole || words.len() == 1 {
        (0.95, NAME_PART)
    } else {
        (0.8, "known:name:slip")
    };
    add(scan, from, to, Kind::Person, score, why, out);
}

/// Whether a word of the name may stand for it alone: "Will" does with a capital, "de" never does.
fn strong(scan: &Scan<'_>, at: usize, word: Option<&Word>) -> bool {
    let (Some(token), Some(word)) = (scan.tokens.get(at), word) else {
        return false;
    };
    let chars = word.bytes.len();
    let entry = lookup(token.hash);
    let ordinary = entry.ambiguous() || entry.common_word();
    let particle = !token.capital()
        && (chars <= 2 || token.class.has(Class::PARTICLE) || chars == 3 && !entry.name());
    chars >= 2
        && !particle
        && (!ordinary
            || token.capital() && !scan.tokens.sentence_start(at)
            || token.capital() && !entry.common_word())
}

/// "mdupont", "dupont_m", "marie.dupont@other.example": names of accounts and mail addresses that spell the name.
fn handles(scan: &Scan<'_>, words: &[Word], out: &mut Vec<Finding>) {
    let long = words.iter().any(|w| w.bytes.len() >= 4);
    if words.len() < 2 || !long {
        return;
    }
    let tokens = &scan.tokens;
    let mut new = Vec::new();
    for finding in out.iter().filter(|f| f.kind() == Kind::Email) {
        let local = finding
            .span()
            .of(scan.text)
            .and_then(|mail| mail.split('@').next())
            .unwrap_or("");
        if spells(words, local) {
            let why = Why::new("known:email:name");
            new.push(Finding::new(finding.span(), Kind::Email, 1.0, why));
        }
    }
    for (at, token) in tokens.all().iter().enumerate() {
        // Words joined by a sign: a handle begins where none stands before.
        let joint = |at: usize| matches!(tokens.between(at), "_" | "." | "-");
        if token.chars < 2 || joint(at) && at > 0 {
            continue;
        }
        let mut end = at + 1;
        while end < at + 4 && joint(end) {
            end += 1;
        }
        let Some(last) = tokens.before(end) else {
            continue;
        };
        let text = scan.slice(token.start, last.end);
        if (4..=40).contains(&text.len())
            && !matches!(scan.byte(last.end), b'@')
            && (end > at + 1 || text.len() >= 5)
            && joined(words, text)
            && let Some(span) = Span::new(token.start, last.end)
        {
            new.push(Finding::new(
                span,
                Kind::Person,
                0.9,
                Why::new("known:name:handle"),
            ));
        }
    }
    out.append(&mut new);
}

/// Letters of a handle, folded, signs and digits left out.
fn letters(text: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = folded(text);
    bytes.retain(u8::is_ascii_lowercase);
    Zeroizing::new(bytes)
}

/// Whether the local part of a mail address spells the name: joined, or a long word of it by itself.
fn spells(words: &[Word], local: &str) -> bool {
    joined(words, local)
        || local.split(['.', '_', '-', '+']).any(|piece| {
            let piece = letters(piece);
            piece.len() >= 4 && words.iter().any(|w| w.bytes.as_slice() == piece.as_slice())
        })
}

/// Whether a handle is made of two words of the name, one of them by its first letter perhaps.
fn joined(words: &[Word], text: &str) -> bool {
    let text = letters(text);
    let cut = |w: &Word, whole: bool| if whole { w.bytes.len() } else { 1 };
    words.iter().enumerate().any(|(i, one)| {
        words.iter().enumerate().any(|(j, two)| {
            i != j
                && [(true, true), (true, false), (false, true)]
                    .iter()
                    .any(|(a, b)| {
                        let (first, second) = (
                            one.bytes.get(..cut(one, *a)).unwrap_or(&[]),
                            two.bytes.get(..cut(two, *b)).unwrap_or(&[]),
                        );
                        let long = if *a { first.len() } else { second.len() };
                        long >= 3
                            && text.len() == first.len() + second.len()
                            && text.starts_with(first)
                            && text.ends_with(second)
                    })
        })
    })
}
