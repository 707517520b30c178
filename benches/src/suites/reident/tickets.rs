//! Tickets: what a person of the register writes to the shop.

use super::data::{Data, LANGS};
use super::register::{Life, name};
use super::text::{Rng, only_digits, tail};
use super::{Agent, INTENTS, Kind, Order, Person, Planted, Ticket};
use chrono::{Datelike, NaiveDate};

/// How often each intent of [`INTENTS`] comes.
const WEIGHTS: [usize; 14] = [16, 12, 8, 6, 6, 7, 7, 7, 5, 7, 6, 5, 5, 3];

/// A text in the making.
struct Draft {
    lang: &'static str,
    planted: Vec<Planted>,
}

impl Draft {
    /// A sentence of the list `key`, its slot filled with `value`.
    fn say(&mut self, rng: &mut Rng, data: &Data, key: &str, kind: Kind, value: &str) -> String {
        self.planted.push(Planted {
            kind,
            value: value.to_owned(),
        });
        let frame = rng.pick(data.list(self.lang, key));
        match (frame.find('{'), frame.rfind('}')) {
            (Some(a), Some(b)) => {
                let slot = frame.get(a..=b).unwrap_or("");
                let slot = slot.split_inclusive('}').next().unwrap_or(slot);
                frame.replace(slot, value)
            }
            _ => frame.to_owned(),
        }
    }
}

/// What a sentence can be about.
struct Cast<'a> {
    person: &'a Person,
    life: &'a Life,
    order: Option<&'a Order>,
    register: &'a [Person],
    agents: &'a [Agent],
}

/// `size` tickets of persons who write up to six each.
pub(super) fn tickets(
    seed: u64,
    data: &Data,
    register: &[Person],
    lives: &[Life],
    agents: &[Agent],
    size: usize,
) -> Vec<Ticket> {
    let mut rng = Rng(seed ^ 0x7469_636b_6574_7300);
    let mut order: Vec<usize> = (0..register.len()).collect();
    rng.shuffle(&mut order);
    let mut writers = Vec::new();
    for who in order {
        let times = 1 + rng.weighted(&[50, 22, 12, 8, 5, 3]);
        writers.extend(std::iter::repeat_n(who, times));
        if writers.len() >= size {
            break;
        }
    }
    writers.truncate(size);
    // Neighbours in the file must not be tickets of one person.
    rng.shuffle(&mut writers);
    let mut out = Vec::new();
    for (n, who) in writers.into_iter().enumerate() {
        let (Some(person), Some(life)) = (register.get(who), lives.get(who)) else {
            continue;
        };
        let cast = Cast {
            person,
            life,
            order: person.orders.get(rng.below(person.orders.len())),
            register,
            agents,
        };
        let (lang, intent, text, planted) = write(&mut rng, data, &cast);
        let agent = agents.get(rng.below(agents.len()));
        out.push(Ticket {
            id: format!("t{:05}", n + 1),
            lang,
            intent,
            subject: person.id.clone(),
            agent: agent.map_or_else(String::new, |a| a.id.clone()),
            text,
            planted,
        });
    }
    out
}

fn write(
    rng: &mut Rng,
    data: &Data,
    cast: &Cast<'_>,
) -> (&'static str, &'static str, String, Vec<Planted>) {
    let lang = if rng.chance(92) {
        cast.person.lang
    } else {
        LANGS.get(rng.below(LANGS.len())).map_or("en", |l| l.0)
    };
    let intent = INTENTS.get(rng.weighted(&WEIGHTS)).copied();
    let intent = intent.unwrap_or("late_parcel");
    let mut draft = Draft {
        lang,
        planted: Vec::new(),
    };
    let full = format!("{} {}", cast.person.given, cast.person.surname);

    let mut parts = Vec::new();
    if rng.chance(28) {
        parts.push(draft.say(rng, data, "intro", Kind::Person, &full));
    }
    parts.push(
        rng.pick(data.list(lang, &format!("{intent}.body")))
            .to_owned(),
    );
    let mut side = details(rng, data, &mut draft, cast, intent);
    if rng.chance(28) {
        side.push(rng.pick(data.list(lang, "noise")).to_owned());
    }
    rng.shuffle(&mut side);
    let ask = rng.chance(90);
    let early = rng.chance(25);
    let question = rng
        .pick(data.list(lang, &format!("{intent}.ask")))
        .to_owned();
    if ask && early {
        parts.push(question.clone());
    }
    parts.extend(side);
    if ask && !early {
        parts.push(question);
    }
    let text = layout(rng, data, &mut draft, cast, &parts);
    if rng.chance(8) {
        for p in &mut draft.planted {
            p.value = p.value.to_lowercase();
        }
        return (lang, intent, text.to_lowercase(), draft.planted);
    }
    (lang, intent, text, draft.planted)
}

/// Sentences that hold the person's data.
fn details(
    rng: &mut Rng,
    data: &Data,
    draft: &mut Draft,
    cast: &Cast<'_>,
    intent: &str,
) -> Vec<String> {
    let person = cast.person;
    let mut out = Vec::new();
    let bought = !matches!(intent, "login" | "newsletter_stop");
    if let Some(order) = cast.order.filter(|_| bought) {
        match rng.weighted(&[55, 9, 36]) {
            0 => out.push(draft.say(rng, data, "order", Kind::Order, &order.number)),
            1 => {
                let digits = only_digits(&order.number);
                let end = tail(&digits, 3 + rng.below(2));
                out.push(draft.say(rng, data, "orderpart", Kind::OrderPart, end));
            }
            _ => {}
        }
        let lang = draft.lang;
        match rng.weighted(&[34, 10, 8, 48]) {
            0 => {
                let date = written(rng, data, lang, order.date);
                out.push(draft.say(rng, data, "date", Kind::Date, &date));
            }
            1 => {
                let i = order.date.month0();
                let month = nth(data.list(lang, "months"), i).to_owned();
                out.push(draft.say(rng, data, "month", Kind::Month, &month));
            }
            2 => {
                let i = order.date.weekday().num_days_from_monday();
                let day = nth(data.list(lang, "weekdays"), i).to_owned();
                out.push(draft.say(rng, data, "weekday", Kind::Weekday, &day));
            }
            _ => {}
        }
        let rare = data.list(person.lang, "rare").contains(&order.product);
        let (kind, share) = if rare {
            (Kind::RareProduct, 75)
        } else {
            (Kind::Product, 42)
        };
        if rng.chance(share) {
            out.push(draft.say(rng, data, "product", kind, &order.product));
        }
    }
    let village = data.list(person.lang, "village").contains(&person.town);
    if rng.chance(if village { 45 } else { 25 }) {
        let kind = if village { Kind::Village } else { Kind::Town };
        out.push(draft.say(rng, data, "town", kind, &person.town));
    }
    if rng.chance(20) {
        let phone = if rng.chance(70) {
            person.phone.clone()
        } else {
            person.phone.replace([' ', '-'], "")
        };
        out.push(draft.say(rng, data, "phone", Kind::Phone, &phone));
    }
    if rng.chance(15) {
        out.push(draft.say(rng, data, "email", Kind::Email, &person.email));
    }
    if rng.chance(15) {
        let (key, kind, value) = match rng.below(3) {
            0 => ("pet", Kind::Pet, &cast.life.pet),
            1 => ("profession", Kind::Profession, &cast.life.profession),
            _ => ("happening", Kind::Event, &cast.life.event),
        };
        out.push(draft.say(rng, data, key, kind, value));
    }
    if rng.chance(11) {
        let other = second(rng, data, cast);
        out.push(draft.say(rng, data, "second", Kind::OtherPerson, &other));
    }
    if rng.chance(6) {
        let agent = cast.agents.get(rng.below(cast.agents.len()));
        let agent = agent.map_or("", |a| a.name.as_str());
        out.push(draft.say(rng, data, "agent", Kind::Agent, agent));
    }
    out
}

/// Somebody else: one of the register, somebody of the family, or nobody the shop knows.
fn second(rng: &mut Rng, data: &Data, cast: &Cast<'_>) -> String {
    let stranger = name(rng, data, cast.person.lang);
    match rng.weighted(&[45, 25, 30]) {
        0 => {
            let known = cast.register.get(rng.below(cast.register.len()));
            known.map_or_else(String::new, |p| format!("{} {}", p.given, p.surname))
        }
        1 => format!("{} {}", stranger.0, cast.person.surname),
        _ => format!("{} {}", stranger.0, stranger.1),
    }
}

fn nth(list: &[String], i: u32) -> &str {
    usize::try_from(i)
        .ok()
        .and_then(|i| list.get(i))
        .map_or("", String::as_str)
}

fn written(rng: &mut Rng, data: &Data, lang: &'static str, date: NaiveDate) -> String {
    let form = rng.pick(data.list(lang, "dateform"));
    form.replace("{d}", &date.day().to_string())
        .replace("{d2}", &format!("{:02}", date.day()))
        .replace("{m}", &date.month().to_string())
        .replace("{m2}", &format!("{:02}", date.month()))
        .replace("{M}", nth(data.list(lang, "months"), date.month0()))
        .replace("{y}", &date.year().to_string())
}

/// Greeting, paragraphs, closing and signature.
fn layout(
    rng: &mut Rng,
    data: &Data,
    draft: &mut Draft,
    cast: &Cast<'_>,
    parts: &[String],
) -> String {
    let mut body = parts.join(" ");
    if rng.chance(30) && parts.len() > 2 {
        let (head, rest) = parts.split_at(1 + rng.below(parts.len() - 1));
        body = format!("{}\n{}", head.join(" "), rest.join(" "));
    }
    let mut text = String::new();
    if rng.chance(88) {
        let greet = rng.pick(data.list(draft.lang, "greet"));
        let gap = if rng.chance(60) { ",\n\n" } else { ", " };
        text = format!("{greet}{gap}");
    }
    // A greeting that ends with a line break is followed by a capital, as most people write.
    if text.is_empty() || text.ends_with('\n') {
        body = capital(&body);
    }
    text.push_str(&body);
    if rng.chance(85) {
        let close = rng.pick(data.list(draft.lang, "close"));
        text = format!("{text}\n\n{close}");
    }
    let (given, surname) = (&cast.person.given, &cast.person.surname);
    let (g, s) = (initial(given), initial(surname));
    let (kind, value) = match rng.weighted(&[45, 18, 9, 12, 16]) {
        0 => (Kind::Person, format!("{given} {surname}")),
        1 => (Kind::Given, given.clone()),
        2 => (Kind::Initials, format!("{g}. {s}.")),
        3 => (Kind::Abbreviated, format!("{g}. {surname}")),
        _ => return text,
    };
    draft.planted.push(Planted {
        kind,
        value: value.clone(),
    });
    format!("{text}\n{value}")
}

fn capital(s: &str) -> String {
    let mut c = s.chars();
    c.next()
        .map_or_else(String::new, |f| f.to_uppercase().chain(c).collect())
}

/// The first letter of the first word that has a capital: "van den Berg" is B, "De Luca" is D.
fn initial(name: &str) -> String {
    name.chars()
        .find(|c| c.is_uppercase())
        .map_or_else(String::new, String::from)
}
