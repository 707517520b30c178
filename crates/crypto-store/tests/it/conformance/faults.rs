//! The suites can fail: back ends and roots with one fault each, and the case that finds it.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use crypto_store::Error;
use crypto_store::backend::Backend;
use crypto_store::conformance::{BackendCase, Factory, Place, backend_cases};

use super::Kept;
use lying::Lying;

mod frozen;
mod lying;
mod places;
mod roots;
mod searching;

/// What is wrong, and the case that must find it.
macro_rules! faults {
    ($($fault:ident $case:literal)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Fault {
            None,
            $($fault,)*
        }

        const FAULTS: &[(Fault, &str)] = &[$((Fault::$fault, $case),)*];
    };
}

faults! {
    // Keys.
    KeysLie "keys::add_of_a_new_key_answers_true"
    KeysAreNotEmpty "keys::new_back_end_has_no_keys"
    AddOverwrites "keys::add_of_a_taken_name_answers_false_and_changes_nothing"
    AddTellsTrue "keys::changes_of_one_call_see_each_other"
    SetKeepsTheOld "keys::set_of_a_taken_name_answers_false_and_replaces"
    SetTellsTrue "keys::set_of_the_same_bytes_keeps_the_key"
    SetTellsFalse "keys::set_of_a_new_key_answers_true"
    SetMoves "key_scan::scan_goes_on_over_sets"
    ReplaceDoesNotCompare "keys::replace_loses_against_set"
    ReplaceRevives "keys::replace_loses_against_destroy"
    ReplaceComparesTheBeginning "keys::replace_compares_every_byte"
    ReplaceMoves "key_scan::replace_keeps_the_position"
    ReplaceKeepsTheLength "keys::replace_may_change_the_length"
    ReplaceTellsTrue "keys::replace_of_what_was_seen_answers_true"
    ReplaceTellsFalse "keys::replace_goes_on_from_what_is_seen_next"
    DestroyKeeps "keys::destroy_answers_true_and_forgets"
    DestroyTellsTrue "keys::destroy_of_nothing_answers_false"
    DestroyTakesTheNext "keys::destroy_touches_no_other_key"
    KeysAreSorted "keys::keys_together_come_in_the_order_asked"
    KeysDropAbsent "keys::keys_together_say_what_is_absent"
    NoChangeIsAnswered "keys::empty_change_answers_nothing"
    AnswersAreReversed "keys::answers_come_in_the_order_of_the_changes"
    AnswersAreDropped "keys::a_thousand_changes_fit_one_call"
    FalseStopsTheRest "keys::a_false_answer_stops_no_other_change"
    WrappedIsCut "keys::a_value_may_be_64_kib"
    EmptyWrappedIsNone "keys::a_value_may_be_empty"
    ZerosAreFree "keys::a_value_may_be_all_zeros_or_all_ones"
    NamesAreCut "keys::names_differ_by_any_byte"
    HighNamesAreHidden "keys::names_may_be_all_zeros_or_high"
    ListIsReversed "keys::list_is_in_order_of_names"
    ListIsSigned "keys::list_order_is_that_of_bytes"
    ListIncludesTheBound "keys::list_begins_behind_the_name"
    ListIgnoresTheLimit "keys::list_of_none_is_empty"
    ListNeedsTheBound "keys::list_begins_behind_a_name_that_is_not_there"
    ScanKeysBeginsAtZero "key_scan::scan_positions_grow_from_above_zero"
    ScanKeysIncludesTheBound "key_scan::scan_behind_the_last_is_empty"
    ScanKeysIgnoresTheLimit "key_scan::scan_of_none_is_empty"
    ScanKeysSkips "key_scan::scan_sees_each_key_once"
    ScanKeysRepeats "key_scan::scan_pages_have_no_gap_and_no_repeat"
    ScanKeysMixesBytes "key_scan::scan_tells_names_and_bytes"
    ScanKeysTakesTurns "key_scan::scan_again_tells_the_same"
    KeysAreRows "keys::keys_and_rows_do_not_mix"
    // Rows.
    CommitsLie "rows::put_is_read_back"
    RecordsAreNotEmpty "rows::new_back_end_has_no_rows"
    PutKeepsTheOld "rows::put_replaces_the_row"
    PutKeepsReferences "rows::put_again_may_take_references_and_time_away"
    PutMoves "rows::put_again_keeps_the_order_of_insertion"
    OrderIsTheGivenOne "rows::a_given_order_is_ignored"
    OrderBeginsAtZero "rows::the_order_of_insertion_begins_above_zero"
    OrderIsByKey "rows::the_order_of_insertion_grows_within_a_batch"
    DeleteKeeps "rows::delete_takes_the_row_away"
    DeleteOfNothingFails "rows::delete_of_nothing_is_committed"
    DeleteTakesWhatBeginsAlike "rows::delete_takes_no_other_row"
    DeletedRowsComeBackInPlace "rows::a_row_put_after_a_deletion_comes_last"
    TablesMix "rows::tables_do_not_mix"
    KeysLoseZeros "rows::keys_that_begin_alike_are_others"
    KeysAreLatin "rows::keys_may_be_zeros_or_high"
    KeysAreShort "rows::a_key_may_be_long"
    EmptyRowKeyIsNone "rows::a_key_may_be_empty"
    ValuesAreShort "rows::a_value_may_be_a_mebibyte"
    ValuesAreText "rows::a_value_may_be_empty_or_zeros"
    EmptyReferencesAreNone "rows::an_empty_reference_is_not_an_absent_one"
    ReferencesAreShort "rows::references_may_hold_any_bytes"
    TimesAreSmall "rows::a_time_may_be_absent_or_any"
    FirstPutWins "rows::the_last_put_of_a_batch_wins"
    DeletesComeFirst "rows::put_and_delete_of_one_batch_leave_nothing"
    DeletesComeLast "rows::delete_and_put_of_one_batch_make_a_new_row"
    BatchesAreCut "rows::a_batch_may_hold_two_thousand_changes"
    EmptyBatchesFail "rows::an_empty_batch_is_committed"
    // Requirements.
    RequireIsIgnored "require::absent_fails_with_a_row"
    RequireIsNeverMet "require::requirements_alone_change_nothing"
    RequireComesLate "require::requirements_are_checked_before_a_put_in_front"
    RequireLooksIntoMeta "require::a_requirement_looks_into_its_own_table"
    EmptyIsAbsent "require::absent_fails_with_an_empty_row"
    EmptyValueNeedsARow "require::an_empty_value_holds_without_a_row"
    EmptyValueIsAny "require::an_empty_value_fails_with_content"
    ValueBeginsAlike "require::a_value_fails_when_it_only_begins_alike"
    PositionCountsRequirements "require::a_position_counts_all_changes"
    PositionIsTheLast "require::the_first_that_does_not_hold_is_told"
    RefusedPuts "require::a_refused_batch_puts_nothing"
    RefusedDeletes "require::a_refused_batch_deletes_nothing"
    RefusedAppends "require::a_refused_batch_leaves_no_gap_in_a_log"
    // Searches.
    ScanIsEmpty "prefix::an_empty_prefix_finds_all"
    ScanIgnoresTheLimit "prefix::prefix_keeps_to_the_limit"
    ScanDropsFields "prefix::prefix_tells_whole_rows"
    PrefixIsReversed "prefix::a_prefix_finds_what_begins_with_it"
    PrefixHasAnUpperByte "prefix::a_prefix_of_high_bytes_has_no_upper_bound"
    PrefixIsUnbounded "prefix::a_prefix_that_ends_in_a_high_byte_is_bounded"
    PrefixIsTheKey "prefix::a_prefix_of_zeros_is_no_empty_one"
    PrefixIncludesTheBound "prefix::a_bound_that_is_the_prefix_excludes_its_row"
    PrefixNeedsABoundInside "prefix::a_bound_in_front_of_the_prefix_is_none"
    PrefixExcludesTheEmptyKey "prefix::an_empty_key_is_found_by_an_empty_prefix"
    RefIgnoresWhich "references::the_two_references_do_not_mix"
    RefMatchesTheBeginning "references::a_reference_matches_as_a_whole"
    RefMatchesAbsent "references::an_empty_reference_finds_no_absent_one"
    RefIsByKey "references::the_first_reference_is_found"
    RefIgnoresTheBound "references::reference_goes_on_behind_an_order"
    RefIncludesTheBound "references::reference_pages_have_no_gap_and_no_repeat"
    DueIsExclusive "due::due_is_inclusive"
    DueKnowsNoTime "due::rows_without_a_time_are_never_due"
    DueTiesAreByKey "due::rows_of_one_time_come_by_order_of_insertion"
    DueIsUnsigned "due::times_before_1970_come_first"
    DueSkipsTies "due::due_goes_on_behind_time_and_order"
    DueComparesApart "due::the_order_counts_only_at_the_same_time"
    DueIsReversed "due::due_rows_come_earliest_first"
    GetManySorts "get_many::get_many_answers_in_the_order_asked"
    GetManyDropsAbsent "get_many::get_many_says_what_is_absent"
    GetManyDropsTwins "get_many::get_many_answers_the_same_key_twice"
    GetManyAsksOneTable "get_many::get_many_asks_several_tables"
    GetManyOfNoneIsOne "get_many::get_many_of_none_is_empty"
    GetManyIsCut "get_many::get_many_takes_a_thousand_keys"
    // Logs.
    LogsForget "logs::an_entry_is_read_back"
    LogBeginsAtOne "logs::positions_begin_at_zero_without_gaps"
    LinkForgetsThePrevious "logs::each_link_follows_the_one_before"
    LinkBeginsElsewhere "logs::the_first_link_follows_zeros"
    LinksMixLogs "logs::the_two_logs_are_independent"
    LinkIsTheFirstBatchs "logs::the_link_of_the_batch_is_used"
    HeadsAreReversed "logs::heads_come_in_the_order_of_the_entries"
    HeadsTellTheNext "logs::heads_tell_position_and_link"
    RowsHaveHeads "logs::rows_have_no_heads"
    EmptyEntriesAreDropped "logs::an_entry_may_be_empty"
    TwinsAreDropped "logs::entries_may_be_alike"
    EntriesAreCut "logs::an_entry_may_be_a_mebibyte"
    LogIgnoresTheStart "logs::a_log_is_read_from_a_position_on"
    LogIgnoresTheLimit "logs::a_log_keeps_to_the_limit"
    LogWrapsAround "logs::a_log_behind_its_end_is_empty"
    LogsAreTables "logs::logs_and_tables_do_not_mix"
    // Snapshots.
    SnapshotIsLate "snapshot::a_snapshot_is_taken_when_it_returns"
    SnapshotIsLive "snapshot::a_snapshot_stays_frozen_while_it_is_read"
    SnapshotIsByKey "snapshot::a_snapshot_tells_rows_by_insertion"
    SnapshotLacksLogs "snapshot::a_snapshot_tells_logs_without_rows"
    SnapshotLacksMeta "snapshot::a_snapshot_may_hold_one_table_alone"
    SnapshotIsShared "snapshot::two_snapshots_tell_two_moments"
    SnapshotBeginsAgain "snapshot::a_snapshot_is_empty_after_its_end"
    SnapshotStopsTheWorld "snapshot::changes_beside_a_snapshot_are_seen_by_others"
    SnapshotHoldsKeys "snapshot::a_snapshot_holds_no_keys"
    SnapshotEndsByScrub "snapshot::a_snapshot_outlives_a_scrub"
    SnapshotDropsLargeRows "snapshot::a_snapshot_tells_large_rows"
    SnapshotEndsWrongly "snapshot::a_snapshot_ends_with_its_back_end"
    SnapshotLeaks "snapshot::a_snapshot_may_be_dropped_half_way"
    // Upkeep.
    ScrubIsNeverDone "upkeep::a_new_back_end_is_scrubbed"
    ScrubDeletes "upkeep::scrubbing_changes_nothing"
    ScrubIsOnce "upkeep::scrubbing_twice_is_fine"
    ScrubStopsChanges "upkeep::work_goes_on_after_scrubbing"
    CheckFindsDamage "upkeep::a_new_back_end_is_sound"
    CheckDeletes "upkeep::checking_changes_nothing"
    CloseIsForgotten "upkeep::commit_is_closed_after_closing"
    CloseOnlyOnce "upkeep::closing_twice_is_fine"
    DebugTells "upkeep::debug_tells_no_content"
    // Callers at once.
    KeysAreSplit "concurrency::changes_of_several_keys_are_not_seen_by_halves"
    AddLooksFirst "concurrency::one_of_many_adds_a_key"
    DestroyLooksFirst "concurrency::one_of_many_destroys_a_key"
    ReplaceLooksFirst "concurrency::one_of_many_replaces_a_key"
    CommitLooksFirst "concurrency::counters_lose_no_step"
    CommitIsSplit "concurrency::both_logs_see_batches_in_one_order"
    CommitAnswersOthers "concurrency::entries_at_once_make_one_chain"
    CommitDropsCrowds "concurrency::commits_at_once_are_all_there"
    GetManyIsSplit "concurrency::rows_of_one_batch_are_not_seen_by_halves"
    ScanIsSplit "concurrency::a_scan_beside_changes_tells_whole_rows"
}

/// Makes back ends with one fault. Tasks take turns, so that what is found is always found.
struct Faulty(Fault);

#[async_trait]
impl Factory for Faulty {
    async fn place(&self) -> Result<Box<dyn Place>, Error> {
        let backend: Arc<dyn Backend> = Arc::new(Lying::new(self.0).await?);
        Ok(Box::new(Kept(backend)))
    }
}

fn finds(case: &'static BackendCase, fault: Fault) -> bool {
    let executor = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    executor.block_on(case.run(&Faulty(fault))).is_err()
}

fn case(name: &str) -> &'static BackendCase {
    crypto_store::conformance::named(backend_cases(), name)
}

#[test]
fn each_fault_is_found_by_its_case() {
    let missed: Vec<_> = FAULTS
        .iter()
        .filter(|(fault, name)| !finds(case(name), *fault))
        .collect();
    assert!(missed.is_empty(), "not found: {missed:?}");
}

#[test]
fn without_a_fault_nothing_is_found() {
    for case in backend_cases() {
        assert!(!finds(case, Fault::None), "{}", case.name());
    }
}

/// A case that finds no fault proves nothing.
#[test]
fn each_case_finds_a_fault() {
    let named: BTreeSet<&str> = FAULTS.iter().map(|(_, name)| *name).collect();
    let idle: Vec<&str> = backend_cases()
        .iter()
        .filter(|case| !named.contains(case.name()))
        .filter(|case| !FAULTS.iter().any(|(fault, _)| finds(case, *fault)))
        .map(|case| case.name())
        .collect();
    assert!(idle.is_empty(), "found nothing: {idle:?}");
}
