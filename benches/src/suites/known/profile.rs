//! Invented support-desk profiles of `known.rs`.

use super::text::{Data, Rng, fold, letters, words};

pub(super) struct Phone {
    pub(super) code: String,
    pub(super) trunk: String,
    pub(super) groups: Vec<String>,
    pub(super) text: String,
}

pub(super) struct Address {
    pub(super) street: String,
    pub(super) number: String,
    pub(super) post: String,
    pub(super) city: String,
    pub(super) number_first: bool,
    pub(super) post_last: bool,
}

impl Address {
    pub(super) fn line(&self) -> String {
        let (a, b) = if self.number_first {
            (&self.number, &self.street)
        } else {
            (&self.street, &self.number)
        };
        format!("{a} {b}")
    }
    pub(super) fn place(&self, post_last: bool) -> String {
        let (a, b) = if post_last {
            (&self.city, &self.post)
        } else {
            (&self.post, &self.city)
        };
        format!("{a} {b}")
    }
    pub(super) fn text(&self) -> String {
        format!("{}, {}", self.line(), self.place(self.post_last))
    }
}

pub(super) struct Profile {
    pub(super) lang: usize,
    pub(super) female: bool,
    pub(super) given: String,
    pub(super) surname: String,
    pub(super) email: String,
    pub(super) phone: Phone,
    pub(super) address: Address,
    pub(super) orders: Vec<String>,
    pub(super) customer: String,
}

impl Profile {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.given, self.surname)
    }
    pub(super) fn words(&self) -> Vec<String> {
        words(&format!(
            "{} {} {}",
            self.name(),
            self.email,
            self.address.text()
        ))
    }
}

pub(super) fn person(rng: &mut Rng, data: &Data) -> (String, String, bool) {
    loop {
        let culture = rng.pick(&data.cultures);
        let home = if rng.chance(60) {
            culture.clone()
        } else {
            rng.pick(&data.cultures)
        };
        let female = rng.chance(50);
        let list = data.list(&format!("{culture}|{}", if female { "f" } else { "m" }));
        let mut given = rng.pick(list);
        if rng.chance(12) {
            let second = rng.pick(list);
            if second != given {
                given = format!("{given} {second}");
            }
        }
        let surname = rng.pick(data.list(&format!("{home}|s")));
        let n = given.split(' ').count() + surname.split(' ').count();
        if (2..=3).contains(&n) {
            return (given, surname, female);
        }
    }
}

pub(super) fn local_part(rng: &mut Rng, given: &str, surname: &str) -> String {
    let join = |s: &str| words(s).concat();
    let (g, s) = (
        join(given.split(' ').next().unwrap_or(given)),
        join(surname),
    );
    let g1: String = g.chars().take(1).collect();
    match rng.below(if letters(&s) < 5 { 4 } else { 8 }) {
        0 => format!("{g}.{s}"),
        1 => format!("{s}.{g}"),
        2 => format!("{g}_{s}"),
        3 => format!("{g}-{s}"),
        4 => format!("{g1}{s}"),
        5 => format!("{s}_{g1}"),
        6 => format!("{g1}.{s}"),
        _ => format!("{s}{g1}"),
    }
}

pub(super) fn profile(rng: &mut Rng, data: &Data, kinds: &[&str]) -> Profile {
    let lang = rng.below(7);
    let (given, surname, female) = loop {
        let (g, s, f) = person(rng, data);
        let name = format!("{g} {s}");
        let accented = fold(&name, false) != name || !kinds.contains(&"accents");
        let typable = name
            .split(' ')
            .any(|w| letters(w) > 4 && letters(w) == w.chars().count());
        if accented && typable && words(&g) != words(&s) {
            break (g, s, f);
        }
    };
    let home = [
        "gb|us|gb",
        "fr|fr|be|ch",
        "de|de|at|ch",
        "es",
        "it|it|ch",
        "nl|nl|be",
        "pt",
    ];
    let mut country = rng.bar(home.get(lang).copied().unwrap_or("fr"));
    if rng.chance(12) {
        country = rng.bar("pl|se");
    }
    let calling = if rng.chance(80) {
        country.clone()
    } else {
        rng.bar("fr|de|gb|pl|se|us|es")
    };
    let row = data.list(&format!("phone|{calling}"));
    let part = |i: usize| row.get(i).cloned().unwrap_or_default();
    let national = part(2 + rng.below(2));
    let groups: Vec<String> = rng
        .digits(&national)
        .split(' ')
        .map(str::to_owned)
        .collect();
    let glue = rng.bar(" | | |-|");
    let phone_text = format!("+{} {}", part(0), groups.join(&glue));
    let place = rng.pick(data.list(&format!("addr|{country}|city")));
    let (post, city) = place.split_once('/').unwrap_or(("", &place));
    let mut number = (1 + rng.below(148)).to_string();
    if rng.chance(30) {
        number.push_str(&rng.bar(if "fr it be".contains(&country) {
            "a|b| bis| B"
        } else {
            "a|b|c|d| b"
        }));
    }
    let abroad = country == "gb" || country == "us";
    let address = Address {
        street: rng.pick(data.list(&format!("addr|{country}|street"))),
        number,
        post: post.to_owned(),
        city: city.to_owned(),
        number_first: abroad || country == "fr",
        post_last: abroad,
    };
    let mut local = local_part(rng, &given, &surname);
    if rng.chance(30) {
        local.push_str(&rng.digits("##"));
    }
    let email = format!("{local}@{}", rng.pick(data.list("domain|*")));
    let orders = (0..=usize::from(rng.chance(20)))
        .map(|_| {
            let pattern = rng.pick(data.list("order|*"));
            rng.digits(&pattern)
        })
        .collect();
    let pattern = rng.pick(data.list("customer|*"));
    let customer = rng.digits(&pattern);
    let phone = Phone {
        code: part(0),
        trunk: part(1).replace('-', ""),
        groups,
        text: phone_text,
    };
    Profile {
        lang,
        female,
        given,
        surname,
        email,
        phone,
        address,
        orders,
        customer,
    }
}
