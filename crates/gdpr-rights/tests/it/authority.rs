use gdpr_rights::request::authority::{Authority, Regional};
use gdpr_rights::{Country, Error};
use retention_policy::Region;

/// Country and a part of the name that no other row has.
const NAMES: [(&str, &str); 30] = [
    ("AT", "sterreichische Datenschutz"),
    ("BE", "Gegevensbeschermingsautoriteit"),
    ("BG", "Комисия"),
    ("CY", "Γραφείο"),
    ("CZ", "Úřad pro ochranu"),
    ("DE", "Bundesbeauftragte"),
    ("DK", "Datatilsynet"),
    ("EE", "Andmekaitse"),
    ("ES", "Agencia Española"),
    ("FI", "Tietosuoja"),
    ("FR", "CNIL"),
    ("GR", "Αρχή"),
    ("HR", "Agencija"),
    ("HU", "Nemzeti"),
    ("IE", "Data Protection Commission"),
    ("IS", "Persónuvernd"),
    ("IT", "Garante"),
    ("LI", "Datenschutzstelle"),
    ("LT", "Valstybinė"),
    ("LU", "Commission nationale pour la"),
    ("LV", "Datu valsts"),
    ("MT", "Office of the Information"),
    ("NL", "Autoriteit Persoonsgegevens"),
    ("NO", "Datatilsynet"),
    ("PL", "Urząd"),
    ("PT", "Comissão"),
    ("RO", "Autoritatea"),
    ("SE", "Integritetsskydds"),
    ("SI", "Informacijski"),
    ("SK", "Úrad na ochranu"),
];

#[test]
fn p120_every_country_has_its_authority() {
    for (code, name) in NAMES {
        let authority = Authority::of_code(code).unwrap();
        assert_eq!(authority.country(), code);
        assert!(authority.name().contains(name), "{code}");
        assert!(!authority.english().is_empty(), "{code}");
        assert_eq!(
            Authority::of_code(&code.to_ascii_lowercase()),
            Ok(authority)
        );
        assert_eq!(
            Authority::of(Country::from_code(code).unwrap()),
            Ok(authority)
        );
    }
    let listed: Vec<_> = Authority::all().map(|a| a.country()).collect();
    assert_eq!(
        listed,
        NAMES.map(|(code, _)| code),
        "nothing but these rows"
    );
    for region in Region::ALL {
        assert!(listed.contains(&region.code()), "{region}");
    }
}

#[test]
fn p120_regional_authorities_are_mentioned_where_there_are_some() {
    for (code, _) in NAMES {
        let expected = match code {
            "DE" => Regional::Land,
            "ES" => Regional::Community,
            _ => Regional::None,
        };
        assert_eq!(Authority::of_code(code).unwrap().regional(), expected);
    }
}

#[test]
fn there_is_no_authority_elsewhere() {
    for code in ["US", "GB", "CH", "EU", "", "FRA", "#", "co", "-"] {
        assert_eq!(Authority::of_code(code), Err(Error::NoAuthority), "{code}");
    }
    assert_eq!(
        Authority::of(Country::Third([0xff, 0xff])),
        Err(Error::NoAuthority)
    );
}
