//! Chat transcripts: who said what, names sealed, time stamps and roles kept.
//!
//! Plain lines (`[10:32] Marie: ...`, `Marie (10:32): ...`, `Agent Tom - ...`, a name and a time above what was said) and
//! exports as JSON, one value or one a line (Slack, Intercom).

use std::collections::HashMap;
use std::sync::LazyLock;

use pii_detect::{Detector, Known};
use zeroize::Zeroizing;

use super::engine::{self, Sealed};
use super::json::Numbers;
use super::{DocumentFormat, RedactedDocument, seal_view};
use crate::error::{SealError, StructuredError};
use crate::gate::Gate;
use crate::map::PseudonymMap;
use crate::scan::{View, find_all};
use crate::seal::Eyes;
use crate::tag::Tag;
use crate::tag::alias::folded;
use crate::text::Redacted;

mod export;
mod line;
mod time;

/// What somebody is in a conversation, where the transcript says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Somebody of the company.
    Agent,
    /// A program.
    Bot,
    /// The customer.
    Customer,
    /// The transcript does not say.
    Unknown,
}

/// The table as data: `role word; word; ...`.
const TABLE: &str = include_str!("../../data/roles.txt");

static ROLES: LazyLock<HashMap<String, Role>> = LazyLock::new(|| {
    let mut roles = HashMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let Some((role, words)) = line.split_once(' ') else {
            continue;
        };
        let role = match role {
            "agent" => Role::Agent,
            "bot" => Role::Bot,
            _ => Role::Customer,
        };
        for word in words.split(';') {
            roles.entry(folded(word)).or_insert(role);
        }
    }
    roles
});

/// The role that some words name.
fn role_of(words: &str) -> Option<Role> {
    (words.len() <= 64).then(|| ROLES.get(Zeroizing::new(folded(words)).as_str()).copied())?
}

/// What one of them said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Turn {
    /// What the speaker is.
    pub role: Role,
    /// The name of the speaker, as a tag; `None` where there is only a role.
    pub speaker: Option<Redacted>,
    /// What was said, with its tags.
    pub text: Redacted,
}

/// A sealed transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactedChat {
    document: RedactedDocument,
    turns: Vec<Turn>,
}

impl RedactedChat {
    /// The whole transcript as it was written, with its tags.
    #[must_use]
    pub const fn document(&self) -> &RedactedDocument {
        &self.document
    }

    /// Who said what, in the order of the transcript. Lines that belong to no turn are in the document alone.
    #[must_use]
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }
}

/// A turn as segments: of the speaker's name and of the text.
struct Said {
    role: Role,
    speaker: Vec<usize>,
    text: Vec<usize>,
}

/// Seals a chat transcript.
///
/// Read are lines with a time, a speaker and a text in the usual orders, lines that begin with a role ("Agent", "Kunde",
/// "Bot" and such words of the languages of the Union), a speaker's name and a time on a line of their own, transcripts in
/// which most lines begin with "Name:", and exports as JSON, one value or one on each line. Speakers' names become person
/// tags everywhere; roles and time stamps stay. Whatever is not understood is still read by the detector and stays in
/// the document.
///
/// ```
/// use redact::{Detector, Known, MapId, PseudonymMap, Role, restore_document, seal_chat};
/// let mut map = PseudonymMap::new(MapId([8; 16]));
/// let chat = "[10:32] Zoe Quirk: my mail is zoe@quirk.example\n[10:33] Agent Tom: thank you, Zoe\n";
/// let sealed = seal_chat(chat, &Known::new(), &Detector::new(), &mut map)?;
/// assert_eq!(
///     sealed.document().as_str(),
///     "[10:32] [PERSON_1]: my mail is [EMAIL_1]\n[10:33] Agent [PERSON_2]: thank you, [PERSON_3]\n"
/// );
/// assert_eq!(sealed.turns()[1].role, Role::Agent);
/// assert_eq!(sealed.turns()[1].text.as_str(), "thank you, [PERSON_3]");
/// assert_eq!(restore_document(sealed.document(), &map)?.expose(), chat);
/// # Ok::<(), redact::StructuredError>(())
/// ```
///
/// # Errors
/// As [`crate::seal_json`]; a number of an export that is personal data and no time stamp is refused. The map is then as it
/// was.
pub fn seal_chat(
    transcript: &str,
    known: &Known,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<RedactedChat, StructuredError> {
    Gate::new(detector).known(known).seal_chat(transcript, map)
}

/// As [`seal_chat`].
pub(super) fn seal(
    transcript: &str,
    eyes: Eyes<'_>,
    map: &mut PseudonymMap,
) -> Result<RedactedChat, StructuredError> {
    engine::undone_on_error(map, |map| {
        let (said, sealed, format) = match transcript.trim_start().chars().next() {
            Some('{' | '[') if let Some(format) = export::format(transcript) => {
                let (segments, said) = export::read(transcript, format)?;
                let parse = |text: &str| {
                    if text == transcript {
                        Ok(segments.clone())
                    } else {
                        super::parse(text, format, Numbers::Refuse)
                    }
                };
                let sealed = engine::seal(transcript, &parse, eyes, map)?;
                (said, sealed, format)
            }
            _ => {
                let (segments, said) = line::read(transcript);
                let sealed = seal_view(transcript, &segments, eyes, map)?;
                (said, sealed, DocumentFormat::Text)
            }
        };
        let turns = said
            .iter()
            .map(|said| turn(said, &sealed, map))
            .collect::<Result<_, _>>()?;
        let document = RedactedDocument::new(sealed, format, map.id());
        Ok(RedactedChat { document, turns })
    })
}

fn turn(said: &Said, sealed: &Sealed, map: &PseudonymMap) -> Result<Turn, StructuredError> {
    let joined = |segments: &[usize], between: &str| {
        let parts: Vec<&str> = segments
            .iter()
            .filter_map(|index| sealed.parts.get(*index).map(String::as_str))
            .collect();
        redacted(parts.join(between), map)
    };
    let speaker = joined(&said.speaker, " ")?;
    Ok(Turn {
        role: said.role,
        speaker: (!speaker.is_empty()).then_some(speaker),
        text: joined(&said.text, "\n")?,
    })
}

/// A part of a sealed text as one of its own: nothing in it may read as a tag that is none.
fn redacted(text: String, map: &PseudonymMap) -> Result<Redacted, StructuredError> {
    let (found, open) = find_all(&text, View::Any);
    let fits = open.is_none()
        && found.iter().all(|f| {
            text.get(f.start..f.end)
                .and_then(Tag::parse)
                .is_some_and(|tag| map.contains(&tag))
        });
    if !fits {
        return Err(StructuredError::Seal(SealError::NotExact {
            len: text.len(),
        }));
    }
    Ok(Redacted::new(text, map.id()))
}
