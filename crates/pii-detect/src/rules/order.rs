//! Order, tracking, customer and identity numbers: a code, and the word beside it that says what it is.

use crate::checksum;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::rules::number::Compact;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape, Token};
use crate::trigger::{self, Cue, Set};

/// Most tokens of one code.
const PARTS: usize = 8;

/// A code: letters and digits with joiners, and what follows after single spaces where a cue allows it.
struct Code {
    first: usize,
    behind: usize,
    digits: usize,
    letters: usize,
    lower: bool,
}

/// Decides by the cue before or behind the number at `at`; returns the token behind the code.
pub(crate) fn by_cue(
    scan: &Scan<'_>,
    at: usize,
    free: usize,
    cue: Cue,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let tokens = &scan.tokens;
    // "2 chairs": without such a word before it, a code has three digits.
    if !cue.noun.has(trigger::CODES)
        && tokens
            .get(at)
            .is_some_and(|t| t.shape == Shape::Number && t.chars < 3 && t.ascii())
        && !joined(scan, at)
        && !joined(scan, at + 1)
    {
        return None;
    }
    let tight = read(scan, at, free, false);
    // A prefix of its own: ORD-4711, RMA2024-12.
    let mixed = tokens.get(at)?.shape == Shape::Mixed;
    let prefix = (tight.first..at + usize::from(mixed))
        .map(|here| prefix_set(scan, here))
        .find(|set| *set != Set::NONE);
    let hash = scan.byte_before(tokens.get(tight.first)?.start) == b'#';
    let cue_before = trigger::before(scan, tight.first);
    let cue = if cue_before.noun == Set::NONE {
        cue
    } else {
        cue_before
    };
    if cue.noun.has(trigger::CODES)
        && let Some(kind) = kind_of(cue.noun)
    {
        let loose = read(scan, at, free, cue.strong);
        for code in [&loose, &tight] {
            if let Some(score) = judge(scan, code, cue, hash) {
                return add(
                    scan,
                    code,
                    kind,
                    score,
                    if cue.strong {
                        "code:cue:number"
                    } else {
                        "code:cue:near"
                    },
                    out,
                );
            }
        }
    }
    if let Some(set) = prefix
        && tight.digits >= 3
        && let Some(kind) = kind_of(set)
    {
        return add(scan, &tight, kind, 0.75, "code:prefix:digits", out);
    }
    let behind = trigger::after(scan, tight.behind);
    if behind.noun.has(trigger::CODES)
        && tight.digits >= 3
        && let Some(kind) = kind_of(behind.noun)
    {
        return add(scan, &tight, kind, 0.75, "code:after:number", out);
    }
    if hash && tight.digits >= 3 {
        return add(scan, &tight, Kind::Order, 0.6, "code:hash:digits", out);
    }
    // A code that looks issued: upper case, long, mostly digits.
    let word = tight.letters >= 1 && tight.digits >= 4 && tight.digits + tight.letters >= 7;
    if word && !tight.lower && tight.behind - tight.first <= 4 && tight.letters <= 12 {
        return add(scan, &tight, Kind::Id, 0.45, "id:-:shape", out);
    }
    None
}

/// What the letters at the beginning of a code say: `ORD`, `INV`, `RMA`.
fn prefix_set(scan: &Scan<'_>, at: usize) -> Set {
    let word = scan.tokens.word(at);
    let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
    let mut head = [0; 6];
    let Some(head) = head.get_mut(..letters) else {
        return Set::NONE;
    };
    head.copy_from_slice(word.as_bytes().get(..letters).unwrap_or(&[]));
    // Two letters are a word as well, where they are not capitals.
    if letters > 2 {
        head.make_ascii_uppercase();
    }
    match &*head {
        b"ORD" | b"ORDER" | b"INV" | b"RMA" | b"CMD" | b"RET" | b"FACT" | b"FAC" | b"BST"
        | b"RE" | b"RG" | b"PED" | b"TKT" | b"TICKET" | b"CASE" | b"BK" => Set::ORDER,
        b"TRK" => Set::TRACKING,
        b"CUST" | b"KD" | b"CLI" => Set::CUSTOMER,
        _ => Set::NONE,
    }
}

fn kind_of(set: Set) -> Option<Kind> {
    if set.has(Set::TRACKING) {
        Some(Kind::Tracking)
    } else if set.has(Set::ORDER) {
        Some(Kind::Order)
    } else if set.has(Set::CUSTOMER) {
        Some(Kind::CustomerId)
    } else if set.has(Set::ID.or(Set::ACCOUNT).or(Set::CARD)) {
        Some(Kind::Id)
    } else {
        None
    }
}

/// The score of a code under a cue; `None` when it is too little to be a number of that sort.
fn judge(scan: &Scan<'_>, code: &Code, cue: Cue, hash: bool) -> Option<f32> {
    let tokens = &scan.tokens;
    let single = code.behind - code.first == 1;
    let year = single
        && code.digits == 4
        && code.letters == 0
        && tokens
            .word(code.first)
            .parse::<u32>()
            .is_ok_and(|y| (1990..=2039).contains(&y));
    let strong = cue.strong || hash;
    let enough = if strong {
        code.digits >= 3
            || code.digits >= 2 && (hash || cue.near)
            || code.digits + code.letters >= 5
    } else {
        code.digits >= 4 && (code.digits >= 5 || cue.near)
    };
    if !enough || year && !(cue.strong && cue.near) || !strong && !cue.near && code.lower {
        return None;
    }
    // A number with a unit behind it counts something: "order 500 pieces".
    let counted = !strong
        && code.letters == 0
        && code.digits <= 4
        && tokens.gap(code.behind) == Gap::Space
        && tokens
            .get(code.behind)
            .is_some_and(|t| t.shape == Shape::Lower && t.chars > 3)
        && !trigger::of(tokens, code.behind).has(Set::GENERIC.or(trigger::CODES).or(Set::SECRET));
    if counted {
        return None;
    }
    Some(match (strong, code.digits >= 5) {
        (true, true) => 0.95,
        (true, false) => 0.85,
        (false, true) => 0.8,
        (false, false) => 0.6,
    })
}

fn add(
    scan: &Scan<'_>,
    code: &Code,
    kind: Kind,
    score: f32,
    why: &'static str,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let first = scan.tokens.get(code.first)?;
    let last = scan.tokens.before(code.behind)?;
    let span = Span::new(first.start, last.end)?;
    // Digits alone are no parcel, and most kinds have no check digits.
    if code.letters == 0 && !matches!(kind, Kind::Id | Kind::Tracking) {
        out.push(Finding::new(span, kind, score, Why::new(why)));
        return Some(code.behind);
    }
    let mut compact = Compact::new();
    let whole = (code.first..code.behind).all(|at| compact.push(&scan.tokens, at));
    let (bytes, letters) = (compact.bytes(), compact.letters());
    // Carriers print check digits; what passes and holds letters is a parcel whatever the words around say.
    let parcel = (whole && letters != 0)
        .then(|| checksum::checked(bytes, letters, Kind::Tracking))
        .flatten()
        .filter(|scheme| !scheme.needs_cue());
    if let Some(scheme) = parcel {
        let why = Why::new(scheme.why(false));
        out.push(Finding::new(span, Kind::Tracking, 0.98, why));
    } else if whole
        && matches!(kind, Kind::Id | Kind::Tracking)
        && let Some(proved) = checksum::checked(bytes, letters, kind)
    {
        let why = Why::new(proved.why(true));
        out.push(Finding::new(span, kind, score.max(0.95), why));
    } else {
        out.push(Finding::new(span, kind, score, Why::new(why)));
    }
    Some(code.behind)
}

/// Reads the code round the token `at`.
fn read(scan: &Scan<'_>, at: usize, free: usize, loose: bool) -> Code {
    let tokens = &scan.tokens;
    let mut first = at;
    while first > free && at - first < 4 && joined(scan, first) && short_word(scan, first - 1) {
        first -= 1;
    }
    // "AB 123456" behind a cue: the letters belong to it.
    if loose
        && first > free
        && tokens.gap(first) == Gap::Space
        && tokens
            .before(first)
            .is_some_and(|t| matches!(t.shape, Shape::Upper | Shape::Initial) && t.chars <= 4)
        && trigger::of(tokens, first - 1) == Set::NONE
    {
        first -= 1;
    }
    // "ff 3 sj 27": in a chat the letters of a code come in small letters and with spaces.
    if loose && first > free && tokens.gap(first) == Gap::Space && loose_letters(scan, first - 1) {
        first -= 1;
    }
    let mut behind = at + 1;
    while behind - first < PARTS {
        let tight = joined(scan, behind)
            && (short_word(scan, behind) || tokens.get(behind).is_some_and(Token::digits));
        let spaced = loose
            && matches!(tokens.between(behind), " " | "\u{a0}" | "\u{202f}")
            && follows(scan, behind);
        if !tight && !spaced {
            break;
        }
        behind += 1;
    }
    let mut code = Code {
        first,
        behind,
        digits: 0,
        letters: 0,
        lower: false,
    };
    for here in first..behind {
        // Their looks tell what most words hold.
        if let Some(token) = tokens.get(here).filter(|t| t.ascii()) {
            let chars = usize::from(token.chars);
            match token.shape {
                Shape::Number => code.digits += chars,
                Shape::Mixed => {}
                _ => {
                    code.letters += chars;
                    code.lower |= !matches!(token.shape, Shape::Upper | Shape::Initial);
                }
            }
            if token.shape != Shape::Mixed {
                continue;
            }
        }
        for b in tokens.word(here).bytes() {
            code.digits += usize::from(b.is_ascii_digit());
            code.letters += usize::from(!b.is_ascii_digit());
            code.lower |= b.is_ascii_lowercase();
        }
    }
    code
}

/// Whether nothing but a joiner stands between `at` and the token before it.
fn joined(scan: &Scan<'_>, at: usize) -> bool {
    // Between most words stands nothing but a space: the cheap question first.
    matches!(
        scan.tokens.gap(at),
        Gap::Hyphen | Gap::Dot | Gap::Colon | Gap::Other
    ) && matches!(
        scan.tokens.between(at),
        "-" | "/" | "_" | "." | ":" | "\\" | "--" | "\u{2011}" | "\u{2013}" | "+" | "-#"
    )
}

/// Letters that can be part of a code.
fn short_word(scan: &Scan<'_>, at: usize) -> bool {
    scan.tokens.get(at).is_some_and(|t| match t.shape {
        Shape::Upper | Shape::Initial => t.chars <= 6,
        Shape::Lower | Shape::Capital => t.chars <= 4 && scan.tokens.word(at).is_ascii(),
        Shape::Number | Shape::Mixed => true,
        Shape::Inner => false,
    })
}

/// A word of running text: it has a vowel, and people write it in small letters.
fn is_word(scan: &Scan<'_>, at: usize, token: &Token) -> bool {
    let vowel = scan
        .tokens
        .word(at)
        .contains(['a', 'e', 'i', 'o', 'u', 'y']);
    vowel && token.known().common_word()
}

/// Up to three small letters that are no word.
fn loose_letters(scan: &Scan<'_>, at: usize) -> bool {
    scan.tokens.get(at).is_some_and(|t| {
        t.shape == Shape::Lower
            && t.chars <= 3
            && scan.tokens.word(at).is_ascii()
            && trigger::of(&scan.tokens, at) == Set::NONE
            && !is_word(scan, at, t)
    })
}

/// Whether a token after a space goes on with the code: digits, or letters between digits.
fn follows(scan: &Scan<'_>, at: usize) -> bool {
    let tokens = &scan.tokens;
    let Some(token) = tokens.get(at) else {
        return false;
    };
    match token.shape {
        // A year, an hour or an amount that follows is not the code's.
        Shape::Number => {
            let unit = trigger::of(tokens, at + 1);
            !unit.has(Set::MONTH.or(Set::CURRENCY).or(Set::YEARS))
                && !tokens
                    .between(at + 1)
                    .trim_start()
                    .starts_with(['\u{20ac}', '$', '\u{a3}', ':', ',', '%'])
                || tokens.gap(at + 1) == Gap::Comma
        }
        Shape::Mixed => !tokens.word(at).bytes().any(|b| b.is_ascii_lowercase()),
        Shape::Upper | Shape::Initial => {
            token.chars <= 4
                && (tokens.gap(at + 1) == Gap::Space
                    && tokens.get(at + 1).is_some_and(|t| t.shape == Shape::Number)
                    || token.chars <= 3 && tokens.gap(at + 1) != Gap::Space)
        }
        Shape::Lower => {
            loose_letters(scan, at)
                && tokens.gap(at + 1) == Gap::Space
                && tokens.get(at + 1).is_some_and(|t| t.shape == Shape::Number)
        }
        _ => false,
    }
}
