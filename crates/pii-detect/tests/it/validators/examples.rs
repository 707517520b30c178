//! Published numbers, and every alteration of one digit.

use super::scheme;

/// Scheme, numbers and where they were published, and how many altered numbers the check cannot see: a rest of ten
/// written as another digit, a weight that shares a factor with ten, a place no sum counts.
const EXAMPLES: &[(&str, &[&str], usize, &str)] = &[
    (
        "x-vin",
        &["1M8GDM9AXKP042788", "11111111111111111"],
        0,
        "Wikipedia, 'Vehicle identification number'",
    ),
    (
        "x-imei",
        &["490154203237518", "356938035643809"],
        0,
        "Wikipedia, 'International Mobile Equipment Identity'",
    ),
    (
        "us-routing",
        &["111000025", "021000021"],
        0,
        "Wikipedia, 'ABA routing transit number'; Stripe test data",
    ),
    (
        "x-s10",
        &["RB123456785GB", "RR473124829GB"],
        7,
        "UPU S10-12; Wikipedia, 'S10 (UPU standard)'",
    ),
    (
        "x-ups",
        &["1Z999AA10123456784", "1Z5R89390357567127"],
        12,
        "UPS, tracking help",
    ),
    (
        "x-sscc",
        &["00340434161094042557", "00106141412345678908"],
        0,
        "DHL Paket test number; GS1 General Specifications",
    ),
    (
        "x-sscc-short",
        &["106141412345678908", "340434161094042557"],
        0,
        "the same without application identifier",
    ),
    (
        "us-usps",
        &[
            "9400111201080805483016",
            "9405803699300124287899",
            "9361289878700317633795",
            "420221539101026837331000039521",
        ],
        45,
        "USPS Publication 199; jkeen/tracking_number_data (MIT)",
    ),
    (
        "us-usps-short",
        &[
            "71123456789123456787",
            "03071790000523483741",
            "71969010756003077385",
        ],
        60,
        "USPS Publication 91; jkeen/tracking_number_data",
    ),
    (
        "x-fedex-96",
        &["9611020987654312345672"],
        45,
        "jkeen/tracking_number_data",
    ),
    (
        "x-fedex-long",
        &[
            "9622001900000000000000776632517510",
            "1001921334250001000300779017972697",
        ],
        326,
        "jkeen/tracking_number_data",
    ),
    (
        "x-fedex",
        &["986578788855", "477179081230", "799531274483"],
        10,
        "jkeen/tracking_number_data",
    ),
    (
        "x-fedex-ground",
        &["041441760228964", "568283610012734"],
        0,
        "jkeen/tracking_number_data",
    ),
    (
        "x-fedex-smartpost",
        &["61299998820821171811"],
        0,
        "jkeen/tracking_number_data",
    ),
    (
        "x-dhl-express",
        &["3318810025", "73891051146", "8487135506"],
        19,
        "jkeen/tracking_number_data",
    ),
    (
        "de-identcode",
        &["563102430313", "21348075016401"],
        13,
        "Deutsche Post; Wikipedia, 'Leitcode'",
    ),
    (
        "x-dpd",
        &[
            "008182709980000020033350276C",
            "008182709980000020045327276N",
        ],
        0,
        "DPD Parcel Label Specification",
    ),
    (
        "fr-nir",
        &["255081416802538", "180126955222380"],
        0,
        "Wikipedia, 'Numero de securite sociale en France'",
    ),
    (
        "fr-spi",
        &["3023217600053"],
        0,
        "impots.gouv.fr; OECD, TIN France",
    ),
    (
        "fr-siren",
        &["732829320", "404833048"],
        0,
        "INSEE; Wikipedia, 'SIREN'",
    ),
    (
        "fr-siret",
        &["73282932000074", "35600000000048"],
        10,
        "INSEE; head office of La Poste",
    ),
    (
        "be-nn",
        &["85073003328", "17073003384"],
        0,
        "IBZ, instructions on the national register; Wikipedia",
    ),
    (
        "be-enterprise",
        &["0202239951", "0403170701"],
        0,
        "Crossroads Bank, published entries",
    ),
    (
        "nl-bsn",
        &["111222333", "123456782"],
        0,
        "Wikipedia, 'Burgerservicenummer'; RvIG test numbers",
    ),
    ("lu-id", &["1893120105732"], 0, "OECD, TIN Luxembourg"),
    (
        "ie-pps",
        &["1234567T", "1234567FA", "6433435F"],
        0,
        "Revenue; OECD, TIN Ireland",
    ),
    (
        "gb-nhs",
        &["9434765919", "4505577104"],
        0,
        "NHS Data Dictionary; NHS test numbers",
    ),
    ("gb-utr", &["1955839661"], 9, "python-stdnum documentation"),
    (
        "ch-ahv",
        &["7569217076985", "7561234567897"],
        0,
        "BSV, leaflet on the AHV number",
    ),
    (
        "ch-uid",
        &["CHE109322551", "CHE116281710"],
        0,
        "BFS, UID register",
    ),
    (
        "es-dni",
        &["12345678Z", "X1234567L", "Y1234567X", "Z1234567R"],
        0,
        "Ministerio del Interior",
    ),
    (
        "es-nif-klm",
        &["K1234567L"],
        0,
        "the rule of the NIE on a letter that counts as nothing",
    ),
    (
        "es-cif",
        &["A58818501", "B58378431", "Q2826000H"],
        0,
        "Wikipedia, 'Codigo de identificacion fiscal'; AEAT",
    ),
    ("es-nss", &["281234567840"], 0, "Seguridad Social, sample"),
    (
        "pt-nif",
        &["123456789", "501442600"],
        6,
        "Wikipedia, 'Numero de identificacao fiscal'",
    ),
    (
        "pt-cc",
        &["000000000ZZ4"],
        0,
        "AMA, validation of the document number",
    ),
    (
        "it-cf",
        &["RSSMRA85T10A562S", "MRTMTT91D08F205J"],
        0,
        "Wikipedia, 'Codice fiscale'; Agenzia delle Entrate",
    ),
    (
        "it-piva",
        &["00743110157", "07643520567"],
        0,
        "Wikipedia, 'Partita IVA'",
    ),
    (
        "gr-afm",
        &["094259216", "023456780"],
        7,
        "python-stdnum documentation",
    ),
    (
        "gr-amka",
        &["01013099997"],
        0,
        "python-stdnum documentation",
    ),
    (
        "cy-tic",
        &["10259033P", "00532445O"],
        0,
        "VIES, published entries; OECD, TIN Cyprus",
    ),
    (
        "de-idnr",
        &["86095742719", "65929970489", "47036892816"],
        0,
        "BZSt; Wikipedia, 'Steuerliche Identifikationsnummer'",
    ),
    (
        "de-rvnr",
        &["15070649C103", "65170839J003"],
        0,
        "Deutsche Rentenversicherung; Wikipedia, 'Versicherungsnummer'",
    ),
    ("de-kvnr", &["A123456780"], 0, "gematik test data"),
    (
        "de-card",
        &["L01X00T471", "T220001293"],
        0,
        "Bundesdruckerei, specimen of the identity card",
    ),
    (
        "at-svnr",
        &["1237010180"],
        0,
        "Wikipedia, 'Sozialversicherungsnummer'",
    ),
    ("at-tin", &["931736581"], 0, "OECD, TIN Austria"),
    (
        "pl-pesel",
        &["44051401359", "02070803628"],
        0,
        "gov.pl; Wikipedia, 'PESEL'",
    ),
    (
        "pl-nip",
        &["1234563218", "8567346215"],
        0,
        "Wikipedia, 'NIP'",
    ),
    (
        "pl-regon",
        &["123456785", "192598184", "12345678512347"],
        0,
        "Wikipedia, 'REGON'",
    ),
    (
        "pl-card",
        &["ABA300000"],
        0,
        "Wikipedia, 'Polish identity card'",
    ),
    (
        "cz-rc",
        &["7801233540", "7103192745"],
        7,
        "Wikipedia, 'Rodne cislo'",
    ),
    (
        "cz-ico",
        &["25596641", "27074358"],
        7,
        "Wikipedia, 'Identifikacni cislo osoby'",
    ),
    ("sk-dic", &["2022749619"], 0, "VIES, published entry"),
    (
        "hu-tax",
        &["12892312", "10597190"],
        0,
        "NAV, published entries",
    ),
    ("hu-person-tax", &["8071592153"], 0, "OECD, TIN Hungary"),
    ("hu-taj", &["111111110"], 0, "Wikipedia, 'TAJ-szam'"),
    (
        "dk-cpr",
        &["0707614285", "2110625629"],
        0,
        "CPR-kontoret; Wikipedia, 'Personal identification number (Denmark)'",
    ),
    ("dk-cvr", &["13585628"], 0, "CVR, published entry"),
    (
        "se-pnr",
        &["8112289874", "198112289874", "6403273813"],
        1,
        "Skatteverket; Wikipedia, 'Personnummer'",
    ),
    (
        "se-org",
        &["5560125790", "5560360793"],
        0,
        "Bolagsverket, published entries",
    ),
    (
        "fi-hetu",
        &["131052308T", "010594Y9032", "131052A308T"],
        0,
        "DVV",
    ),
    (
        "fi-business",
        &["20774740", "15728600", "07375462"],
        0,
        "PRH; Wikipedia, 'Y-tunnus'",
    ),
    (
        "no-fnr",
        &["15108695088", "21016400952"],
        0,
        "python-stdnum documentation; Skatteetaten test data",
    ),
    (
        "no-org",
        &["988077917", "974760673"],
        0,
        "Bronnoysundregistrene",
    ),
    ("ee-ik", &["37605030299"], 1, "Wikipedia, 'Isikukood'"),
    ("ee-company", &["12345678", "10137025"], 6, "Ariregister"),
    (
        "lt-ak",
        &["33309240064", "38703181745"],
        9,
        "Wikipedia, 'Asmens kodas'",
    ),
    (
        "lv-pk",
        &["16117519997", "32867300679"],
        0,
        "python-stdnum documentation; PMLP",
    ),
    (
        "lv-company",
        &["40003521600", "40003032949"],
        0,
        "VID, published entries",
    ),
    (
        "bg-egn",
        &["7523169263", "8032056031"],
        0,
        "GRAO; python-stdnum documentation",
    ),
    ("bg-pnf", &["7111042925"], 0, "OECD, TIN Bulgaria"),
    (
        "bg-eik",
        &["175074752", "131129282"],
        2,
        "Commercial register, published entries",
    ),
    (
        "ro-cnp",
        &["1630615123457", "1800101221144"],
        0,
        "Wikipedia, 'Cod numeric personal'",
    ),
    (
        "ro-cui",
        &["18547290", "14399840"],
        12,
        "ONRC, published entries",
    ),
    (
        "hr-oib",
        &["33392005961", "94577403194"],
        0,
        "Porezna uprava",
    ),
    (
        "si-emso",
        &["0101006500006"],
        0,
        "Wikipedia, 'Enotna maticna stevilka obcana'",
    ),
    (
        "si-tax",
        &["50223054", "15012557"],
        0,
        "FURS, published entries",
    ),
    ("at-vat", &["ATU13585627"], 0, "BMF, VIES test data"),
    ("be-vat", &["BE0428759497", "BE0403019261"], 0, "VIES"),
    ("bg-vat", &["BG175074752", "BG7523169263"], 18, "VIES"),
    ("ch-vat", &["CHE107787577IVA", "CHE109322551MWST"], 0, "BFS"),
    ("cy-vat", &["CY10259033P"], 0, "VIES"),
    (
        "cz-vat",
        &["CZ25123891", "CZ7103192745", "CZ640903926"],
        11,
        "VIES",
    ),
    (
        "de-vat",
        &["DE136695976", "DE129274202"],
        0,
        "BZSt; Wikipedia, 'Umsatzsteuer-Identifikationsnummer'",
    ),
    ("dk-vat", &["DK13585628"], 0, "VIES"),
    ("ee-vat", &["EE100931558", "EE100594102"], 0, "VIES"),
    ("gr-vat", &["EL094259216", "GR023456780"], 7, "VIES"),
    (
        "es-vat",
        &["ESB58378431", "ES54362315K", "ESX2482300W"],
        0,
        "VIES",
    ),
    ("fi-vat", &["FI20774740"], 0, "VIES"),
    (
        "fr-vat",
        &["FR40303265045", "FRK7399859412", "FR83404833048"],
        0,
        "VIES; BOFiP",
    ),
    ("gb-vat", &["GB980780684", "XI980780684"], 4, "HMRC"),
    ("hr-vat", &["HR33392005961"], 0, "VIES"),
    ("hu-vat", &["HU12892312"], 0, "VIES"),
    (
        "ie-vat",
        &["IE6433435F", "IE6433435OA", "IE8D79739I"],
        0,
        "Revenue",
    ),
    ("it-vat", &["IT00743110157"], 0, "VIES"),
    (
        "lt-vat",
        &["LT119511515", "LT100001919017", "LT100004801610"],
        11,
        "VIES",
    ),
    ("lu-vat", &["LU15027442"], 0, "VIES"),
    ("lv-vat", &["LV40003521600", "LV16117519997"], 0, "VIES"),
    ("mt-vat", &["MT11679112"], 0, "VIES"),
    (
        "nl-vat",
        &["NL004495445B01", "NL002455799B11", "NL123456789B13"],
        36,
        "VIES; Belastingdienst",
    ),
    (
        "no-vat",
        &["988077917MVA", "NO995525828MVA"],
        0,
        "Bronnoysundregistrene",
    ),
    ("pl-vat", &["PL8567346215"], 0, "VIES"),
    ("pt-vat", &["PT501964843"], 0, "VIES"),
    ("ro-vat", &["RO18547290"], 7, "VIES"),
    ("se-vat", &["SE556188840401"], 0, "VIES"),
    ("si-vat", &["SI50223054"], 0, "VIES"),
    ("sk-vat", &["SK2022749619"], 0, "VIES"),
];

/// Numbers of which letters and form are all there is to check: right ones, and some that are not.
const FORMS: &[(&str, &[&str], &[&str], &str)] = &[
    (
        "x-imeisv",
        &["3569380356438012"],
        &["0069380356438012"],
        "3GPP TS 23.003",
    ),
    (
        "x-dhl-piece",
        &["JJD0099999999", "JVGL0999999990", "JJD000390007882823129"],
        &["XJD0099999999"],
        "jkeen/tracking_number_data; DHL",
    ),
    (
        "x-dhl-ecommerce",
        &["GM2951173225174494", "GM295117494011169042"],
        &["GS295117494011169041"],
        "jkeen/tracking_number_data",
    ),
    (
        "x-dpd-number",
        &["01505000000000"],
        &["0150500000000"],
        "DPD",
    ),
    (
        "x-gls",
        &["12345678901", "123456789012"],
        &["1234567890"],
        "GLS",
    ),
    (
        "de-hermes",
        &["12345678901234", "H1000730000000001234"],
        &["H100073000000000123"],
        "Hermes Germany",
    ),
    (
        "gb-evri",
        &["H00A121234567890"],
        &["H0AA121234567890X"],
        "Evri",
    ),
    (
        "fr-colissimo",
        &["6A12345678901", "8V44556677889"],
        &["AA12345678901"],
        "La Poste",
    ),
    (
        "fr-chronopost",
        &["XY123456789FR"],
        &["XY12345678FR"],
        "Chronopost",
    ),
    (
        "fr-mondial-relay",
        &["12345678", "123456789012"],
        &["1234567"],
        "Mondial Relay",
    ),
    (
        "nl-postnl",
        &["3SABCD1234567", "3SABCD123456789"],
        &["3SABC1234567X"],
        "PostNL",
    ),
    (
        "nl-postnl-short",
        &["3S123ABC456"],
        &["4S123ABC456"],
        "PostNL",
    ),
    (
        "be-bpost",
        &["323212345678901234567890"],
        &["323312345678901234567890"],
        "bpost",
    ),
    (
        "es-correos",
        &["PQ4F6P0704104480181750T"],
        &["PQ4F6P07041044801817500"],
        "Correos",
    ),
    ("es-seur", &["12345678901234"], &["123456789012345"], "SEUR"),
    (
        "pl-inpost",
        &["620999680094041124123456"],
        &["62099968009404112412345"],
        "InPost",
    ),
    (
        "it-poste",
        &["1UW1234567890"],
        &["UUW1234567890"],
        "Poste Italiane",
    ),
    ("x-tnt", &["GD123456789WW"], &["GX123456789WW"], "TNT"),
    ("x-tnt-number", &["123456789"], &["12345678"], "TNT"),
    (
        "x-amazon",
        &["TBA000000000000"],
        &["TBX000000000000", "TBA00000000000"],
        "jkeen/tracking_number_data",
    ),
    (
        "x-cainiao",
        &["LP00123456789012", "YT1234567890123456"],
        &["LQ00123456789012"],
        "Cainiao; Yun Express",
    ),
    (
        "x-landmark",
        &["LTN74207623N1"],
        &["LTN74207623M1"],
        "jkeen/tracking_number_data",
    ),
    (
        "us-ontrac",
        &["C11031500001879", "1LSCXYZ12345678"],
        &["E11031500001879"],
        "jkeen/tracking_number_data",
    ),
    ("cz-packeta", &["Z1234567890"], &["Y1234567890"], "Packeta"),
    (
        "fi-posti",
        &["JJFI65432100000000001"],
        &["JJFX65432100000000001"],
        "Posti",
    ),
    (
        "gb-nino",
        &["AB123456C", "JG103759A"],
        &["QQ123456C", "BG123456C", "AO123456C", "AB123456E"],
        "HMRC, NIM39110",
    ),
    (
        "gb-nino-short",
        &["AB123456"],
        &["DB123456"],
        "HMRC, NIM39110",
    ),
    (
        "pt-niss",
        &["11234567892"],
        &["31234567897"],
        "a sum by hand",
    ),
    (
        "it-cf-form",
        &["RSSMRA85T10A562X"],
        &["RSSMRA85Z10A562X"],
        "D.M. 23 December 1976",
    ),
    ("mt-id", &["1234567M"], &["1234567C"], "Identity Malta"),
    (
        "hu-person",
        &["18001011238"],
        &["18013011239"],
        "a sum by hand",
    ),
    (
        "dk-cpr-date",
        &["0101901234"],
        &["3102901234"],
        "CPR-kontoret",
    ),
    (
        "lt-company",
        &["123456786"],
        &["123456787"],
        "a sum by hand",
    ),
    (
        "us-ssn",
        &["536904399", "457555463"],
        &[
            "078051120",
            "000123456",
            "666123456",
            "900123456",
            "123004567",
            "123450000",
        ],
        "SSA",
    ),
    (
        "us-itin",
        &["912903456", "900701234"],
        &["912893456", "812903456"],
        "IRS",
    ),
    (
        "us-ein",
        &["911144442", "123456789"],
        &["001144442", "891144442"],
        "IRS",
    ),
    ("us-ptin", &["P12345678"], &["Q12345678"], "IRS"),
    ("lu-vat-digits", &["15027442"], &["15027443"], "VIES"),
    ("mt-vat-digits", &["11679112"], &["11679113"], "VIES"),
];

/// The alterations of one digit that the scheme takes for right.
fn unseen(name: &str, number: &str) -> usize {
    let mut count = 0;
    for (at, old) in number
        .bytes()
        .enumerate()
        .filter(|(_, b)| b.is_ascii_digit())
    {
        for other in (b'0'..=b'9').filter(|other| *other != old) {
            let altered = format!(
                "{}{}{}",
                &number[..at],
                char::from(other),
                &number[at + 1..]
            );
            count += usize::from(scheme(name).valid(&altered));
        }
    }
    count
}

#[test]
fn published_numbers_pass_and_altered_ones_fail() {
    let mut wrong = Vec::new();
    for (name, numbers, blind, source) in EXAMPLES {
        let mut count = 0;
        for number in *numbers {
            if !scheme(name).valid(number) {
                wrong.push(format!("{name} refuses {number} ({source})"));
            }
            count += unseen(name, number);
        }
        if count != *blind {
            wrong.push(format!("{name} UNSEEN {count} altered numbers"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn forms() {
    let mut wrong = Vec::new();
    for (name, right, other, source) in FORMS {
        for number in *right {
            if !scheme(name).valid(number) {
                wrong.push(format!("{name} refuses {number} ({source})"));
            }
        }
        for number in *other {
            if scheme(name).valid(number) {
                wrong.push(format!("{name} takes {number} ({source})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_scheme_has_an_example() {
    for scheme in pii_detect::Scheme::all() {
        let named = EXAMPLES.iter().any(|e| e.0 == scheme.name())
            || FORMS.iter().any(|f| f.0 == scheme.name());
        assert!(named, "{}", scheme.name());
    }
}
