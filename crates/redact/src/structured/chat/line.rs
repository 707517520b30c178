//! Plain transcripts, line by line.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use pii_detect::Kind;

use super::time::{is_time, leading};
use super::{Role, Said, role_of};
use crate::structured::escape::Escape;
use crate::structured::segments::{Joint, Segment, Traced};
use crate::structured::view::quote_marks;
use crate::tag::TagKind;

/// Most bytes and words of a speaker.
const SPEAKER: usize = 80;
const WORDS: usize = 6;

/// A line that begins with a speaker.
#[derive(Clone)]
struct Head {
    role: Option<Role>,
    /// The parts of the line that name the speaker.
    names: Vec<Range<usize>>,
    /// Where the text begins.
    text: usize,
    has_time: bool,
    /// The speaker stands alone above what is said.
    is_alone: bool,
}

/// The segments of a transcript, and who said what.
pub(super) fn read(source: &str) -> (Vec<Segment>, Vec<Said>) {
    let lines = lines(source);
    let heads: Vec<Option<Head>> = lines
        .iter()
        .map(|range| head(source.get(range.clone()).unwrap_or_default()))
        .collect();
    let bare = bare_speakers(source, &lines, &heads);
    let mut segments: Vec<Segment> = Vec::new();
    let mut turns: Vec<Said> = Vec::new();
    for (range, head) in lines.iter().zip(&heads) {
        let line = source.get(range.clone()).unwrap_or_default();
        let head = head
            .as_ref()
            .filter(|head| head.has_time || head.role.is_some() || bare.is_speaker(line, head));
        let from = match head {
            Some(head) => {
                let mut said = Said {
                    role: head.role.unwrap_or(Role::Unknown),
                    speaker: Vec::new(),
                    text: Vec::new(),
                };
                for name in &head.names {
                    said.speaker.push(segments.len());
                    let value = line.get(name.clone()).unwrap_or_default();
                    let mut segment = piece(value, range.start + name.start);
                    segment.kind = Some(TagKind::from(kind_of(value)));
                    segments.push(segment);
                }
                turns.push(said);
                head.text
            }
            None => quote_marks(line),
        };
        let text = line.get(from..).unwrap_or_default();
        if text.trim().is_empty() {
            continue;
        }
        if let Some(turn) = turns.last_mut() {
            turn.text.push(segments.len());
        }
        segments.push(piece(text, range.start + from));
    }
    // Somebody's role holds wherever their name stands alone.
    let mut roles: HashMap<u64, Role> = HashMap::new();
    let name = |said: &Said| -> Option<u64> {
        let first = segments.get(*said.speaker.first()?)?;
        Some(key_of(first.data.text()))
    };
    for said in turns.iter().filter(|said| said.role != Role::Unknown) {
        if let Some(key) = name(said) {
            roles.entry(key).or_insert(said.role);
        }
    }
    for said in &mut turns {
        if said.role == Role::Unknown
            && let Some(role) = name(said).and_then(|key| roles.get(&key))
        {
            said.role = *role;
        }
    }
    (segments, turns)
}

fn piece(text: &str, start: usize) -> Segment {
    let range = start..start + text.len();
    Segment::new(range, Traced::plain(text, start), Joint::Line, Escape::Text)
}

/// What the name of a speaker is.
pub(super) fn kind_of(name: &str) -> Kind {
    let is_handle = name.starts_with('@')
        || !name.contains(' ') && name.contains(char::is_numeric)
        || !name.contains(char::is_alphabetic);
    match name.find('@') {
        Some(at) if at > 0 => Kind::Email,
        _ if is_handle => Kind::Username,
        _ => Kind::Person,
    }
}

fn lines(source: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    source
        .split_inclusive('\n')
        .map(|line| {
            let range = start..start + line.trim_end_matches(['\n', '\r']).len();
            start += line.len();
            range
        })
        .collect()
}

/// Reads the beginning of a line.
fn head(line: &str) -> Option<Head> {
    let stamp = leading(line);
    let mut at = stamp;
    let skip = |at: usize, signs: &[char]| {
        let rest = line.get(at..).unwrap_or_default();
        line.len() - rest.trim_start_matches(signs).len()
    };
    if stamp > 0 {
        at = skip(at, &[' ', '\t', '-', '\u{2013}', '|', '\u{200e}']);
    }
    let rest = line.get(at..)?;
    // The speaker ends at a colon, or at a dash between spaces; a time in brackets may stand before it.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for sign in [": ", ":\t", " - ", " \u{2013} ", " \u{2014} ", " > ", " | "] {
        ends.extend(rest.find(sign).map(|found| (found, found + sign.len())));
    }
    if let Some(bare) = rest.strip_suffix(':') {
        ends.push((bare.len(), rest.len()));
    }
    // "Marie:text" is no speaker unless the line has a time.
    if stamp > 0 {
        ends.extend(rest.find(':').map(|found| (found, found + 1)));
    }
    ends.retain(|(end, _)| !in_brackets(rest, *end));
    if let Some((end, text)) = ends.into_iter().min()
        && let Some(mut head) = speaker(rest, 0..end, at)
    {
        let is_dash = rest.get(end..).is_some_and(|rest| rest.starts_with(' '));
        let said = rest.get(text..).unwrap_or_default();
        head.text = line.len() - said.trim_start_matches([' ', '\t']).len();
        head.has_time |= stamp > 0;
        // A dash alone ends a sentence part more often than a name.
        if !is_dash || head.role.is_some() || head.has_time {
            return Some(head);
        }
        return None;
    }
    // A name and a time on a line of their own: "Marie Dupont  10:32 AM".
    for (space, _) in rest.match_indices(' ').take(WORDS + 2) {
        let time = rest.get(space..)?.trim();
        let inside = time
            .strip_prefix(['[', '('])
            .and_then(|time| time.strip_suffix([']', ')']))
            .unwrap_or(time);
        if is_time(inside)
            && let Some(mut head) = speaker(rest, 0..space, at)
        {
            head.text = line.len();
            head.has_time = true;
            head.is_alone = true;
            return Some(head);
        }
    }
    None
}

/// Whether a place lies inside round or square brackets.
fn in_brackets(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    [('(', ')'), ('[', ']')]
        .iter()
        .any(|(open, close)| before.rfind(*open) > before.rfind(*close))
}

/// What a tag may begin with.
const OPENS: [char; 4] = ['[', '{', '(', '<'];

/// Reads a speaker: a name, a role, or both, maybe with a time or a role in brackets. `offset` is where `text` stands in the
/// line.
fn speaker(text: &str, range: Range<usize>, offset: usize) -> Option<Head> {
    let whole = text.get(range)?;
    if whole.trim().is_empty() || whole.len() > SPEAKER {
        return None;
    }
    let mut head = Head {
        role: None,
        names: Vec::new(),
        text: 0,
        has_time: false,
        is_alone: false,
    };
    let mut rest = whole;
    // Brackets at the end.
    while let Some(open) = rest.trim_end().strip_suffix([')', ']']) {
        let start = open.rfind(['(', '['])?;
        let inside = open.get(start + 1..)?.trim();
        if is_time(inside) {
            head.has_time = true;
        } else if let Some(role) = role_of(inside) {
            head.role = Some(role);
        } else {
            return None;
        }
        rest = rest.get(..start)?;
    }
    // A time without brackets at the end: "Marie 10:32:".
    if let Some((name, time)) = rest.trim_end().rsplit_once(' ')
        && is_time(time)
    {
        head.has_time = true;
        rest = name;
    }
    let start = rest.len() - rest.trim_start().len();
    let name = rest.trim();
    if let Some(role) = role_of(name) {
        // "{Agent - ": nothing in a heading of a role can be sealed, so none begins as a tag does.
        if name.contains(OPENS) {
            return None;
        }
        head.role = head.role.or(Some(role));
        return Some(head);
    }
    let mut from = start;
    let mut to = start + name.len();
    // "Agent Tom", "Customer Service Tom", "Tom, Agent": what names a role is no name.
    let spaces: Vec<usize> = name.match_indices(' ').map(|(at, _)| start + at).collect();
    if spaces.len() >= WORDS {
        return None;
    }
    for space in spaces.iter().rev() {
        let words = rest.get(from..*space)?.trim_end_matches([',', ' ']);
        if let Some(role) = role_of(words) {
            head.role = head.role.or(Some(role));
            from = space + 1;
            break;
        }
    }
    for space in spaces.iter().filter(|space| **space > from) {
        if let Some(role) = role_of(rest.get(*space..to)?.trim()) {
            head.role = head.role.or(Some(role));
            to = *space;
            break;
        }
    }
    let bare = rest.get(from..to)?;
    let lead = bare.len() - bare.trim_start().len();
    let bare = bare.trim().trim_end_matches([',', '-']).trim_end();
    let from = from + lead;
    let first = bare.chars().next()?;
    let is_name =
        (first.is_alphabetic() || matches!(first, '@' | '+' | '~') || first.is_ascii_digit())
            && !bare.contains(['?', '!', '"', '/', '<', '>', '{', '}', '=', ';']);
    if !is_name {
        return None;
    }
    head.names.push(offset + from..offset + from + bare.len());
    Some(head)
}

/// Speakers of a transcript without times and roles.
struct Bare {
    /// Names that lines begin with, by key, and whether they are speakers without more.
    names: HashMap<u64, bool>,
    is_chat: bool,
}

impl Bare {
    fn is_speaker(&self, line: &str, head: &Head) -> bool {
        key(line, head).is_some_and(|key| match self.names.get(&key) {
            Some(true) => true,
            Some(false) => self.is_chat,
            None => false,
        })
    }
}

fn key(line: &str, head: &Head) -> Option<u64> {
    let name = head.names.first()?;
    line.get(name.clone()).map(key_of)
}

/// A hash of a name whatever its case: the name itself is not copied.
fn key_of(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        c.hash(&mut hasher);
    }
    hasher.finish()
}

fn bare_speakers(source: &str, lines: &[Range<usize>], heads: &[Option<Head>]) -> Bare {
    let mut names: HashMap<u64, bool> = HashMap::new();
    let (mut filled, mut bare) = (0, 0);
    for (range, head) in lines.iter().zip(heads) {
        let line = source.get(range.clone()).unwrap_or_default();
        filled += usize::from(!line.trim().is_empty());
        let Some(head) = head else {
            continue;
        };
        if let Some(key) = key(line, head) {
            let is_sure = head.has_time || head.role.is_some();
            bare += usize::from(!is_sure);
            *names.entry(key).or_default() |= is_sure;
        }
    }
    // Few people, many lines: labels of a form are all different.
    let is_chat = bare >= 3 && bare * 2 >= filled && names.len() * 2 <= bare + 1;
    Bare { names, is_chat }
}
