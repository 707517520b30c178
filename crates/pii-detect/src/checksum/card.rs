//! Payment cards: the ranges and lengths of the networks (ISO/IEC 7812-1; ranges as the networks publish them, see
//! Wikipedia, "Payment card number").

use super::sums::digit;

/// A network, as far as the first digits tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Network {
    /// 4, with 13, 16 or 19 digits; Dankort 4571 and Elo 4011 and the like are in its range.
    Visa,
    /// 51 to 55, 2221 to 2720.
    Mastercard,
    /// 34, 37.
    Amex,
    /// 300 to 305, 309, 36, 38, 39.
    Diners,
    /// 6011, 644 to 649, 65; `RuPay`, Troy and Elo share 65.
    Discover,
    /// 3528 to 3589, and 2131 and 1800 with 15 digits; `RuPay` 353 and 356 are in its range.
    Jcb,
    /// 62, 81.
    UnionPay,
    /// 50, 56 to 58 and what is left of 6; Dankort 5019, Elo 5067, Verve 5061, `RuPay` 508, Hipercard 6062.
    Maestro,
    /// 2200 to 2204, and 2205 (Borica).
    Mir,
    /// 82.
    RuPay,
    /// 9792.
    Troy,
    /// 8600 (`UzCard`) and 9860 (Humo).
    Uzbek,
    /// 1 with 15 digits: Universal Air Travel Plan.
    Uatp,
}

/// The network of a number of that length.
fn network(text: &[u8]) -> Option<Network> {
    let head = text
        .get(..4)?
        .iter()
        .try_fold(0, |sum, b| Some(sum * 10 + digit(*b)?))?;
    let len = text.len();
    let (network, lengths) = match head {
        2131 | 1800 if len == 15 => (Network::Jcb, 15..=15),
        1000..=1999 => (Network::Uatp, 15..=15),
        2200..=2205 => (Network::Mir, 16..=19),
        2221..=2720 | 5100..=5599 => (Network::Mastercard, 16..=16),
        3000..=3059 | 3090..=3099 | 3800..=3999 => (Network::Diners, 14..=19),
        3400..=3499 | 3700..=3799 => (Network::Amex, 15..=15),
        3528..=3589 => (Network::Jcb, 16..=19),
        3600..=3699 => (Network::Diners, 14..=19),
        4000..=4999 if len != 13 && len != 16 && len != 19 => return None,
        4000..=4999 => (Network::Visa, 13..=19),
        6011 | 6440..=6599 => (Network::Discover, 16..=19),
        6200..=6299 | 8100..=8199 => (Network::UnionPay, 16..=19),
        5000..=5099 | 5600..=5899 | 6000..=6999 => (Network::Maestro, 12..=19),
        8200..=8299 => (Network::RuPay, 16..=16),
        9792 => (Network::Troy, 16..=16),
        8600 | 9860 => (Network::Uzbek, 16..=16),
        _ => return None,
    };
    // 15 digits between 14 and 16 were never issued by Diners Club.
    let never = network == Network::Diners && len == 15;
    (lengths.contains(&len) && !never).then_some(network)
}

/// Whether range and length, with a right check digit, are enough. Maestro below 16 digits and air travel cards have
/// ranges so wide that every tenth number in them would be a card.
pub(crate) fn card_range(text: &[u8]) -> bool {
    match network(text) {
        Some(Network::Maestro) => text.len() >= 16,
        Some(Network::Uatp) | None => false,
        Some(_) => true,
    }
}

/// Whether a network has the range and length at all: what a cue and a right check digit confirm.
pub(crate) fn card_named(text: &[u8]) -> bool {
    network(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::{Network, card_range, network};
    use crate::checksum::luhn;

    #[test]
    fn test_numbers_of_the_networks() {
        // Published for tests by the networks and by payment service providers (Stripe, Adyen, Worldline, Mir).
        for (text, wanted) in [
            ("4111111111111111", Network::Visa),
            ("4222222222222", Network::Visa),
            ("4571000000000001", Network::Visa),
            ("5555555555554444", Network::Mastercard),
            ("2223003122003222", Network::Mastercard),
            ("2720990000000007", Network::Mastercard),
            ("378282246310005", Network::Amex),
            ("371449635398431", Network::Amex),
            ("36227206271667", Network::Diners),
            ("30569309025904", Network::Diners),
            ("6011111111111117", Network::Discover),
            ("6011000990139424", Network::Discover),
            ("3530111333300000", Network::Jcb),
            ("3566002020360505", Network::Jcb),
            ("6200000000000005", Network::UnionPay),
            ("8171999927660000", Network::UnionPay),
            ("6304000000000000000", Network::Maestro),
            ("5019717010103742", Network::Maestro),
            ("5066991111111118", Network::Maestro),
            ("6062826786276634", Network::Maestro),
            ("2200000000000004", Network::Mir),
            ("9792030394440796", Network::Troy),
        ] {
            assert_eq!(network(text.as_bytes()), Some(wanted), "{text}");
            assert!(card_range(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn every_altered_digit_is_seen() {
        for text in ["4111111111111111", "378282246310005", "9792030394440796"] {
            assert!(luhn(text.as_bytes()), "{text}");
            for at in 0..text.len() {
                for other in b'0'..=b'9' {
                    let mut altered = text.as_bytes().to_vec();
                    if altered[at] != other {
                        altered[at] = other;
                        assert!(!luhn(&altered), "{text} {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn lengths_count() {
        assert_eq!(network(b"411111111111"), None);
        assert_eq!(network(b"41111111111111111"), None);
        assert_eq!(network(b"37828224631000"), None);
        assert_eq!(network(b"500000000000"), Some(Network::Maestro));
        for other in [
            "500000000000",
            "1234567890123456",
            "9999999999999995",
            "0000000000000000",
        ] {
            assert!(!card_range(other.as_bytes()), "{other}");
        }
    }
}
