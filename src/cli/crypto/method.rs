//! Which method is meant, and the keys of a card.

use super::{
    input::{Input, pan_of, psn_of},
    key::Secret,
    page::Page,
};
use crate::{
    cli::{
        args::{
            self,
            crypto::{Card, DerivationOption, KeyIs, MacKind, PaddingKind, Session},
        },
        failure::Failure,
    },
    crypto::{
        SymmetricKey,
        derive::{MasterKeyOption, derivation_data},
        des::Padding,
        diagnose::Holds,
        method::{CardKey, Input as MacInput, Mac, Method, SessionKey},
        scheme::{Evidence, VERSIONS, Version},
        tree::Tree,
    },
    diag::suggest,
};

/// A method with its name for people.
pub struct Chosen {
    /// What is computed.
    pub method: Method,
    /// The version it starts from.
    pub version: &'static Version,
    /// Whether something of the version was changed.
    pub changed: bool,
}

impl Chosen {
    /// The version named, or the one that 9F10 names, with what was asked for in another way.
    pub fn of(flags: &args::crypto::Method, input: &Input) -> Result<Self, Failure> {
        let version = match (&flags.method, input.iad()) {
            (Some(name), _) => named(name)?,
            (None, Some(iad)) => Version::of_iad(input.rid(), iad).ok_or_else(|| Failure::Usage {
                message: "9F10 names no cryptogram version that is known here".to_owned(),
                hint: Some("--method says which; `emvtap crypto arqc --list` names all".to_owned()),
            })?,
            (None, None) => {
                return Err(Failure::Usage {
                    message: "no cryptogram version: there is no 9F10 to read it from".to_owned(),
                    hint: Some("--method says which; `emvtap crypto arqc --list` names all".to_owned()),
                });
            }
        };
        let mut method = version.method;
        if let Some(option) = flags.option {
            method.card_key = card_key(option);
        }
        if let Some(session) = flags.session {
            method.session_key = session_key(session);
        }
        if let Some(part) = &flags.iad_part {
            method.input = part_of(part)?;
        }
        method.mac = mac(flags, method.mac);
        Ok(Self { method, version, changed: method != version.method })
    }

    /// Whether it is AES.
    pub const fn is_aes(&self) -> bool {
        matches!(self.method.mac, Mac::Cmac)
    }

    /// Says which it is.
    pub fn show(&self, page: &mut Page<'_>) {
        let note = if self.changed { "with other choices" } else { "" };
        page.text("method", self.version.title, note);
        page.result("method", self.version.name);
        if self.version.evidence == Evidence::Unsure && !self.changed {
            page.note(format!(
                "{}: not everything about this version is public ({}); --option, --session, --iad-part, --mac and \
                 --padding choose otherwise",
                self.version.title, self.version.source
            ));
        }
    }
}

/// The version of a name; an error lists near ones.
pub fn named(name: &str) -> Result<&'static Version, Failure> {
    Version::named(name).ok_or_else(|| Failure::Usage {
        message: format!("there is no cryptogram version `{name}`"),
        hint: Some(suggest(name, VERSIONS.iter().map(|version| version.name))),
    })
}

/// How a card's key is derived.
pub const fn card_key(option: DerivationOption) -> CardKey {
    match option {
        DerivationOption::A => CardKey::A,
        DerivationOption::B => CardKey::B,
        DerivationOption::C => CardKey::C,
    }
}

/// How a session key is derived.
pub const fn session_key(session: Session) -> SessionKey {
    match session {
        Session::None => SessionKey::None,
        Session::Common => SessionKey::Common,
        Session::Mastercard => SessionKey::Mastercard,
        Session::Tree => SessionKey::Tree(Tree::FOUR),
        Session::Tree2 => SessionKey::Tree(Tree::TWO),
        Session::Unionpay => SessionKey::UnionPay,
    }
}

fn mac(flags: &args::crypto::Method, known: Mac) -> Mac {
    let padding = flags.padding.map(|padding| match padding {
        PaddingKind::Zero => Padding::Zero,
        PaddingKind::Iso => Padding::Iso,
    });
    let known_padding = match known {
        Mac::Retail(padding) | Mac::Triple(padding) => padding,
        Mac::Cmac => Padding::Iso,
    };
    let padding = padding.unwrap_or(known_padding);
    match (flags.mac, known) {
        (Some(MacKind::Retail), _) | (None, Mac::Retail(_)) => Mac::Retail(padding),
        (Some(MacKind::Triple), _) | (None, Mac::Triple(_)) => Mac::Triple(padding),
        (Some(MacKind::Cmac), _) | (None, Mac::Cmac) => Mac::Cmac,
    }
}

/// `iad`, `none`, `4-7`, `3-8,11-18`, `3-8,11-`.
fn part_of(text: &str) -> Result<MacInput, Failure> {
    let wrong = || Failure::Usage {
        message: format!("--iad-part `{text}` is no part of 9F10"),
        hint: Some("iad, none, or bytes counted from 1: 4-7, or 3-8,11-18, or 3-8,11-".to_owned()),
    };
    let range = |text: &str| {
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let from: usize = from.parse().map_err(|_| wrong())?;
        let to: usize = if to.is_empty() { 0 } else { to.parse().map_err(|_| wrong())? };
        let start = from.checked_sub(1).ok_or_else(wrong)?;
        if to == 0 || to > start { Ok([start, to]) } else { Err(wrong()) }
    };
    match text {
        "iad" => Ok(MacInput::WithIad(0)),
        "none" => Ok(MacInput::Table26),
        _ => match text.split_once(',') {
            Some((first, second)) => match (range(first)?, range(second)?) {
                ([_, 0], _) => Err(wrong()),
                (first, second) => Ok(MacInput::WithParts(first, second)),
            },
            None => match range(text)? {
                [_, 0] => Err(wrong()),
                [from, to] => Ok(MacInput::WithPart(from, to)),
            },
        },
    }
}

/// What the given key is.
pub const fn holds(key_is: KeyIs) -> Holds {
    match key_is {
        KeyIs::Issuer => Holds::IssuerMaster,
        KeyIs::Card => Holds::Card,
        KeyIs::Session => Holds::Session,
    }
}

/// The card that the keys belong to: account number as cn, sequence number.
pub fn card_of(flags: &Card, input: &Input) -> Result<(Vec<u8>, u8), Failure> {
    let psn = match &flags.psn {
        Some(psn) => psn_of(psn)?,
        None => input.record().sequence_number(),
    };
    if flags.key_is != KeyIs::Issuer {
        // Nothing is derived from it; it is there for whoever looks for what was mixed up.
        let digits = flags.pan.clone().or_else(|| input.record().pan_digits().ok());
        return Ok((digits.map_or(Ok(Vec::new()), |digits| pan_of(&digits))?, psn));
    }
    let digits = match &flags.pan {
        Some(pan) => pan.clone(),
        None => input.record().pan_digits().map_err(|reason| Failure::Usage {
            message: format!("no account number: {reason}"),
            hint: Some("--pan gives it; --key-is card if the key is the card's already".to_owned()),
        })?,
    };
    Ok((pan_of(&digits)?, psn))
}

/// The card's key, shown.
pub fn derive_card(
    page: &mut Page<'_>,
    option: CardKey,
    key_is: KeyIs,
    given: &SymmetricKey,
    (pan, psn): (&[u8], u8),
) -> Result<SymmetricKey, Failure> {
    if key_is != KeyIs::Issuer {
        let name = if key_is == KeyIs::Card { "card key" } else { "session key" };
        page.key(name, &Secret::of(given), "as given");
        return Ok(given.clone());
    }
    page.key("issuer key", &Secret::of(given), "as given");
    let digits = hex::encode_upper(pan);
    let digits = digits.trim_end_matches('F');
    page.digits("account number", digits, format!("PAN sequence number {psn:02X}"));
    let simple = match option {
        CardKey::A => Some(MasterKeyOption::A),
        CardKey::B => Some(MasterKeyOption::B),
        CardKey::C => None,
    };
    if let Some(simple) = simple {
        let data = hex::encode_upper(derivation_data(simple, pan, psn));
        let hashed = option == CardKey::B && digits.len() > 16;
        let note =
            if hashed { "16 decimal digits of a SHA-1 hash" } else { "16 digits; their complement for the right half" };
        page.hidden("derivation data", &data, note);
    }
    let card = option.derive(given, pan, psn).ok_or_else(|| {
        Failure::usage(format!("option {option:?} needs a key of the other cipher (C is AES, A and B are triple DES)"))
    })?;
    page.key("card key", &Secret::of(&card), format!("option {option:?}"));
    Ok(card)
}

/// The session key, shown.
pub fn derive_session(
    page: &mut Page<'_>,
    how: SessionKey,
    key_is: KeyIs,
    card: &SymmetricKey,
    atc: [u8; 2],
    number: [u8; 4],
) -> Result<SymmetricKey, Failure> {
    if key_is == KeyIs::Session {
        return Ok(card.clone());
    }
    let session =
        how.derive(card, atc, number).ok_or_else(|| Failure::usage("this session key exists for triple DES only"))?;
    let atc = hex::encode_upper(atc);
    let note = match how {
        SessionKey::None => "none: the card's key is used".to_owned(),
        SessionKey::Common => format!("common session key over ATC {atc}"),
        SessionKey::Mastercard => format!("SKD over ATC {atc} and unpredictable number {}", hex::encode_upper(number)),
        SessionKey::Tree(tree) => format!("EMV 2000 tree, branch factor {}, ATC {atc}", tree.branches),
        SessionKey::UnionPay => format!("over ATC {atc} and its complement"),
    };
    page.key("session key", &Secret::of(&session), note);
    Ok(session)
}
