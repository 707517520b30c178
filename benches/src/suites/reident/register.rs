//! The register: 10,000 invented customers.

use super::data::{Data, LANGS};
use super::text::{Rng, only_digits, tail, words};
use super::{Order, Person};
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

/// Weights of the ten towns of a language and, last, of all its villages together.
const TOWNS: [usize; 11] = [30, 18, 13, 10, 8, 6, 4, 3, 2, 1, 5];

/// What the shop does not know of a customer, though tickets tell it.
#[derive(Debug, Clone)]
pub(super) struct Life {
    pub(super) pet: String,
    pub(super) profession: String,
    pub(super) event: String,
}

/// Given name and surname, as they are frequent in the language.
pub(super) fn name(rng: &mut Rng, data: &Data, lang: &'static str) -> (String, String) {
    let given = rng.pick_front(data.list(lang, "given")).to_owned();
    let surname = |rng: &mut Rng| {
        if rng.chance(55) {
            rng.pick_front(data.list(lang, "surname")).to_owned()
        } else {
            rng.pick(data.list(lang, "rare_surname")).to_owned()
        }
    };
    let mut last = surname(rng);
    if matches!(lang, "es" | "pt") && rng.chance(60) {
        last = format!("{last} {}", surname(rng));
    }
    (given, last)
}

fn mail(rng: &mut Rng, data: &Data, given: &str, surname: &str, life: &Life) -> String {
    let g = words(given).concat();
    let parts = words(surname);
    let s = parts.concat();
    let last = parts.last().cloned().unwrap_or_default();
    let initial = g.get(..1).unwrap_or("");
    let two = 50 + rng.below(50);
    let local = match rng.weighted(&[33, 14, 8, 12, 10, 8, 7, 5, 3]) {
        0 => format!("{g}.{last}"),
        1 => format!("{initial}.{s}"),
        2 => format!("{s}.{g}"),
        3 => format!("{g}{two}"),
        4 => format!("{g}{last}"),
        5 => format!("{s}{two}"),
        6 => format!("{g}_{}{two}", last.get(..1).unwrap_or("")),
        7 => format!("{}.{}", words(&life.pet).concat(), rng.below(1000)),
        _ => format!("{}.{initial}", words(&life.profession).join("-")),
    };
    let domain = rng.pick_front(data.list("all", "domain"));
    format!("{local}@{domain}")
}

fn order(rng: &mut Rng, data: &Data, lang: &'static str) -> Order {
    let number = match rng.weighted(&[60, 25, 15]) {
        0 => rng.digits("AL-######"),
        1 => rng.digits("####-####"),
        _ => rng.digits("B########"),
    };
    let product = if rng.below(1000) < 15 {
        rng.pick(data.list(lang, "rare"))
    } else {
        rng.pick_front(data.list(lang, "goods"))
    };
    // September 2024 to March 2026.
    let days = u64::try_from(rng.below(577)).unwrap_or(0);
    let date = NaiveDate::from_ymd_opt(2024, 9, 1)
        .and_then(|d| d.checked_add_days(Days::new(days)))
        .unwrap_or_default();
    Order {
        number,
        date,
        product: product.to_owned(),
    }
}

/// Town and region.
fn place(rng: &mut Rng, data: &Data, lang: &'static str) -> (String, String) {
    let towns = data.list(lang, "towns");
    let i = rng.weighted(&TOWNS);
    let (town, i) = match towns.get(i) {
        Some(town) => (town.clone(), i),
        None => {
            let villages = data.list(lang, "village");
            let v = rng.below(villages.len());
            (villages.get(v).cloned().unwrap_or_default(), v)
        }
    };
    let regions = data.list(lang, "region");
    let region = regions.get(i % regions.len().max(1)).cloned();
    (town, region.unwrap_or_default())
}

/// `size` persons, with what the register does not hold of them.
pub(super) fn register(seed: u64, data: &Data, size: usize) -> (Vec<Person>, Vec<Life>) {
    let mut rng = Rng(seed ^ 0x7265_6769_7374_6572);
    let (mut persons, mut lives) = (Vec::new(), Vec::new());
    // No two accounts share an address, a telephone or an order number.
    let mut taken = BTreeSet::new();
    let shares = LANGS.map(|l| l.1);
    while persons.len() < size {
        let lang = LANGS.get(rng.weighted(&shares)).map_or("en", |l| l.0);
        let (given, surname) = name(&mut rng, data, lang);
        let life = Life {
            pet: rng.pick(data.list("all", "pets")).to_owned(),
            profession: rng.pick(data.list(lang, "prof")).to_owned(),
            event: rng.pick(data.list(lang, "event")).to_owned(),
        };
        let mut email = mail(&mut rng, data, &given, &surname, &life);
        while !taken.insert(email.clone()) {
            let n = rng.below(1000);
            email = email.replacen('@', &format!("{n}@"), 1);
        }
        let forms = data.list(lang, "phonecode");
        let mut phone = rng.digits(form(persons.len(), forms));
        while !taken.insert(tail(&only_digits(&phone), 9).to_owned()) {
            let i = rng.below(forms.len());
            phone = rng.digits(form(i, forms));
        }
        let (town, region) = place(&mut rng, data, lang);
        let mut orders = Vec::new();
        for _ in 0..=rng.weighted(&[45, 33, 22]) {
            let mut o = order(&mut rng, data, lang);
            while !taken.insert(only_digits(&o.number)) {
                o = order(&mut rng, data, lang);
            }
            orders.push(o);
        }
        persons.push(Person {
            id: format!("p{:05}", persons.len() + 1),
            lang,
            given,
            surname,
            email,
            phone,
            town,
            region,
            orders,
        });
        lives.push(life);
    }
    (persons, lives)
}

fn form(i: usize, forms: &[String]) -> &str {
    forms.get(i % forms.len().max(1)).map_or("", String::as_str)
}
