//! Keys that everybody knows, from standards, manuals and published test suites: test keys wherever they turn up.

/// Published test keys, in hex; halves of triple DES keys are recognised in any combination.
const HALVES: [u64; 14] = [
    0x0123_4567_89AB_CDEF,
    0xFEDC_BA98_7654_3210,
    0x89AB_CDEF_0123_4567,
    0x7654_3210_FEDC_BA98,
    0x0011_2233_4455_6677,
    0x8899_AABB_CCDD_EEFF,
    0x0001_0203_0405_0607,
    0x0809_0A0B_0C0D_0E0F,
    0x1011_1213_1415_1617,
    0x1819_1A1B_1C1D_1E1F,
    0x4041_4243_4445_4647,
    0x4849_4A4B_4C4D_4E4F,
    0xF1F1_F1F1_F1F1_F1F1,
    0x0123_4567_8998_7654,
];

/// Whole keys: RFC 4493; CVC3 and Visa keys of published test suites.
const WHOLE: [u128; 4] = [
    0x2B7E_1516_28AE_D2A6_ABF7_1588_09CF_4F3C,
    0x0123_4567_8998_7654_3210_0123_4567_8998,
    0x9E15_2043_13F7_318A_CB79_B90B_D986_AD29,
    0xC8B5_0713_6D92_1FD0_5864_C81F_79F2_D30B,
];

/// Whether a key is one that everybody knows, or has the same byte throughout.
///
/// ```
/// use emvtap::crypto::test_keys::is_well_known;
///
/// assert!(is_well_known(&0x0123456789ABCDEF_FEDCBA9876543210u128.to_be_bytes()));
/// assert!(!is_well_known(&0x0123456789ABCDEF_FEDCBA9876543211u128.to_be_bytes()));
/// ```
pub fn is_well_known(key: &[u8]) -> bool {
    let one_byte = |key: &[u8]| key.iter().all(|byte| Some(byte) == key.first());
    let known = |half: &[u8; 8]| HALVES.contains(&u64::from_be_bytes(*half)) || one_byte(half);
    let (halves, rest) = key.as_chunks::<8>();
    let whole = key.try_into().is_ok_and(|key| WHOLE.contains(&u128::from_be_bytes(key)));
    whole || rest.is_empty() && !halves.is_empty() && halves.iter().all(known)
}
