//! What a Linux machine says about its readers without PC/SC: kernel modules, USB devices, running services.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What was found. On other systems, or without the right to look, everything is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Kernel modules that are loaded.
    pub modules: Vec<String>,
    /// Kernel modules that the files in `/etc/modprobe.d` keep from loading by themselves.
    pub blacklisted: Vec<String>,
    /// USB devices.
    pub usb: Vec<UsbDevice>,
    /// Process numbers of running `pcscd`s.
    pub services: Vec<u32>,
    /// Whether there is a `pcscd` to run.
    pub installed: bool,
    /// Whether the driver for CCID readers is there.
    pub ccid_driver: bool,
}

/// A USB device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsbDevice {
    /// Vendor.
    pub vendor: u16,
    /// Product.
    pub product: u16,
    /// What it calls itself.
    pub name: String,
    /// Whether one of its interfaces is a smart card reader (USB class 0B, CCID).
    pub ccid: bool,
    /// Kernel drivers that hold its interfaces.
    pub drivers: Vec<String>,
}

impl Machine {
    /// Looks at the machine whose file system begins at `root`.
    pub fn look(root: &Path) -> Self {
        let modules = fs::read_to_string(root.join("proc/modules")).unwrap_or_default();
        let present = |path: &str| root.join(path).exists();
        Self {
            modules: modules.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect(),
            blacklisted: blacklisted(root),
            usb: usb(&root.join("sys/bus/usb/devices")),
            services: services(&root.join("proc")),
            installed: ["usr/sbin/pcscd", "usr/bin/pcscd", "sbin/pcscd", "usr/local/sbin/pcscd"]
                .into_iter()
                .any(present),
            ccid_driver: ["usr/lib/pcsc/drivers", "usr/lib64/pcsc/drivers", "usr/local/lib/pcsc/drivers"]
                .into_iter()
                .any(|drivers| present(&format!("{drivers}/ifd-ccid.bundle"))),
        }
    }
}

fn blacklisted(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["etc/modprobe.d", "usr/lib/modprobe.d", "lib/modprobe.d", "run/modprobe.d"] {
        for path in entries(&root.join(folder)) {
            let text = fs::read_to_string(path).unwrap_or_default();
            for line in text.lines() {
                let mut words = line.split_whitespace();
                match (words.next(), words.next()) {
                    (Some("blacklist"), Some(module)) => found.push(module.replace('-', "_")),
                    (Some("install"), Some(module)) if line.ends_with("/false") || line.ends_with("/true") => {
                        found.push(module.replace('-', "_"));
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

fn services(proc: &Path) -> Vec<u32> {
    let numbered = entries(proc).into_iter().filter_map(|path| {
        let number = path.file_name()?.to_str()?.parse().ok()?;
        let name = fs::read_to_string(path.join("comm")).ok()?;
        (name.trim_end() == "pcscd").then_some(number)
    });
    let mut found: Vec<u32> = numbered.collect();
    found.sort_unstable();
    found
}

fn usb(devices: &Path) -> Vec<UsbDevice> {
    let folders = entries(devices);
    let mut found: Vec<UsbDevice> = folders.iter().filter_map(|folder| device(folder, &folders)).collect();
    found.sort_by_key(|device| (device.vendor, device.product));
    found
}

/// A device has its numbers in its folder; its interfaces are folders beside it, named after it and a colon.
fn device(folder: &Path, folders: &[PathBuf]) -> Option<UsbDevice> {
    let line =
        |folder: &Path, file: &str| fs::read_to_string(folder.join(file)).ok().map(|text| text.trim().to_owned());
    let number = |file| u16::from_str_radix(&line(folder, file)?, 16).ok();
    let prefix = format!("{}:", folder.file_name()?.to_str()?);
    let is_interface =
        |path: &&PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(&prefix));
    let interfaces: Vec<&PathBuf> = folders.iter().filter(is_interface).collect();
    let driver = |path: &&PathBuf| Some(fs::read_link(path.join("driver")).ok()?.file_name()?.to_str()?.to_owned());
    let names = [line(folder, "manufacturer"), line(folder, "product")];
    Some(UsbDevice {
        vendor: number("idVendor")?,
        product: number("idProduct")?,
        name: names.into_iter().flatten().collect::<Vec<_>>().join(" "),
        ccid: interfaces.iter().any(|path| line(path, "bInterfaceClass").as_deref() == Some("0b")),
        drivers: interfaces.iter().filter_map(driver).collect(),
    })
}

/// What is in a folder; nothing if it is none.
fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with an ACR122U, as Linux shows it in its files.
    #[test]
    fn files_become_facts() {
        let root = std::env::temp_dir().join(format!("emvtap-machine-{}", std::process::id()));
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let modules = "pn533_usb 20480 0 - Live 0x0000000000000000\npn533 45056 1 pn533_usb, Live 0x0000000000000000\n";
        write("proc/modules", modules);
        write("proc/41/comm", "pcscd\n");
        write("proc/42/comm", "bash\n");
        write("etc/modprobe.d/a.conf", "# nfc\nblacklist nfc\ninstall pn533-usb /bin/false\noptions x y\n");
        write("usr/sbin/pcscd", "");
        write("sys/bus/usb/devices/1-2/idVendor", "072f\n");
        write("sys/bus/usb/devices/1-2/idProduct", "2200\n");
        write("sys/bus/usb/devices/1-2/product", "ACR122U PICC Interface\n");
        write("sys/bus/usb/devices/1-2:1.0/bInterfaceClass", "0b\n");
        write("sys/bus/usb/devices/1-21:1.0/bInterfaceClass", "03\n");
        let machine = Machine::look(&root);
        fs::remove_dir_all(&root).unwrap();
        let device = UsbDevice {
            vendor: 0x072F,
            product: 0x2200,
            name: "ACR122U PICC Interface".to_owned(),
            ccid: true,
            drivers: Vec::new(),
        };
        let expected = Machine {
            modules: vec!["pn533_usb".to_owned(), "pn533".to_owned()],
            blacklisted: vec!["nfc".to_owned(), "pn533_usb".to_owned()],
            usb: vec![device],
            services: vec![41],
            installed: true,
            ccid_driver: false,
        };
        assert_eq!(machine, expected);
        assert_eq!(Machine::look(Path::new("/nowhere")), Machine::default());
    }
}
