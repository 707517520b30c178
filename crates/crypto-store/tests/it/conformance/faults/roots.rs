//! Roots of keys with one fault.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use crypto_store::conformance::{ProviderCase, Roots, provider_cases, provider_durability_cases};
use crypto_store::{EphemeralRoot, Error, Horizon, Key32, KeyProvider, OsEntropy, ProviderId};
use tokio::task::yield_now;

/// What is wrong, and the case that must find it.
macro_rules! wrongs {
    ($($wrong:ident $case:literal)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Wrong {
            Nothing,
            $($wrong,)*
        }

        const WRONGS: &[(Wrong, &str)] = &[$((Wrong::$wrong, $case),)*];
    };
}

wrongs! {
    OpensNothing "providers::random_keys_come_back"
    OpensOnce "providers::a_key_comes_back_again_and_again"
    ZerosAreNone "providers::a_key_of_zeros_comes_back"
    OnesAreNone "providers::a_key_of_ones_comes_back"
    ContextIsIgnored "providers::every_bit_of_the_context_counts"
    ContextIsCut "providers::the_end_of_a_long_context_counts"
    ContextIsShort "providers::a_context_may_be_64_kib"
    ContextIsText "providers::a_context_may_hold_every_byte"
    ContextIsNeeded "providers::an_empty_context_is_one"
    ContextIsPadded "providers::a_longer_context_is_another"
    ContextIsItsLength "providers::contexts_of_two_keys_cannot_be_swapped"
    EmptyContextIsAny "providers::no_context_is_not_any_context"
    LastByteIsIgnored "providers::every_byte_of_the_wrapped_key_counts"
    TheRestIsIgnored "providers::an_extended_wrapped_key_is_refused"
    TruncationIsPadded "providers::a_truncated_wrapped_key_is_refused"
    DamageIsAnotherError "providers::bytes_that_no_root_made_are_refused"
    AnythingOpens "providers::another_root_refuses"
    WrapsAreAlike "providers::no_two_wraps_are_alike"
    WrapsHoldTheKey "providers::a_wrapped_key_does_not_hold_the_key"
    NamesAreAlike "providers::each_root_has_a_name_of_its_own"
    NamesChange "providers::the_name_stays_the_same"
    HorizonIsAnother "providers::the_horizon_is_the_documented_one"
    DebugTells "providers::debug_tells_no_key"
    ErrorsTell "providers::errors_tell_no_input"
    WearsOut "providers::a_refusal_does_not_wear_the_root_out"
    TasksMix "providers::many_tasks_at_once_get_their_own_keys"
    ReopensAnother "providers::a_reopened_root_opens_what_it_wrapped"
}

struct Lying {
    wrong: Wrong,
    inner: Arc<EphemeralRoot>,
    last: Mutex<Vec<u8>>,
    times: AtomicUsize,
}

impl Lying {
    fn new(wrong: Wrong, inner: Arc<EphemeralRoot>) -> Self {
        Lying {
            wrong,
            inner,
            last: Mutex::default(),
            times: AtomicUsize::new(0),
        }
    }

    fn context(&self, context: &[u8]) -> Vec<u8> {
        match self.wrong {
            Wrong::ContextIsIgnored => Vec::new(),
            Wrong::ContextIsCut => context[..context.len().min(1024)].to_vec(),
            Wrong::ContextIsPadded => {
                let zeros = context.iter().rev().take_while(|b| **b == 0).count();
                context[..context.len() - zeros].to_vec()
            }
            Wrong::ContextIsItsLength => context.len().to_be_bytes().to_vec(),
            _ => context.to_vec(),
        }
    }

    fn refuses(&self, context: &[u8]) -> bool {
        match self.wrong {
            Wrong::ContextIsShort => context.len() > 4096,
            Wrong::ContextIsText => !context.is_ascii(),
            Wrong::ContextIsNeeded => context.is_empty(),
            _ => false,
        }
    }
}

#[async_trait]
impl KeyProvider for Lying {
    fn id(&self) -> ProviderId {
        match self.wrong {
            Wrong::NamesAreAlike => ProviderId::from_bytes([7; 16]),
            Wrong::NamesChange => {
                let times = self.times.fetch_add(1, Ordering::SeqCst);
                ProviderId::from_bytes([times as u8; 16])
            }
            _ => self.inner.id(),
        }
    }

    async fn wrap(&self, key: &Key32, context: &[u8]) -> Result<Vec<u8>, Error> {
        if self.refuses(context) {
            return Err(Error::Invalid {
                what: "another context",
            });
        }
        *self.last.lock().unwrap() = key.expose().to_vec();
        if self.wrong == Wrong::TasksMix {
            yield_now().await;
            let last = self.last.lock().unwrap().clone();
            let key = Key32::from_bytes(last.try_into().unwrap());
            return self.inner.wrap(&key, context).await;
        }
        let mut wrapped = self.inner.wrap(key, &self.context(context)).await?;
        match self.wrong {
            // Made of the key alone, and opened again by looking it up.
            Wrong::WrapsAreAlike => {
                wrapped = key.expose().iter().map(|b| b ^ 0x5a).collect();
            }
            Wrong::WrapsHoldTheKey => wrapped.extend(key.expose()),
            _ => {}
        }
        Ok(wrapped)
    }

    async fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<Key32, Error> {
        let times = self.times.fetch_add(1, Ordering::SeqCst);
        let mut wrapped = wrapped.to_vec();
        match self.wrong {
            Wrong::OpensNothing => return Err(Error::WrongKey),
            Wrong::OpensOnce if times > 0 => return Err(Error::WrongKey),
            Wrong::WearsOut if times > 20 => return Err(Error::WrongKey),
            Wrong::AnythingOpens => return Ok(Key32::from_bytes([0; 32])),
            Wrong::EmptyContextIsAny => {
                if let Ok(key) = self.inner.unwrap(&wrapped, b"").await {
                    return Ok(key);
                }
            }
            Wrong::LastByteIsIgnored if !wrapped.is_empty() => {
                let last = wrapped.len() - 1;
                for byte in 0..=255 {
                    wrapped[last] = byte;
                    if let Ok(key) = self.inner.unwrap(&wrapped, context).await {
                        return Ok(key);
                    }
                }
            }
            Wrong::TheRestIsIgnored => {
                for len in 0..=wrapped.len() {
                    if let Ok(key) = self.inner.unwrap(&wrapped[..len], context).await {
                        return Ok(key);
                    }
                }
            }
            Wrong::TruncationIsPadded => {
                for byte in 0..=255 {
                    let padded = [&wrapped[..], &[byte]].concat();
                    if let Ok(key) = self.inner.unwrap(&padded, context).await {
                        return Ok(key);
                    }
                }
            }
            Wrong::WrapsAreAlike => {
                let bytes: Vec<u8> = wrapped.iter().map(|b| b ^ 0x5a).collect();
                return bytes
                    .try_into()
                    .map(Key32::from_bytes)
                    .map_err(|_| Error::WrongKey);
            }
            Wrong::WrapsHoldTheKey => wrapped.truncate(wrapped.len().saturating_sub(32)),
            _ => {}
        }
        let key = self.inner.unwrap(&wrapped, &self.context(context)).await;
        match (self.wrong, key) {
            (Wrong::DamageIsAnotherError, Err(_)) => Err(Error::Corrupt { what: "a key" }),
            (Wrong::ErrorsTell, Err(_)) => Err(Error::Provider {
                what: "unwrapping",
                source: format!("{wrapped:?} {context:?}").into(),
            }),
            (Wrong::ZerosAreNone, Ok(key)) if *key.expose() == [0; 32] => Err(Error::WrongKey),
            (Wrong::OnesAreNone, Ok(key)) if *key.expose() == [0xff; 32] => Err(Error::WrongKey),
            (_, key) => key,
        }
    }

    fn destroy_horizon(&self) -> Horizon {
        match self.wrong {
            Wrong::HorizonIsAnother => Horizon::Within(TimeDelta::zero()),
            _ => self.inner.destroy_horizon(),
        }
    }
}

impl fmt::Debug for Lying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wrong {
            Wrong::DebugTells => f.debug_tuple("Lying").field(&self.last).finish(),
            _ => f.write_str("Lying"),
        }
    }
}

struct Faulty {
    wrong: Wrong,
    made: Mutex<Vec<Arc<EphemeralRoot>>>,
}

#[async_trait]
impl Roots for Faulty {
    async fn fresh(&self) -> Result<Arc<dyn KeyProvider>, Error> {
        let root = Arc::new(EphemeralRoot::new(Arc::new(OsEntropy::new()))?);
        self.made.lock().unwrap().push(Arc::clone(&root));
        Ok(Arc::new(Lying::new(self.wrong, root)))
    }

    async fn reopen(&self, id: ProviderId) -> Result<Arc<dyn KeyProvider>, Error> {
        if self.wrong == Wrong::ReopensAnother {
            return self.fresh().await;
        }
        let made = self.made.lock().unwrap();
        let root = made.iter().find(|root| root.id() == id);
        let root = root.ok_or(Error::KeysLost { what: "the root" })?;
        Ok(Arc::new(Lying::new(self.wrong, Arc::clone(root))))
    }

    fn horizon(&self) -> Horizon {
        Horizon::Copies
    }
}

fn finds(case: &'static ProviderCase, wrong: Wrong) -> bool {
    let executor = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let made = Mutex::default();
    executor
        .block_on(case.run(&Faulty { wrong, made }))
        .is_err()
}

fn cases() -> impl Iterator<Item = &'static ProviderCase> {
    provider_cases().iter().chain(provider_durability_cases())
}

#[test]
fn each_wrong_root_is_found_by_its_case() {
    for (wrong, name) in WRONGS {
        let case = cases().find(|case| case.name() == *name).unwrap();
        assert!(finds(case, *wrong), "{wrong:?}");
    }
}

#[test]
fn a_right_root_passes() {
    for case in cases() {
        assert!(!finds(case, Wrong::Nothing), "{case:?}");
    }
}

#[test]
fn each_case_of_a_root_finds_something() {
    for case in cases() {
        let found = WRONGS.iter().any(|(wrong, _)| finds(case, *wrong));
        assert!(found, "{case:?}");
    }
}
