//! Messages, Outcomes, kernels, applications, currencies.

use super::page::Page;
use crate::{
    bytes::Hex,
    data::aids::{self, PROVIDERS},
    entry::KernelId,
    kernel::{
        outcome::{MessageId, OutcomeResult},
        registry,
    },
    terminal::Currency,
};

/// When the display shows a message (Book A, table 9-1).
fn shown_when(message: MessageId) -> &'static str {
    match message {
        MessageId::APPROVED => "the transaction is approved",
        MessageId::NOT_AUTHORISED => "the transaction is declined",
        MessageId::ENTER_PIN => "online PIN is the CVM",
        MessageId::PROCESSING_ERROR => "something failed that the cardholder cannot help",
        MessageId::REMOVE_CARD => "the transaction has ended and the card is still there",
        MessageId::WELCOME => "the reader is idle",
        MessageId::PRESENT_CARD => "the reader is ready for a card",
        MessageId::PROCESSING => "the card is being read; it has to stay",
        MessageId::CARD_READ_OK => "everything is read; the card may leave while the decision is made",
        MessageId::INSERT_OR_SWIPE => "Try Another Interface, whichever",
        MessageId::ONE_CARD_ONLY => "more than one card is in the field",
        MessageId::APPROVED_PLEASE_SIGN => "the transaction is approved and signature is the CVM",
        MessageId::AUTHORISING => "Online Request: the issuer is being asked",
        MessageId::TRY_ANOTHER_CARD => "End Application: this card cannot be used here",
        MessageId::INSERT_CARD => "Try Another Interface with the contact chip",
        MessageId::CLEAR_DISPLAY => "nothing is to be shown",
        MessageId::SEE_PHONE => "the phone wants its owner verified; the transaction starts again at B",
        MessageId::PRESENT_CARD_AGAIN => "the card is needed a second time",
        _ => "",
    }
}

/// A message by its identifier.
pub(super) fn message(id: u8) -> Option<Page> {
    let message = MessageId(id);
    let text = message.text()?;
    let page = Page::new("message", message.to_string(), format!("message \"{text}\""));
    Some(page.fact("shown when", shown_when(message)).fact("from", "Book A, table 9-1; the words are the acquirer's"))
}

/// An Outcome by its name.
pub(super) fn outcome(result: OutcomeResult) -> Page {
    let (words, next) = match result {
        OutcomeResult::Approved => ("the transaction is approved offline", "the reader is done"),
        OutcomeResult::Declined => ("the transaction is declined offline", "the reader is done"),
        OutcomeResult::OnlineRequest => (
            "the issuer decides",
            "the host is asked; with a start and issuer data the kernel runs again, else the host's word is final",
        ),
        OutcomeResult::TryAnotherInterface => {
            ("this card, but not contactless", "the cardholder inserts or swipes; alternate interface says which")
        }
        OutcomeResult::EndApplication => (
            "this card cannot be used here",
            "the reader is done; with a start it waits for the card to leave and starts again",
        ),
        OutcomeResult::SelectNext => (
            "this application does not suit",
            "Entry Point takes the next candidate, at Start C; the reader never sees it",
        ),
        OutcomeResult::TryAgain => {
            ("the card has to be presented again", "Entry Point starts at B; the reader never sees it")
        }
    };
    let page =
        Page::new("outcome", result.name(), words).fact("next", next).fact("from", "Book A, table 6-1; Book B, 3.5.1");
    // Select Next and Try Again stay inside the reader: no result has them.
    match result {
        OutcomeResult::SelectNext | OutcomeResult::TryAgain => page.see("emvtap pay 12.50 -v"),
        _ => page.see(format!("emvtap pay 12.50 --expect {}", result.name())),
    }
}

/// What is called an Outcome elsewhere, and is none of Book A's table 6-1.
pub(super) fn request_online_pin() -> Page {
    Page::new("outcome", "request-online-pin", "online PIN is asked for while the issuer is being asked")
        .fact(
            "here",
            "no Outcome of its own: an Online Request whose CVM is online PIN; no kernel built in gives another",
        )
        .fact("from", "Book A, table 6-1 and table 6-2 (CVM)")
        .see("emvtap explain online-request")
        .see("emvtap pay 60 --expect online-request")
}

/// Brand and peculiarity of the kernels with an EMVCo number.
const KERNELS: [&str; 8] = [
    "some JCB and Visa applications, legacy",
    "Mastercard",
    "Visa",
    "American Express",
    "JCB",
    "Discover",
    "UnionPay",
    "EMVCo's own, for every brand",
];

/// A kernel by its identifier, as 9F2A has it (Book B, tables 3-4 and 3-5). `None` if there can be no such identifier.
pub(super) fn kernel(identifier: &[u8]) -> Option<Page> {
    let (first, rest) = identifier.split_first()?;
    let brand = usize::from(*first).checked_sub(1).and_then(|place| KERNELS.get(place));
    let (title, bytes) = match (first >> 6, rest) {
        (_, rest) if rest.len() > 7 => return None,
        (1, _) => ("reserved kernel type; taken by its first byte, and no kernel has this identifier".to_owned(), 1),
        (0, _) => match (first, brand) {
            (0, _) => ("any kernel that the reader has for the application".to_owned(), 1),
            (number, Some(brand)) => (format!("Kernel {number}: {brand}"), 1),
            (number, None) => (format!("international kernel {number}, not assigned"), 1),
        },
        (2, [high, low, ..]) => {
            let currency = Currency::from_bcd([*high, *low])
                .map_or("an unknown currency".to_owned(), |known| known.code().to_owned());
            (format!("domestic kernel {} in EMVCo's format, of the currency {currency}", first & 0x3F), 3)
        }
        (_, [_, _, ..]) => (format!("domestic kernel {} in a proprietary format", first & 0x3F), 3),
        _ => ("a domestic identifier has at least three bytes: Entry Point skips this entry".to_owned(), 0),
    };
    let of_kernel = PROVIDERS.iter().filter(|provider| bytes == 1 && provider.kernel == *first);
    let default =
        of_kernel.map(|provider| format!("{} ({})", provider.name, Hex(&provider.rid))).collect::<Vec<_>>().join(", ");
    let known = identifier.get(..bytes).filter(|bytes| !bytes.is_empty());
    let built = known.map(|known| match registry::build(known, &registry::Settings::default()) {
        Some(_) => "yes",
        None => "no",
    });
    let shown = known.and_then(KernelId::new).map_or(Hex(identifier).to_string(), |id| id.to_string());
    let page = Page::new("kernel", shown, title)
        .fact("default for", default)
        .fact("in emvtap", built.unwrap_or_default())
        .fact("from", "Book B, tables 3-4 to 3-6");
    Some(page.see("emvtap explain 9F2A"))
}

/// An application identifier, or the beginning of some.
pub(super) fn aid(aid: &[u8]) -> Option<Page> {
    let provider = aids::provider(aid);
    let application = aids::named(aid);
    let under: Vec<Vec<String>> = aids::beginning_with(aid)
        .filter(|other| Some(*other) != application)
        .map(|other| vec![Hex(other.prefix).to_string(), other.name.to_owned()])
        .collect();
    if provider.is_none() && application.is_none() && under.is_empty() {
        return None;
    }
    let title = match (application, provider) {
        (Some(application), _) => application.name.to_owned(),
        (None, Some(provider)) if aid.len() == provider.rid.len() => format!("provider {} (RID)", provider.name),
        (None, Some(provider)) => format!("an application of {}", provider.name),
        (None, None) => "a provider".to_owned(),
    };
    let kernel = match provider {
        Some(provider) => format!("C-{}, if 9F2A names none", provider.kernel),
        None => "none: if 9F2A names none, any kernel that the reader has for it".to_owned(),
    };
    let part = aid.get(5..).filter(|pix| !pix.is_empty()).map(|pix| Hex(pix).to_string()).unwrap_or_default();
    let mut page = Page::new("aid", Hex(aid).to_string(), title)
        .fact(
            "provider",
            format!("{} (RID {})", provider.map_or("", |provider| provider.name), Hex(aid.get(..5)?)).trim().to_owned(),
        )
        .fact("extension", part)
        .fact("kernel", kernel)
        .fact("note", application.map_or("", |application| application.note))
        .fact("from", "Book B, 3.3.2.5 and table 3-6")
        .list("applications that begin like this", under);
    if let Some(provider) = provider {
        page = page.see(format!("emvtap explain kernel {:02X}", provider.kernel));
    }
    Some(page)
}

/// A currency by its letters or its number.
pub(super) fn currency(text: &str) -> Option<Page> {
    let currency = Currency::parse(text)?;
    let places = match currency.exponent() {
        0 => "none".to_owned(),
        places => places.to_string(),
    };
    let page = Page::new("currency", currency.code(), currency.name());
    let page = page.fact("on a card", format!("{} (5F2A, n3)", Hex(&currency.to_bcd()))).fact("decimals", places);
    Some(page.fact("from", "ISO 4217").see("emvtap explain 5F2A"))
}
