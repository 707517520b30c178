//! Who lives in the files: persons who will be erased, persons who write about them, everybody else.

use tactful::Customer;

use super::super::shop;

/// Persons whose erasure is measured: their own tickets, and tickets of others that speak of them. No more of their own
/// than a hundredth of all records.
pub(super) const ERASED: [(u64, u64); 20] = [
    (1, 1),
    (5, 1),
    (10, 1),
    (10, 1),
    (10, 2),
    (10, 2),
    (10, 2),
    (10, 2),
    (10, 3),
    (10, 3),
    (20, 2),
    (20, 3),
    (20, 5),
    (50, 3),
    (50, 5),
    (100, 5),
    (100, 10),
    (200, 10),
    (500, 20),
    (1000, 50),
];
/// Values by which a person is known, and that others write of them.
pub(super) const IDENTIFIERS: usize = 6;

const FIRST: [&str; 20] = [
    "Maria", "Thomas", "Anna", "Peter", "Julia", "Daniel", "Laura", "Michael", "Sarah", "Martin",
    "Emma", "David", "Sophie", "Robert", "Claire", "Andreas", "Helen", "Stefan", "Alice",
    "Patrick",
];
const LAST: [&str; 20] = [
    "Brennan",
    "Lindqvist",
    "Marchetti",
    "Hoffmann",
    "Delacroix",
    "Kowalski",
    "Fernandez",
    "Eriksson",
    "Gallagher",
    "Schneider",
    "Moreau",
    "Jansen",
    "Rossini",
    "Petersen",
    "Whitfield",
    "Zimmermann",
    "Castellane",
    "Bergstrom",
    "Fitzgerald",
    "Wagenaar",
];

/// Somebody, told again by the same number.
pub(super) struct Person {
    pub(super) customer_id: String,
    pub(super) name: String,
    pub(super) emails: [String; 2],
    pub(super) phone: String,
    pub(super) orders: [String; 2],
}

/// A word nobody else has.
pub(super) fn word(seed: u64, n: u64) -> String {
    const HEAD: &[u8] = b"bdfgklmnprstvz";
    const TAIL: &[u8] = b"aeiou";
    let mut bits = shop::mix(seed ^ shop::mix(n));
    let mut out = String::new();
    for _ in 0..7 {
        for letters in [HEAD, TAIL] {
            let at = bits % letters.len() as u64;
            bits /= letters.len() as u64;
            out.extend(letters.get(at as usize).map(|c| char::from(*c)));
        }
    }
    out
}

fn digits(seed: u64, n: u64) -> u64 {
    shop::mix(seed ^ shop::mix(n)) % 10_000_000
}

impl Person {
    /// The numbers below the number of [`ERASED`] are the persons who will be erased; their names are like anybody's.
    pub(super) fn new(n: u64) -> Self {
        let pick = |of: &[&str; 20], at: u64| {
            of.get(at as usize % 20)
                .copied()
                .unwrap_or_default()
                .to_owned()
        };
        let first = pick(&FIRST, n);
        let erased = n < ERASED.len() as u64;
        let last = if erased {
            pick(&LAST, n)
        } else {
            let mut word = word(0x1a57, n);
            word.get_mut(..1).unwrap_or_default().make_ascii_uppercase();
            word
        };
        let (given, family) = (first.to_lowercase(), last.to_lowercase());
        // Seven digits repeat among so many: a number that is planted must be nobody else's.
        let area = if erased { 87 } else { 86 };
        let number = digits(0x70, n);
        Person {
            customer_id: format!("C-{:08}", 10_000_000 + n),
            name: format!("{first} {last}"),
            emails: [
                format!("{given}.{family}@mailbox.example"),
                format!("{family}{}@post.example", 1000 + n),
            ],
            phone: format!("+353 {area} {:03} {:04}", number / 10_000, number % 10_000),
            orders: [0, 1].map(|k| format!("FL-{}", 20_000_000 + 2 * n + k)),
        }
    }

    /// As the request names them, and as the helpdesk knows them.
    pub(super) fn customer(&self) -> Customer {
        let mut customer = Customer::new()
            .with_name(&self.name)
            .with_email(&self.emails[0])
            .with_email(&self.emails[1])
            .with_order(&self.orders[0])
            .with_order(&self.orders[1]);
        customer.phones.push(self.phone.clone());
        customer.customer_ids.push(self.customer_id.clone());
        customer
    }

    /// What others write of them, and a sentence around it.
    pub(super) fn identifier(&self, at: usize) -> (&str, String) {
        let (value, before, after) = match at % IDENTIFIERS {
            0 => (&self.name, "The lamp is for my colleague", ""),
            1 => (&self.emails[0], "Please write to", ""),
            2 => (&self.phone, "Please call", " if it is late"),
            3 => (&self.orders[0], "It belongs to order", ""),
            4 => (&self.emails[1], "The other address is", ""),
            _ => (&self.orders[1], "The earlier order was", ""),
        };
        (value, format!("{before} {value}{after}."))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn nobody_shares_an_identifier() {
        let mut seen = BTreeSet::new();
        for n in 0..100_000 {
            let person = Person::new(n);
            for at in 0..IDENTIFIERS {
                // Others may have the same number as others.
                if at != 2 || n < 20 {
                    assert!(seen.insert(person.identifier(at).0.to_owned()), "{n}");
                }
            }
            assert!(n < 20 || !seen.contains(&person.phone), "{n}");
        }
    }
}
