//! Reading of a NIK in words.

use cek_nik::nik::{Date, Nik, Place, Reading, RegencyKind, Region, Sex, Warning};

use super::texts::Texts;

/// The lines of a reading: the sentence to compare with the card, its limits, and the warnings.
pub fn words(texts: &Texts, nik: &Nik, today: Date) -> Vec<String> {
    let reading = nik.decode(today);
    let mut lines = vec![
        texts.fill(
            "/cli/reading/sentence",
            &[
                ("person", person(texts, reading.sex)),
                ("birth", &birth(texts, &reading)),
                ("place", &place(texts, &reading)),
            ],
        ),
        compare(texts, &reading),
    ];
    let warnings = reading.warnings.iter();
    lines.extend(warnings.map(|found| format!("! {}", warning(texts, nik, found))));
    if !reading.warnings.is_empty() {
        lines.push(texts.text("/cli/reading/even_so").to_owned());
    }
    lines
}

fn compare(texts: &Texts, reading: &Reading) -> String {
    let serial = format!("{:04}", reading.serial);
    match reading.place {
        Place::Region(Region { district, .. }) => {
            let district = format!("{district:02}");
            let values = [("district", district.as_str()), ("serial", &serial)];
            texts.fill("/cli/reading/compare", &values)
        }
        Place::Abroad { .. } => texts.fill("/cli/reading/compare_abroad", &[("serial", &serial)]),
    }
}

fn person(texts: &Texts, sex: Option<Sex>) -> &str {
    texts.text(match sex {
        Some(Sex::Male) => "/cli/reading/person/male",
        Some(Sex::Female) => "/cli/reading/person/female",
        None => "/cli/reading/person/unknown",
    })
}

/// The date of birth. Of two possible centuries the later comes first: few readers are over 100.
fn birth(texts: &Texts, reading: &Reading) -> String {
    let dates: Vec<Date> = reading.birth.dates().collect();
    let Some(last) = dates.last() else {
        return texts.text("/cli/reading/birth/none").to_owned();
    };
    let path = if dates.len() == 1 {
        "/cli/reading/birth/one"
    } else {
        "/cli/reading/birth/two"
    };
    let month = format!("/cli/months/{}", last.month() - 1);
    let earlier = dates.first().map(|date| date.year().to_string());
    texts.fill(
        path,
        &[
            ("day", &last.day().to_string()),
            ("month", texts.text(&month)),
            ("year", &last.year().to_string()),
            ("earlier", &earlier.unwrap_or_default()),
        ],
    )
}

fn place(texts: &Texts, reading: &Reading) -> String {
    match &reading.place {
        // The warning explains the unknown code.
        Place::Region(_) if reading.warnings.contains(Warning::ProvinceUnknown) => {
            texts.text("/cli/reading/place/province_unknown").to_owned()
        }
        Place::Region(region) if reading.warnings.contains(Warning::RegencyUnknown) => {
            let province = province(texts, region);
            texts.fill(
                "/cli/reading/place/regency_unknown",
                &[("province", &province)],
            )
        }
        Place::Region(region) => {
            let (regency, province) = (regency(texts, region), province(texts, region));
            let values = [("regency", regency.as_str()), ("province", &province)];
            texts.fill("/cli/reading/place/region", &values)
        }
        Place::Abroad { country, mission } => {
            let (country, mission) = (format!("{country:03}"), mission.to_string());
            let values = [("country", country.as_str()), ("mission", &mission)];
            texts.fill("/cli/reading/place/abroad", &values)
        }
    }
}

fn regency(texts: &Texts, region: &Region) -> String {
    let code = format!("{:02}.{:02}", region.province, region.regency);
    let is_city = region.kind == Some(RegencyKind::City);
    match (region.regency_name, is_city) {
        (Some(name), false) => texts.fill("/cli/reading/place/regency", &[("name", name)]),
        (Some(name), true) => texts.fill("/cli/reading/place/city", &[("name", name)]),
        (None, false) => texts.fill("/cli/reading/place/unnamed_regency", &[("code", &code)]),
        (None, true) => texts.fill("/cli/reading/place/unnamed_city", &[("code", &code)]),
    }
}

fn province(texts: &Texts, region: &Region) -> String {
    let name = region.province_name.unwrap_or_default();
    match region.recoded.and_then(|now| now.province_name) {
        Some(now) => texts.fill(
            "/cli/reading/place/moved",
            &[("province", name), ("now", now)],
        ),
        None => name.to_owned(),
    }
}

fn warning(texts: &Texts, nik: &Nik, warning: Warning) -> String {
    let digits: String = (1..)
        .zip(nik.as_bytes())
        .filter(|(position, _)| warning.positions().contains(position))
        .map(|(_, &digit)| char::from(digit))
        .collect();
    texts.fill(
        &format!("/warning/{}", warning.code()),
        &[("digits", &digits)],
    )
}
