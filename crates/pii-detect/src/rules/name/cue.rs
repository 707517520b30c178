//! Names that something before them announces.

use super::Name;
use super::extent::{Trust, name_from};
use crate::bits::ones;
use crate::cues::{Class, beginning, phrase_at};
use crate::token::{Gap, Shape, Tokens};
use crate::trigger::{self, Set};

/// Most titles before one name.
const TITLES: usize = 8;

/// Finds announced names.
pub(super) fn find(tokens: &Tokens<'_>, names: &mut Vec<Name>) {
    type Rule = fn(&Tokens<'_>, usize, &mut Vec<Name>);
    const RULES: [(Class, Rule); 8] = [
        (Class::SELF.or(Class::INTRO).or(Class::IAM), introduced),
        (Class::TITLE, title),
        (Class::RELATION, relation),
        (Class::GREETING, greeting),
        (Class::SIGNOFF, signoff),
        (Class::LABEL, label),
        (Class::WROTE, wrote),
        (Class::PAYTO, payee),
    ];
    #[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
    const ANY: Class = {
        let (mut any, mut at) = (Class::NONE, 0);
        while at < RULES.len() {
            any = any.or(RULES[at].0);
            at += 1;
        }
        any
    };
    for (at, here) in beginning(tokens, ANY) {
        let mut rules = 0u64;
        for (rule, (class, _)) in RULES.iter().enumerate() {
            rules |= u64::from(here.has(*class)) << rule;
        }
        for (_, rule) in ones(rules).filter_map(|rule| RULES.get(rule)) {
            rule(tokens, at, names);
        }
    }
    last_line(tokens, names);
}

fn push(
    names: &mut Vec<Name>,
    from: usize,
    to: Option<usize>,
    score: f32,
    why: &'static str,
) -> Option<usize> {
    let to = to?;
    names.push(Name {
        from,
        to,
        score,
        why,
    });
    Some(to)
}

/// Skips titles: "Herr Prof. Dr. Meier" begins at "Meier".
pub(super) fn skip_titles(tokens: &Tokens<'_>, mut at: usize) -> usize {
    for _ in 0..TITLES {
        let Some(len) = phrase_at(tokens, at, Class::TITLE) else {
            break;
        };
        let next = at + len;
        if !matches!(tokens.gap(next), Gap::Space | Gap::Dot) {
            break;
        }
        at = next;
    }
    at
}

fn introduced(tokens: &Tokens<'_>, at: usize, names: &mut Vec<Name>) {
    let (len, trust, score, why) = if let Some(len) = phrase_at(tokens, at, Class::SELF) {
        (len, Trust::Any, 0.9, "name:self:-")
    } else if let Some(len) = phrase_at(tokens, at, Class::INTRO) {
        (len, Trust::Capital, 0.75, "name:intro:-")
    } else if let Some(len) = phrase_at(tokens, at, Class::IAM) {
        (len, Trust::Known, 0.7, "name:iam:lexicon")
    } else {
        return;
    };
    let from = at + len;
    if matches!(tokens.gap(from), Gap::Space | Gap::Colon | Gap::Comma) {
        let from = skip_titles(tokens, from);
        push(names, from, name_from(tokens, from, trust), score, why);
    }
}

fn title(tokens: &Tokens<'_>, at: usize, names: &mut Vec<Name>) {
    let Some(len) = phrase_at(tokens, at, Class::TITLE) else {
        return;
    };
    let from = skip_titles(tokens, at);
    let next = at + len;
    if from == at || !matches!(tokens.gap(next), Gap::Space | Gap::Dot) {
        return;
    }
    // One letter is a title only with its dot (M. Dupont, D. Juan).
    let letter = len == 1 && tokens.get(at).is_some_and(|title| title.chars == 1);
    let dotted = tokens.gap(next) == Gap::Dot;
    let ends_sentence = dotted && tokens.get(at).is_some_and(|title| title.chars > 5);
    if letter && !(dotted && tokens.get(at).is_some_and(|t| t.capital())) || ends_sentence {
        return;
    }
    push(
        names,
        from,
        name_from(tokens, from, Trust::Capital),
        0.9,
        "name:title:-",
    );
}

fn relation(tokens: &Tokens<'_>, at: usize, names: &mut Vec<Name>) {
    let Some(token) = tokens.get(at) else { return };
    if !token.class.has(Class::RELATION) {
        return;
    }
    let owned = (1..=2).any(|back| {
        at.checked_sub(back)
            .and_then(|i| tokens.get(i))
            .is_some_and(|t| t.class.has(Class::MY))
    });
    let from = at + 1;
    if !matches!(tokens.gap(from), Gap::Space | Gap::Comma) {
        return;
    }
    let trust = match (owned, tokens.gap(from)) {
        (true, Gap::Space) => Trust::Capital,
        _ => Trust::Known,
    };
    if trust == Trust::Known && !tokens.get(from).is_some_and(|t| t.capital()) {
        return;
    }
    let from = skip_titles(tokens, from);
    push(
        names,
        from,
        name_from(tokens, from, trust),
        0.8,
        "name:relation:-",
    );
}

fn greeting(tokens: &Tokens<'_>, at: usize, names: &mut Vec<Name>) {
    let Some(len) = phrase_at(tokens, at, Class::GREETING) else {
        return;
    };
    let before = tokens.before(at);
    let opens =
        tokens.sentence_start(at) || before.is_some_and(|before| before.class.has(Class::GREETING));
    let next = at + len;
    if !opens || !matches!(tokens.gap(next), Gap::Space | Gap::Comma) {
        return;
    }
    let from = skip_titles(tokens, next);
    let end_of = |to: usize| {
        matches!(tokens.gap(to), Gap::Comma | Gap::Line | Gap::Start)
            || tokens
                .between(to)
                .trim_start()
                .starts_with(['!', '-', '\u{2013}', '.'])
    };
    // Towns bear names of people and people those of towns; nobody greets a town and closes the line.
    let town = || {
        let token = tokens.get(from)?;
        let entry = token.read();
        let named = token.shape == Shape::Capital && entry.mostly_place() && !entry.country();
        (named && end_of(from + 1)).then_some(from + 1)
    };
    let Some(to) = name_from(tokens, from, Trust::Any)
        .or_else(|| name_from(tokens, from, Trust::Known))
        .or_else(town)
    else {
        return;
    };
    // Followed by more words, a greeting may be the beginning of a sentence ("Hi Zalando refused").
    let known = name_from(tokens, from, Trust::Known).is_some();
    let lower = !tokens.get(from).is_some_and(|t| t.capital());
    let closed = end_of(to);
    let sure = known || (closed && (!lower || to - from <= 2));
    if !sure {
        return;
    }
    push(
        names,
        from,
        Some(to),
        if known { 0.85 } else { 0.6 },
        "name:greeting:-",
    );
    // "Dear Anna and Paul,"
    if tokens.get(to).is_some_and(|t| t.class.has(Class::AND)) && tokens.gap(to) == Gap::Space {
        let second = skip_titles(tokens, to + 1);
        push(
            names,
            second,
            name_from(tokens, second, Trust::Known),
            0.8,
            "name:greeting:-",
        );
    }
}

fn signoff(tokens: &Tokens<'_>, at: usize, names: &mut Vec<Name>) {
    let Some(len) = phrase_at(tokens, at, Class::SIGNOFF) else {
        return;
    };
    if !(tokens.sentence_start(at) || tokens.gap(at) == Gap::Comma) {
        return;
    }
    let from = at + len;
    match tokens.gap(from) {
        Gap::Line => {
            let from = skip_titles(tokens, from);
            push(
                names,
                from,
                whole_line(tokens, from, Trust::Any),
                0.85,
                "name:signoff:line",
            );
        }
        Gap::Comma | Gap::Space | Gap::Other | Gap::Dot if ends_within(tokens, from, 4) => {
            // "thanks, anna": short forms of thanks go on in many ways, so a known name is asked for.
            let from = skip_titles(tokens, from);
            let trust = if tokens.get(from).is_some_and(|t| t.capital()) {
                Trust::Capital
            } else {
                Trust::Known
            };
            push(
                names,
                from,
                whole_line(tokens, from, trust),
                0.75,
                "name:signoff:same",
            );
        }
        _ => {}
    }
}

/// Whether a line has at most so many tokens from `from` on; no further ones are looked at.
fn ends_within(tokens: &Tokens<'_>, from: usize, most: usize) -> bool {
    (from + 1..=from + most).any(|at| tokens.get(at).is_none_or(|t| t.gap == Gap::Line))
}

/// The end of a name that fills the rest of its line.
fn whole_line(tokens: &Tokens<'_>, from: usize, trust: Trust) -> Option<usize> {
    if !ends_within(tokens, from, 8) {
        return None;
    }
    let to = name_from(tokens, from, trust)?;
    let end = tokens.line_end(from);
    let rest = tokens.all().get(to..end).unwrap_or(&[]);
    // A job title or a company behind a comma may follow; running text may not.
    let closed = rest.is_empty()
        || matches!(tokens.gap(to), Gap::Comma | Gap::Other | Gap::Dot)
        || rest.len() <= 1 && rest.iter().all(|t| t.capital());
    let company =
        rest.iter().any(|token| token.class.has(Class::ORG)) && tokens.gap(to) == Gap::Space;
    (closed && !company).then_some(to)
}

fn label(tokens: &Tokens<'_>, at: usize, names: &mut Vec<Name>) {
    let Some(len) = phrase_at(tokens, at, Class::LABEL) else {
        return;
    };
    let from = at + len;
    let between = tokens.between(from);
    let colon = between
        .trim_start()
        .trim_start_matches(['*', ')', ']', '"'])
        .starts_with([':', '=']);
    if !colon || matches!(tokens.gap(from), Gap::Line) || !field(tokens, at) {
        return;
    }
    let from = skip_titles(tokens, from);
    let Some(token) = tokens.get(from) else {
        return;
    };
    // "From: Berlin", "Para: 2 personas".
    let short = len == 1
        && tokens
            .get(at)
            .is_some_and(|label| label.chars <= 4 && label.hash != name_hash());
    let place = token.read().town() >= 2 && !token.read().given();
    let trust = match (short, token.capital()) {
        (true, false) => return,
        (false, false) => Trust::Any,
        _ => Trust::Capital,
    };
    if short && place {
        return;
    }
    let Some(mut to) = name_from(tokens, from, trust) else {
        return;
    };
    // "Name: Meier, Anna"
    if tokens.gap(to) == Gap::Comma
        && to == from + 1
        && let Some(end) = name_from(tokens, to, Trust::Known)
        && matches!(tokens.gap(end), Gap::Line | Gap::Start)
    {
        to = end;
    }
    push(
        names,
        from,
        Some(to),
        if short { 0.7 } else { 0.85 },
        "name:label:-",
    );
}

fn name_hash() -> u64 {
    crate::lexicon::hash_word("name")
}

/// Whether a label stands where fields begin: at a line, or behind punctuation.
fn field(tokens: &Tokens<'_>, at: usize) -> bool {
    !matches!(tokens.gap(at), Gap::Hyphen | Gap::Apostrophe)
        && (tokens.gap(at) != Gap::Space || tokens.get(at).is_some_and(|t| t.chars >= 3))
}

/// "On Monday Anna Smith <anna@...> wrote:", "Am 3. Mai schrieb Anna Meier:".
fn wrote(tokens: &Tokens<'_>, at: usize, names: &mut Vec<Name>) {
    let Some(len) = phrase_at(tokens, at, Class::WROTE) else {
        return;
    };
    let behind = at + len;
    if tokens.gap(behind) == Gap::Space {
        let from = skip_titles(tokens, behind);
        if tokens.get(from).is_some_and(|t| t.capital())
            && let Some(to) = name_from(tokens, from, Trust::Capital)
            && (tokens.between(to).contains([':', '<', '(']))
        {
            push(names, from, Some(to), 0.8, "name:quoted:-");
            return;
        }
    }
    if !tokens.between(behind).trim_start().starts_with(':') {
        return;
    }
    // Backwards over the address in angle brackets to the capitalised words before it.
    let mut to = at;
    while to > 0 && at - to < 10 && !tokens.line_start(to) {
        let bracket = tokens.between(to).contains(['<', '(', '[']);
        if bracket {
            break;
        }
        to -= 1;
    }
    if !tokens.between(to).contains(['<', '(', '[']) {
        to = at;
    }
    let mut from = to;
    while from > 0
        && to - from < 4
        && !tokens.line_start(from)
        && (from == to
            || matches!(
                tokens.gap(from),
                Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Dot
            ))
        && tokens
            .before(from)
            .is_some_and(|t| t.capital() && !t.class.has(Class::STOP))
    {
        from -= 1;
    }
    if from < to && name_from(tokens, from, Trust::Capital).is_some() {
        push(names, from, Some(to), 0.75, "name:quoted:-");
    }
}

/// "send 50 dollars to Grace", "50 \u{20ac} an Grace": whom money goes to.
fn payee(tokens: &Tokens<'_>, at: usize, names: &mut Vec<Name>) {
    if !tokens.get(at).is_some_and(|t| t.class.has(Class::PAYTO)) || tokens.gap(at) != Gap::Space {
        return;
    }
    let number = |at: usize| tokens.get(at).is_some_and(|t| t.shape == Shape::Number);
    let Some(last) = at.checked_sub(1) else {
        return;
    };
    let word = trigger::of(tokens, last).has(Set::CURRENCY) && last > 0 && number(last - 1);
    let signs = |between: &str| between.contains(['$', '\u{20ac}', '\u{a3}']);
    // "1,360": the sign stands before the first group.
    let sign = number(last)
        && (signs(tokens.between(last))
            || signs(tokens.between(at))
            || last > 0 && number(last - 1) && signs(tokens.between(last - 1)));
    let from = at + 1;
    if !(word || sign) || tokens.gap(from) != Gap::Space {
        return;
    }
    let person = tokens.get(from).is_some_and(|t| {
        let entry = t.read();
        t.shape == Shape::Capital
            && !t.class.has(Class::ORG)
            && (entry.given() || !(entry.country() || entry.town() > 0))
    });
    if person {
        let to = name_from(tokens, from, Trust::Capital);
        push(names, from, to, 0.7, "name:payee:amount");
    }
}

/// A short last line that holds a known name and nothing else.
fn last_line(tokens: &Tokens<'_>, names: &mut Vec<Name>) {
    let all = tokens.all();
    let Some(from) = (0..all.len()).rev().find(|at| tokens.gap(*at) == Gap::Line) else {
        return;
    };
    let len = all.len() - from;
    if len <= 4 && all.iter().skip(from).all(|token| token.word()) {
        let to = whole_line(tokens, from, Trust::Known);
        push(names, from, to, 0.7, "name:lastline:-");
    }
}
