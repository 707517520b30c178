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
            "{ID:n 71 h 83}",
            "{ID:g 4 d 2 h 7}",
            "{ID:vs 418 t}",
            "sure it is {ID:4718}",
            "sorry {ID:wq 60 z 4}",
            "ravindra and {ID:4718}",
            "tamsin brennigan {ID:khl 546}",
            "4 x 100 ml",
            "is 2 h 30",
            "10 30 pm",
            "only 1200",
            "sorry 2019",
            "it was 450",
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
        &[Kind::Id, Kind::Postcode],
        &[
            "ravindra {ID:4718}",
            "tamsin and {ID:4718}",
            "qwedlinburg {POSTCODE:60014}",
            "paid 1200",
            "invoices 12000",
        ],
    );
    check(
        &[Kind::Secret],
        &[
            "anna {SECRET:47180}",
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
fn ten_digits_alone() {
    check(
        &[Kind::Phone, Kind::Id],
        &["{PHONE:9876120045}", "{ID:98761200451}"],
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
