//! Which concepts ask for a right when they stand close together. The rules know no language.
//!
//! `concepts a b ..` names the concepts. A rule is `ART17 erase data mine|held !order !!device`: one concept of each
//! group within a window of words in any order, `!x` not within that window, `!!x` nowhere in the sentence, `@x` somewhere
//! in the text, `w=8` another window, `2` also over two or three neighbouring sentences,
//! `yields` not in a sentence that asks for portability: that is a copy too.

use crate::intent::RightAsked;
use crate::intent::rights::lexicon::Concepts;

/// Words a rule may span.
const WINDOW: usize = 14;

pub(super) struct Rule {
    right: RightAsked,
    groups: Vec<Concepts>,
    not_within: Concepts,
    not_beside: Concepts,
    anywhere: Vec<Concepts>,
    window: usize,
    two: bool,
    yields: bool,
}

/// Reads the rules; gives the names of the concepts too, in the order of their bits.
pub(super) fn parse(data: &str) -> Result<(Vec<String>, Vec<Rule>), usize> {
    let mut names: Vec<String> = Vec::new();
    let mut rules = Vec::new();
    for (number, line) in (1usize..).zip(data.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(more) = line.strip_prefix("concepts ") {
            names.extend(more.split_whitespace().map(str::to_owned));
            continue;
        }
        let mut tokens = line.split_whitespace();
        let right = tokens
            .next()
            .and_then(RightAsked::from_article_code)
            .ok_or(number)?;
        let group = |alternatives: &str| {
            alternatives.split('|').try_fold(0, |all, name| {
                let at = names.iter().position(|n| n == name).ok_or(number)?;
                Ok::<Concepts, usize>(all | 1 << at)
            })
        };
        let mut rule = Rule {
            right,
            groups: Vec::new(),
            not_within: 0,
            not_beside: 0,
            anywhere: Vec::new(),
            window: WINDOW,
            two: false,
            yields: false,
        };
        for token in tokens {
            if let Some(window) = token.strip_prefix("w=") {
                rule.window = window.parse().map_err(|_| number)?;
            } else if let Some(name) = token.strip_prefix("!!") {
                rule.not_beside |= group(name)?;
            } else if let Some(name) = token.strip_prefix('!') {
                rule.not_within |= group(name)?;
            } else if let Some(name) = token.strip_prefix('@') {
                rule.anywhere.push(group(name)?);
            } else if token == "2" {
                rule.two = true;
            } else if token == "yields" {
                rule.yields = true;
            } else {
                rule.groups.push(group(token)?);
            }
        }
        // A rule without a group would hold everywhere.
        if rule.groups.is_empty() || rule.groups.len() > 8 {
            return Err(number);
        }
        rules.push(rule);
    }
    Ok((names, rules))
}

impl Rule {
    pub(super) const fn right(&self) -> RightAsked {
        self.right
    }

    pub(super) const fn over_two(&self) -> bool {
        self.two
    }

    pub(super) const fn yields(&self) -> bool {
        self.yields
    }

    /// Whether a text that bears these concepts could fulfil it at all.
    pub(super) fn can_hold(&self, spoken_of: Concepts) -> bool {
        self.groups
            .iter()
            .chain(&self.anywhere)
            .all(|group| group & spoken_of != 0)
    }

    /// Whether the words of a sentence fulfil it.
    pub(super) fn holds(&self, words: &[Concepts]) -> bool {
        if words.iter().any(|word| word & self.not_beside != 0) {
            return false;
        }
        (0..words.len()).any(|from| self.holds_from(words.get(from..).unwrap_or_default()))
    }

    /// Whether a window that begins here fulfils it; it ends as soon as every group has a word.
    fn holds_from(&self, words: &[Concepts]) -> bool {
        let first = words.first().copied().unwrap_or_default();
        if !self.groups.iter().any(|group| group & first != 0) {
            return false;
        }
        let mut seen = 0;
        for word in words.iter().take(self.window) {
            if word & self.not_within != 0 {
                return false;
            }
            seen |= word;
            if self.groups.iter().all(|group| group & seen != 0) {
                return true;
            }
        }
        false
    }
}
