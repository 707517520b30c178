//! The names of all cases, once.

use super::trial::Trial;
use super::{
    BackendCase, Case, ProviderCase, concurrency, due, durability, get_many, key_scan, keys, logs,
    ownership, prefix, providers, references, require, rows, snapshot, upkeep,
};

#[doc(hidden)]
#[macro_export]
macro_rules! __backend_cases {
    ([$($then:tt)*] $($with:tt)*) => {
        $($then)*! {
            [$($with)*]
            keys {
                new_back_end_has_no_keys
                add_of_a_new_key_answers_true
                add_of_a_taken_name_answers_false_and_changes_nothing
                set_of_a_new_key_answers_true
                set_of_a_taken_name_answers_false_and_replaces
                set_of_the_same_bytes_keeps_the_key
                set_touches_no_other_key
                destroy_answers_true_and_forgets
                destroy_of_nothing_answers_false
                destroy_twice_answers_false
                destroy_touches_no_other_key
                keys_together_come_in_the_order_asked
                keys_together_say_what_is_absent
                add_after_destroy_answers_true
                set_after_destroy_answers_true
                other_keys_take_the_room_of_destroyed_ones
                replace_of_what_was_seen_answers_true
                replace_loses_against_set
                replace_loses_against_destroy
                replace_loses_against_destroy_of_any_length
                replace_loses_against_another_key_of_the_name
                replace_never_hits_a_key_that_took_the_room
                replace_loses_against_replace
                replace_goes_on_from_what_is_seen_next
                replace_adds_nothing
                replace_compares_every_byte
                replace_compares_the_length
                replace_compares_the_name
                replace_touches_no_other_key
                replace_may_change_the_length
                empty_change_answers_nothing
                answers_come_in_the_order_of_the_changes
                changes_of_one_call_see_each_other
                add_and_destroy_in_one_call_leave_nothing
                the_last_set_of_one_call_wins
                replace_behind_a_set_of_one_call_loses
                replace_behind_a_destroy_of_one_call_loses
                the_first_replace_of_one_call_wins
                a_false_answer_stops_no_other_change
                a_thousand_changes_fit_one_call
                a_value_may_be_empty
                a_value_may_be_one_byte
                a_value_may_be_77_bytes
                a_value_may_be_81_bytes
                a_value_may_be_a_page
                a_value_may_be_64_kib
                a_set_may_change_the_length
                a_value_may_be_all_zeros_or_all_ones
                a_value_may_hold_every_byte
                names_may_be_all_zeros_or_high
                names_differ_by_any_byte
                list_is_in_order_of_names
                list_order_is_that_of_bytes
                list_pages_have_no_gap_and_no_repeat
                list_begins_behind_the_name
                list_begins_behind_a_name_that_is_not_there
                list_behind_the_last_is_empty
                list_of_none_is_empty
                list_leaves_out_what_was_destroyed
                keys_and_rows_do_not_mix
            }
            key_scan {
                scan_sees_each_key_once
                scan_tells_names_and_bytes
                scan_positions_grow_from_above_zero
                scan_pages_have_no_gap_and_no_repeat
                scan_of_none_is_empty
                scan_behind_the_last_is_empty
                scan_leaves_out_what_was_destroyed
                scan_again_tells_the_same
                replace_keeps_the_position
                set_keeps_the_position
                scan_goes_on_over_replacements
                scan_ends_over_replacements_of_another_length
                scan_goes_on_over_sets
                scan_goes_on_over_additions
                scan_goes_on_over_destructions
                a_rotation_brings_nothing_back
            }
            rows {
                new_back_end_has_no_rows
                put_is_read_back
                put_replaces_the_row
                put_again_may_take_references_and_time_away
                put_again_keeps_the_order_of_insertion
                put_again_of_the_same_row_keeps_it
                a_given_order_is_ignored
                a_given_order_is_ignored_when_replacing
                the_order_of_insertion_begins_above_zero
                the_order_of_insertion_grows
                the_order_of_insertion_grows_within_a_batch
                a_row_put_after_a_deletion_comes_last
                delete_takes_the_row_away
                delete_of_nothing_is_committed
                delete_twice_is_committed
                delete_takes_no_other_row
                tables_do_not_mix
                a_key_may_be_empty
                a_key_may_hold_every_byte
                a_key_may_be_long
                keys_may_be_zeros_or_high
                keys_that_begin_alike_are_others
                a_value_may_be_empty_or_zeros
                a_value_may_be_a_mebibyte
                a_row_may_hold_every_byte
                references_may_be_absent_one_by_one
                an_empty_reference_is_not_an_absent_one
                references_may_hold_any_bytes
                a_time_may_be_absent_or_any
                the_last_put_of_a_batch_wins
                put_and_delete_of_one_batch_leave_nothing
                delete_and_put_of_one_batch_make_a_new_row
                a_batch_may_change_every_table
                a_batch_may_hold_two_thousand_changes
                an_empty_batch_is_committed
            }
            require {
                absent_holds_without_a_row
                absent_fails_with_a_row
                absent_fails_with_an_empty_row
                present_holds_with_a_row
                present_holds_with_an_empty_row
                present_fails_without_a_row
                a_value_holds_when_it_is_the_rows
                a_value_fails_when_it_is_another
                a_value_fails_when_it_only_begins_alike
                a_value_fails_without_a_row
                an_empty_value_holds_without_a_row
                an_empty_value_holds_with_an_empty_row
                an_empty_value_fails_with_content
                a_requirement_looks_into_its_own_table
                a_refusal_tells_the_position
                a_position_counts_all_changes
                the_first_that_does_not_hold_is_told
                requirements_are_checked_before_a_put_in_front
                requirements_are_checked_before_a_delete_in_front
                a_refused_batch_puts_nothing
                a_refused_batch_replaces_nothing
                a_refused_batch_deletes_nothing
                a_refused_batch_appends_nothing
                a_refused_batch_leaves_no_gap_in_a_log
                a_refused_batch_can_be_given_again
                requirements_alone_change_nothing
                requirements_may_be_many
                requirements_that_contradict_refuse
                a_value_swaps_once
            }
            prefix {
                prefix_finds_nothing_in_nothing
                an_empty_prefix_finds_all
                a_prefix_finds_what_begins_with_it
                a_prefix_may_be_a_whole_key
                a_prefix_longer_than_any_key_finds_nothing
                a_prefix_between_keys_finds_nothing
                a_prefix_of_high_bytes_has_no_upper_bound
                a_prefix_that_ends_in_a_high_byte_is_bounded
                a_prefix_of_zeros_is_no_empty_one
                an_empty_key_is_found_by_an_empty_prefix
                prefix_goes_on_behind_a_key
                prefix_goes_on_behind_a_key_that_is_not_there
                a_bound_in_front_of_the_prefix_is_none
                a_bound_that_is_the_prefix_excludes_its_row
                a_bound_behind_the_prefix_finds_nothing
                prefix_keeps_to_the_limit
                prefix_pages_have_no_gap_and_no_repeat
                prefix_tells_whole_rows
                prefix_keeps_to_its_table
                prefix_follows_changes
            }
            references {
                reference_finds_nothing_in_nothing
                the_first_reference_is_found
                the_second_reference_is_found
                the_two_references_do_not_mix
                a_reference_matches_as_a_whole
                an_empty_reference_finds_no_absent_one
                references_of_high_and_zero_bytes_are_found
                reference_goes_on_behind_an_order
                reference_goes_on_behind_an_order_of_another_row
                reference_behind_the_last_is_empty
                reference_keeps_to_the_limit
                reference_pages_have_no_gap_and_no_repeat
                reference_leaves_out_deleted_rows
                reference_follows_replaced_rows
                reference_forgets_what_a_replacement_took_away
                a_replaced_row_keeps_its_place_among_references
                a_row_put_again_comes_last_among_references
                reference_keeps_to_its_table
                reference_tells_whole_rows
            }
            due {
                due_finds_nothing_in_nothing
                due_rows_come_earliest_first
                due_is_inclusive
                rows_without_a_time_are_never_due
                rows_of_one_time_come_by_order_of_insertion
                times_before_1970_come_first
                the_extreme_times_are_found
                due_goes_on_behind_time_and_order
                the_order_counts_only_at_the_same_time
                a_cursor_at_the_bound_finds_nothing_more
                due_keeps_to_the_limit
                due_pages_have_no_gap_and_no_repeat
                due_follows_replaced_times
                a_replaced_row_keeps_its_place_at_its_time
                due_leaves_out_deleted_rows
                due_keeps_to_its_table
                due_tells_whole_rows
            }
            get_many {
                get_many_of_none_is_empty
                get_many_answers_in_the_order_asked
                get_many_says_what_is_absent
                get_many_answers_the_same_key_twice
                get_many_asks_several_tables
                get_many_tells_whole_rows
                get_many_takes_an_empty_key
                get_many_takes_a_thousand_keys
            }
            logs {
                new_logs_are_empty
                an_entry_is_read_back
                positions_begin_at_zero_without_gaps
                the_first_link_follows_zeros
                each_link_follows_the_one_before
                links_follow_each_other_within_a_batch
                the_two_logs_are_independent
                the_link_of_the_batch_is_used
                heads_tell_position_and_link
                heads_come_in_the_order_of_the_entries
                rows_have_no_heads
                an_entry_may_be_empty
                an_entry_may_be_a_mebibyte
                entries_may_be_alike
                a_log_is_read_from_a_position_on
                a_log_keeps_to_the_limit
                a_log_behind_its_end_is_empty
                a_thousand_entries_are_paged
                logs_and_tables_do_not_mix
            }
            snapshot {
                a_snapshot_of_nothing_is_empty
                a_snapshot_is_complete_and_in_order
                a_snapshot_tells_rows_by_insertion
                a_snapshot_may_hold_one_table_alone
                a_snapshot_tells_logs_without_rows
                a_snapshot_is_empty_after_its_end
                a_snapshot_is_taken_when_it_returns
                a_snapshot_stays_frozen_while_it_is_read
                changes_beside_a_snapshot_are_seen_by_others
                two_snapshots_tell_two_moments
                a_snapshot_may_be_dropped_half_way
                a_snapshot_never_tells_half_a_batch
                a_snapshot_outlives_a_scrub
                a_snapshot_holds_no_keys
                a_snapshot_tells_large_rows
                a_snapshot_ends_with_its_back_end
            }
            upkeep {
                a_new_back_end_is_scrubbed
                quiet_keys_are_scrubbed_at_once
                quiet_records_are_scrubbed_at_once
                scrubbing_twice_is_fine
                scrubbing_changes_nothing
                work_goes_on_after_scrubbing
                scrubbing_is_possible_after_a_snapshot
                scrubbing_beside_changes_loses_nothing
                a_new_back_end_is_sound
                a_used_back_end_is_sound
                checking_changes_nothing
                closing_twice_is_fine
                change_keys_is_closed_after_closing
                key_is_closed_after_closing
                list_keys_is_closed_after_closing
                scan_keys_is_closed_after_closing
                commit_is_closed_after_closing
                get_is_closed_after_closing
                get_many_is_closed_after_closing
                scan_is_closed_after_closing
                log_is_closed_after_closing
                scrub_is_closed_after_closing
                snapshot_is_closed_after_closing
                check_is_closed_after_closing
                closing_beside_changes_tells_each_what_became
                debug_tells_no_content
            }
            concurrency {
                commits_at_once_are_all_there
                entries_at_once_make_one_chain
                both_logs_see_batches_in_one_order
                counters_lose_no_step
                one_of_many_makes_a_row
                one_of_many_adds_a_key
                one_of_many_destroys_a_key
                one_of_many_replaces_a_key
                a_destroyed_key_stays_so_beside_a_rotation
                changes_of_several_keys_are_not_seen_by_halves
                rows_of_one_batch_are_not_seen_by_halves
                puts_and_deletes_at_once_are_seen_together
                a_scan_beside_changes_tells_whole_rows
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __durability_cases {
    ([$($then:tt)*] $($with:tt)*) => {
        $($then)*! {
            [$($with)*]
            durability {
                an_empty_back_end_stays_empty
                keys_survive
                key_positions_survive
                destroyed_keys_stay_destroyed
                changed_keys_stay_changed
                rows_survive
                large_rows_survive
                the_order_of_insertion_goes_on
                logs_survive
                links_go_on
                a_refused_batch_left_nothing_behind
                what_was_done_survives_without_closing
                what_was_scrubbed_survives
                what_many_did_survives
                searches_find_what_was_before
                a_reopened_back_end_is_sound
                a_closed_handle_stays_closed
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __ownership_cases {
    ([$($then:tt)*] $($with:tt)*) => {
        $($then)*! {
            [$($with)*]
            ownership {
                a_second_owner_is_refused
                a_refused_owner_disturbs_nothing
                an_owner_follows_a_closed_one
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __provider_cases {
    ([$($then:tt)*] $($with:tt)*) => {
        $($then)*! {
            [$($with)*]
            providers {
                random_keys_come_back
                a_key_of_zeros_comes_back
                a_key_of_ones_comes_back
                a_key_comes_back_again_and_again
                many_keys_do_not_mix
                an_empty_context_is_one
                a_context_may_be_64_kib
                a_context_may_hold_every_byte
                the_end_of_a_long_context_counts
                every_bit_of_the_context_counts
                a_shorter_context_is_another
                a_longer_context_is_another
                no_context_is_not_any_context
                contexts_of_two_keys_cannot_be_swapped
                every_byte_of_the_wrapped_key_counts
                a_truncated_wrapped_key_is_refused
                a_wrapped_key_without_its_beginning_is_refused
                an_extended_wrapped_key_is_refused
                bytes_that_no_root_made_are_refused
                halves_of_two_wraps_do_not_fit
                no_two_wraps_are_alike
                a_wrapped_key_does_not_hold_the_key
                another_root_refuses
                each_root_has_a_name_of_its_own
                the_name_stays_the_same
                the_horizon_is_the_documented_one
                debug_tells_no_key
                errors_tell_no_input
                a_refusal_does_not_wear_the_root_out
                many_tasks_at_once_get_their_own_keys
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __provider_durability_cases {
    ([$($then:tt)*] $($with:tt)*) => {
        $($then)*! {
            [$($with)*]
            providers {
                a_reopened_root_opens_what_it_wrapped
                two_handles_of_a_root_understand_each_other
                a_reopened_root_has_the_same_name
                a_reopened_root_is_not_its_neighbour
            }
        }
    };
}

/// Makes a test of each case.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    ([$list:ident $run:path] $($group:ident { $($name:ident)* })*) => {
        $($(
            #[test]
            fn $name() {
                let name = concat!(stringify!($group), "::", stringify!($name));
                $run($crate::conformance::named($crate::conformance::$list(), name))
            }
        )*)*
    };
}

/// Makes one test of each of [`backend_cases`]: every back end must pass them.
///
/// Takes the path of a function that runs a [`BackendCase`] on an executor and panics with
/// the failure. From inside of a module the path begins with `super::` or `crate::`.
#[macro_export]
macro_rules! backend_conformance {
    ($run:path) => {
        $crate::__backend_cases! { [$crate::__conformance_tests] backend_cases $run }
    };
}

/// Makes one test of each of [`durability_cases`], as
/// [`backend_conformance!`] does.
#[macro_export]
macro_rules! backend_durability {
    ($run:path) => {
        $crate::__durability_cases! { [$crate::__conformance_tests] durability_cases $run }
    };
}

/// Makes one test of each of [`ownership_cases`], as
/// [`backend_conformance!`] does.
#[macro_export]
macro_rules! backend_ownership {
    ($run:path) => {
        $crate::__ownership_cases! { [$crate::__conformance_tests] ownership_cases $run }
    };
}

/// Makes one test of each of [`provider_cases`]: every root of keys must pass them.
///
/// Takes the path of a function that runs a [`ProviderCase`] on an executor and panics
/// with the failure. From inside of a module the path begins with `super::` or `crate::`.
#[macro_export]
macro_rules! provider_conformance {
    ($run:path) => {
        $crate::__provider_cases! { [$crate::__conformance_tests] provider_cases $run }
    };
}

/// Makes one test of each of [`provider_durability_cases`], as
/// [`provider_conformance!`] does.
#[macro_export]
macro_rules! provider_durability {
    ($run:path) => {
        $crate::__provider_durability_cases! {
            [$crate::__conformance_tests] provider_durability_cases $run
        }
    };
}

macro_rules! backends {
    ([] $($group:ident { $($name:ident)* })*) => {
        &[$($(Case {
            name: concat!(stringify!($group), "::", stringify!($name)),
            body: |factory| Box::pin(async move {
                let mut t = Trial::new(factory).await?;
                $group::$name(&mut t).await
            }),
        },)*)*]
    };
}

macro_rules! roots {
    ([] $($group:ident { $($name:ident)* })*) => {
        &[$($(Case {
            name: concat!(stringify!($group), "::", stringify!($name)),
            body: |roots| Box::pin($group::$name(roots)),
        },)*)*]
    };
}

/// What every back end must do.
pub fn backend_cases() -> &'static [BackendCase] {
    __backend_cases! { [backends] }
}

/// What a back end must do that outlives its process.
pub fn durability_cases() -> &'static [BackendCase] {
    __durability_cases! { [backends] }
}

/// What a back end must do that belongs to one owner at a time.
pub fn ownership_cases() -> &'static [BackendCase] {
    __ownership_cases! { [backends] }
}

/// What every root of keys must do.
pub fn provider_cases() -> &'static [ProviderCase] {
    __provider_cases! { [roots] }
}

/// What a root of keys must do that can be opened again.
pub fn provider_durability_cases() -> &'static [ProviderCase] {
    __provider_durability_cases! { [roots] }
}

/// The case of this name.
///
/// # Panics
/// If there is none: the macros name only those that are there.
#[doc(hidden)]
#[expect(clippy::panic, reason = "says so; only tests call it")]
pub fn named<M: ?Sized + 'static>(cases: &'static [Case<M>], name: &str) -> &'static Case<M> {
    match cases.iter().find(|case| case.name == name) {
        Some(case) => case,
        None => panic!("no case {name}"),
    }
}
