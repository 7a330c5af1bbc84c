//! Published VAT numbers of well-known companies, and numbers from the authorities' descriptions.

use crate::party::identifier::Identifier;

fn code(value: &str) -> Result<String, &'static str> {
    Identifier::parse("vat", value).map(|identifier| identifier.value).map_err(|invalid| invalid.code)
}

/// Owner, number, and the number with one digit changed.
const COMPANIES: &[(&str, &str, &str)] = &[
    ("Red Bull", "ATU33864707", "ATU33864706"),
    ("OMV", "ATU14189108", "ATU14189208"),
    ("AB InBev", "BE0417497106", "BE0417497107"),
    ("Proximus", "BE0202239951", "BE0202238951"),
    ("Nestlé", "CHE105909036", "CHE105909037"),
    ("Škoda Auto", "CZ00177041", "CZ00177042"),
    ("ČEZ", "CZ45274649", "CZ45275649"),
    ("SAP", "DE143454214", "DE143454215"),
    ("Siemens", "DE129273398", "DE129274398"),
    ("BMW", "DE129273380", "DE129273381"),
    ("Novo Nordisk", "DK24256790", "DK24256791"),
    ("Maersk", "DK22756214", "DK22756314"),
    ("LEGO", "DK47458714", "DK47458715"),
    ("Bolt", "EE102090374", "EE102090375"),
    ("OTE", "EL094019245", "EL094019246"),
    ("National Bank of Greece", "EL094014201", "EL094013201"),
    ("Telefónica", "ESA28015865", "ESA28015866"),
    ("Inditex", "ESA15075062", "ESA15075162"),
    ("Banco Santander", "ESA39000013", "ESA39000014"),
    ("Nokia", "FI01120389", "FI01120388"),
    ("Kone", "FI19274001", "FI19274011"),
    ("L'Oréal", "FR10632012100", "FR10632012101"),
    ("TotalEnergies", "FR59542051180", "FR58542051180"),
    ("Carrefour", "FR14652014051", "FR14652015051"),
    ("Tesco", "GB220430231", "GB220430232"),
    ("BBC", "GB333289454", "GB333289554"),
    ("Vodafone", "GB569953277", "GB569953278"),
    ("INA", "HR27759560625", "HR27759560626"),
    ("OTP Bank", "HU10537914", "HU10537915"),
    ("MOL", "HU10625790", "HU10625890"),
    ("Google Ireland", "IE6388047V", "IE6388047W"),
    ("Meta Platforms Ireland", "IE9692928F", "IE9692938F"),
    ("Ryanair", "IE4749148U", "IE4749149U"),
    ("Eni", "IT00905811006", "IT00905811007"),
    ("Telecom Italia", "IT00488410010", "IT00489410010"),
    ("Telia Lietuva", "LT212154314", "LT212154315"),
    ("Amazon EU", "LU20260743", "LU20260744"),
    ("Latvenergo", "LV40003032949", "LV40003032948"),
    ("airBaltic", "LV40003245752", "LV40003245753"),
    ("ASML", "NL803441526B01", "NL803441527B01"),
    ("Booking.com", "NL805734958B01", "NL805734968B01"),
    ("Equinor", "NO923609016MVA", "NO923609017MVA"),
    ("Telenor", "NO982463718MVA", "NO982463728MVA"),
    ("Orlen", "PL7740001454", "PL7740001455"),
    ("PKO Bank Polski", "PL5250007738", "PL5250007838"),
    ("EDP", "PT500697256", "PT500697257"),
    ("Galp", "PT504499777", "PT504499877"),
    ("OMV Petrom", "RO1590082", "RO1590083"),
    ("Dacia", "RO160796", "RO160896"),
    ("Spotify", "SE556703748501", "SE556703749501"),
    ("Volvo", "SE556012579001", "SE556012578001"),
    ("Krka", "SI82646716", "SI82646717"),
    ("Volkswagen Slovakia", "SK2020220862", "SK2020220863"),
];

/// What the descriptions of the rules give as examples, where the companies above do not show the case.
const EXAMPLES: &[(&str, &str)] = &[
    ("BG175074752", "BG175074753"),
    ("CY10259033P", "CY10259033Q"),
    ("CZ640903926", "CZ640903927"),
    ("CZ7103192745", "CZ7103192746"),
    ("ES54362315K", "ES54362316K"),
    ("ESX5253868R", "ESX5253868S"),
    ("ESJ99216582", "ESJ99216583"),
    ("FRK7399859412", "FRK7399859413"),
    ("FR4Z123456782", "FR4Y123456782"),
    ("GB980780684", "GB980780685"),
    ("IE3668997OH", "IE3668997OA"),
    ("IE8D79739I", "IE8D79738I"),
    ("LT100001919017", "LT100001919018"),
    ("MT11679112", "MT11679113"),
    ("NL000099998B57", "NL000099998B58"),
    ("XI220430231", "XI220430241"),
];

#[test]
fn numbers_of_companies_pass_and_a_slip_is_found() {
    let companies = COMPANIES.iter().map(|&(_, right, slip)| (right, slip));
    for (right, slip) in companies.chain(EXAMPLES.iter().copied()) {
        assert_eq!(code(right).as_deref(), Ok(right));
        assert_eq!(code(slip), Err("check_digit"), "{slip}");
    }
}

#[test]
fn one_number_has_one_normal_form() {
    for (written, normal) in [
        ("de 143 454 214", "DE143454214"),
        ("GR094019245", "EL094019245"),
        ("EL 94019245", "EL094019245"),
        ("BE 417.497.106", "BE0417497106"),
        ("BE-0417.497.106", "BE0417497106"),
        ("CHE-105.909.036 MWST", "CHE105909036"),
        ("CHE-105.909.036 TVA", "CHE105909036"),
        ("NO 923 609 016", "NO923609016MVA"),
        ("NO 923 609 016 MVA", "NO923609016MVA"),
        ("NL8034.41.526.B01", "NL803441526B01"),
        ("SE 556703-7485 01", "SE556703748501"),
    ] {
        assert_eq!(code(written).as_deref(), Ok(normal), "{written}");
    }
}

#[test]
fn some_numbers_have_only_a_form() {
    for good in ["GBGD001", "GBHA599", "IS00621", "IS123456", "LI50076", "BG8001010008", "LV16117519997"] {
        assert_eq!(code(good).as_deref(), Ok(good));
    }
}

#[test]
fn what_has_not_the_form_of_its_country_is_refused() {
    for bad in [
        "",
        "D",
        "DE",
        "DE14345421",
        "DE1434542140",
        "DE043454214",
        "DE14345421O",
        "AT33864707",
        "BE2417497106",
        "CH105909036",
        "CY12000139V",
        "EL000000000",
        "EL9401924",
        "ESI28015865",
        "ESA2801586É",
        "FRI7399859412",
        "FRÉ2542051180",
        "GB22043023",
        "GBGD500",
        "GBHA499",
        "GBHA4É",
        "IE63880470",
        "IE6388047VZ",
        "IT00905812006",
        "LI00000",
        "LT212154324",
        "NL803441526A01",
        "NL803441526B00",
        "NO923609016MVAMVA",
        "RO0160796",
        "SE556703748500",
        "SE556703748595",
        "SK2010220862",
        "143454214",
    ] {
        assert_eq!(code(bad), Err("format"), "{bad}");
    }
}

#[test]
fn other_prefixes_are_refused() {
    for bad in ["RU7707083893", "US123456789", "XX143454214", "UK220430231", "EU372000041", "14345421DE"] {
        assert_eq!(code(bad), Err("format"), "{bad}");
    }
}
