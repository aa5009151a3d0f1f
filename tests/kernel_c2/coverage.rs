//! Every step that the kernel can cite is cited by one of the stories here; what none can reach is listed with the reason.

use std::collections::BTreeSet;

use emvtap::kernel::c2::rules;

use crate::{
    authentication, ends, gpo,
    harness::{CITED, ENTERED},
    mag_stripe, procedures, records, relay, signals, storage, torn,
};

/// Steps that no story reaches, and why.
const UNREACHED: [(&str, &str); 0] = [];

/// Every state but S1, in which nothing is awaited.
const STATES: [&str; 19] = [
    "R1", "S10", "S11", "S12", "S13", "S14", "S15", "S16", "S17", "S2", "S3", "S4", "S4'", "S5", "S6", "S7", "S8",
    "S9", "back-off",
];

const STORIES: &[fn()] = &[
    authentication::a_signature_that_is_owed_has_to_come,
    authentication::relay_resistance_is_signed,
    authentication::signatures_of_somebody_else_are_good,
    authentication::what_is_signed_has_to_be_what_was_said,
    ends::a_lost_card_is_presented_again,
    ends::a_tc_is_approved,
    ends::an_aac_may_be_tried_at_the_contact_interface,
    ends::limits_are_passed_by_what_is_greater,
    ends::something_to_do_on_the_phone_is_a_second_tap,
    ends::status_words_have_their_ends,
    gpo::a_mag_stripe_record_is_passed_over_in_emv_mode,
    gpo::an_answer_to_select_that_is_not_understood_selects_the_next,
    gpo::an_empty_object_of_the_pdol_is_asked_for,
    gpo::the_answer_is_template_77_or_80,
    gpo::the_mode_is_the_common_one,
    gpo::the_pdol_gets_what_it_asks_for,
    gpo::the_terminal_may_speak_while_the_card_works,
    mag_stripe::a_card_of_the_field_is_understood,
    mag_stripe::a_device_that_verified_its_holder_adds_five,
    mag_stripe::digits_are_put_into_track_1,
    mag_stripe::maps_have_to_fit,
    mag_stripe::no_checksum_is_a_second_tap_or_a_refusal,
    mag_stripe::records_and_answers_have_their_ends,
    mag_stripe::several_records_are_read,
    mag_stripe::the_cards_udol_is_answered,
    mag_stripe::the_terminal_has_its_say,
    procedures::a_device_verifies_its_holder,
    procedures::action_codes_decide,
    procedures::failures_are_told_apart,
    procedures::signatures_are_asked_for_where_they_can_be_had,
    procedures::usage_control_allows_kinds_of_terminals,
    procedures::usage_control_allows_services,
    procedures::versions_and_dates_are_compared,
    records::a_cdol_that_cannot_be_answered_is_the_cards_fault,
    records::a_lost_card_and_a_stop_end_every_reading,
    records::a_record_that_is_not_understood_ends_with_the_next_answer,
    records::answers_with_cryptograms_are_whole,
    records::lists_of_the_card_may_ask_for_more,
    records::signed_records_have_to_be_records,
    records::static_data_have_a_limit,
    records::the_terminal_is_told_as_soon_as_it_has_all,
    records::the_terminal_may_hold_the_first_write_back,
    records::what_cda_needs_is_missed,
    records::what_is_mandatory_is_missed_at_the_end,
    records::what_the_terminal_wants_goes_to_it,
    relay::a_card_that_is_too_fast_lies,
    relay::a_card_that_is_too_slow_gets_two_more_chances,
    relay::estimates_that_do_not_agree_exceed_the_threshold,
    relay::relay_resistance_needs_both,
    relay::track_2_tells_the_issuer,
    relay::wrong_answers_have_their_ends,
    signals::a_stop_before_the_transaction_ends_it,
    signals::old_torn_transactions_are_cleaned_away,
    storage::a_write_has_to_be_proven,
    storage::an_aac_without_signature_is_no_answer_to_storage,
    storage::balances_are_read_in_older_editions,
    storage::dsdol_may_ask_for_more,
    storage::objects_are_written_after_the_cryptogram,
    storage::objects_are_written_before_the_cryptogram,
    storage::storage_is_read,
    storage::storage_is_written,
    storage::storage_needs_everything,
    storage::summaries_are_signed,
    storage::the_cryptogram_has_to_suit_the_data,
    torn::a_card_that_knows_nothing_gives_a_new_cryptogram,
    torn::a_new_cryptogram_is_checked_like_the_first,
    torn::a_recovered_cryptogram_is_checked_too,
    torn::a_torn_transaction_is_remembered,
    torn::a_torn_write_is_looked_after,
    torn::the_next_tap_recovers_the_cryptogram,
];

#[test]
fn every_step_is_reached() {
    CITED.with_borrow_mut(BTreeSet::clear);
    STORIES.iter().for_each(|story| story());
    let cited = CITED.with_borrow(Clone::clone);
    let mut wrong = Vec::new();
    for rule in rules::ALL {
        let excused = UNREACHED.iter().any(|(number, _)| *number == rule.number);
        match (cited.contains(rule.number), excused) {
            (false, false) => wrong.push(format!("{rule} is reached by no story: {}", rule.words)),
            (true, true) => wrong.push(format!("{rule} is reached, and should not be listed")),
            _ => {}
        }
    }
    for number in &cited {
        if !rules::ALL.iter().any(|rule| rule.number == number) {
            wrong.push(format!("{number} is cited, and in no table"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let entered = ENTERED.with_borrow(Clone::clone);
    assert_eq!(entered, STATES.iter().map(|symbol| (*symbol).to_owned()).collect());
}
