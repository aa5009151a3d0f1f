//! What is wrong with readers, judged from what the machine and PC/SC say. No I/O.

use crate::link::pcsc::{
    Interface, Properties, Reader, State, Trouble,
    machine::{Machine, UsbDevice},
};

/// Something that keeps a reader from working, or will.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub weight: Weight,
    /// What is wrong.
    pub what: String,
    /// What cures it: commands, one a line.
    pub cure: Vec<String>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing works before it is cured.
    Fatal,
    /// It may work.
    Warning,
}

/// What PC/SC says: readers with what is known of them, or why not.
pub type Spoken = Result<Vec<(Reader, Properties)>, Trouble>;

/// Kernel modules for NFC chips; loaded, they hold the device that PC/SC wants.
const NFC_MODULES: [&str; 3] = ["pn533_usb", "pn533", "nfc"];

/// USB devices that the Linux module `pn533_usb` takes (its table of ids), with what PC/SC can do with them.
const TAKEN_BY_PN533: [(u16, u16, &str, Driver); 4] = [
    (0x072F, 0x2200, "ACS ACR122U", Driver::Ccid),
    (0x04CC, 0x2533, "NXP PN533", Driver::None),
    (0x04E6, 0x5591, "SCM SCL3711", Driver::None),
    (0x054C, 0x02E1, "Sony PaSoRi", Driver::None),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Driver {
    Ccid,
    None,
}

/// Everything that is wrong, the worst first.
pub fn findings(machine: &Machine, spoken: &Spoken) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(spoken.as_ref().err().map(|trouble| service(machine, trouble)));
    found.extend(services(machine));
    found.extend(modules(machine));
    found.extend(machine.usb.iter().filter_map(unsupported));
    if let Ok(readers) = spoken {
        found.extend(no_reader(machine, readers));
        found.extend(readers.iter().filter_map(|(reader, properties)| long_commands(reader, properties)));
        found.extend(readers.iter().filter_map(|(reader, _)| mute(reader)));
    }
    found.sort_by_key(|finding| finding.weight);
    found
}

fn fatal(what: impl Into<String>, cure: &[&str]) -> Finding {
    Finding { weight: Weight::Fatal, what: what.into(), cure: cure.iter().map(|line| (*line).to_owned()).collect() }
}

fn warning(what: impl Into<String>, cure: &[&str]) -> Finding {
    Finding { weight: Weight::Warning, ..fatal(what, cure) }
}

fn service(machine: &Machine, trouble: &Trouble) -> Finding {
    match trouble {
        Trouble::NoService if !machine.installed => fatal(
            "the PC/SC service is not installed",
            &["apt-get install pcscd", "systemctl enable --now pcscd.socket"],
        ),
        trouble => fatal(trouble.to_string(), &trouble.cure().lines().collect::<Vec<_>>()),
    }
}

fn services(machine: &Machine) -> Option<Finding> {
    let [_, more @ ..] = &machine.services[..] else { return None };
    if more.is_empty() {
        return None;
    }
    let numbers: Vec<String> = machine.services.iter().map(ToString::to_string).collect();
    let what =
        format!("{} PC/SC services run and fight over the readers: processes {}", numbers.len(), numbers.join(", "));
    let kill = format!("kill {}", numbers.join(" "));
    Some(warning(what, &[&kill, "systemctl restart pcscd.socket"]))
}

/// The kernel's own NFC drivers hold a reader, or will at the next plugging in.
fn modules(machine: &Machine) -> Option<Finding> {
    let loaded: Vec<&str> =
        NFC_MODULES.into_iter().filter(|module| machine.modules.iter().any(|loaded| loaded == module)).collect();
    let is_taken = |device: &&UsbDevice| {
        TAKEN_BY_PN533.iter().any(|(vendor, product, ..)| (*vendor, *product) == (device.vendor, device.product))
    };
    let device = machine.usb.iter().find(is_taken);
    let held = device.is_some_and(|device| device.drivers.iter().any(|driver| driver.starts_with("pn533")));
    if !loaded.contains(&"pn533_usb") && !held {
        return None;
    }
    let remove = format!("modprobe -r {}", loaded.join(" "));
    let kept_out = NFC_MODULES.iter().all(|module| machine.blacklisted.iter().any(|listed| listed == module));
    let file = "printf 'blacklist pn533_usb\\nblacklist pn533\\nblacklist nfc\\n' > /etc/modprobe.d/emvtap-nfc.conf";
    let mut cure = vec![remove.as_str(), "systemctl restart pcscd"];
    if !kept_out {
        cure.insert(0, file);
    }
    let modules = loaded.join(", ");
    Some(match device {
        Some(device) => {
            let what = format!("the kernel modules {modules} hold the {}; PC/SC cannot have it", name(device));
            fatal(what, &cure)
        }
        None => warning(format!("the kernel modules {modules} will take an ACR122U before PC/SC can"), &cure),
    })
}

/// A device that PC/SC cannot drive at all.
fn unsupported(device: &UsbDevice) -> Option<Finding> {
    let known = |entry: &&(u16, u16, &str, Driver)| (entry.0, entry.1) == (device.vendor, device.product);
    let (.., driver) = TAKEN_BY_PN533.iter().find(known)?;
    if *driver == Driver::Ccid || device.ccid {
        return None;
    }
    let what = format!("the {} is no CCID reader: PC/SC cannot drive it", name(device));
    Some(warning(what, &["use a reader of the list at https://ccid.apdu.fr/ccid/supported.html"]))
}

fn name(device: &UsbDevice) -> String {
    let known = TAKEN_BY_PN533.iter().find(|entry| (entry.0, entry.1) == (device.vendor, device.product));
    let name = match known {
        Some((_, _, name, _)) => *name,
        None if device.name.is_empty() => "device",
        None => &device.name,
    };
    format!("{name} ({:04x}:{:04x})", device.vendor, device.product)
}

fn no_reader(machine: &Machine, readers: &[(Reader, Properties)]) -> Option<Finding> {
    let is = |interface: Interface| readers.iter().all(|(reader, _)| reader.interface() == interface);
    match machine.usb.iter().find(|device| device.ccid) {
        _ if !readers.is_empty() && (is(Interface::Contact) || is(Interface::Sam)) => {
            let what = "every reader has contacts: none can see a contactless card";
            Some(fatal(what, &["plug in a reader with a contactless interface (PICC, CL, NFC in its name)"]))
        }
        _ if !readers.is_empty() => None,
        Some(device) if !machine.ccid_driver => {
            let what = format!("there is no driver for the {}", name(device));
            Some(fatal(what, &["apt-get install libccid", "systemctl restart pcscd"]))
        }
        Some(device) => {
            let what = format!("PC/SC does not show the {}, though it is plugged in", name(device));
            Some(fatal(
                what,
                &[
                    "systemctl restart pcscd",
                    "journalctl -u pcscd -n 20   # LIBUSB_ERROR_ACCESS: rights, BUSY: another driver",
                ],
            ))
        }
        None => Some(fatal("there is no reader", &["plug in a USB reader", "lsusb   # whether the system sees it"])),
    }
}

fn long_commands(reader: &Reader, properties: &Properties) -> Option<Finding> {
    if properties.apdu_data_max != Some(0) || reader.interface() != Interface::Contactless {
        return None;
    }
    let what = format!("{} sends short commands only; extended ones fail or are silently cut", reader.name);
    Some(warning(what, &["nothing to do for payment cards: EMV's commands are short"]))
}

fn mute(reader: &Reader) -> Option<Finding> {
    let what = || format!("the card in {} does not answer", reader.name);
    (reader.state == State::Mute).then(|| warning(what(), &["lift the card and present it again, flat and alone"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acr122u(driver: &str) -> UsbDevice {
        UsbDevice {
            vendor: 0x072F,
            product: 0x2200,
            name: "ACS ACR122U".to_owned(),
            ccid: true,
            drivers: vec![driver.to_owned()],
        }
    }

    fn machine() -> Machine {
        Machine { installed: true, ccid_driver: true, services: vec![7], ..Machine::default() }
    }

    fn reader(name: &str) -> (Reader, Properties) {
        let reader = Reader { number: 1, name: name.to_owned(), state: State::Empty, atr: Vec::new() };
        (reader, Properties::default())
    }

    fn told(machine: &Machine, spoken: &Spoken) -> String {
        let lines = findings(machine, spoken)
            .into_iter()
            .map(|f| format!("{:?} {}\n{}\n", f.weight, f.what, f.cure.join("\n")));
        lines.collect()
    }

    #[test]
    fn a_machine_in_order_has_no_findings() {
        let machine = Machine { usb: vec![acr122u("usbfs")], ..machine() };
        assert_eq!(told(&machine, &Ok(vec![reader("ACS ACR122U PICC Interface 00 00")])), "");
    }

    #[test]
    fn kernel_modules_that_grab_the_reader_are_removed_for_good() {
        let modules = vec!["nfc".to_owned(), "pn533".to_owned(), "pn533_usb".to_owned()];
        let machine = Machine { usb: vec![acr122u("pn533_usb")], modules, ..machine() };
        let text = told(&machine, &Ok(vec![reader("ACS ACR122U PICC Interface 00 00")]));
        assert!(
            text.starts_with("Fatal the kernel modules pn533_usb, pn533, nfc hold the ACS ACR122U (072f:2200)"),
            "{text}"
        );
        assert!(text.contains("\nmodprobe -r pn533_usb pn533 nfc\n"), "{text}");
        assert!(
            text.contains(
                "blacklist pn533_usb\\nblacklist pn533\\nblacklist nfc\\n' > /etc/modprobe.d/emvtap-nfc.conf"
            )
        );
        let listed = Machine { blacklisted: NFC_MODULES.map(str::to_owned).to_vec(), ..machine };
        assert!(!told(&listed, &Ok(Vec::new())).contains("modprobe.d"), "the file is there already");
    }

    #[test]
    fn service_rights_and_readers() {
        for (machine, spoken, part) in [
            (Machine::default(), Err(Trouble::NoService), "not installed\napt-get install pcscd"),
            (machine(), Err(Trouble::NoService), "systemctl enable --now pcscd.socket"),
            (machine(), Err(Trouble::NoAccess), "polkit"),
            (machine(), Err(Trouble::NotBuilt), "cargo install emvtap --features pcsc"),
            (machine(), Ok(Vec::new()), "plug in a USB reader"),
            (
                Machine { usb: vec![acr122u("usbfs")], ..machine() },
                Ok(Vec::new()),
                "PC/SC does not show the ACS ACR122U",
            ),
            (
                Machine { usb: vec![acr122u("usbfs")], ccid_driver: false, ..machine() },
                Ok(Vec::new()),
                "apt-get install libccid",
            ),
            (machine(), Ok(vec![reader("ACS ACR38U 00 00")]), "every reader has contacts"),
            (Machine { services: vec![7, 9], ..machine() }, Ok(vec![reader("Virtual PCD 00 00")]), "kill 7 9"),
        ] {
            let text = told(&machine, &spoken);
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn readers_that_pc_sc_cannot_drive_are_named() {
        let device =
            UsbDevice { vendor: 0x04E6, product: 0x5591, name: String::new(), ccid: false, drivers: Vec::new() };
        let text = told(&Machine { usb: vec![device], ..machine() }, &Ok(vec![reader("ACS ACR122U 00 00")]));
        assert!(text.starts_with("Warning the SCM SCL3711 (04e6:5591) is no CCID reader"), "{text}");
    }

    #[test]
    fn short_commands_only_is_a_warning() {
        let (reader, properties) = reader("ACS ACR1281 PICC 00 00");
        let properties = Properties { apdu_data_max: Some(0), ..properties };
        assert!(
            told(&machine(), &Ok(vec![(reader, properties)])).starts_with("Warning ACS ACR1281 PICC 00 00 sends short")
        );
    }
}
