//! What a card told, and asking it in an order that changes nothing in it.

use super::objects::{Objects, template};
use crate::{
    apdu::{Command, LinkFault, Response, StatusWord},
    data::{
        Afl, AflRecord, Source, Store,
        bits::ttq,
        dictionary::{
            AFL_94, AMOUNT_AUTHORISED_9F02, AMOUNT_OTHER_9F03, DDOL_9F49, ICC_PUBLIC_KEY_CERTIFICATE_9F46, PDOL_9F38,
            READ_RECORD_RESPONSE_TEMPLATE_70, TRANSACTION_DATE_9A, TRANSACTION_TIME_9F21, TRANSACTION_TYPE_9C,
            TTQ_9F66, UNPREDICTABLE_NUMBER_9F37,
        },
        dol,
    },
    entry::{Aid, ppse},
    link::Link,
    terminal::{ListedKey, Terminal},
    time::DateTime,
};

/// What the card is told.
pub struct Given<'a> {
    /// The date and time.
    pub now: DateTime,
    /// The unpredictable number.
    pub number: [u8; 4],
    /// Everything else.
    pub terminal: &'a Terminal,
    /// The CA keys that count: the terminal's, and those of the built-in lists it does not name.
    pub keys: &'a [ListedKey],
    /// What else the card is asked for.
    pub ask: Ask,
}

/// Commands that change more in a card than reading does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask {
    /// GET PROCESSING OPTIONS.
    pub options: bool,
    /// INTERNAL AUTHENTICATE.
    pub signature: bool,
}

/// A command and what the card answered.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// What it is, for people.
    pub name: String,
    /// The command.
    pub command: Vec<u8>,
    /// The answer, status word included.
    pub response: Vec<u8>,
}

impl Exchange {
    /// Data and status word.
    pub fn parsed(&self) -> Response<'_> {
        Response::parse(&self.response).unwrap_or(Response {
            data: &[],
            status: StatusWord(0),
            elapsed: crate::time::Micros::ZERO,
        })
    }
}

/// What the card told.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The directory.
    pub directory: Option<Exchange>,
    /// Commands that belong to no application.
    pub others: Vec<Exchange>,
    /// The applications in it.
    pub applications: Vec<Application>,
}

/// What the card told of one application.
#[derive(Clone, Debug)]
pub struct Application {
    /// Its AID.
    pub aid: Aid,
    /// Everything, in order.
    pub exchanges: Vec<Exchange>,
    /// The objects in it.
    pub objects: Objects,
}

/// Objects that GET DATA may ask for without changing anything (Book 3, 6.5.7).
const GET_DATA: [(u8, &str); 4] = [(0x36, "9F36"), (0x13, "9F13"), (0x17, "9F17"), (0x4F, "9F4F")];
/// What INTERNAL AUTHENTICATE sends a card without a list of its own: the unpredictable number (Book 2, 6.5).
const DEFAULT_DDOL: &[u8] = &[0x9F, 0x37, 0x04];
/// Where payment applications have their records, for cards that give them without being asked properly.
const FILES: core::ops::RangeInclusive<u8> = 1..=4;
/// Records in a file that are tried without an AFL.
const RECORDS: u8 = 16;

impl Look {
    /// Reads everything there is.
    ///
    /// # Errors
    /// What the link says; what was read before stays.
    pub fn read(&mut self, link: &mut dyn Link, given: &Given<'_>) -> Result<(), LinkFault> {
        let select = Command::select(ppse::NAME).map_err(|_| LinkFault::Protocol)?;
        let directory = exchange(link, "SELECT PPSE".to_owned(), &select)?;
        let listed: Vec<Aid> = ppse::entries(directory.parsed().data).filter_map(|entry| entry.adf_name).collect();
        self.directory = Some(directory);
        for aid in listed {
            self.applications.push(Application { aid, exchanges: Vec::new(), objects: Objects::default() });
            if let Some(application) = self.applications.last_mut() {
                application.read(link, given)?;
            }
        }
        Ok(())
    }
}

impl Application {
    fn read(&mut self, link: &mut dyn Link, given: &Given<'_>) -> Result<(), LinkFault> {
        let select = Command::select(self.aid.bytes()).map_err(|_| LinkFault::Protocol)?;
        if !self.ask(link, "SELECT".to_owned(), &select)?.is_ok() {
            return Ok(());
        }
        for (p2, tag) in GET_DATA {
            let command = Command::raw("GET DATA", &[0x80, 0xCA, 0x9F, p2, 0x00]).map_err(|_| LinkFault::Protocol)?;
            self.ask(link, format!("GET DATA {tag}"), &command)?;
        }
        if given.ask.options {
            return self.options_and_records(link, given);
        }
        self.records_without_list(link)
    }

    fn options_and_records(&mut self, link: &mut dyn Link, given: &Given<'_>) -> Result<(), LinkFault> {
        let Some(command) = self.options(given) else { return Ok(()) };
        if !self.ask(link, "GET PROCESSING OPTIONS".to_owned(), &command)?.is_ok() {
            return Ok(());
        }
        let list = self.objects.get(AFL_94).unwrap_or_default().to_vec();
        for record in Afl::parse(&list).into_iter().flat_map(Afl::records) {
            self.record(link, record)?;
        }
        if given.ask.signature && self.objects.get(ICC_PUBLIC_KEY_CERTIFICATE_9F46).is_some() {
            self.signature(link, given)?;
        }
        Ok(())
    }

    /// INTERNAL AUTHENTICATE with what the card's list asks for, or an unpredictable number (Book 3, 6.5.9).
    fn signature(&mut self, link: &mut dyn Link, given: &Given<'_>) -> Result<(), LinkFault> {
        let list = self.objects.get(DDOL_9F49).unwrap_or(DEFAULT_DDOL);
        let (store, mut data) = (Self::told(given), [0; 252]);
        let Ok(data) = dol::fill(list, &store, &mut data) else { return Ok(()) };
        let length = u8::try_from(data.len()).unwrap_or(u8::MAX);
        let bytes = [&[0x00, 0x88, 0x00, 0x00, length], data, &[0x00]].concat();
        let command = Command::raw("INTERNAL AUTHENTICATE", &bytes).map_err(|_| LinkFault::Protocol)?;
        self.ask(link, "INTERNAL AUTHENTICATE".to_owned(), &command).map(|_| ())
    }

    /// GET PROCESSING OPTIONS for a purchase of nothing, to be authorised online: so no offline counter of the card moves.
    fn options(&self, given: &Given<'_>) -> Option<Command> {
        let (store, mut data) = (Self::told(given), [0; 252]);
        let list = self.objects.get(PDOL_9F38).unwrap_or_default();
        Command::get_processing_options(dol::fill(list, &store, &mut data).ok()?).ok()
    }

    /// What a terminal would tell the card.
    fn told(given: &Given<'_>) -> Store {
        let mut store = Store::new();
        let terminal = given.terminal;
        terminal.data().iter().for_each(|(tag, value)| store.put(*tag, value, Source::Terminal));
        let qualifiers =
            terminal.configuration().tables.iter().flat_map(|table| &table.combinations).find_map(|c| c.entry.ttq);
        let mut qualifiers = qualifiers.unwrap_or_default();
        ttq::ONLINE_CRYPTOGRAM_REQUIRED.set(&mut qualifiers);
        for (tag, value) in [
            (TTQ_9F66, &qualifiers[..]),
            (AMOUNT_AUTHORISED_9F02, &[0; 6]),
            (AMOUNT_OTHER_9F03, &[0; 6]),
            (TRANSACTION_TYPE_9C, &[0]),
            (TRANSACTION_DATE_9A, &given.now.date.to_bcd()),
            (TRANSACTION_TIME_9F21, &given.now.time_bcd()),
            (UNPREDICTABLE_NUMBER_9F37, &given.number),
        ] {
            store.put(tag, value, Source::Transaction);
        }
        store
    }

    /// Some cards give records without GET PROCESSING OPTIONS; the first refusal for that reason ends it.
    fn records_without_list(&mut self, link: &mut dyn Link) -> Result<(), LinkFault> {
        for sfi in FILES {
            for number in 1..=RECORDS {
                match self.record(link, AflRecord { sfi, number, signed: false })? {
                    StatusWord(0x6985 | 0x6982 | 0x6D00 | 0x6E00) => return Ok(()),
                    status if status.is_ok() => {}
                    _ => break,
                }
            }
        }
        Ok(())
    }

    fn record(&mut self, link: &mut dyn Link, record: AflRecord) -> Result<StatusWord, LinkFault> {
        let AflRecord { sfi, number, .. } = record;
        self.ask(link, format!("READ RECORD {sfi}.{number}"), &Command::read_record(sfi, number))
    }

    /// The signed records in the order of the AFL, as they are authenticated (Book 3, 10.3).
    ///
    /// # Errors
    /// The first record that is listed and was not read.
    pub fn signed(&self) -> Result<Vec<u8>, String> {
        let list = self.objects.get(AFL_94).unwrap_or_default();
        let records = Afl::parse(list).into_iter().flat_map(Afl::records).filter(|record| record.signed);
        let mut signed = Vec::new();
        for AflRecord { sfi, number, .. } in records {
            let wanted = [0x00, 0xB2, number, sfi << 3 | 0x04];
            let read = |exchange: &&Exchange| exchange.command.starts_with(&wanted) && exchange.parsed().status.is_ok();
            let Some(read) = self.exchanges.iter().rev().find(read) else {
                return Err(format!("record {sfi}.{number}, which is signed, was not read"));
            };
            let data = read.parsed().data;
            let inside = template(data, READ_RECORD_RESPONSE_TEMPLATE_70).filter(|_| sfi <= 10);
            signed.extend_from_slice(inside.unwrap_or(data));
        }
        Ok(signed)
    }

    fn ask(&mut self, link: &mut dyn Link, name: String, command: &Command) -> Result<StatusWord, LinkFault> {
        let exchange = exchange(link, name, command)?;
        Ok(self.take(exchange))
    }

    /// Takes what the card answered.
    pub fn take(&mut self, exchange: Exchange) -> StatusWord {
        let status = exchange.parsed().status;
        if status.is_ok() {
            self.objects.take(&exchange.command, exchange.parsed().data);
        }
        self.exchanges.push(exchange);
        status
    }
}

fn exchange(link: &mut dyn Link, name: String, command: &Command) -> Result<Exchange, LinkFault> {
    let mut response = Vec::new();
    link.exchange(command.bytes(), &mut response)?;
    Ok(Exchange { name, command: command.bytes().to_vec(), response })
}
