//! A reading in words.

use cek_nik::nik::{Date, Nik, Place, Reading, RegencyKind, Region, Sex, Warning};

use super::texts::Texts;

/// The sentence that is compared with the card, then each warning.
pub fn words(texts: &Texts, nik: &Nik, today: Date) -> Vec<String> {
    let reading = nik.decode(today);
    let mut lines = vec![
        texts.fill(
            "/reading/sentence",
            &[
                ("person", person(texts, reading.sex)),
                ("birth", &birth(texts, &reading)),
                ("place", &place(texts, &reading.place)),
            ],
        ),
        texts.fill(
            "/reading/compare",
            &[("serial", &format!("{:04}", reading.serial))],
        ),
    ];
    lines.extend(
        reading
            .warnings
            .iter()
            .map(|found| format!("! {}", warning(texts, nik, found))),
    );
    if !reading.warnings.is_empty() {
        lines.push(texts.text("/reading/even_so").to_owned());
    }
    lines
}

fn person(texts: &Texts, sex: Option<Sex>) -> &str {
    texts.text(match sex {
        Some(Sex::Male) => "/reading/person/male",
        Some(Sex::Female) => "/reading/person/female",
        None => "/reading/person/unknown",
    })
}

/// The later date first, where there are two: few who ask are a hundred years old.
fn birth(texts: &Texts, reading: &Reading) -> String {
    let dates: Vec<Date> = reading.birth.dates().collect();
    let Some(last) = dates.last() else {
        return texts.text("/reading/birth/none").to_owned();
    };
    let path = if dates.len() == 1 {
        "/reading/birth/one"
    } else {
        "/reading/birth/two"
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

fn place(texts: &Texts, place: &Place) -> String {
    match place {
        Place::Region(region) => texts.fill(
            "/reading/place/region",
            &[
                ("regency", &regency(texts, region)),
                ("province", &province(texts, region)),
            ],
        ),
        Place::Abroad { country, mission } => texts.fill(
            "/reading/place/abroad",
            &[
                ("country", &format!("{country:03}")),
                ("mission", &mission.to_string()),
            ],
        ),
    }
}

fn regency(texts: &Texts, region: &Region) -> String {
    match (region.kind, region.regency_name) {
        (Some(RegencyKind::Regency), Some(name)) => {
            texts.fill("/reading/place/regency", &[("name", name)])
        }
        (Some(RegencyKind::City), Some(name)) => {
            texts.fill("/reading/place/city", &[("name", name)])
        }
        _ => {
            let code = format!("{:02}.{:02}", region.province, region.regency);
            texts.fill("/reading/place/unnamed", &[("code", &code)])
        }
    }
}

fn province(texts: &Texts, region: &Region) -> String {
    let Some(name) = region.province_name else {
        let code = format!("{:02}", region.province);
        return texts.fill("/reading/place/province_unnamed", &[("code", &code)]);
    };
    match region.recoded.and_then(|now| now.province_name) {
        Some(now) => texts.fill("/reading/place/moved", &[("province", name), ("now", now)]),
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
