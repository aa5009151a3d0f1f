//! Refunds (9C = 20): what the book leaves to the product.

use super::{
    cryptogram::{self, CryptogramType},
    facts::Facts,
    options::{Options, Refund},
    outcome, rules,
};
use crate::{
    data::dictionary::TRANSACTION_TYPE_9C,
    kernel::{contract::Cx, outcome::Outcome},
};

/// The way of refunds, if this transaction is one and the product treats it unlike a purchase.
pub fn way(options: &Options, cx: &Cx<'_>) -> Option<Refund> {
    let refund = cx.store.array(TRANSACTION_TYPE_9C) == Some([0x20]);
    Some(options.refund).filter(|way| refund && *way != Refund::AsPurchase)
}

/// 5.4.3.2 for a refund: a card that declines lends no money, and need not agree to be given some.
pub fn check_type(facts: &mut Facts, cx: &mut Cx<'_>) {
    if facts.cryptogram == CryptogramType::Aac {
        cx.rule(rules::REFUND, format_args!("the card answered with an AAC, which does not stand against a refund"));
    } else {
        cryptogram::check_type(facts, cx);
    }
}

/// The end of a refund that passed the restrictions: neither card nor cardholder is authenticated for it.
pub fn complete(way: Refund, facts: &Facts, options: &Options, cx: &mut Cx<'_>) -> Outcome {
    match way {
        Refund::EndApplication => {
            cx.rule(rules::REFUND, format_args!("the terminal gets the card's data and goes on by itself"));
            outcome::account_data(cx)
        }
        Refund::AccountData | Refund::AsPurchase => {
            cx.rule(rules::REFUND, format_args!("neither card nor cardholder is authenticated"));
            outcome::complete(facts, options, cx)
        }
    }
}
