//! Values for slots: people, places, numbers.

use super::{Lists, Page};
use crate::sample::Random;

/// Names of all slots.
pub(super) const KNOWN: [&str; 28] = [
    "person", "given", "surname", "initials", "town", "country", "region", "street", "address",
    "pctown", "postcode", "company", "product", "brand", "email", "phone", "order", "tracking",
    "customer", "iban", "amount", "date", "dateword", "time", "url", "user", "number", "nothing",
];

/// A person of a template.
#[derive(Clone, Debug)]
pub(super) struct Person {
    given: String,
    surname: String,
}

/// Where values come from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'s> {
    pub(super) language: &'s str,
    pub(super) dev: bool,
    pub(super) lists: &'s Lists,
}

impl Source<'_> {
    fn list(&self, key: &str, random: &mut Random) -> Result<String, String> {
        let list = self
            .lists
            .get(key)
            .ok_or_else(|| format!("no list {key}"))?;
        random
            .pick(list)
            .cloned()
            .ok_or_else(|| format!("empty list {key}"))
    }

    fn own(&self, name: &str, random: &mut Random) -> Result<String, String> {
        self.list(&format!("{}.{name}", self.language), random)
    }

    /// A name of the group: of the development half where that is asked for.
    fn name(&self, group: &str, kind: &str, random: &mut Random) -> Result<String, String> {
        let dev = if self.dev { "dev." } else { "" };
        self.list(&format!("{dev}{group}.{kind}"), random)
    }

    pub(super) fn person(&self, random: &mut Random) -> Result<Person, String> {
        let near = match self.language {
            "pt" => "es",
            "es" => "pt",
            "de" => "nl",
            "nl" => "de",
            "it" => "es",
            "fr" => "it",
            _ => "fr",
        };
        let group = match random.below(100) {
            0..=69 => self.language,
            70..=89 => "xx",
            90..=94 => near,
            _ => random.pick(&super::LANGUAGES).copied().unwrap_or("en"),
        };
        let mut given = self.name(group, "given", random)?;
        if random.chance(5) && !given.contains([' ', '-']) {
            given = format!("{given}-{}", self.name(group, "given", random)?);
        } else if random.chance(6) {
            given = format!("{given} {}", self.name(group, "given", random)?);
        }
        // Some people bear a family name of another group.
        let family = if random.chance(10) { "xx" } else { group };
        let mut surname = self.name(family, "surname", random)?;
        let two = match group {
            "es" | "pt" => 40,
            "fr" | "de" | "nl" | "en" => 4,
            _ => 2,
        };
        if random.chance(two) {
            let joint = if matches!(group, "es" | "pt") {
                " "
            } else {
                "-"
            };
            surname = format!("{surname}{joint}{}", self.name(group, "surname", random)?);
        }
        let particle: &[&str] = match group {
            "nl" => &["van ", "de ", "van der ", "van den ", "ten "],
            "de" => &["von ", "zu "],
            "fr" => &["de ", "Le ", "d'", "du "],
            "it" => &["De ", "Di ", "Della ", "D'"],
            "pt" => &["da ", "dos ", "de "],
            "es" => &["de la ", "del ", "de "],
            "en" => &["O'", "Mc", "Mac"],
            _ => &[],
        };
        let share = if group == "nl" { 25 } else { 5 };
        if random.chance(share)
            && !surname.contains([' ', '\'', '-'])
            && let Some(particle) = random.pick(particle)
        {
            surname = format!("{particle}{surname}");
        }
        Ok(Person { given, surname })
    }

    fn town(&self, random: &mut Random) -> Result<String, String> {
        let group = match random.below(10) {
            0..=7 => self.language,
            8 => "xx",
            _ => random.pick(&super::LANGUAGES).copied().unwrap_or("en"),
        };
        self.name(group, "town", random)
    }

    fn number(random: &mut Random) -> String {
        let limit = if random.chance(70) { 90 } else { 400 };
        let n = 1 + random.below(limit);
        match random.below(12) {
            0 => format!(
                "{n}{}",
                random.pick(&["a", "b", "A", "B", "c"]).unwrap_or(&"a")
            ),
            1 => format!("{n}-{}", n + 2),
            2 => format!("{n}/{}", 1 + random.below(20)),
            _ => n.to_string(),
        }
    }

    fn street(&self, random: &mut Random) -> Result<String, String> {
        let number = Self::number(random);
        let name = match self.language {
            "de" | "nl" => {
                if random.chance(25) {
                    self.own("lead", random)?
                } else {
                    let dutch = self.language == "nl";
                    let stem = match random.below(10) {
                        0 => self.name(self.language, "surname", random)?,
                        1 if !dutch => format!(
                            "{}-{}-",
                            self.name("de", "given", random)?,
                            self.name("de", "surname", random)?
                        ),
                        1 => format!(
                            "{} {}",
                            self.name("nl", "given", random)?,
                            self.name("nl", "surname", random)?
                        ),
                        2 if !dutch => format!("{}er ", self.town(random)?),
                        _ => self.own("street", random)?,
                    };
                    let mut kind = self.own("streettype", random)?;
                    if stem.ends_with([' ', '-']) {
                        let mut chars = kind.chars();
                        kind = chars
                            .next()
                            .map(|c| c.to_uppercase().collect::<String>())
                            .unwrap_or_default()
                            + chars.as_str();
                    }
                    format!("{stem}{kind}")
                }
            }
            "en" => {
                let stem = match random.below(6) {
                    0 => self.name("en", "surname", random)?,
                    1 => self.town(random)?,
                    _ => self.own("street", random)?,
                };
                format!("{stem} {}", self.own("streettype", random)?)
            }
            _ => {
                let stem = match random.below(6) {
                    0 => format!(
                        "{} {}",
                        self.name(self.language, "given", random)?,
                        self.name(self.language, "surname", random)?
                    ),
                    1 => self.name(self.language, "surname", random)?,
                    _ => self.own("street", random)?,
                };
                format!("{} {stem}", self.own("streettype", random)?)
            }
        };
        let mut line = match self.language {
            "en" | "fr" => match random.below(10) {
                0 if self.language == "fr" => format!("{number} bis {name}"),
                1 | 2 => format!("{number}, {name}"),
                _ => format!("{number} {name}"),
            },
            "de" | "nl" => format!("{name} {number}"),
            _ => match random.below(10) {
                0..=3 => format!("{name}, {number}"),
                4 => format!("{name} n\u{ba} {number}"),
                5 => format!("{name} n. {number}"),
                _ => format!("{name} {number}"),
            },
        };
        if random.chance(15) {
            let unit = self.own("unit", random)?;
            line = if self.language == "en" && random.chance(60) {
                format!("{unit}, {line}")
            } else {
                format!("{line}, {unit}")
            };
        }
        Ok(line)
    }

    fn postcode(&self, random: &mut Random) -> String {
        let mut digits = |n: usize| {
            (0..n)
                .map(|i| {
                    char::from(
                        b'0' + random.below(if i == 0 { 9 } else { 10 }) as u8 + u8::from(i == 0),
                    )
                })
                .collect::<String>()
        };
        let (five, four, three) = (digits(5), digits(4), digits(3));
        let mut letters = |n: usize| {
            (0..n)
                .map(|_| char::from(b'A' + random.below(26) as u8))
                .collect::<String>()
        };
        let (one, two, pair) = (letters(1), letters(2), letters(2));
        match (self.language, random.below(10)) {
            ("en", 0..=4) => format!(
                "{two}{} {}{pair}",
                1 + random.below(29),
                1 + random.below(9)
            ),
            ("en", 5) => format!("{one}{} {}{pair}", 1 + random.below(9), 1 + random.below(9)),
            ("en", 6) => format!("{one}{three} {two}{}", 10 + random.below(80)),
            ("nl", 0..=5) => format!("{four} {pair}"),
            ("nl", 6..=7) => format!("{four}{pair}"),
            ("nl", _) => four,
            ("pt", 0..=5) => format!("{four}-{three}"),
            ("pt", 6..=8) => format!("{five}-{three}"),
            ("de", 8) => four,
            ("de", 9) => format!("{}-{four}", random.pick(&["A", "CH", "D"]).unwrap_or(&"D")),
            _ => five,
        }
    }

    /// What carries no label, and names of firms and products.
    pub(super) fn other(
        &self,
        name: &str,
        person: &Person,
        random: &mut Random,
    ) -> Result<String, String> {
        let mut digits = |n: usize| {
            (0..n)
                .map(|_| char::from(b'0' + random.below(10) as u8))
                .collect::<String>()
        };
        let (d2, d3, d4, d6, d8) = (digits(2), digits(3), digits(4), digits(6), digits(8));
        let ascii = |s: &str| {
            s.to_lowercase()
                .chars()
                .map(plain)
                .filter(char::is_ascii_alphanumeric)
                .collect::<String>()
        };
        let (g, s) = (ascii(&person.given), ascii(&person.surname));
        Ok(match name {
            "email" => {
                let domain = random
                    .pick(&[
                        "example.com",
                        "example.org",
                        "mail.example",
                        "webpost.example",
                        "inbox.example",
                        "firma.example",
                    ])
                    .unwrap_or(&"example.com");
                let local = match random.below(6) {
                    0 => format!("{g}.{s}"),
                    1 => format!("{}{s}", g.chars().next().unwrap_or('x')),
                    2 => format!("{g}{d2}"),
                    3 => format!("{s}.{g}"),
                    4 => format!("{g}_{s}"),
                    _ => format!("{g}.{s}{d2}"),
                };
                format!("{local}@{domain}")
            }
            "phone" => match random.below(5) {
                0 => format!("+4{} {d3} {d4}{d2}", random.below(10)),
                1 => format!("0{d3} {d6}"),
                2 => format!("{d3}-{d3}-{d4}"),
                3 => format!("+3{} {d2} {d2} {d2} {d2} {d2}", random.below(10)),
                _ => format!("0{d8}{}", random.below(10)),
            },
            "order" => match random.below(5) {
                0 => format!("ORD-{d6}"),
                1 => format!("#{d6}"),
                2 => format!("{d3}-{d8}"),
                3 => format!("A{d8}"),
                _ => d8,
            },
            "tracking" => match random.below(4) {
                0 => format!("JD{d8}{d8}"),
                1 => format!("1Z{d3}AA{d8}{d2}"),
                2 => format!("RR{d8}{}DE", random.below(10)),
                _ => format!("{d8}{d6}"),
            },
            "customer" => match random.below(3) {
                0 => format!("K-{d6}"),
                1 => format!("CU{d6}"),
                _ => d8,
            },
            "iban" => format!(
                "{}{d2} {d4} {d4} {d4} {d4} {d2}",
                random
                    .pick(&["DE", "FR", "ES", "IT", "NL", "PT", "GB"])
                    .unwrap_or(&"DE")
            ),
            "amount" => match random.below(4) {
                0 => format!("{d2},{} EUR", 10 + random.below(90)),
                1 => format!("{d3} \u{20ac}"),
                2 => format!("\u{a3}{d2}.{}", 10 + random.below(90)),
                _ => format!("{d2}.{} \u{20ac}", 10 + random.below(90)),
            },
            "date" => match random.below(4) {
                0 => format!(
                    "{:02}/{:02}/202{}",
                    1 + random.below(28),
                    1 + random.below(12),
                    random.below(7)
                ),
                1 => format!(
                    "{}.{}.202{}",
                    1 + random.below(28),
                    1 + random.below(12),
                    random.below(7)
                ),
                2 => format!(
                    "202{}-{:02}-{:02}",
                    random.below(7),
                    1 + random.below(12),
                    1 + random.below(28)
                ),
                _ => self.own("dateword", random)?,
            },
            "dateword" => self.own("dateword", random)?,
            "time" => format!("{:02}:{:02}", random.below(24), random.below(60)),
            "url" => format!(
                "https://www.{}.example/{}",
                ascii(&self.name(self.language, "surname", random)?),
                d4
            ),
            "user" => match random.below(3) {
                0 => format!("{g}{d2}"),
                1 => format!("{g}_{s}"),
                _ => format!("{s}{d4}"),
            },
            "number" => match random.below(3) {
                0 => d4,
                1 => d6,
                _ => random.below(200).to_string(),
            },
            "company" | "product" | "brand" => {
                let pattern = self.own(name, random)?;
                let group = if random.chance(80) {
                    self.language
                } else {
                    "xx"
                };
                let pattern = pattern.replace("{S}", &self.name(group, "surname", random)?);
                let pattern = pattern
                    .replace("{T}", &self.town(random)?)
                    .replace("{G}", &self.name(self.language, "given", random)?);
                let word = random.pick(&[
                    "Sonne",
                    "Krone",
                    "Royal",
                    "Central",
                    "Alpha",
                    "Nova",
                    "Aurora",
                    "Delta",
                    "Stella",
                    "Europa",
                    "Atlantic",
                    "Victoria",
                    "Golden Lion",
                    "Bella Vista",
                    "Panorama",
                ]);
                pattern.replace("{W}", word.unwrap_or(&"Nova"))
            }
            other => return Err(format!("slot {other}")),
        })
    }
}

/// Writes a person's slot; false when the slot is none.
pub(super) fn write_person(
    name: &str,
    form: &str,
    person: &Person,
    page: &mut Page,
    random: &mut Random,
) -> bool {
    let (given, surname) = (&person.given, &person.surname);
    let first = |s: &str| s.chars().next().map(String::from).unwrap_or_default();
    let text = match (name, form) {
        ("person", "last") => format!("{surname}, {given}"),
        ("person", "sg") => format!("{surname} {given}"),
        ("person", "initial") => format!("{}. {surname}", first(given)),
        ("person", "gi") => format!("{given} {}.", first(surname)),
        ("person", _) if form.is_empty() && random.chance(4) => {
            format!("{given} {}. {surname}", first(surname))
        }
        ("person", _) => format!("{given} {surname}"),
        ("given", _) => given.clone(),
        ("surname", _) => surname.clone(),
        ("initials", _) => match random.below(3) {
            0 => format!("{}{}", first(given), first(surname)),
            1 => format!("{}.{}.", first(given), first(surname)),
            _ => format!("{}. {}.", first(given), first(surname)),
        },
        _ => return false,
    };
    page.mark(&cased(&text, form), 0);
    true
}

/// Writes a place's slot; false when the slot is none.
pub(super) fn write_place(
    name: &str,
    form: &str,
    source: &Source<'_>,
    page: &mut Page,
    random: &mut Random,
) -> Result<bool, String> {
    match name {
        "town" => page.mark(&cased(&source.town(random)?, form), 1),
        "country" => page.mark(&cased(&source.own("country", random)?, form), 1),
        "region" => page.mark(&cased(&source.own("region", random)?, form), 1),
        "street" => page.mark(&cased(&source.street(random)?, form), 2),
        "postcode" => page.mark(&source.postcode(random), 2),
        "pctown" => postcode_town(form, source, page, random)?,
        "address" => {
            page.mark(&cased(&source.street(random)?, form), 2);
            page.text(match (form, random.below(10)) {
                ("lines", _) => "\n",
                (_, 0) => " ",
                (_, 1) => " - ",
                _ => ", ",
            });
            postcode_town(form, source, page, random)?;
            if random.chance(12) {
                page.text(if form == "lines" { "\n" } else { ", " });
                page.mark(&cased(&source.own("country", random)?, form), 1);
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn postcode_town(
    form: &str,
    source: &Source<'_>,
    page: &mut Page,
    random: &mut Random,
) -> Result<(), String> {
    let (code, town) = (source.postcode(random), cased(&source.town(random)?, form));
    let behind = source.language == "en" || source.language == "pt" && random.chance(30);
    if behind {
        page.mark(&town, 1);
        page.text(if random.chance(50) { " " } else { ", " });
        page.mark(&code, 2);
    } else {
        page.mark(&code, 2);
        page.text(if random.chance(8) { ", " } else { " " });
        page.mark(&town, 1);
        if source.language == "it" && random.chance(40) {
            page.text(" (");
            page.text(
                random
                    .pick(&["MI", "RM", "TO", "NA", "BO", "FI"])
                    .unwrap_or(&"MI"),
            );
            page.text(")");
        }
    }
    Ok(())
}

pub(super) fn cased(text: &str, form: &str) -> String {
    match form {
        "lower" => text.to_lowercase(),
        "upper" => text.to_uppercase(),
        _ => text.to_owned(),
    }
}

/// A letter without its accent, where that is one letter.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{e0}'..='\u{e5}' => 'a',
        '\u{e7}' => 'c',
        '\u{e8}'..='\u{eb}' => 'e',
        '\u{ec}'..='\u{ef}' => 'i',
        '\u{f1}' => 'n',
        '\u{f2}'..='\u{f6}' | '\u{f8}' => 'o',
        '\u{f9}'..='\u{fc}' => 'u',
        '\u{c0}'..='\u{c5}' => 'A',
        '\u{c7}' => 'C',
        '\u{c8}'..='\u{cb}' => 'E',
        '\u{cc}'..='\u{cf}' => 'I',
        '\u{d1}' => 'N',
        '\u{d2}'..='\u{d6}' | '\u{d8}' => 'O',
        '\u{d9}'..='\u{dc}' => 'U',
        '\u{15b}' | '\u{161}' => 's',
        '\u{10d}' | '\u{107}' => 'c',
        '\u{17c}' | '\u{17e}' | '\u{17a}' => 'z',
        '\u{142}' => 'l',
        '\u{119}' | '\u{11b}' => 'e',
        '\u{105}' => 'a',
        '\u{144}' => 'n',
        '\u{159}' => 'r',
        other => other,
    }
}
