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
    let (Some(earlier), Some(last)) = (dates.first(), dates.last()) else {
        return texts.text("/cli/reading/birth/none").to_owned();
    };
    let path = if dates.len() == 1 {
        "/cli/reading/birth/one"
    } else {
        "/cli/reading/birth/two"
    };
    let month = format!("/cli/months/{}", last.month() - 1);
    texts.fill(
        path,
        &[
            ("day", &last.day().to_string()),
            ("month", texts.text(&month)),
            ("year", &last.year().to_string()),
            ("earlier", &earlier.year().to_string()),
        ],
    )
}

fn place(texts: &Texts, reading: &Reading) -> String {
    match &reading.place {
        Place::Region(region) => {
            // The warning explains the unknown code.
            let Some(province) = province(texts, region) else {
                return texts.text("/cli/reading/place/province_unknown").to_owned();
            };
            if reading.warnings.contains(Warning::RegencyUnknown) {
                return texts.fill(
                    "/cli/reading/place/regency_unknown",
                    &[("province", &province)],
                );
            }
            let regency = regency(texts, region);
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

/// The province, and today's if the place has another; `None` for an unknown code.
fn province(texts: &Texts, region: &Region) -> Option<String> {
    let name = region.province_name?;
    Some(match region.recoded.and_then(|now| now.province_name) {
        Some(now) => texts.fill(
            "/cli/reading/place/moved",
            &[("province", name), ("now", now)],
        ),
        None => name.to_owned(),
    })
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
