//! A thread of redacted messages, and which words of a message are the customer's own.

use redact::Locale;
use redact::{MapId, Redacted, Tag};

use crate::error::Error;
use crate::text;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a support thread has two sides")]
pub enum Author {
    /// The customer, or somebody on their behalf.
    Customer,
    /// The support team.
    Agent,
}

/// A redacted message. Debug prints author and length.
#[derive(Clone, Debug)]
pub struct Message {
    author: Author,
    text: Redacted,
}

impl Message {
    /// Makes a message.
    #[must_use]
    pub fn new(author: Author, text: Redacted) -> Self {
        Self { author, text }
    }

    /// Who wrote it.
    #[must_use]
    pub const fn author(&self) -> Author {
        self.author
    }

    /// The redacted text.
    #[must_use]
    pub const fn text(&self) -> &Redacted {
        &self.text
    }
}

/// The messages of a conversation, oldest first, sealed with one map.
#[derive(Clone, Debug)]
pub struct Thread {
    messages: Vec<Message>,
    map: MapId,
    locale: Option<Locale>,
    customer: Option<Tag>,
}

impl Thread {
    /// Takes the messages of a conversation.
    ///
    /// # Errors
    /// [`Error::EmptyThread`] without a message, [`Error::MixedMaps`] when they were sealed with different maps.
    pub fn new(messages: Vec<Message>) -> Result<Self, Error> {
        let map = messages.first().ok_or(Error::EmptyThread)?.text.map_id();
        if messages.iter().any(|message| message.text.map_id() != map) {
            return Err(Error::MixedMaps);
        }
        Ok(Self {
            messages,
            map,
            locale: None,
            customer: None,
        })
    }

    /// Names the language where the caller knows it; it is detected otherwise.
    #[must_use]
    pub fn with_locale(mut self, locale: Locale) -> Self {
        self.locale = Some(locale);
        self
    }

    /// Names the tag of the customer's own name; read from the sign-off otherwise.
    #[must_use]
    pub fn with_customer(mut self, tag: Tag) -> Self {
        self.customer = Some(tag);
        self
    }

    /// The messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The map its tags belong to.
    #[must_use]
    pub const fn map_id(&self) -> MapId {
        self.map
    }

    /// The language the caller named.
    #[must_use]
    pub const fn locale(&self) -> Option<Locale> {
        self.locale
    }

    /// A number that changes when a message is added or changed. A draft keeps the one it was made for; a draft for
    /// another number is stale.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        // FNV-1a: it guards against a race, not against an attacker.
        let mut state = 0xcbf2_9ce4_8422_2325_u64;
        let mut add =
            |byte: u8| state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        self.map.0.into_iter().for_each(&mut add);
        for message in &self.messages {
            add(match message.author {
                Author::Customer => 1,
                Author::Agent => 2,
            });
            message.text.as_str().bytes().for_each(&mut add);
            add(0xff);
        }
        state
    }

    /// The last message when it is the customer's: what a draft answers.
    #[must_use]
    pub fn open_question(&self) -> Option<&Redacted> {
        self.messages
            .last()
            .filter(|message| message.author == Author::Customer)
            .map(Message::text)
    }

    /// All tags of the thread.
    pub(crate) fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.messages.iter().flat_map(|message| message.text.tags())
    }

    /// Whether the customer wrote a tag, outside of what they quote.
    pub(crate) fn by_customer(&self, tag: &Tag) -> bool {
        let canonical = tag.to_string();
        self.messages
            .iter()
            .filter(|message| message.author == Author::Customer)
            .any(|message| text::own_words(message.text.as_str()).contains(&canonical))
    }

    /// The tag of the customer's name: as named, else the one that signs the last message.
    pub(crate) fn customer(&self) -> Option<Tag> {
        if let Some(tag) = &self.customer {
            return Some(tag.clone());
        }
        self.messages
            .iter()
            .rev()
            .filter(|message| message.author == Author::Customer)
            .find_map(|message| {
                let own = text::own_words(message.text.as_str());
                introduced(own).or_else(|| signer(own))
            })
    }
}

/// How people say who they are, folded, in the seven languages.
const I_AM: [&[&str]; 22] = [
    &["i", "am"],
    &["i", "m"],
    &["my", "name", "is"],
    &["ich", "bin"],
    &["ich", "heisse"],
    &["mein", "name", "ist"],
    &["je", "suis"],
    &["je", "m", "appelle"],
    &["mon", "nom", "est"],
    &["soy"],
    &["me", "llamo"],
    &["mi", "nombre", "es"],
    &["sono"],
    &["mi", "chiamo"],
    &["il", "mio", "nome", "e"],
    &["ik", "ben"],
    &["ik", "heet"],
    &["mijn", "naam", "is"],
    &["sou"],
    &["sou", "o"],
    &["sou", "a"],
    &["chamo", "me"],
];

/// The one person a mail introduces as its author.
fn introduced(own: &str) -> Option<Tag> {
    let words = text::words(own);
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        let before = words.get(..at).unwrap_or_default();
        let says = word.folded == "#PERSON"
            && I_AM.iter().any(|phrase| {
                before.len() >= phrase.len()
                    && before
                        .iter()
                        .rev()
                        .zip(phrase.iter().rev())
                        .all(|(word, said)| word.folded == *said)
            });
        if says {
            let tag = Tag::parse(own.get(word.at.clone())?)?;
            if found.as_ref().is_some_and(|other| *other != tag) {
                return None;
            }
            found = Some(tag);
        }
    }
    found
}

/// The words of sign-offs in the seven languages, folded.
const SIGN_OFF: [&str; 92] = [
    "a",
    "abracos",
    "abrazo",
    "agradecida",
    "agradecido",
    "all",
    "alvast",
    "amicalement",
    "antecipadamente",
    "atenciosamente",
    "atentamente",
    "attesa",
    "bedankt",
    "beste",
    "best",
    "bien",
    "cheers",
    "ciao",
    "com",
    "cordial",
    "cordiale",
    "cordiali",
    "cordialement",
    "cumprimentos",
    "dank",
    "danke",
    "de",
    "desde",
    "distinti",
    "en",
    "freundliche",
    "freundlichen",
    "gr",
    "gracias",
    "grazie",
    "groet",
    "groeten",
    "groetjes",
    "grusse",
    "gruessen",
    "gruss",
    "grussen",
    "hartelijke",
    "im",
    "in",
    "kind",
    "lg",
    "liebe",
    "many",
    "melhores",
    "merci",
    "met",
    "mfg",
    "mit",
    "muchas",
    "muito",
    "mvg",
    "obrigada",
    "obrigado",
    "os",
    "regards",
    "salutations",
    "saludo",
    "saludos",
    "saluti",
    "sinceres",
    "sincerely",
    "thank",
    "thanks",
    "un",
    "van",
    "vg",
    "viele",
    "vielen",
    "voraus",
    "vous",
    "vriendelijke",
    "warm",
    "wishes",
    "with",
    "yours",
    "you",
    "faithfully",
    "respectueusement",
    "thx",
    "tks",
    "thnx",
    "ty",
    "cdlt",
    "bjs",
    "vlg",
    "slds",
];

/// The person's tag that stands alone at the end of a line near the end of a mail. Nobody when two do.
fn signer(own: &str) -> Option<Tag> {
    let lines: Vec<&str> = own
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let tail = lines.len().saturating_sub(5);
    let mut found = None;
    for line in lines.get(tail..).unwrap_or_default() {
        let tags = text::tags(line);
        let persons: Vec<_> = tags.iter().filter(|tag| tag.label == "PERSON").collect();
        let [person] = persons.as_slice() else {
            continue;
        };
        // Before the name at most a sign-off, behind it at most other tags (a phone number, an address).
        let before = line
            .get(..person.start)
            .unwrap_or_default()
            .rsplit(['.', '!', '?', ';', ','])
            .next()
            .unwrap_or_default();
        let behind = text::without_tags(line.get(person.end..).unwrap_or_default());
        let signs_off = text::words(before)
            .iter()
            .all(|word| SIGN_OFF.contains(&word.folded.as_str()));
        if !signs_off || !text::words(&behind).is_empty() {
            continue;
        }
        let tag = Tag::parse(person.text)?;
        if found.as_ref().is_some_and(|other| *other != tag) {
            return None;
        }
        found = Some(tag);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_who_they_are() {
        for (mail, tag) in [
            (
                "Hello, I am [PERSON_2], [ADDRESS_1], and wait",
                Some("[PERSON_2]"),
            ),
            ("Je suis [PERSON_1] et j'attends", Some("[PERSON_1]")),
            ("I am waiting for [PERSON_1]", None),
        ] {
            assert_eq!(
                introduced(mail).map(|t| t.to_string()).as_deref(),
                tag,
                "{mail}"
            );
        }
    }

    #[test]
    fn who_signs() {
        for (mail, tag) in [
            ("Where is it?\n\nThanks\n[PERSON_2]", Some("[PERSON_2]")),
            (
                "Where is it?\nBest regards, [PERSON_1]\n[PHONE_1]",
                Some("[PERSON_1]"),
            ),
            ("[PERSON_1] took my parcel and does not give it back", None),
            ("My parcel went to [PERSON_1]", None),
            ("It is for\n[PERSON_1]\nfrom\n[PERSON_2]", None),
            ("Hi\nbye", None),
            ("how do i send it back? thx [PERSON_1]", Some("[PERSON_1]")),
        ] {
            assert_eq!(
                signer(mail).map(|t| t.to_string()).as_deref(),
                tag,
                "{mail}"
            );
        }
    }
}
