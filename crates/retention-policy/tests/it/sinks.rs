use chrono::TimeDelta;
use proptest::prelude::*;
use retention_policy::{
    Category, Error, Forget, Notice, RecordId, SinkId, SinkKind, Sinks, SubjectId, TenantId,
    Timestamp,
};

use crate::{MADE, at, person, record, tenant};

const HOUR: TimeDelta = TimeDelta::hours(1);

fn sink(name: &str) -> SinkId {
    SinkId::new(name).unwrap()
}

fn sinks() -> Sinks {
    Sinks::new([
        (sink("records"), SinkKind::Records),
        (sink("passages"), SinkKind::Index),
    ])
    .unwrap()
}

fn notice(serial: u64) -> Notice {
    let all = [
        Forget::Subject(person()),
        Forget::Record(record()),
        Forget::Tenant,
        Forget::Ended {
            category: Category::Session,
            until: at(MADE),
        },
    ];
    Notice {
        serial,
        tenant: tenant(1),
        what: all[(serial % 4) as usize],
        at: at(MADE),
    }
}

#[test]
fn complete_once_everybody_has_forgotten() {
    let mut sinks = sinks();
    assert!(!sinks.is_complete(1), "never given");
    sinks.open(notice(1)).unwrap();
    sinks.open(notice(1)).unwrap();
    sinks.failed(sink("passages"), 1, at(MADE) + HOUR).unwrap();
    sinks
        .failed(sink("passages"), 1, at(MADE) + HOUR * 2)
        .unwrap();
    sinks.ack(sink("records"), 1, at(MADE)).unwrap();
    sinks.ack(sink("records"), 1, at(MADE)).unwrap();
    assert!(!sinks.is_complete(1));
    let pending = sinks.pending(at(MADE) + HOUR * 3);
    assert_eq!(pending.len(), 1);
    let owed = pending[0];
    assert_eq!(
        (owed.sink, owed.kind, owed.serial),
        (sink("passages"), SinkKind::Index, 1)
    );
    assert_eq!(
        (owed.attempts, owed.failed_at),
        (2, Some(at(MADE) + HOUR * 2))
    );
    assert_eq!((owed.since, owed.age), (at(MADE), HOUR * 3));
    sinks.ack(sink("passages"), 1, at(MADE) + HOUR * 3).unwrap();
    assert!(sinks.is_complete(1));
    assert!(sinks.pending(at(MADE)).is_empty());
    // What is said late or twice changes nothing.
    sinks.ack(sink("passages"), 1, at(MADE)).unwrap();
    sinks.failed(sink("passages"), 1, at(MADE)).unwrap();
    assert!(sinks.is_complete(1));
}

#[test]
fn a_sink_that_comes_later_owes_what_is_open() {
    let mut sinks = sinks();
    sinks.open(notice(1)).unwrap();
    sinks.open(notice(2)).unwrap();
    for name in ["records", "passages"] {
        sinks.ack(sink(name), 1, at(MADE)).unwrap();
    }
    let late = at(MADE) + HOUR;
    sinks
        .register(sink("cache"), SinkKind::Cache, late)
        .unwrap();
    assert!(sinks.is_complete(1));
    let owed: Vec<(String, u64)> = sinks
        .pending(late)
        .iter()
        .map(|p| (p.sink.to_string(), p.serial))
        .collect();
    let expected = ["cache", "passages", "records"].map(|name| (name.to_owned(), 2));
    assert_eq!(owed, expected);
    let refused = sinks.remove(sink("cache"));
    assert_eq!(
        refused,
        Err(Error::SinkOwes {
            sink: sink("cache"),
            serial: 2
        })
    );
    sinks.ack(sink("cache"), 2, late).unwrap();
    sinks.remove(sink("cache")).unwrap();
    assert_eq!(sinks.registered().count(), 2);
    assert_eq!(
        sinks.open_notices().map(|n| n.serial).collect::<Vec<_>>(),
        [2]
    );
}

#[test]
fn what_is_refused() {
    let unknown = sink("vectors");
    let mut sinks = sinks();
    assert_eq!(Sinks::new([]), Err(Error::NoSink));
    let twice = [(unknown, SinkKind::Index), (unknown, SinkKind::Log)];
    assert_eq!(Sinks::new(twice), Err(Error::SinkTwice { sink: unknown }));
    let again = sinks.register(sink("records"), SinkKind::Log, at(MADE));
    assert_eq!(
        again,
        Err(Error::SinkTwice {
            sink: sink("records")
        })
    );
    sinks.open(notice(5)).unwrap();
    for serial in [0, 4, 5] {
        let other = Notice {
            tenant: tenant(2),
            ..notice(serial)
        };
        assert_eq!(sinks.open(other), Err(Error::SerialUsed { serial }));
    }
    sinks.open(notice(9)).unwrap();
    for serial in [4, 6, 8, 10] {
        let nobody = sinks.ack(sink("records"), serial, at(MADE));
        assert_eq!(nobody, Err(Error::UnknownSerial { serial }));
        assert!(!sinks.is_complete(serial), "{serial}");
    }
    assert_eq!(
        sinks.ack(unknown, 5, at(MADE)),
        Err(Error::UnknownSink { sink: unknown })
    );
    assert_eq!(
        sinks.failed(unknown, 5, at(MADE)),
        Err(Error::UnknownSink { sink: unknown })
    );
    assert_eq!(
        sinks.remove(unknown),
        Err(Error::UnknownSink { sink: unknown })
    );
    let early = sinks.ack(sink("records"), 5, at(MADE) - HOUR);
    assert_eq!(early, Err(Error::TooEarly { until: at(MADE) }));
    let mut one = Sinks::new([(unknown, SinkKind::Index)]).unwrap();
    assert_eq!(one.remove(unknown), Err(Error::NoSink));
    assert_eq!(
        one.remove(sink("a")).unwrap_err().to_string(),
        "there is no sink `a`"
    );
}

#[test]
fn names_are_short_and_plain() {
    for bad in ["", "A", "a b", "a_b", "\u{e9}", "a\0", &"a".repeat(41)] {
        assert_eq!(
            SinkId::new(bad),
            Err(Error::BadName { len: bad.len() }),
            "{bad:?}"
        );
    }
    let long = "a".repeat(40);
    assert_eq!(sink(&long).as_str(), long);
    assert!(sink("a") < sink("a-") && sink("a-") < sink("aa") && sink("a") < sink("b"));
}

proptest! {
    /// Whatever is answered in whatever order: complete means that each sink of the time has answered.
    #[test]
    fn complete_means_that_all_have_answered(acts in proptest::collection::vec((0u8..5, 0usize..4, 1u64..6), 0..60)) {
        let names = ["a", "b", "c", "d"].map(sink);
        let mut sinks = Sinks::new([(names[0], SinkKind::Records), (names[1], SinkKind::Index)]).unwrap();
        let mut registered = vec![names[0], names[1]];
        let mut owed = std::collections::BTreeMap::<u64, Vec<SinkId>>::new();
        for (act, which, serial) in acts {
            let name = names[which];
            match act {
                0 => {
                    if sinks.open(notice(serial)).is_ok() {
                        owed.entry(serial).or_insert_with(|| registered.clone());
                    }
                }
                1 | 2 => {
                    if sinks.ack(name, serial, at(MADE)).is_ok() {
                        owed.entry(serial).or_default().retain(|s| *s != name);
                    }
                }
                3 => {
                    if sinks.register(name, SinkKind::Cache, at(MADE)).is_ok() {
                        registered.push(name);
                        owed.values_mut().filter(|all| !all.is_empty()).for_each(|all| all.push(name));
                    }
                }
                _ => {
                    if sinks.remove(name).is_ok() {
                        prop_assert!(owed.values().all(|all| !all.contains(&name)));
                        registered.retain(|s| *s != name);
                    }
                }
            }
            for serial in 0..7 {
                let all = owed.get(&serial);
                prop_assert_eq!(sinks.is_complete(serial), all.is_some_and(Vec::is_empty));
            }
            prop_assert_eq!(sinks.pending(at(MADE)).len(), owed.values().map(Vec::len).sum::<usize>());
        }
    }
}

#[test]
fn a_notice_is_stored_and_read_back_or_refused() {
    let at: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
    let whats = [
        (
            Forget::Ended {
                category: Category::Draft,
                until: at,
            },
            10,
        ),
        (Forget::Subject(SubjectId::from_bytes([3; 16])), 17),
        (Forget::Record(RecordId::from_bytes([4; 16])), 17),
        (Forget::Tenant, 1),
    ];
    for (tag, (what, len)) in whats.into_iter().enumerate() {
        let tenant = TenantId::from_bytes([9; 16]);
        let notice = Notice {
            serial: 258,
            tenant,
            what,
            at,
        };
        let bytes = notice.to_bytes();
        assert_eq!(bytes.len(), 33 + len);
        assert_eq!(bytes[..9], [1, 0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(usize::from(bytes[33]), tag);
        assert_eq!(Notice::from_bytes(&bytes), Ok(notice));
        for cut in 0..bytes.len() {
            assert!(Notice::from_bytes(&bytes[..cut]).is_err());
        }
        assert!(Notice::from_bytes(&[bytes, vec![0]].concat()).is_err());
    }
}
