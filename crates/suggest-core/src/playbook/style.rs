//! How a tenant's replies sound: tone, signature, and sentences of their own in the place of the playbook's.

use std::fmt;

use redact::Locale;

use crate::error::Error;
use crate::playbook::{Lines, Playbook};
use crate::prompt::Tone;

/// A tenant's way of writing. Beside it the embedded playbook stands.
///
/// ```
/// use suggest_core::{Locale, Style, Tone};
/// let style = Style::new()
///     .tone(Tone::Warm)
///     .team("Your team at the Lantern Shop")
///     .sentence(Locale::English, "frame", "close", "Our shop is open from Monday to Saturday.")?;
/// # Ok::<(), suggest_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Style {
    tone: Option<Tone>,
    team: Option<String>,
    lines: Vec<(Locale, Lines)>,
}

impl fmt::Debug for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Style")
            .field("tone", &self.tone)
            .field(
                "sentences",
                &self.lines.iter().map(|(_, l)| l.len()).sum::<usize>(),
            )
            .finish_non_exhaustive()
    }
}

impl Style {
    /// The playbook's own.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How replies sound; [`crate::Options::tone`] otherwise.
    #[must_use]
    pub const fn tone(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    /// Who signs, in every language.
    #[must_use]
    pub fn team(mut self, name: impl Into<String>) -> Self {
        self.team = Some(name.into());
        self
    }

    /// Puts a sentence in the place of one of the playbook's, whose files name sections (`frame`, or the code of an
    /// intent) and keys (`hello PERSON`, `close`, `ack ORDER`, `more` and so on). A key in capital letters is a slot:
    /// `{PERSON}` or `{ORDER}` must stand in the sentence.
    ///
    /// # Errors
    /// [`Error::UnknownSentence`] when the playbook has no such sentence in that language, or the slot is not as the key
    /// says.
    pub fn sentence(
        mut self,
        locale: Locale,
        section: &str,
        key: &str,
        text: impl Into<String>,
    ) -> Result<Self, Error> {
        let text = text.into();
        let slots = [
            ("{PERSON}", "PERSON"),
            ("{ORDER}", "ORDER"),
            ("{VALUE}", "fact "),
        ];
        let fits = slots.iter().all(|(slot, key_has)| {
            text.contains(slot) == key.contains(key_has) || key.starts_with("ask ")
        });
        if !fits || Playbook::embedded().line(locale, section, key).is_none() {
            return Err(Error::UnknownSentence {
                section: section.to_owned(),
                key: key.to_owned(),
            });
        }
        let at = match self.lines.iter().position(|(of, _)| *of == locale) {
            Some(at) => at,
            None => {
                self.lines.push((locale, Lines::new()));
                self.lines.len() - 1
            }
        };
        if let Some((_, lines)) = self.lines.get_mut(at) {
            lines.insert((section.to_owned(), key.to_owned()), text);
        }
        Ok(self)
    }

    pub(crate) fn tone_or(&self, tone: Tone) -> Tone {
        self.tone.unwrap_or(tone)
    }

    /// All sentences of a language that are the tenant's own.
    pub(crate) fn sentences(&self, locale: Locale) -> impl Iterator<Item = &str> {
        let own = self.lines.iter().filter(move |(of, _)| *of == locale);
        let own = own.flat_map(|(_, lines)| lines.values().map(String::as_str));
        own.chain(self.team.as_deref())
    }

    fn line(&self, locale: Locale, section: &str, key: &str) -> Option<&str> {
        if section == "frame"
            && key == "team"
            && let Some(team) = &self.team
        {
            return Some(team);
        }
        let (_, lines) = self.lines.iter().find(|(of, _)| *of == locale)?;
        lines
            .get(&(section.to_owned(), key.to_owned()))
            .map(String::as_str)
    }
}

/// The playbook as one tenant speaks it.
#[derive(Clone, Copy)]
pub(crate) struct Voice<'a> {
    pub(crate) playbook: &'a Playbook,
    pub(crate) style: Option<&'a Style>,
    pub(crate) locale: Locale,
    pub(crate) tone: Tone,
}

impl<'a> Voice<'a> {
    /// A sentence: the tenant's own, else the playbook's.
    pub(crate) fn line(&self, section: &str, key: &str) -> Option<&'a str> {
        let own = self.style.and_then(|s| s.line(self.locale, section, key));
        own.or_else(|| self.playbook.line(self.locale, section, key))
    }

    /// A sentence around the matter: the tenant's own, else the playbook's in the right tone.
    pub(crate) fn frame(&self, key: &str) -> Option<&'a str> {
        if let Some(own) = self.style.and_then(|s| s.line(self.locale, "frame", key)) {
            return Some(own);
        }
        let warm = (self.tone == Tone::Warm)
            .then(|| self.line("frame", &format!("{key} warm")))
            .flatten();
        warm.or_else(|| self.playbook.line(self.locale, "frame", key))
    }

    /// All sentences a draft may hold: nobody's words.
    pub(crate) fn sentences(&self) -> Vec<&'a str> {
        let own = self
            .style
            .into_iter()
            .flat_map(|s| s.sentences(self.locale));
        self.playbook.sentences(self.locale).chain(own).collect()
    }
}
