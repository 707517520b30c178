//! Numbering plans as automata: one pass over the digits tells whether a plan has a kind of number that they are.
//!
//! The metadata give an expression a kind of number, up to eleven a region, and the crate asks them one after the other, each
//! with tables of its own that are cold when a text asks for one number. Here all of a region are one automaton, made of the
//! same expressions when the region is first asked for.

use std::sync::OnceLock;

use regex_automata::MatchKind;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::{start, syntax};
use rlibphonenumber::interfaces::AsOriginal as _;
use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

/// Letters of the alphabet; a region is two of them.
const LETTERS: usize = 26;
static PLANS: [OnceLock<Option<Box<Numbers>>>; LETTERS * LETTERS] =
    [const { OnceLock::new() }; LETTERS * LETTERS];

/// Whether the plan of a region holds a number of any kind, written without what leads into the country.
pub(super) fn holds(region: Region, digits: &str) -> bool {
    PLANS
        .get(place(region))
        .and_then(|plan| {
            plan.get_or_init(|| Numbers::of(region).map(Box::new))
                .as_ref()
        })
        .is_some_and(|numbers| numbers.hold(digits))
}

/// The place of a region, of which the crate makes a number of its two letters.
fn place(region: Region) -> usize {
    let [first, second] = (region as u16)
        .to_be_bytes()
        .map(|b| usize::from(b.wrapping_sub(b'A')));
    first * LETTERS + second
}

/// The numbers of a region.
struct Numbers {
    automaton: dense::DFA<Vec<u32>>,
    /// Lengths of each expression's numbers, one bit each; the first expression is what all numbers of the region are.
    lengths: Vec<u32>,
}

impl Numbers {
    fn of(region: Region) -> Option<Self> {
        let plan = PHONE_NUMBER_UTIL
            .as_original()
            .get_metadata_for_region(region)?;
        let one = plan.original.same_mobile_and_fixed_line_pattern();
        let kinds = [
            Some(&plan.general_desc),
            Some(&plan.mobile).filter(|_| !one),
            Some(&plan.fixed_line),
            Some(&plan.toll_free),
            Some(&plan.premium_rate),
            Some(&plan.shared_cost),
            Some(&plan.voip),
            Some(&plan.personal_number),
            Some(&plan.pager),
            Some(&plan.uan),
            Some(&plan.voicemail),
        ];
        let (mut expressions, mut lengths) = (Vec::new(), Vec::new());
        for kind in kinds.into_iter().flatten() {
            let expression = kind.national_number_pattern().original_base();
            // A kind that a region does not have has no expression; what all numbers are every region has.
            if expression.is_empty() {
                if expressions.is_empty() {
                    return None;
                }
                continue;
            }
            expressions.push(expression);
            let possible = &kind.original.possible_length;
            // Where none is given all are possible.
            lengths.push(if possible.is_empty() {
                u32::MAX
            } else {
                possible
                    .iter()
                    .fold(0, |all, len| all | bit(usize::try_from(*len)))
            });
        }
        let automaton = dense::Builder::new()
            .configure(
                dense::Config::new()
                    .match_kind(MatchKind::All)
                    .start_kind(StartKind::Anchored)
                    .accelerate(false),
            )
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .thompson(thompson::Config::new().utf8(false))
            .build_many(&expressions)
            .ok()?;
        Some(Self { automaton, lengths })
    }

    /// Whether all digits together are a number of the region, and of one of its kinds.
    fn hold(&self, digits: &str) -> bool {
        let length = bit(Ok::<_, ()>(digits.len()));
        let first = start::Config::new().anchored(regex_automata::Anchored::Yes);
        let Ok(mut state) = self.automaton.start_state(&first) else {
            return false;
        };
        for digit in digits.bytes() {
            state = self.automaton.next_state(state, digit);
        }
        let end = self.automaton.next_eoi_state(state);
        if !self.automaton.is_match_state(end) {
            return false;
        }
        let (mut general, mut kind) = (false, false);
        for at in 0..self.automaton.match_len(end) {
            let expression = self.automaton.match_pattern(end, at).as_usize();
            let possible = self
                .lengths
                .get(expression)
                .is_some_and(|all| all & length != 0);
            general |= possible && expression == 0;
            kind |= possible && expression != 0;
        }
        general && kind
    }
}

/// The bit of a length, none where it is longer than any number.
fn bit<E>(len: Result<usize, E>) -> u32 {
    len.ok()
        .and_then(|len| u32::try_from(len).ok())
        .and_then(|len| 1u32.checked_shl(len))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{PLANS, holds, place};
    use rlibphonenumber::interfaces::AsOriginal as _;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType, Region};

    #[test]
    fn every_region_is_answered_as_the_crate_answers() {
        let util = PHONE_NUMBER_UTIL.as_original();
        let regions: Vec<Region> = util.get_supported_regions().collect();
        assert!(regions.len() > 200);
        let (mut seed, mut valid) = (7u64, 0);
        for region in regions {
            let name = format!("{region:?}");
            assert_eq!(place(region) / 26, usize::from(name.as_bytes()[0] - b'A'));
            assert!(place(region) < PLANS.len());
            let plan = util.get_metadata_for_region(region).expect("a plan");
            let mut numbers = Vec::new();
            // Examples of its own, each with every last digit and with one more, and any digits.
            for desc in [&plan.fixed_line, &plan.mobile, &plan.toll_free, &plan.uan] {
                let example = desc.original.example_number.clone().unwrap_or_default();
                let head = example.get(..example.len().saturating_sub(1)).unwrap_or("");
                numbers.extend((0..=9).map(|digit| format!("{head}{digit}")));
                numbers.push(format!("{example}0"));
                numbers.push(head.to_owned());
            }
            for round in 0..60usize {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let digits = format!("{:015}", seed >> 16);
                numbers.push(digits[..4 + round % 11].to_owned());
            }
            for number in numbers {
                let wanted = util
                    .get_number_type_helper(&number, plan)
                    .is_ok_and(|kind| kind != PhoneNumberType::Unknown);
                assert_eq!(holds(region, &number), wanted, "{region:?} {number}");
                valid += usize::from(wanted);
            }
        }
        assert!(valid > 5_000, "{valid}");
    }
}
