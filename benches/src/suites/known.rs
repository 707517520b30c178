//! Generator of "known customer, distorted value" cases for the redaction tests.
//!
//! [`cases`] invents support-desk profiles and plants one distorted value of the
//! profile in each row. Everything follows from the seed. Names, streets and
//! sentence frames stand in `known/names.txt` (ASCII, `\u{..}` escapes decoded
//! when read; the `stop|` lines list typos that would spell a real word).
//!
//! Rules of the spans: titles and the ending of "Dupont's" are outside, the glued
//! ending of "Duponts" is inside, the full stop of an initial ("Marie D.") is inside.
//!
//! The twelve distortions come round evenly, five different ones a profile. A bare
//! log-in name spelt from the name ("mdupont") is labelled PERSON and its rows say
//! "handle" instead of "`email_respelled`". One row in each three, at a random place
//! of the three, also names somebody else (`"others"`).

mod profile;
mod text;

use profile::{Address, Phone, Profile, local_part, person, profile};
use std::fmt::Write as _;
use text::{Data, Rng, distance, fold, typo, words};

const LANGS: [&str; 7] = ["en", "fr", "de", "es", "it", "nl", "pt"];
const KINDS: &str = "typo accents case respaced digits title inverted initials given \
                     email_respelled address possessive";

/// What goes into the sentence: text around the span, and the span itself.
struct Planted {
    pre: String,
    core: String,
    post: String,
    label: &'static str,
    frame: &'static str,
}

fn plant(core: String, label: &'static str, frame: &'static str) -> Planted {
    Planted {
        pre: String::new(),
        core,
        post: String::new(),
        label,
        frame,
    }
}

/// Writes the digits in groups of `sizes`, the last size repeated.
fn group(digits: &str, sizes: &[usize], glue: &str) -> String {
    let mut out = String::new();
    let (mut left, mut k) = (sizes.first().copied().unwrap_or(2), 0);
    for d in digits.chars() {
        if left == 0 {
            k += 1;
            left = sizes.get(k).or(sizes.last()).copied().unwrap_or(2);
            out.push_str(glue);
        }
        out.push(d);
        left -= 1;
    }
    out
}

fn respace_code(rng: &mut Rng, code: &str) -> String {
    let head: String = code.chars().take_while(|c| c.is_alphabetic()).collect();
    let rest: String = code
        .chars()
        .skip(head.len())
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let n = rng.bar("2|3|3|4|4|9");
    let glue = rng.bar(" |.|-| - ");
    let body = group(&rest, &[n.parse().unwrap_or(3)], &glue);
    if head.is_empty() {
        return rng.bar(&format!("{body}|{}", group(&rest, &[2, 3], " ")));
    }
    let spaced: Vec<String> = head.chars().map(String::from).collect();
    let spaced = spaced.join(" ");
    rng.bar(&format!("{head} - {body}|{head} {body}|{head}{rest}|{head}.{body}|({head}) {body}|{head}: {body}|{spaced} {rest}"))
}

fn respace_phone(rng: &mut Rng, p: &Phone) -> String {
    let digits = p.groups.concat();
    let n: usize = rng.bar("2|3|4").parse().unwrap_or(2);
    let glue = rng.bar(" |.|-| ");
    let body = group(&digits, &[1 + rng.below(3), n], &glue);
    let slashed = group(&digits, &[3, 99], "/");
    let (code, trunk) = (&p.code, &p.trunk);
    let zero = if trunk.is_empty() {
        String::new()
    } else {
        format!("({trunk})")
    };
    rng.bar(&format!("+{code} {zero}{body}|+{code} {zero} {body}|00{code} {body}|(+{code}) {body}|00{code}{digits}|+{code}{digits}|+{code}-{body}|+{code} {zero}{slashed}"))
}

fn accents(rng: &mut Rng, value: &str) -> String {
    let umlaut = rng.chance(60);
    fold(value, umlaut)
}

fn respell_address(rng: &mut Rng, data: &Data, a: &Address) -> String {
    let (mut street, mut number) = (a.street.clone(), a.number.clone());
    let (mut comma, mut turned, mut post_last, mut lower) = (true, false, a.post_last, false);
    for _ in 0..=rng.below(3) {
        match rng.below(6) {
            0 | 1 => {
                let able: Vec<_> = data.streets().filter(|s| a.street.contains(s.0)).collect();
                if let Some((long, short)) = able.get(rng.below(able.len())) {
                    street = a.street.replacen(long, &rng.pick(short), 1);
                }
            }
            2 => comma = false,
            3 if a.post_last || rng.chance(50) => post_last = !a.post_last,
            3 => turned = true,
            4 => lower = true,
            _ if number.contains(' ') => number = number.replace(' ', ""),
            _ => {
                let cut = number.find(|c: char| c.is_alphabetic()).unwrap_or(0);
                if cut > 0 {
                    number.insert(cut, ' ');
                }
            }
        }
    }
    let new = Address {
        street,
        number,
        post: a.post.clone(),
        city: a.city.clone(),
        ..*a
    };
    let (line, place) = (new.line(), new.place(post_last));
    let (x, y) = if turned { (place, line) } else { (line, place) };
    let out = if comma {
        format!("{x}, {y}")
    } else {
        format!("{x} {y}")
    };
    if lower { out.to_lowercase() } else { out }
}

fn initial(word: &str) -> String {
    let mut parts = word
        .split('-')
        .filter_map(|p| p.chars().find(|c| c.is_alphabetic()));
    let first = parts
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().to_string());
    parts.fold(first, |s, c| format!("{s}.-{}", c.to_uppercase()))
}

fn possessive(rng: &mut Rng, p: &Profile, lang: &str) -> Planted {
    let mut core = if rng.chance(70) {
        p.surname.clone()
    } else {
        rng.pick(&[p.given.clone(), p.name()])
    };
    let last = core
        .chars()
        .last()
        .and_then(|c| fold(&c.to_string(), false).chars().last())
        .unwrap_or('a');
    let quote = if rng.chance(25) { "\u{2019}" } else { "'" };
    let mut post = format!("{quote}s");
    if "sxz".contains(last) && lang != "en" {
        quote.clone_into(&mut post);
    } else if (lang == "nl" && !"aiouy".contains(last))
        || (lang == "de" && rng.chance(80))
        || (lang == "en" && rng.chance(15))
    {
        core.push('s');
        post.clear();
    }
    Planted {
        pre: String::new(),
        core,
        post,
        label: "PERSON",
        frame: "poss",
    }
}

/// One distorted value, or nothing where this draw changes nothing.
fn distort(rng: &mut Rng, data: &Data, p: &Profile, kind: &str, lang: usize) -> Option<Planted> {
    let (name, address, order) = (p.name(), p.address.text(), rng.pick(&p.orders));
    let person = |core: String| plant(core, "PERSON", "name");
    let values = [
        ("PERSON", "name", name.clone()),
        ("ADDRESS", "address", address.clone()),
        ("ORDER", "order", order.clone()),
        ("CUSTOMER_ID", "customer_id", p.customer.clone()),
        ("EMAIL", "email", p.email.clone()),
        ("PHONE", "phone", p.phone.text.clone()),
    ];
    let any = |rng: &mut Rng, from: &[usize]| {
        let i = from.get(rng.below(from.len())).copied().unwrap_or(0);
        values
            .get(i)
            .cloned()
            .unwrap_or(("PERSON", "name", String::new()))
    };
    let g = p.given.as_str();
    let first = initial(g.split(' ').next().unwrap_or(g));
    let s = p.surname.as_str();
    let planted = match kind {
        "typo" | "accents" => {
            let (label, frame, v) = any(rng, &[0, 0, 0, 1]);
            let new = if kind == "typo" {
                typo(rng, data, &v)?
            } else {
                accents(rng, &v)
            };
            plant(new, label, frame)
        }
        "case" => {
            let (label, frame, v) = any(rng, &[0, 0, 0, 1, 2, 3, 4]);
            let new = match rng.below(3) {
                0 => v.to_lowercase(),
                1 if label == "PERSON" => format!("{} {}", p.given, p.surname.to_uppercase()),
                _ => v.to_uppercase(),
            };
            plant(new, label, frame)
        }
        "respaced" => match rng.below(3) {
            0 => plant(respace_phone(rng, &p.phone), "PHONE", "phone"),
            1 => plant(respace_code(rng, &order), "ORDER", "order"),
            _ => plant(respace_code(rng, &p.customer), "CUSTOMER_ID", "customer_id"),
        },
        "digits" => {
            let (label, frame, v) = any(rng, &[2, 3, 5, 5]);
            let digits = p.phone.groups.concat();
            let new = match (label, rng.below(4)) {
                ("PHONE", 0) => format!("{}{digits}", p.phone.code),
                ("PHONE", 1) => format!("{}{}", p.phone.trunk, p.phone.groups.join(" ")),
                ("PHONE", _) => format!("{}{digits}", p.phone.trunk),
                _ => v.chars().filter(char::is_ascii_digit).collect(),
            };
            plant(new, label, frame)
        }
        "title" => {
            let sex = if p.female { "f" } else { "m" };
            let lang = LANGS.get(lang).copied().unwrap_or("en");
            let title = rng.pick(data.list(&format!("title|{lang}|{sex}")));
            Planted {
                pre: format!("{title} "),
                ..person(p.surname.clone())
            }
        }
        "inverted" => {
            let caps = s.to_uppercase();
            person(rng.bar(&format!(
                "{s} {g}|{s}, {g}|{s} {first}.|{s}, {first}.|{caps} {g}|{s} {g}"
            )))
        }
        "initials" => {
            let last = s.split(' ').next_back().unwrap_or("");
            let last = initial(last.split('-').next().unwrap_or(""));
            person(rng.bar(&format!(
                "{g} {last}.|{first}. {s}|{first}. {s}|{first} {s}|{g} {last}."
            )))
        }
        "given" => person(p.given.clone()),
        "email_respelled" => {
            let local = local_part(rng, &p.given, &p.surname);
            if rng.chance(25) {
                plant(local, "PERSON", "handle")
            } else {
                plant(
                    format!("{local}@{}", rng.pick(data.list("domain|other"))),
                    "EMAIL",
                    "email",
                )
            }
        }
        "address" => plant(respell_address(rng, data, &p.address), "ADDRESS", "address"),
        _ => possessive(rng, p, LANGS.get(lang).copied().unwrap_or("en")),
    };
    let same = kind != "possessive" && values.iter().any(|v| v.2 == planted.core);
    (!same && !planted.core.is_empty()).then_some(planted)
}

/// Somebody (or something) else that must not be taken for the customer.
fn other(rng: &mut Rng, data: &Data, p: &Profile) -> String {
    let mine = p.words();
    let far = |s: &str, least: usize| {
        words(s)
            .iter()
            .all(|w| mine.iter().all(|m| distance(w, m) >= least))
    };
    let (style, sur) = (rng.below(10), words(&p.surname).concat());
    let tail = |s: &str| s.chars().rev().take(2).collect::<String>();
    for attempt in 0..2000 {
        if style < 2 {
            let like = rng.pick(data.list("like|*|w"));
            if far(&like, 3) {
                return like;
            }
        }
        let (given, surname, _) = person(rng, data);
        let joined = words(&surname).concat();
        let near = joined.get(..1) == sur.get(..1) || tail(&joined) == tail(&sur);
        if far(&surname, 3) && far(&given, 2) && (near || style > 5 || attempt > 1000) {
            return format!("{given} {surname}");
        }
    }
    "Sherlock Holmes".to_owned()
}

/// Puts `value` into the slot; returns the text and the span in characters.
fn fill(frame: &str, slot: &str, v: &Planted) -> (String, usize, usize) {
    let (head, tail) = frame.split_once(slot).unwrap_or((frame, ""));
    let stop = v.post.is_empty() && v.core.ends_with('.');
    let tail = tail.strip_prefix('.').filter(|_| stop).unwrap_or(tail);
    let start = head.chars().count() + v.pre.chars().count();
    let text = format!("{head}{}{}{}{tail}", v.pre, v.core, v.post);
    (text, start, start + v.core.chars().count())
}

struct Row {
    lang: &'static str,
    kind: &'static str,
    text: String,
    span: (usize, usize),
    planted: Planted,
    other: Option<(usize, usize, String)>,
}

fn build(seed: u64, profiles: usize) -> Vec<(Profile, Vec<Row>)> {
    let data = Data::load();
    let mut rng = Rng(seed ^ 0x6b6e_6f77_6e00_0000);
    let mut all = Vec::new();
    let mut deck: Vec<&'static str> = KINDS.split_whitespace().collect();
    for i in (1..deck.len()).rev() {
        deck.swap(i, rng.below(i + 1));
    }
    let (mut next, mut serial, mut turn) = (0_usize, 0_usize, 0_usize);
    for _ in 0..profiles {
        let kinds: Vec<&'static str> = deck.iter().copied().cycle().skip(next).take(5).collect();
        next = (next + 5) % deck.len();
        let p = profile(&mut rng, &data, &kinds);
        let mut rows = Vec::new();
        for kind in kinds {
            if serial.is_multiple_of(3) {
                turn = rng.below(3);
            }
            serial += 1;
            let mut lang = if rng.chance(60) { p.lang } else { rng.below(7) };
            if kind == "possessive" {
                lang = [0, 2, 5].get(rng.below(3)).copied().unwrap_or(0);
            }
            let Some(planted) = (0..500).find_map(|_| distort(&mut rng, &data, &p, kind, lang))
            else {
                continue;
            };
            let name = LANGS.get(lang).copied().unwrap_or("en");
            let (mut text, start, end) =
                fill(&data.frame(&mut rng, name, planted.frame), "{V}", &planted);
            let (mut span, mut stranger) = ((start, end), None);
            if (serial - 1) % 3 == turn {
                let who = other(&mut rng, &data, &p);
                let (side, a, b) = fill(
                    &data.frame(&mut rng, name, "other"),
                    "{O}",
                    &plant(who.clone(), "", ""),
                );
                if rng.chance(50) {
                    let shift = side.chars().count() + 1;
                    text = format!("{side} {text}");
                    span = (start + shift, end + shift);
                    stranger = Some((a, b, who));
                } else {
                    let dot = if text.ends_with(['.', '?', '!']) {
                        ""
                    } else {
                        "."
                    };
                    let shift = text.chars().count() + dot.len() + 1;
                    text = format!("{text}{dot} {side}");
                    stranger = Some((a + shift, b + shift, who));
                }
            }
            rows.push(Row {
                lang: name,
                kind,
                text,
                span,
                planted,
                other: stranger,
            });
        }
        all.push((p, rows));
    }
    all
}

fn quoted(s: &str) -> String {
    format!("\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Cases of known customers: five JSON rows for each of `profiles` profiles.
///
/// Offsets count Unicode scalar values, ends are exclusive. The same arguments
/// give the same rows.
#[must_use]
pub fn cases(seed: u64, profiles: usize) -> Vec<String> {
    let mut out = Vec::new();
    for (n, (p, rows)) in build(seed, profiles).iter().enumerate() {
        let orders: Vec<String> = p.orders.iter().map(|o| quoted(o)).collect();
        let known = format!(
            "{{\"name\":[{}],\"email\":[{}],\"phone\":[{}],\"address\":[{}],\"order\":[{}],\"customer_id\":[{}]}}",
            quoted(&p.name()),
            quoted(&p.email),
            quoted(&p.phone.text),
            quoted(&p.address.text()),
            orders.join(","),
            quoted(&p.customer)
        );
        for (k, r) in rows.iter().enumerate() {
            let mut row = format!(
                "{{\"id\":\"known-{seed}-{n}-{k}\",\"lang\":\"{}\",\"distortion\":\"{}\",\"text\":{},\"known\":{known},\"spans\":[{{\"start\":{},\"end\":{},\"label\":\"{}\"}}]",
                r.lang,
                if r.planted.frame == "handle" {
                    "handle"
                } else {
                    r.kind
                },
                quoted(&r.text),
                r.span.0,
                r.span.1,
                r.planted.label
            );
            if let Some((a, b, _)) = &r.other {
                let _ = write!(row, ",\"others\":[{{\"start\":{a},\"end\":{b}}}]");
            }
            row.push('}');
            out.push(row);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text::{edits_allowed, letters};
    use super::*;
    use std::collections::BTreeSet;

    fn cut(text: &str, a: usize, b: usize) -> String {
        text.chars().skip(a).take(b - a).collect()
    }

    #[test]
    fn spans_are_what_was_planted() {
        for seed in 1..4 {
            for (p, rows) in build(seed, 100) {
                assert_eq!(rows.len(), 5);
                assert!(
                    (2..=3).contains(&p.name().split(' ').count()),
                    "{}",
                    p.name()
                );
                let kinds: BTreeSet<_> = rows.iter().map(|r| r.kind).collect();
                assert_eq!(kinds.len(), 5);
                for r in rows {
                    assert_eq!(cut(&r.text, r.span.0, r.span.1), r.planted.core);
                    assert!(!r.text.contains("{V}") && !r.text.contains("{O}"));
                    if let Some((a, b, who)) = r.other {
                        assert_eq!(cut(&r.text, a, b), who);
                        assert!(b <= r.span.0 || a >= r.span.1);
                    }
                }
            }
        }
    }

    #[test]
    fn same_seed_same_rows() {
        assert_eq!(cases(1, 60), cases(1, 60));
        assert_ne!(cases(1, 60), cases(2, 60));
        assert!(cases(1, 60).starts_with(&cases(1, 20)));
        assert!(cases(9, 60).iter().all(|r| !r.contains('\n')));
    }

    #[test]
    fn typos_keep_the_bounds() {
        let mut seen = 0;
        for (p, rows) in build(1, 250).iter().chain(&build(77, 250)) {
            for r in rows.iter().filter(|r| r.kind == "typo") {
                let base = if r.planted.label == "PERSON" {
                    p.name()
                } else {
                    p.address.text()
                };
                let mut total = 0;
                for (a, b) in base
                    .to_lowercase()
                    .split(' ')
                    .zip(r.planted.core.to_lowercase().split(' '))
                {
                    let d = distance(a, b);
                    assert!(d <= edits_allowed(letters(a)), "{a} {b}");
                    assert!(a.chars().next() == b.chars().next(), "{a} {b}");
                    total += d;
                }
                assert!(total >= 1);
                seen += 1;
            }
        }
        assert!(seen > 200);
    }

    #[test]
    fn others_are_far_from_the_customer() {
        let mut seen = 0;
        let mut rows_seen = 0;
        for (p, rows) in build(3, 300) {
            let mine = p.words();
            for r in rows {
                rows_seen += 1;
                let Some((_, _, who)) = r.other else { continue };
                let last = words(&who).pop().unwrap_or_default();
                assert!(
                    mine.iter().all(|m| distance(&last, m) >= 3),
                    "{who} {mine:?}"
                );
                assert!(words(&who).first().is_some_and(|g| !mine.contains(g)));
                seen += 1;
                assert_eq!(seen, usize::div_ceil(rows_seen, 3));
            }
        }
        assert_eq!(seen, 500);
    }

    #[test]
    fn lists_are_large_enough() {
        let data = Data::load();
        let count = |end: &[&str]| {
            let keys = data
                .lists
                .iter()
                .filter(|(k, _)| k.len() == 4 && end.iter().any(|e| k.ends_with(e)));
            keys.flat_map(|(_, v)| v.clone())
                .collect::<BTreeSet<_>>()
                .len()
        };
        assert!(data.cultures.len() >= 12);
        assert!(count(&["|f", "|m"]) >= 150 && count(&["|s"]) >= 250);
        assert!(
            LANGS
                .iter()
                .all(|l| data.list(&format!("frame|{l}|name")).len() >= 12)
        );
        assert_eq!(distance("dupont", "dupotn"), 1);
    }
}
