//! Terminals with one defect each.

use super::{check_terminal, said, today};

pub const TILL: &str = r#"schema = "emvtap.terminal/1"
title = "till"
country = "056"
currency = "EUR"
type = "22"
ca-keys = ["emvtap-test"]
[data]
9F33 = "E0F8C8"
9F40 = "6000F0A001"
9F15 = "5999"
9F16 = { text = "EMVTAP000000001" }
9F1C = { text = "EMVTAP01" }
9F1E = { text = "00000001" }
9F01 = "000000123456"
9F4E = { text = "EMVTAP SHOP" }
[[combination]]
aids = ["A0000000031010", "A0000000032010"]
kernel = "03"
ttq = "36004000"
zero-amount-allowed = true
status-check = false
transaction-limit = "500.00"
floor-limit = "30.00"
cvm-required-limit = "50.00"
"#;

/// A combination with Kernel 2, to whose data something is added.
macro_rules! kernel_2 {
    () => {
        "[[combination]]\naids = [\"A0000000041010\"]\nkernel = \"02\"\n[combination.data]\n"
    };
}

/// What is replaced in the terminal above by what, one after the other, and the finding.
pub const TERMINALS: &[(&[(&str, &str)], &str)] = &[
    (&[("\"5999\"", "\"599900\"")], "object-value till.toml:10:8"),
    (&[("\"22\"", "\"20\"")], "terminal-type till.toml:5:8"),
    (&[("\"50.00\"\n", concat!("\"50.00\"\n", kernel_2!(), "DF811B = \"C0\"\n"))], "kernel-modes till.toml:29:10"),
    (
        &[("\"50.00\"\n", concat!("\"50.00\"\n", kernel_2!(), "DF8118 = \"70\"\n"))],
        "kernel-offline-pin till.toml:29:10",
    ),
    (
        &[("\"50.00\"\n", concat!("\"50.00\"\n", kernel_2!(), "DF8119 = \"80\"\n"))],
        "kernel-offline-pin till.toml:29:10",
    ),
    (&[("36004000", "36004001")], "reserved-bits till.toml:19:7"),
    (&[("[[comb", "9F07 = \"FFC0\"\n[[comb")], "card-object till.toml:16:8"),
    (&[("9F15 = \"5999\"\n", "")], "terminal-data till.toml:7:1"),
    (&[("056", "280")], "country till.toml:3:11"),
    (&[("36004000", "B6004000")], "kernel-mag-stripe till.toml:19:7"),
    (&[("\"50.00\"\n", "\"50.00\"\n[kernel.c3]\nmsd = true\n")], "kernel-mag-stripe till.toml:26:7"),
    (&[("36004000", "37004000")], "kernel-online-authentication till.toml:19:7"),
    (
        &[("\"50.00\"\n", "\"50.00\"\n[kernel.c3]\nsda-for-online = true\n")],
        "kernel-online-authentication till.toml:26:18",
    ),
    (
        &[("36004000", "3600C000"), ("\"50.00\"\n", "\"50.00\"\n[kernel.c3]\nissuer-update = false\n")],
        "kernel-issuer-update till.toml:26:17",
    ),
    (
        &[(
            "\"50.00\"\n",
            "\"50.00\"\n[[combination.dynamic-limits]]\nprogram-id = \"31\"\n[[combination.dynamic-limits]]\nprogram-id = \"31\"\n",
        )],
        "program-duplicate till.toml:28:14",
    ),
    (
        &[(
            "\"50.00\"\n",
            "\"50.00\"\n[[combination.dynamic-limits]]\nprogram-id = \"31\"\ntransaction-limit = \"9\"\nfloor-limit = \"10\"\n",
        )],
        "program-limit till.toml:28:15",
    ),
    (&[("ttq = \"36004000\"\n", "")], "ttq-missing till.toml:16:1"),
    (&[("36004000", "16004000")], "ttq-mode till.toml:19:7"),
    (&[("36004000", "36804000")], "ttq-dynamic till.toml:19:7"),
    (&[("36004000", "32004000")], "ttq-online-pin till.toml:19:7"),
    (&[("36004000", "34004000")], "ttq-signature till.toml:19:7"),
    (&[("36004000", "26004000")], "ttq-contact-chip till.toml:19:7"),
    (&[("6000F0", "600070")], "pin-pad till.toml:19:7"),
    (
        &[("36004000", "3A00C000"), ("E0F8C8", "E0A8C8"), ("\"22\"", "\"23\""), ("allowed = true", "allowed = false")],
        "offline-only till.toml:19:7",
    ),
    (
        &[("36004000", "3A004000"), ("E0F8C8", "E0A8C8"), ("allowed = true", "allowed = false")],
        "type-online till.toml:19:7",
    ),
    (&[("\"22\"", "\"23\"")], "type-online till.toml:5:8"),
    (&[("\"22\"", "\"25\"")], "type-attended till.toml:19:7"),
    (&[("\"22\"", "\"21\"")], "floor-online-only till.toml:23:15"),
    (&[("30.00", "500.01")], "floor-limit till.toml:23:15"),
    (&[("\"50.00", "\"500.01")], "cvm-limit till.toml:24:22"),
    (&[("36004000", "3A004000"), ("E0F8C8", "E0A8C8"), ("\"22\"", "\"23\"")], "zero-amount-offline till.toml:20:23"),
    (
        &[
            ("36004000", "3A004000"),
            ("E0F8C8", "E0A8C8"),
            ("\"22\"", "\"23\""),
            ("allowed = true", "allowed = false"),
            ("check = false", "check = true"),
        ],
        "status-check-offline till.toml:21:16",
    ),
    (&[("ca-keys = [\"emvtap-test\"]\n", "")], "ca-keys till.toml:16:8"),
    (
        &[("\"22\"", "\"21\""), ("30.00", "0.00"), ("A0000000032010", "A0000000041010")],
        "kernel-application till.toml:17:27",
    ),
    (&[("A0000000032010", "A0000000031010")], "aid-duplicate till.toml:17:27"),
    (&[("A0000000032010", "A000000003")], "aid-prefix till.toml:17:27"),
    (&[("6000F0", "0000F0"), ("kernel", "types = []\nkernel")], "types-empty till.toml:18:9"),
    (
        &[("6000F0", "7000F0"), ("kernel", "types = [\"purchase\"]\nkernel")],
        "service-without-combination till.toml:9:8",
    ),
];

#[test]
fn each_defect_of_a_terminal_is_found_at_its_place() {
    assert_eq!(said(&check_terminal(TILL, today())), [""; 0]);
    let mut wrong = Vec::new();
    for (changes, expected) in TERMINALS {
        let text = changes.iter().fold(TILL.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let found = said(&check_terminal(&text, today())).join("; ");
        if found != *expected {
            wrong.push(format!("{changes:?}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
