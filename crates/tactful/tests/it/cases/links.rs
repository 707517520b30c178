//! Links to packages: they open a few times, for a few days, and say nothing when they do not.

use chrono::TimeDelta;
use tactful::crypto_store::{ParcelToken, SeededEntropy};
use tactful::gdpr_rights::Right;
use tactful::gdpr_rights::request::package::{LINK_DAYS, LINK_OPENS};
use tactful::retention_policy::CaseId;
use tactful::{Clock, Desk, Error};

use super::{as_controller, desk, erased, officer, orla, orla_wrote, package, unpack};
use crate::clock;

async fn gone(desk: &Desk, case: CaseId, token: &ParcelToken) {
    let error = desk.collect(&officer(), case, token).await.unwrap_err();
    assert!(matches!(error, Error::PackageGone), "{error}");
    assert_eq!(error.to_string(), Error::PackageGone.to_string());
}

#[tokio::test]
async fn p113_a_link_opens_three_times() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    let handover = package(&desk, case).await;
    assert_eq!(handover.downloads, LINK_OPENS);
    assert_eq!(
        handover.until,
        clock.now() + TimeDelta::days(i64::from(LINK_DAYS))
    );
    // A wrong link costs nothing.
    let wrong = ParcelToken::random(&SeededEntropy::insecure(99)).unwrap();
    for _ in 0..10 {
        gone(&desk, case, &wrong).await;
    }
    for left in (0..LINK_OPENS).rev() {
        let fetched = desk.collect(&officer(), case, &handover.token).await;
        let fetched = fetched.unwrap();
        assert_eq!(fetched.left, left);
        assert_eq!(fetched.destroyed.is_some(), left == 0);
        assert!(!fetched.bytes.is_empty());
    }
    gone(&desk, case, &handover.token).await;
}

#[tokio::test]
async fn p113_a_link_opens_for_seven_days() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    let handover = package(&desk, case).await;
    clock.advance(handover.until - clock.now() - TimeDelta::seconds(1));
    unpack(&desk, case, &handover).await;
    clock.advance(TimeDelta::seconds(1));
    gone(&desk, case, &handover.token).await;
    // Destroyed, and not only hidden: it does not come back with the clock.
    desk.sweep().await.unwrap();
    gone(&desk, case, &handover.token).await;
}

#[tokio::test]
async fn a_link_opens_its_own_package_only() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let first = as_controller(&desk, Right::Access, orla(), &clock).await;
    let second = as_controller(&desk, Right::Access, orla(), &clock).await;
    let ours = package(&desk, first).await;
    let theirs = package(&desk, second).await;
    gone(&desk, first, &theirs.token).await;
    gone(&desk, second, &ours.token).await;
    assert_eq!(unpack(&desk, first, &ours).await.case(), first);
    assert_eq!(unpack(&desk, second, &theirs).await.case(), second);
}

#[tokio::test]
async fn a_package_ends_with_the_erasure_of_its_person() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = as_controller(&desk, Right::Access, orla(), &clock).await;
    let handover = package(&desk, case).await;
    unpack(&desk, case, &handover).await;
    erased(&desk, orla(), &clock).await;
    gone(&desk, case, &handover.token).await;
}
