//! The bodies of `fuzz/` on stable: policies and bytes that nobody wrote, from seeds.

use proptest::prelude::*;
use retention_policy::{ActorId, Choice, Contract, HoldReason, Party, Region, Scope, Step};

use crate::policy::FULL;
use crate::{MADE, actor, at, hold, tenant};

#[path = "../../../../fuzz/bodies/retention_policy.rs"]
mod bodies;

/// Pieces that readers of policies bite on.
const PIECES: [&str; 40] = [
    "schema = 1\n",
    "version = 7\n",
    "[[rule]]\n",
    "[rule]\n",
    "[rule.archive]\n",
    "[[obligation]]\n",
    "category = ",
    "trigger = ",
    "after = ",
    "action = ",
    "tenant = ",
    "purpose = ",
    "readers = ",
    "for = ",
    "lasts = ",
    "\"session\"\n",
    "\"draft\"\n",
    "\"billing\"\n",
    "\"created\"\n",
    "\"used\"\n",
    "\"23h\"\n",
    "\"28d 23h\"\n",
    "\"10 years\"\n",
    "\"forever\"\n",
    "\"archive\"\n",
    "\"template\"\n",
    "[\"auditor\"]\n",
    "inf\n",
    "-1\n",
    "0xffff_ffff\n",
    "\"\"\"",
    "\\u0000",
    "\r\n",
    "# ",
    "{ a = 1 }\n",
    "[[[[",
    "\u{feff}",
    "\u{e9}",
    "\0",
    "=",
];

fn stored() -> Vec<Vec<u8>> {
    let (one, begun) = (actor(1), at(MADE));
    let contract = Contract::new(tenant(1), Party::Controller, Region::Spain, 3, [one], begun);
    let end = |by: ActorId| Step::End {
        by,
        choice: Choice::Return,
    };
    let contract = contract.unwrap().step(&end(one), begun).unwrap();
    let asked = hold(Scope::Tenant, HoldReason::Order).ask_release(one, begun);
    vec![
        contract.to_bytes(),
        contract
            .step(&Step::Returned { archive: [7; 32] }, begun)
            .unwrap()
            .to_bytes(),
        asked.unwrap().to_bytes(),
        Scope::Tenant.to_bytes(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        bodies::ALL.iter().for_each(|(_, body)| body(&bytes));
    }

    #[test]
    fn pieces_of_policies(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..24)) {
        bodies::policy(pieces.concat().as_bytes());
    }

    #[test]
    fn a_policy_with_something_put_in(at in 0usize..1000, cut in 0usize..40, piece in proptest::sample::select(&PIECES[..])) {
        let at = at % FULL.len();
        let rest = FULL.get(at + cut..).unwrap_or_default();
        bodies::policy([&FULL[..at], piece, rest].concat().as_bytes());
    }

    #[test]
    fn stored_bytes_with_some_changed(which in 0usize..4, changes in proptest::collection::vec((0usize..300, any::<u8>()), 1..4)) {
        let mut bytes = stored().swap_remove(which);
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bodies::stored(&bytes);
    }
}
