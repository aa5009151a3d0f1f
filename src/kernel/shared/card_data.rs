//! Taking data objects from the card into the store (Book B, 3.6).

use super::rules;
use crate::{
    data::{
        Scope, Source,
        dictionary::{
            self, FCI_ISSUER_DISCRETIONARY_DATA_BF0C, FCI_PROPRIETARY_TEMPLATE_A5, FCI_TEMPLATE_6F, Format, Origin, Row,
        },
    },
    kernel::{contract::Cx, fault::Fault},
    tlv::{self, Error, Object, Tag},
};

/// What a card has said more than once. Keeps its memory from tap to tap.
#[derive(Clone, Debug, Default)]
pub struct Repeats {
    /// The first object that came twice, if any did.
    pub known: Option<Tag>,
    /// The same of objects that mean nothing to the kernel.
    pub unknown: Option<Tag>,
    /// Objects that were ignored because they mean nothing.
    ignored: Vec<Tag>,
}

impl Repeats {
    /// Begins anew.
    pub fn clear(&mut self) {
        (self.known, self.unknown) = (None, None);
        self.ignored.clear();
    }

    fn ignore(&mut self, tag: Tag) {
        if self.ignored.contains(&tag) {
            self.unknown = self.unknown.or(Some(tag));
        } else {
            self.ignored.push(tag);
        }
    }
}

/// How a kernel takes objects: by the meanings that tags have for it.
#[derive(Clone, Copy, Debug)]
pub struct Intake(pub Scope);

impl Intake {
    /// Takes the primitive objects that stand directly in `bytes`. What is inside constructed ones is not taken. Of what comes
    /// twice the first stands; `repeats` remembers that there was a second.
    ///
    /// # Errors
    /// `malformed` of the error if the bytes are not TLV; [`Fault::ObjectFormat`].
    pub fn take(
        self,
        bytes: &[u8],
        malformed: fn(Error) -> Fault,
        repeats: &mut Repeats,
        cx: &mut Cx<'_>,
    ) -> Result<(), Fault> {
        let mut rest = bytes;
        while let Some((object, after)) = next_object(rest).map_err(malformed)? {
            if !object.tag.is_constructed() {
                self.take_object(&object, repeats, cx)?;
            }
            rest = after;
        }
        Ok(())
    }

    /// Takes the objects of File Control Information: those of its template, of the proprietary template and of the issuer
    /// discretionary data (Book 1, table 45).
    ///
    /// # Errors
    /// [`Fault::FciTemplate`], [`Fault::FciMalformed`]; [`Fault::ObjectFormat`].
    pub fn take_fci(self, fci: &[u8], repeats: &mut Repeats, cx: &mut Cx<'_>) -> Result<(), Fault> {
        let (template, after) = next_object(fci).map_err(Fault::FciMalformed)?.ok_or(Fault::FciTemplate)?;
        if template.tag != FCI_TEMPLATE_6F || next_object(after).map_err(Fault::FciMalformed)?.is_some() {
            return Err(Fault::FciTemplate);
        }
        let mut level = template.value;
        for inner in [Some(FCI_PROPRIETARY_TEMPLATE_A5), Some(FCI_ISSUER_DISCRETIONARY_DATA_BF0C), None] {
            self.take(level, Fault::FciMalformed, repeats, cx)?;
            let found = inner.and_then(|tag| tlv::find(level, tag)).transpose().map_err(Fault::FciMalformed)?;
            level = found.map_or(&[], |object| object.value);
        }
        Ok(())
    }

    /// Takes one object: known ones only (3.6.1.2), never instead of a value of the reader (3.6.1.1), once.
    fn take_object(self, object: &Object<'_>, repeats: &mut Repeats, cx: &mut Cx<'_>) -> Result<(), Fault> {
        let Object { tag, value, .. } = *object;
        match cx.store.source(tag) {
            Some(Source::Card) => {
                repeats.known = repeats.known.or(Some(tag));
                return Ok(());
            }
            Some(_) => {
                cx.rule(
                    rules::READER_OBJECT,
                    format_args!("{tag} from the card is ignored: it is the reader's to give"),
                );
                return Ok(());
            }
            None => {}
        }
        let Some(row) = self.meaning(tag) else {
            cx.rule(rules::UNKNOWN_OBJECT, format_args!("{tag} is ignored: it means nothing here"));
            repeats.ignore(tag);
            return Ok(());
        };
        if !matches!(row.origin, Origin::Card | Origin::Either) {
            cx.rule(rules::READER_OBJECT, format_args!("{tag} from the card is ignored: it is not the card's to give"));
            return Ok(());
        }
        if !is_well_formed(row, value) {
            return Err(Fault::ObjectFormat(tag));
        }
        cx.set(tag, value, Source::Card);
        Ok(())
    }

    /// What the tag means to this kernel, or to its cards.
    fn meaning(self, tag: Tag) -> Option<&'static Row> {
        dictionary::rows(tag).iter().find(|row| row.kernels.contains(self.0) || row.kernels.card_only(self.0))
    }
}

/// The first object of `bytes` and what follows it; `None` if there is none. Filler before it, `00` and `FF`, is skipped.
///
/// # Errors
/// The bytes do not begin with an object.
pub fn next_object(bytes: &[u8]) -> Result<Option<(Object<'_>, &[u8])>, Error> {
    let filler = bytes.iter().take_while(|byte| matches!(byte, 0x00 | 0xFF)).count();
    let start = bytes.get(filler..).unwrap_or_default();
    let Some(object) = tlv::objects(start).next().transpose()? else { return Ok(None) };
    Ok(Some((object, start.get(object.value_at + object.value.len()..).unwrap_or_default())))
}

/// Whether length and digits are what the object's format allows.
fn is_well_formed(row: &Row, value: &[u8]) -> bool {
    let is_digit = |nibble: u8| nibble < 10;
    let mut nibbles = value.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    row.allows(value.len())
        && match row.format {
            Format::N => nibbles.all(is_digit),
            Format::Cn => nibbles.skip_while(|&nibble| is_digit(nibble)).all(|nibble| nibble == 0x0F),
            _ => true,
        }
}
