//! Terms that keep a few bits: a search gives candidates.

use crypto_store::{IndexTerm, NewRecord};
use retention_policy::RecordId;

use crate::support::{World, agent, now, person, put, reply, session};

fn postcode(n: usize, bits: u8) -> IndexTerm {
    IndexTerm::truncated("postcode", &format!("{n:05}"), bits).unwrap()
}

#[tokio::test]
async fn a_truncated_term_finds_its_value_and_others() {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for n in 0..40 {
            let record =
                NewRecord::new(session(person(1)), vec![n as u8]).terms(vec![postcode(n, 3)]);
            let stored = store.put(record, &agent(), &reply(), now()).await.unwrap();
            ids.push(stored.id());
        }
        put(&store, person(1), b"without a term").await;
        let find = async |term| -> Vec<RecordId> {
            store.find(&term, &agent(), &reply(), now()).await.unwrap()
        };
        let mut all = 0;
        for (n, id) in ids.iter().enumerate() {
            let found = find(postcode(n, 3)).await;
            assert!(found.contains(id), "{n}");
            all += found.len();
            // Other lengths, and the whole value, are other terms.
            assert!(find(postcode(n, 4)).await.is_empty());
            assert!(
                find(IndexTerm::new("postcode", &format!("{n:05}")).unwrap())
                    .await
                    .is_empty()
            );
        }
        // 40 values behind 8 terms: about five a search.
        assert!((120..400).contains(&all), "{all}");
    }
}

#[test]
fn lengths_that_hide_nothing_are_refused() {
    for bits in [0, 33, 64, 128, 255] {
        assert!(IndexTerm::truncated("postcode", "75011", bits).is_err());
    }
    assert!(IndexTerm::truncated("Post code", "75011", 8).is_err());
    assert!(IndexTerm::truncated("postcode", "", 8).is_err());
}
