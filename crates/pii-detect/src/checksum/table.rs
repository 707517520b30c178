//! The schemes: what each number looks like, how it is checked, and what it takes to believe it.
//!
//! Where one shape belongs to several, the first that passes names the finding. `docs/identifiers.md` holds the sources.

use super::{DOT, HYPHEN, Need, SLASH, SPACE, Scheme, Written, carrier, device, national, vat};
use crate::kind::Kind;

macro_rules! label {
    (Id) => {
        "id"
    };
    (Tracking) => {
        "tracking"
    };
}

macro_rules! schemes {
    ($($name:literal $kind:ident $need:ident [$($shape:literal)+] [$($groups:literal: $separators:expr),*] $check:path;)*) => {
        pub(super) static SCHEMES: &[Scheme] = &[$(Scheme {
            name: $name,
            kind: Kind::$kind,
            need: Need::$need,
            shapes: &[$($shape),+],
            written: &[$(Written { groups: $groups, separators: $separators }),*],
            check: $check,
            by_form: concat!(label!($kind), ":shape:", $name),
            by_cue: concat!(label!($kind), ":cue:", $name),
        }),*];
    };
}

schemes! {
    "x-vin" Id Form ["xxxxxxxxxxxxxxxxx"] [] device::vin;
    "x-imei" Id Groups ["ddddddddddddddd"] [0x2661: SPACE | HYPHEN] device::imei;
    "x-imeisv" Id Cue ["dddddddddddddddd"] [] device::imeisv;
    "us-routing" Id Cue ["ddddddddd"] [] device::routing;
    "x-s10" Tracking Form ["aadddddddddaa"] [] carrier::s10;
    "x-ups" Tracking Form ["1Zxxxxxxxxxxxxxxxd"] [] carrier::ups;
    "x-sscc" Tracking Form ["00dddddddddddddddddd"] [0x0004_4444: SPACE, 0x0002_1791: SPACE] carrier::sscc;
    "x-sscc-short" Tracking Cue ["dddddddddddddddddd"] [] carrier::sscc;
    "us-usps" Tracking Form [
        "91dddddddddddddddddddd" "92dddddddddddddddddddd" "93dddddddddddddddddddd" "94dddddddddddddddddddd"
        "95dddddddddddddddddddd" "91dddddddddddddddddddddddd" "92dddddddddddddddddddddddd"
        "93dddddddddddddddddddddddd" "94dddddddddddddddddddddddd" "95dddddddddddddddddddddddd"
        "420ddddddddddddddddddddddddddd" "420ddddddddddddddddddddddddddddddd"
    ] [0x0044_4442: SPACE, 0x4444_4442: SPACE] carrier::usps;
    "us-usps-short" Tracking Groups ["dddddddddddddddddddd"] [0x0004_4444: SPACE] carrier::usps_short;
    "x-fedex-96" Tracking Form ["96dddddddddddddddddddd"] [0x0044_4442: SPACE] carrier::fedex_96;
    "x-fedex-long" Tracking Form [
        "96dddddddddddddddddddddddddddddddd" "100ddddddddddddddddddddddddddddddd"
    ] [] carrier::fedex_long;
    "x-fedex" Tracking Cue ["dddddddddddd"] [] carrier::fedex;
    "x-fedex-ground" Tracking Cue ["ddddddddddddddd"] [] carrier::mod10;
    "x-fedex-smartpost" Tracking Cue ["dddddddddddddddddddd"] [] carrier::fedex_smartpost;
    "x-dhl-express" Tracking Cue ["dddddddddd" "ddddddddddd"] [] carrier::dhl_express;
    "x-dhl-piece" Tracking Form [
        "JJDdddddddddd" "JJDddddddddddd" "JJDdddddddddddd" "JJDddddddddddddd" "JJDdddddddddddddd"
        "JJDddddddddddddddd" "JJDdddddddddddddddd" "JJDddddddddddddddddd" "JJDdddddddddddddddddd"
        "JJDddddddddddddddddddd" "JJDdddddddddddddddddddd" "JJDddddddddddddddddddddd" "JVGLdddddddddd"
        "JVGLddddddddddd" "JVGLdddddddddddd" "JVGLddddddddddddd" "JVGLdddddddddddddd" "JVGLddddddddddddddd"
        "JVGLdddddddddddddddd" "JVGLddddddddddddddddd" "JVGLdddddddddddddddddd" "JVGLddddddddddddddddddd"
        "JVGLdddddddddddddddddddd" "JDdddddddddddddddddd"
    ] [] carrier::shape;
    "x-dhl-ecommerce" Tracking Cue [
        "GMdddddddddddd" "GMddddddddddddd" "GMdddddddddddddd" "GMddddddddddddddd" "GMdddddddddddddddd"
        "GMddddddddddddddddd" "GMdddddddddddddddddd" "GMddddddddddddddddddd" "GMdddddddddddddddddddd"
    ] [] carrier::shape;
    "de-identcode" Tracking Cue ["dddddddddddd" "dddddddddddddd"] [] carrier::identcode;
    "x-dpd" Tracking Form ["dddddddddddddda" "ddddddddddddddddddddddddddda"] [] carrier::dpd;
    "x-dpd-number" Tracking Cue ["dddddddddddddd" "dddddddddddddddddddddddddddd"] [] carrier::shape;
    "x-gls" Tracking Cue ["ddddddddddd" "dddddddddddd"] [] carrier::shape;
    "de-hermes" Tracking Cue ["dddddddddddddd" "dddddddddddddddd" "Hddddddddddddddddddd"] [] carrier::shape;
    "gb-evri" Tracking Cue ["Hddxxxdddddddddd" "Cddaaadddddddddd"] [] carrier::shape;
    "fr-colissimo" Tracking Cue ["daddddddddddd" "daadddddddddd"] [] carrier::shape;
    "fr-chronopost" Tracking Cue ["aadddddddddaa" "aadddddddddddaa"] [] carrier::shape;
    "fr-mondial-relay" Tracking Cue ["dddddddd" "dddddddddd" "dddddddddddd"] [] carrier::shape;
    "nl-postnl" Tracking Form [
        "3Saaaaddddddd" "3Saaaadddddddd" "3Saaaaddddddddd" "3Saaaadddddddddd" "3Saaaaddddddddddd"
    ] [] carrier::shape;
    "nl-postnl-short" Tracking Cue [
        "3Sxxxxxxxxx" "3Sxxxxxxxxxx" "3Sxxxxxxxxxxx" "3Sxxxxxxxxxxxx" "3Sxxxxxxxxxxxxx"
    ] [] carrier::shape;
    "be-bpost" Tracking Form ["3232dddddddddddddddddddd"] [] carrier::shape;
    "es-correos" Tracking Form ["aaxxxxxddddddddddddddda"] [] carrier::shape;
    "es-seur" Tracking Cue ["dddddddddddddd"] [] carrier::shape;
    "pl-inpost" Tracking Cue ["dddddddddddddddddddddddd"] [] carrier::shape;
    "it-poste" Tracking Cue ["daadddddddddd" "ddaaddddddddd"] [] carrier::shape;
    "x-tnt" Tracking Form ["GDdddddddddWW" "GEdddddddddWW"] [] carrier::shape;
    "x-tnt-number" Tracking Cue ["ddddddddd"] [] carrier::shape;
    "x-amazon" Tracking Form [
        "TBAdddddddddddd" "TBBdddddddddddd" "TBCdddddddddddd" "TBMdddddddddddd"
    ] [] carrier::shape;
    "x-cainiao" Tracking Form ["LPdddddddddddddd" "YTdddddddddddddddd"] [] carrier::shape;
    "x-landmark" Tracking Form ["LTNddddddddNd" "LTNdddddddddNd" "LTNddddddddddNd"] [] carrier::shape;
    "us-ontrac" Tracking Cue ["Cdddddddddddddd" "Ddddddddddddddd" "1LSxxxxxxxxxxxx"] [] carrier::shape;
    "cz-packeta" Tracking Cue ["Zdddddddddd"] [] carrier::shape;
    "fi-posti" Tracking Form [
        "JJFIdddddddddddddddd" "JJFIddddddddddddddddd" "JJFIdddddddddddddddddd"
    ] [] carrier::shape;
    "fr-nir" Id Form [
        "ddddddddddddddd" "ddddd2Adddddddd" "ddddd2Bdddddddd"
    ] [0x0122_2332: SPACE | HYPHEN | DOT, 0xd2: SPACE | HYPHEN] national::west::fr_nir;
    "fr-spi" Id Form ["ddddddddddddd"] [0x0002_2333: SPACE] national::west::fr_spi;
    "fr-siren" Id Cue ["ddddddddd"] [] national::west::fr_siren;
    "fr-siret" Id Groups ["dddddddddddddd"] [0x3335: SPACE, 0x95: SPACE] national::west::fr_siren;
    "be-nn" Id Form [
        "ddddddddddd"
    ] [0x0002_2232: DOT | HYPHEN | SPACE, 0x632: SPACE | HYPHEN | DOT, 0x65: HYPHEN] national::west::be_nn;
    "be-enterprise" Id Groups ["dddddddddd"] [0x433: DOT] national::west::be_enterprise;
    "nl-bsn" Id Cue ["ddddddddd"] [] national::west::nl_bsn;
    "lu-id" Id Form ["ddddddddddddd"] [0x85: SPACE, 0x4225: SPACE] national::west::lu_id;
    "ie-pps" Id Form ["ddddddda" "dddddddaa"] [] national::west::ie_pps;
    "gb-nino" Id Form ["aadddddda"] [] national::west::gb_nino;
    "gb-nino-short" Id Cue ["aadddddd"] [] national::west::gb_nino;
    "gb-nhs" Id Cue ["dddddddddd"] [] national::west::gb_nhs;
    "gb-utr" Id Cue ["dddddddddd"] [] national::west::gb_utr;
    "ch-ahv" Id Form ["756dddddddddd"] [0x3442: DOT | SPACE | HYPHEN] national::west::ch_ahv;
    "ch-uid" Id Form ["CHEddddddddd"] [] national::west::ch_uid;
    "es-dni" Id Form ["dddddddda" "Xddddddda" "Yddddddda" "Zddddddda"] [] national::south::es_dni;
    "es-nif-klm" Id Cue ["Kddddddda" "Lddddddda" "Mddddddda"] [] national::south::es_dni;
    "es-cif" Id Cue ["adddddddx"] [] national::south::es_cif;
    "es-nss" Id Form ["dddddddddddd"] [0x282: SPACE | HYPHEN | SLASH] national::south::es_nss;
    "pt-nif" Id Cue ["ddddddddd"] [] national::south::pt_nif;
    "pt-cc" Id Form ["dddddddddaad"] [] national::south::pt_cc;
    "pt-niss" Id Cue ["ddddddddddd"] [] national::south::pt_niss;
    "it-cf" Id Form ["aaaaaaxxaxxaxxxa"] [] national::south::it_cf;
    "it-cf-form" Id Cue ["aaaaaaxxaxxaxxxa"] [] national::south::it_cf_form;
    "it-piva" Id Cue ["ddddddddddd"] [] national::south::it_piva;
    "gr-afm" Id Cue ["ddddddddd"] [] national::south::gr_afm;
    "gr-amka" Id Form ["ddddddddddd"] [0x65: SPACE | HYPHEN] national::south::gr_amka;
    "cy-tic" Id Form ["dddddddda"] [] national::south::cy_tic;
    "mt-id" Id Cue ["ddddddda"] [] national::south::mt_id;
    "de-idnr" Id Form ["ddddddddddd"] [0x2333: SPACE | DOT | SLASH | HYPHEN] national::centre::de_idnr;
    "de-rvnr" Id Form ["ddddddddaddd"] [] national::centre::de_rvnr;
    "de-kvnr" Id Cue ["addddddddd"] [] national::centre::de_kvnr;
    "de-card" Id Cue ["xxxxxxxxxd"] [] national::centre::de_card;
    "at-svnr" Id Groups ["dddddddddd"] [0x46: SPACE | HYPHEN | SLASH] national::centre::at_svnr;
    "at-tin" Id Cue ["ddddddddd"] [] national::centre::at_tin;
    "pl-pesel" Id Form ["ddddddddddd"] [0x65: SPACE] national::centre::pl_pesel;
    "pl-nip" Id Groups ["dddddddddd"] [0x3322: HYPHEN, 0x3223: HYPHEN] national::centre::pl_nip;
    "pl-regon" Id Cue ["ddddddddd" "dddddddddddddd"] [] national::centre::pl_regon;
    "pl-card" Id Cue ["aaadddddd"] [] national::centre::pl_card;
    "cz-rc" Id Groups ["ddddddddd" "dddddddddd"] [0x63: SLASH, 0x64: SLASH] national::centre::cz_rc;
    "cz-ico" Id Cue ["dddddddd"] [] national::centre::cz_ico;
    "sk-dic" Id Cue ["dddddddddd"] [] national::centre::sk_dph;
    "hu-tax" Id Groups ["dddddddd" "ddddddddddd"] [0x812: HYPHEN] national::centre::hu_tax;
    "hu-person-tax" Id Cue ["8ddddddddd"] [] national::centre::hu_person_tax;
    "hu-taj" Id Cue ["ddddddddd"] [] national::centre::hu_taj;
    "hu-person" Id Groups ["ddddddddddd"] [0x164: HYPHEN | SPACE] national::centre::hu_person;
    "dk-cpr" Id Groups ["dddddddddd"] [0x64: HYPHEN] national::north::dk_cpr;
    "dk-cpr-date" Id Cue ["dddddddddd"] [] national::north::dk_born;
    "dk-cvr" Id Cue ["dddddddd"] [] national::north::dk_cvr;
    "se-pnr" Id Groups ["dddddddddd" "dddddddddddd"] [0x64: HYPHEN, 0x84: HYPHEN, 0xc: SPACE] national::north::se_pnr;
    "se-org" Id Groups ["dddddddddd"] [0x64: HYPHEN] national::north::se_org;
    "fi-hetu" Id Form ["dddddddddx" "ddddddadddx"] [0x64: HYPHEN] national::north::fi_hetu;
    "fi-business" Id Groups ["dddddddd"] [0x71: HYPHEN] national::north::fi_business;
    "no-fnr" Id Form ["ddddddddddd"] [0x65: SPACE | HYPHEN, 0x2225: SPACE | DOT] national::north::no_fnr;
    "no-org" Id Cue ["ddddddddd"] [] national::north::no_org;
    "ee-ik" Id Form ["ddddddddddd"] [] national::north::baltic_person;
    "ee-company" Id Cue ["dddddddd"] [] national::north::baltic_company;
    "lt-ak" Id Form ["ddddddddddd"] [] national::north::baltic_person;
    "lt-company" Id Cue ["ddddddddd"] [] national::north::baltic_company;
    "lv-pk" Id Groups ["ddddddddddd"] [0x65: HYPHEN] national::north::lv_person;
    "lv-company" Id Cue ["ddddddddddd"] [] national::north::lv_org;
    "bg-egn" Id Cue ["dddddddddd"] [] national::east::bg_egn;
    "bg-pnf" Id Cue ["dddddddddd"] [] national::east::bg_pnf;
    "bg-eik" Id Cue ["ddddddddd" "ddddddddddddd"] [] national::east::bg_eik;
    "ro-cnp" Id Form ["ddddddddddddd"] [] national::east::ro_cnp;
    "ro-cui" Id Cue ["ddddd" "dddddd" "ddddddd" "dddddddd" "ddddddddd" "dddddddddd"] [] national::east::ro_cui;
    "hr-oib" Id Cue ["ddddddddddd"] [] national::east::hr_oib;
    "si-emso" Id Form ["ddddddddddddd"] [0x76: SPACE] national::east::si_emso;
    "si-tax" Id Cue ["dddddddd"] [] national::east::si_tax;
    "us-ssn" Id Groups ["ddddddddd"] [0x324: HYPHEN] national::east::us_ssn;
    "us-itin" Id Groups ["ddddddddd"] [0x324: HYPHEN] national::east::us_itin;
    "us-ein" Id Cue ["ddddddddd"] [] national::east::us_ein;
    "us-ptin" Id Cue ["Pdddddddd"] [] carrier::shape;
    "at-vat" Id Form ["ATUdddddddd"] [] vat::at_;
    "be-vat" Id Form ["BE0ddddddddd" "BE1ddddddddd"] [] vat::be;
    "bg-vat" Id Form ["BGddddddddd" "BGdddddddddd"] [] vat::bg;
    "cy-vat" Id Form ["CYdddddddda"] [] vat::cy;
    "cz-vat" Id Form ["CZdddddddd" "CZddddddddd" "CZdddddddddd"] [] vat::cz;
    "de-vat" Id Form ["DEddddddddd"] [] vat::de;
    "dk-vat" Id Form ["DKdddddddd"] [] vat::dk;
    "ee-vat" Id Form ["EEddddddddd"] [] vat::ee;
    "gr-vat" Id Form ["ELddddddddd" "GRddddddddd"] [] vat::el;
    "es-vat" Id Form ["ESxdddddddx"] [] vat::es;
    "fi-vat" Id Form ["FIdddddddd"] [] vat::fi;
    "fr-vat" Id Form ["FRxxddddddddd"] [] vat::fr;
    "gb-vat" Id Form ["GBddddddddd" "GBdddddddddddd" "XIddddddddd" "XIdddddddddddd"] [] vat::gb;
    "hr-vat" Id Form ["HRddddddddddd"] [] vat::hr;
    "hu-vat" Id Form ["HUdddddddd"] [] vat::hu;
    "ie-vat" Id Form ["IEddddddda" "IEdddddddaa" "IEdaddddda"] [] vat::ie;
    "it-vat" Id Form ["ITddddddddddd"] [] vat::it;
    "lt-vat" Id Form ["LTddddddddd" "LTdddddddddddd"] [] vat::lt;
    "lu-vat" Id Form ["LUdddddddd"] [] vat::lu;
    "lv-vat" Id Form ["LVddddddddddd"] [] vat::lv;
    "mt-vat" Id Form ["MTdddddddd"] [] vat::mt;
    "nl-vat" Id Form ["NLdddddddddBdd"] [] vat::nl;
    "no-vat" Id Form ["NOddddddddd" "dddddddddMVA" "NOdddddddddMVA"] [] vat::no;
    "pl-vat" Id Form ["PLdddddddddd"] [] vat::pl;
    "pt-vat" Id Form ["PTddddddddd"] [] vat::pt;
    "ro-vat" Id Form [
        "ROdd" "ROddd" "ROdddd" "ROddddd" "ROdddddd" "ROddddddd" "ROdddddddd" "ROddddddddd" "ROdddddddddd"
    ] [] vat::ro;
    "se-vat" Id Form ["SEdddddddddddd"] [] vat::se;
    "si-vat" Id Form ["SIdddddddd"] [] vat::si;
    "sk-vat" Id Form ["SKdddddddddd"] [] vat::sk;
    "ch-vat" Id Form ["CHEdddddddddMWST" "CHEdddddddddTVA" "CHEdddddddddIVA"] [] vat::ch;
    "lu-vat-digits" Id Cue ["dddddddd"] [] vat::lu_digits;
    "mt-vat-digits" Id Cue ["dddddddd"] [] vat::mt_digits;
}
