//! Passwords, PINs, keys and tokens; names of user accounts.
//!
//! Anchors lead to every value: a word of `data/secrets.txt`, the first word of a key's form (`data/keys.txt`), `://` and
//! `-----BEGIN `. From an anchor each rule reads a bounded number of bytes or words, or a run that no other anchor reads again,
//! so the work is linear whatever the text is. `docs/secrets.md` says what is found, and what is not.

mod code;
mod cue;
mod field;
mod form;
mod look;
mod pem;
mod phrase;
mod url;
mod user;
mod value;
pub(crate) mod words;

use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape, Signs, Token};
use crate::trigger::{self, Set};
use crate::words::Marks;
use form::FORMS;
use look::Look;
use words::Role;

/// At least so sure, a secret is cut out of what it stands in, be it a web address or somebody's name.
pub(crate) const SURE: f32 = 0.95;
/// How many bytes may lie between a random value and the word that names it.
const REACH: usize = 160;
/// How many words before hexadecimal digits may say that they are a checksum.
const SUM: usize = 3;

/// A secret and why it is one.
#[derive(Clone, Copy)]
struct Hit {
    start: usize,
    end: usize,
    score: f32,
    why: &'static str,
}

/// Where secrets are put.
struct Hits<'o> {
    out: &'o mut Vec<Finding>,
}

impl Hits<'_> {
    fn add(&mut self, hit: Hit) {
        if let Some(span) = Span::new(hit.start, hit.end) {
            let why = Why::new(hit.why);
            self.out
                .push(Finding::new(span, Kind::Secret, hit.score, why));
        }
    }
}

/// What the pass over the words has seen.
#[derive(Default)]
struct Seen {
    /// The byte behind the last secret.
    behind: usize,
    /// The last run that may be random: its bytes, and the token it begins with.
    run: Option<(usize, usize, usize)>,
    /// The byte behind all runs.
    ran: usize,
    /// The byte behind the last word for a key that has no value yet.
    named: Option<usize>,
    /// The ends of the last line of cookies and of the last command.
    cookies: usize,
    command: usize,
    /// What was read in search of forms.
    forms: form::Read,
    /// Up to here no value has a digit.
    dull: usize,
}

/// Adds what stands in the text.
pub(crate) fn find(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let mut hits = Hits { out };
    let signs = scan.tokens.signs();
    let blocks = if signs.has(Signs::RULE) {
        pem::find(scan)
    } else {
        Vec::new()
    };
    for &(start, end) in &blocks {
        hits.add(Hit {
            start,
            end,
            score: 0.99,
            why: "secret:pem:label",
        });
    }
    if signs.has(Signs::COLON) && signs.has(Signs::SLASH) {
        url::find(scan, &mut hits);
    }
    let mut blocks = blocks.into_iter().peekable();
    let mut seen = Seen::default();
    for (at, token) in scan.tokens.marked(Marks::SECRET) {
        while let Some(block) = blocks.next_if(|block| block.0 <= token.start) {
            seen.behind = seen.behind.max(block.1);
        }
        if token.start >= seen.behind {
            look_at(scan, at, token, &mut seen, &mut hits);
        }
    }
}

/// One word that may lead to a secret, or be one.
fn look_at(scan: &Scan<'_>, at: usize, token: &Token, seen: &mut Seen, hits: &mut Hits<'_>) {
    let role = if token.trigger.has(Set::LOOK) {
        words::of(&scan.tokens, at)
    } else {
        Role::default()
    };
    // Plain words that begin no form are most.
    let formed = role.has(Role::PREFIX) || token.shape != Shape::Lower || token.chars >= 16;
    if formed && let Some(end) = FORMS.find(scan, at, role.has(Role::PREFIX), &mut seen.forms) {
        let start = with_scheme(scan, token.start);
        seen.behind = end;
        hits.add(Hit {
            start,
            end,
            score: 0.99,
            why: "secret:prefix:form",
        });
        return;
    }
    if token.shape == Shape::Mixed {
        run(scan, at, token, seen, hits);
        if token.start < seen.behind {
            return;
        }
    }
    if token.trigger.has(Set::LOOK)
        && let Some(mut hit) = led(scan, at, role, seen, hits)
    {
        hit.end = value::whole(scan, hit.start, hit.end);
        seen.behind = seen.behind.max(hit.end);
        seen.named = None;
        hits.add(hit);
        return;
    }
    if (token.trigger.has(Set::USER) || token.listed.role.has(Role::ACCOUNT))
        && let Some(len) = trigger::phrase(&scan.tokens, at, Set::USER)
        && let Some((start, end, score, why)) = user::find(scan, at + len)
        && let Some(span) = Span::new(start, end)
    {
        seen.behind = end;
        let finding = Finding::new(span, Kind::Username, score, Why::new(why));
        hits.out.push(finding);
    }
}

/// What the anchor `at` leads to.
fn led(
    scan: &Scan<'_>,
    at: usize,
    role: Role,
    seen: &mut Seen,
    hits: &mut Hits<'_>,
) -> Option<Hit> {
    let token = scan.tokens.get(at)?;
    if role.has(Role::PASSWORD) || role.has(Role::PASSE) && passe(scan, at) {
        let found = cue::password(scan, at + 1).or_else(|| cue::password_behind(scan, at));
        if found.is_some() {
            return found;
        }
    }
    if role.has(Role::SEED)
        && let Some(hit) = phrase::find(scan, at)
    {
        return Some(hit);
    }
    if role.has(Role::PIN.or(Role::CVV).or(Role::OTP)) {
        let (least, most) = if role.has(Role::CVV) { (3, 4) } else { (3, 8) };
        let joined = role.has(Role::OTP);
        return cue::number(scan, at + 1, least, most, joined)
            .or_else(|| code::before(scan, cue::copula_before(scan, at)?));
    }
    if role.has(Role::CODE) {
        return code::find(scan, at);
    }
    if role.has(Role::HEADER.or(Role::SCHEME))
        && let Some(hit) = field::header(scan, at, role)
    {
        return Some(hit);
    }
    if role.has(Role::SESSION)
        && let Some(hit) = field::session(scan, at)
    {
        return Some(hit);
    }
    if role.has(Role::COOKIE) && token.start >= seen.cookies {
        seen.cookies = field::cookies(scan, at, hits).unwrap_or(seen.cookies);
    }
    if role.has(Role::CURL) && token.start >= seen.command {
        seen.command = field::command(scan, at, hits).unwrap_or(seen.command);
    }
    if role.has(Role::FIELD)
        && let Some(hit) = field::setting(scan, at)
    {
        return Some(hit);
    }
    if role.has(Role::NOUN.or(Role::KEY)) {
        if let Some(hit) = field::key(scan, at, role, &mut seen.dull) {
            return Some(hit);
        }
        if field::qualified(scan, at, role) {
            if let Some((start, end, first)) = seen.run.take()
                && same_line(scan, end, token.start)
                && let Some(hit) = named_run(scan, start, end, first)
            {
                return Some(hit);
            }
            seen.named = Some(token.end);
        }
    }
    None
}

/// A word of letters and digits: the run it stands in is remembered for the words behind it, and held against those before.
fn run(scan: &Scan<'_>, at: usize, token: &Token, seen: &mut Seen, hits: &mut Hits<'_>) {
    if token.start < seen.ran {
        // A word within a run names no other.
        seen.named = seen.named.filter(|_| seen.run.is_some());
        return;
    }
    let bytes = scan.text.as_bytes();
    // Every byte belongs to one run at most: none is read a second time, however long a run is.
    let least = seen.ran.max(seen.behind);
    let before = bytes.get(least..token.start);
    let before = before
        .unwrap_or(&[])
        .iter()
        .rev()
        .take_while(|b| !ends_run(**b) && !matches!(b, b'=' | b':'))
        .count();
    let rest = bytes.get(token.start..).unwrap_or(&[]);
    let len = rest.iter().take_while(|b| !ends_run(**b)).count();
    let (start, end) = (token.start - before, token.start + len);
    seen.run = Some((start, end, at));
    seen.ran = end;
    let named = seen.named.filter(|named| same_line(scan, *named, start));
    seen.named = named;
    if named.is_some()
        && let Some(hit) = named_run(scan, start, end, at)
    {
        seen.named = None;
        seen.behind = hit.end;
        seen.run = None;
        hits.add(hit);
    }
}

/// Bytes that end a run; those of characters beyond ASCII among them.
const fn ends_run(b: u8) -> bool {
    !b.is_ascii_graphic()
        || matches!(
            b,
            b'"' | b'\'' | b'`' | b'(' | b')' | b'<' | b'>' | b',' | b';' | b'|'
        )
}

/// Whether a word for a key and a run lie close together on one line.
fn same_line(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    let between = scan.text.as_bytes().get(from..to);
    between.is_some_and(|between| between.len() <= REACH && !between.contains(&b'\n'))
}

/// A run on the line of a word that names it; checksums and ids of requests are none.
fn named_run(scan: &Scan<'_>, start: usize, end: usize, first: usize) -> Option<Hit> {
    let text = scan.slice(start, end);
    let text = text.trim_end_matches(['.', '?', '!', ':']);
    let look = Look::of(text);
    let sum = || (1..=SUM).any(|back| words::before(&scan.tokens, first, back).has(Role::SUM));
    let fits = look.drawn() && !text.contains(['.', '@', '?', '&']) && !text.contains("//");
    (fits && !(look.hexadecimal() && sum())).then_some(Hit {
        start,
        end: start + text.len(),
        score: 0.85,
        why: "secret:cue-line:random",
    })
}

/// "mot de passe", "palavra-passe".
fn passe(scan: &Scan<'_>, at: usize) -> bool {
    words::before(&scan.tokens, at, 1).has(Role::PHRASE)
        || words::before(&scan.tokens, at, 2).has(Role::PHRASE)
}

/// Where the web address begins that a form stands in: the address of a hook is a secret as a whole.
fn with_scheme(scan: &Scan<'_>, start: usize) -> usize {
    ["https://", "http://"]
        .iter()
        .find(|scheme| scan.slice(0, start).ends_with(*scheme))
        .map_or(start, |scheme| start - scheme.len())
}

/// The number that begins with the token `at`, its parts joined where the writer left a gap ("482 913"): the byte behind it
/// and the number of digits.
fn digits(scan: &Scan<'_>, at: usize, joined: bool) -> Option<(usize, usize)> {
    let tokens = &scan.tokens;
    let token = tokens.get(at)?;
    if token.shape != Shape::Number {
        return None;
    }
    let mut last = at;
    let mut count = usize::from(token.chars);
    while joined
        && (2..=4).contains(&token.chars)
        && count < 8
        && matches!(tokens.gap(last + 1), Gap::Space | Gap::Hyphen)
        && tokens
            .get(last + 1)
            .is_some_and(|next| next.shape == Shape::Number && next.chars == token.chars)
    {
        last += 1;
        count += usize::from(token.chars);
    }
    let end = tokens.get(last)?.end;
    let bytes = scan.text.as_bytes();
    let runs_on = match bytes.get(end) {
        Some(b'%' | b'/') => true,
        Some(b'.' | b',' | b':' | b'-') => {
            bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)
        }
        _ => false,
    };
    (!runs_on && !words::of(tokens, last + 1).has(Role::UNIT)).then_some((end, count))
}

/// The number that ends with the token `at`: its first byte and the number of digits.
fn digits_back(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let tokens = &scan.tokens;
    let token = tokens.get(at)?;
    if token.shape != Shape::Number {
        return None;
    }
    if (3..=4).contains(&token.chars)
        && matches!(tokens.gap(at), Gap::Space | Gap::Hyphen)
        && let Some(before) = tokens.before(at)
        && before.shape == Shape::Number
        && before.chars == token.chars
    {
        return Some((before.start, 2 * usize::from(token.chars)));
    }
    Some((token.start, usize::from(token.chars)))
}
