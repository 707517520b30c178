//! The contract's machine, searched: every state that steps can reach, and every step in it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;
use retention_policy::{
    Choice, Contract, Error, Offboarding, OffboardingStage, Party, Policy, Purpose, Region,
    Remainder, State, Step, Timestamp,
};

use crate::{MADE, actor, at, tenant};

const DAY: TimeDelta = TimeDelta::days(1);
const HASH: [u8; 32] = [5; 32];

fn contract() -> Contract {
    Contract::new(
        tenant(1),
        Party::Processor,
        Region::France,
        7,
        [actor(2), actor(1)],
        at(MADE),
    )
    .unwrap()
}

fn remainder(until: &str) -> Remainder {
    let policy = Policy::default();
    Remainder::new(&policy.obligations()[0], at(until), 3).unwrap()
}

/// The end of what a law keeps, in all tests here.
const KEPT: &str = "2030-01-01T00:00:00Z";

fn steps() -> Vec<Step> {
    let end = |choice| Step::End {
        by: actor(1),
        choice,
    };
    vec![
        Step::Suspend,
        Step::Resume,
        end(Choice::Return),
        end(Choice::Delete),
        Step::Withdraw,
        Step::Returned { archive: HASH },
        Step::Destroyed {
            records: 12,
            keys: 4,
        },
        Step::Remains(vec![]),
        Step::Remains(vec![remainder(KEPT)]),
        Step::Certify,
        Step::Finish,
    ]
}

/// A state as text: its code, and of an ending the choice and whether something is kept.
fn name(contract: &Contract) -> String {
    match contract.state() {
        State::Ending(off) | State::Ended(off) => {
            let kept = if off.remainders().is_empty() {
                ""
            } else {
                " kept"
            };
            format!("{} {:?}{kept}", contract.state().code(), off.choice())
        }
        state => state.code().to_owned(),
    }
}

/// All states that can be reached, with a contract in each.
fn reachable() -> BTreeMap<String, Contract> {
    let mut found = BTreeMap::from([(name(&contract()), contract())]);
    let mut todo = vec![contract()];
    while let Some(from) = todo.pop() {
        for step in steps() {
            // Late enough for what laws keep to be over.
            let late = matches!(step, Step::Finish);
            let when = at(if late { KEPT } else { "2026-06-01T00:00:00Z" });
            if let Ok(next) = from.step(&step, when)
                && !found.contains_key(&name(&next))
            {
                found.insert(name(&next), next.clone());
                todo.push(next);
            }
        }
    }
    found
}

#[test]
fn every_step_in_every_state() {
    let mut table = String::new();
    for (from, contract) in reachable() {
        let mut allowed = Vec::new();
        for step in steps() {
            let code = step.code();
            match contract.step(&step, at(KEPT)) {
                Ok(next) => allowed.push(format!("{code} -> {}", name(&next))),
                Err(Error::NotAllowed { from, step }) => {
                    assert_eq!((from, step), (contract.state().code(), code));
                }
                // At that instant what the law keeps is over.
                Err(Error::BadRemainder) => {
                    allowed.push(format!("{code} of what is over -> refused"))
                }
                Err(error) => panic!("{from} {code}: {error}"),
            }
        }
        table += &format!("{from}: {}\n", allowed.join(", "));
    }
    let golden = "\
active: suspend -> suspended, end -> asked Return, end -> asked Delete
asked Delete: withdraw -> active, destroyed -> destroyed Delete
asked Return: withdraw -> active, returned -> returned Return
certified Delete kept: finish -> ended Delete kept
certified Return kept: finish -> ended Return kept
destroyed Delete: remains -> settled Delete, remains of what is over -> refused
destroyed Return: remains -> settled Return, remains of what is over -> refused
ended Delete: \n\
ended Delete kept: \n\
ended Return: \n\
ended Return kept: \n\
returned Return: withdraw -> active, destroyed -> destroyed Return
settled Delete: certify -> ended Delete
settled Delete kept: certify -> certified Delete kept
settled Return: certify -> ended Return
settled Return kept: certify -> certified Return kept
suspended: resume -> active, end -> asked Return, end -> asked Delete
";
    assert!(
        table == golden,
        "the machine changed; it now reads:\n{table}"
    );
}

#[test]
fn doors_open_and_shut_with_the_state() {
    for (name, contract) in reachable() {
        let active = name == "active";
        assert_eq!(contract.may_write(), active, "{name}");
        for purpose in Purpose::ALL {
            let rights = matches!(purpose, Purpose::AnswerRequest | Purpose::LegalObligation);
            let open = active || (rights && !name.starts_with("ended"));
            assert_eq!(contract.may_read(purpose), open, "{name} {purpose}");
        }
    }
}

#[test]
fn every_state_comes_back_from_its_bytes() {
    for (name, contract) in reachable() {
        let bytes = contract.to_bytes();
        assert_eq!(
            Contract::from_bytes(&bytes).as_ref(),
            Ok(&contract),
            "{name}"
        );
        for len in 0..bytes.len() {
            assert!(Contract::from_bytes(&bytes[..len]).is_err(), "{name} {len}");
        }
        let more = [&bytes[..], &[0]].concat();
        assert!(matches!(
            Contract::from_bytes(&more),
            Err(Error::BadStored { .. })
        ));
    }
}

/// A changed byte is another contract or none, and never one that steps could not make.
#[test]
fn no_changed_byte_is_taken_for_what_it_is_not() {
    for (name, contract) in reachable() {
        let bytes = contract.to_bytes();
        for n in 0..bytes.len() {
            for bit in 0..8 {
                let mut other = bytes.clone();
                other[n] ^= 1 << bit;
                if let Ok(read) = Contract::from_bytes(&other) {
                    assert_ne!(read, contract, "{name} {n}");
                    assert_eq!(read.to_bytes(), other, "{name} {n}");
                }
            }
        }
    }
}

#[test]
fn the_bytes_are_the_golden_ones() {
    let active = contract();
    let hex = |c: &Contract| {
        c.to_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect::<String>()
    };
    let head = "010101010101014101810101010101010101465200000007\
                0000000069a5519000000002010101010101410181010101010101010202020202024202820202020202020200";
    assert_eq!(hex(&active), head.replace(char::is_whitespace, ""));
}

fn ending(choice: Choice, asked: Timestamp) -> Contract {
    let end = Step::End {
        by: actor(1),
        choice,
    };
    contract().step(&end, asked).unwrap()
}

fn offboarding(contract: &Contract) -> &Offboarding {
    match contract.state() {
        State::Ending(off) | State::Ended(off) => off,
        state => panic!("{state:?}"),
    }
}

#[test]
fn a_month_and_never_more_than_thirty_days() {
    for (asked, due) in [
        ("2027-01-31T10:00:00Z", "2027-02-28T10:00:00Z"),
        ("2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z"),
        ("2027-03-01T10:00:00Z", "2027-03-31T10:00:00Z"),
        ("2027-04-15T10:00:00Z", "2027-05-15T10:00:00Z"),
        ("2027-12-31T10:00:00.9Z", "2028-01-30T10:00:00Z"),
    ] {
        let contract = ending(Choice::Delete, at(asked));
        assert_eq!(offboarding(&contract).due(), at(due), "{asked}");
        assert!(!contract.is_overdue(at(due) - TimeDelta::seconds(1)));
        assert!(contract.is_overdue(at(due)));
    }
}

#[test]
fn the_second_timer_runs_until_the_last_law_is_over() {
    let begin = at("2027-01-10T00:00:00Z");
    let law = |id: &str, category: &str| {
        format!(
            "[[obligation]]\nid = \"{id}\"\ncategory = \"{category}\"\nlaw = \"L\"\narticle = \"9\"\ncountry = \"FR\"\n\
             trigger = \"contract_end\"\nlasts = \"1 year\"\n"
        )
    };
    let policy = crate::policy(&(law("books", "billing") + &law("proof", "consent")));
    let [books, proof] = ["books", "proof"].map(|id| {
        let id = retention_policy::ObligationId::new(id).unwrap();
        policy.obligation(id).unwrap()
    });
    let first = Remainder::new(books, at("2028-01-10T00:00:00Z"), 4).unwrap();
    let last = Remainder::new(proof, at("2028-06-01T00:00:00.2Z"), 1).unwrap();
    assert_eq!(
        (first.law(), first.article(), first.records()),
        ("L", "9", 4)
    );
    assert_eq!(Remainder::new(books, begin, 0), Err(Error::BadRemainder));
    let destroyed = ending(Choice::Delete, begin)
        .step(
            &Step::Destroyed {
                records: 9,
                keys: 2,
            },
            begin + DAY,
        )
        .unwrap();
    let twice = Step::Remains(vec![first.clone(), first.clone()]);
    assert_eq!(
        destroyed.step(&twice, begin + DAY),
        Err(Error::BadRemainder)
    );
    let remains = Step::Remains(vec![last.clone(), first.clone()]);
    let certified = destroyed
        .step(&remains, begin + DAY)
        .and_then(|c| c.step(&Step::Certify, begin + DAY * 2))
        .unwrap();
    let off = offboarding(&certified);
    assert_eq!(off.remainders(), [last, first]);
    assert_eq!(off.stage(), OffboardingStage::Certified);
    assert_eq!(off.certified_at(), Some(begin + DAY * 2));
    let timer = at("2028-06-01T00:00:01Z");
    assert_eq!(
        (off.second_timer(), off.next_due()),
        (Some(timer), Some(timer))
    );
    assert!(!certified.is_overdue(begin + DAY * 300));
    assert!(certified.is_overdue(timer));
    let early = certified.step(&Step::Finish, timer - TimeDelta::seconds(1));
    assert_eq!(early, Err(Error::TooEarly { until: timer }));
    let ended = certified.step(&Step::Finish, timer).unwrap();
    assert_eq!(offboarding(&ended).finished_at(), Some(timer));
    assert!(!ended.is_overdue(timer + DAY));
}

#[test]
fn nothing_goes_back_in_time() {
    let begin = at("2027-01-10T00:00:00Z");
    let asked = ending(Choice::Delete, begin);
    let destroy = Step::Destroyed {
        records: 1,
        keys: 1,
    };
    let before = begin - TimeDelta::seconds(1);
    assert_eq!(
        asked.step(&destroy, before),
        Err(Error::TooEarly { until: begin })
    );
    assert_eq!(
        contract().step(&Step::Suspend, at(MADE) - DAY),
        Err(Error::TooEarly { until: at(MADE) })
    );
}

#[test]
fn an_operator_ends_it() {
    let stranger = Step::End {
        by: actor(9),
        choice: Choice::Delete,
    };
    assert_eq!(
        contract().step(&stranger, at(MADE)),
        Err(Error::NotOperator)
    );
    assert_eq!(contract().with_operators([]), Err(Error::NoOperator));
    let other = contract()
        .with_operators([actor(9)])
        .unwrap()
        .with_policy(8);
    assert!(other.step(&stranger, at(MADE)).is_ok());
    assert_eq!(other.policy(), 8);
    assert_eq!(
        contract()
            .step(&Step::Finish, at(MADE))
            .unwrap_err()
            .to_string(),
        "a contract that is `active` does not take the step `finish`"
    );
}

proptest! {
    #[test]
    fn any_bytes_are_a_contract_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        if let Ok(contract) = Contract::from_bytes(&bytes) {
            prop_assert_eq!(contract.to_bytes(), bytes);
        }
    }
}
