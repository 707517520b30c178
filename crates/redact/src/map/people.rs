//! Who is who in a conversation: spellings of one name, parts of it, and mail addresses that spell it.

use std::collections::HashMap;

use pii_detect::{Kind, canonical};
use zeroize::Zeroizing;

use crate::map::PseudonymMap;
use crate::tag::{Tag, TagKind};

type Form = Zeroizing<String>;

impl PseudonymMap {
    /// The main tag of the same person or thing, when `tag` is another spelling or a part of its name.
    ///
    /// Two values are the same when their canonical forms agree (case, accents, spacing, number formats). A name of
    /// one word is the same person as the one full name of the map that contains it; when several do, it is nobody's.
    #[must_use]
    pub fn same_as(&self, tag: &Tag) -> Option<Tag> {
        self.relations()
            .into_iter()
            .find_map(|(other, main)| (other == *tag).then_some(main))
    }

    /// All pairs (tag, main tag of the same person or thing), in the order the tags were given out.
    #[must_use]
    pub fn relations(&self) -> Vec<(Tag, Tag)> {
        let forms = self.forms();
        let mut mains: HashMap<(&TagKind, &str), &Tag> = HashMap::new();
        for (tag, form) in &forms {
            mains.entry((tag.kind(), form)).or_insert(tag);
        }
        // Words of full names: the one name each belongs to, or none when it belongs to several.
        let person = TagKind::from(Kind::Person);
        let mut words: HashMap<&str, Option<&str>> = HashMap::new();
        for (_, form) in forms.iter().filter(|(tag, _)| *tag.kind() == person) {
            let full = form.split(' ').nth(1).is_some();
            for word in form.split(' ').filter(|_| full) {
                words
                    .entry(word)
                    .and_modify(|name| {
                        if *name != Some(form.as_str()) {
                            *name = None;
                        }
                    })
                    .or_insert(Some(form));
            }
        }
        forms
            .iter()
            .filter_map(|(tag, form)| {
                let name = match words.get(form.as_str()) {
                    Some(Some(name)) if *tag.kind() == person => name,
                    _ => form.as_str(),
                };
                let main = mains.get(&(tag.kind(), name))?;
                (main != tag).then(|| ((*tag).clone(), (*main).clone()))
            })
            .collect()
    }

    /// All pairs (tag of a mail address or account name, main tag of the one person whose name it spells), in the order the
    /// tags were given out: `marie.dupont@mail.example`, `mdupont`, `dupont_m` are Marie Dupont's unless another person of the
    /// conversation fits as well.
    ///
    /// ```
    /// use redact::{Detector, Gate, MapId, PseudonymMap};
    /// let detector = Detector::new();
    /// let mut map = PseudonymMap::new(MapId([3; 16]));
    /// Gate::new(&detector).seal("Marie Dupont here, write to m.dupont@mail.example", &mut map)?;
    /// let pairs = map.owners();
    /// assert_eq!(pairs.iter().map(|(a, b)| format!("{a} {b}")).collect::<Vec<_>>(), ["[EMAIL_1] [PERSON_1]"]);
    /// # Ok::<(), redact::SealError>(())
    /// ```
    #[must_use]
    pub fn owners(&self) -> Vec<(Tag, Tag)> {
        let same: HashMap<Tag, Tag> = self.relations().into_iter().collect();
        let forms = self.forms();
        let person = TagKind::from(Kind::Person);
        let names: Vec<(&Tag, Vec<&str>)> = forms
            .iter()
            .filter(|(tag, _)| *tag.kind() == person && !same.contains_key(tag))
            .map(|(tag, form)| (*tag, form.split(' ').collect()))
            .collect();
        let spells = |local: &str| {
            let mut fitting = names.iter().filter(|(_, name)| spells(local, name));
            match (fitting.next(), fitting.next()) {
                (Some((tag, _)), None) => Some((*tag).clone()),
                _ => None,
            }
        };
        forms
            .iter()
            .filter(|(tag, _)| matches!(tag.kind().kind(), Some(Kind::Email | Kind::Username)))
            .filter_map(|(tag, form)| {
                let local = form.split('@').find(|part| !part.is_empty())?;
                Some(((*tag).clone(), spells(local)?))
            })
            .collect()
    }

    /// Tags and the canonical forms of their values.
    fn forms(&self) -> Vec<(&Tag, Form)> {
        let canonical = |tag: &Tag, value: &str| {
            Zeroizing::new(canonical::of(
                tag.kind().kind().unwrap_or(Kind::Custom),
                value,
            ))
        };
        self.table
            .entries()
            .filter(|(tag, _)| *tag.kind() != TagKind::TEXT)
            .map(|(tag, value)| (tag, canonical(tag, value)))
            .collect()
    }
}

/// Whether the letters of an account name are a name: its words, or one of them and the first letters of others.
fn spells(local: &str, name: &[&str]) -> bool {
    let folded = Zeroizing::new(canonical::name(local));
    let parts: Vec<&str> = folded
        .split(|c: char| !c.is_alphabetic())
        .filter(|part| !part.is_empty())
        .collect();
    let long = |word: &str| word.chars().count() >= 3;
    let initial = |word: &str, part: &str| {
        part.chars().nth(1).is_none() && word.chars().next() == part.chars().next()
    };
    if let [whole] = *parts {
        let joined = |a: &str, b: &str| {
            whole
                .strip_prefix(a)
                .is_some_and(|rest| rest == b || initial(b, rest))
                || whole
                    .strip_suffix(b)
                    .is_some_and(|rest| long(b) && initial(a, rest))
        };
        let pairs = || name.iter().flat_map(|a| name.iter().map(move |b| (*a, *b)));
        return name.iter().any(|word| long(word) && *word == whole)
            || pairs().any(|(a, b)| a != b && long(a.max(b)) && joined(a, b));
    }
    parts.iter().any(|part| long(part) && name.contains(part))
        && parts
            .iter()
            .all(|part| name.contains(part) || name.iter().any(|word| initial(word, part)))
}

#[cfg(test)]
mod tests {
    use super::spells;

    #[test]
    fn account_names_spell_names() {
        let name = ["marie", "dupont"];
        for local in [
            "marie.dupont",
            "dupont.marie",
            "m.dupont",
            "mdupont",
            "marie.d",
            "mariedupont",
            "dupontmarie",
            "dupontm",
            "Marie_Dupont75",
            "dupont",
            "marie",
        ] {
            assert!(spells(local, &name), "{local}");
        }
        for local in [
            "m.d",
            "md",
            "marc.dupont",
            "mariette",
            "info",
            "j.dupont",
            "dupond",
            "75",
        ] {
            assert!(!spells(local, &name), "{local}");
        }
        assert!(!spells("yi", &["li", "yi"]));
    }
}
