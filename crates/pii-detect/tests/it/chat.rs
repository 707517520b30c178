use crate::marked::check;
use pii_detect::Kind;

#[test]
fn a_message_that_is_nothing_but_a_code() {
    check(
        &[Kind::Id],
        &[
            "{ID:4718}",
            "{ID:k 81 f 27}",
            "{ID:wqz 603}",
            "could you give me that?\n{ID:4718}\nthank you",
            "12",
            "10 am",
            "500 eur",
            "we are 4 people",
            "nothing asked here\n4718\nand more",
        ],
    );
}

#[test]
fn what_a_cue_names_keeps_its_kind() {
    check(
        &[Kind::Id, Kind::Order],
        &[
            "my confirmation number is {ORDER:ff 3 sj 27}",
            "order 500 pieces of it",
        ],
    );
}

#[test]
fn a_name_and_a_code() {
    check(
        &[Kind::Secret],
        &[
            "ravindra {SECRET:4718}",
            "tamsin brennigan {SECRET:660142}",
            "my password is {SECRET:ravindra}",
            "tamsin and my password is {SECRET:brennigan}.",
            "galaxion 2023",
            "order 4718",
            "leipzig 4718",
            "thanks 4718",
            "my password is wrong",
            "the password is not accepted",
            "password is expired, please help",
        ],
    );
}

#[test]
fn addresses_without_their_signs() {
    check(
        &[Kind::Email],
        &[
            "write to {EMAIL:tamsin 27 gmailcom}",
            "{EMAIL:brennagmailcom}",
            "my mail is {EMAIL:orla yahoocom} thanks",
            "gmail is down",
        ],
    );
}
