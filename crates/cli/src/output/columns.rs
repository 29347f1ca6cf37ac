//! Columns of a list and their contents, in words.

use cek_nik_publisher::input::columns::{Because, ColumnProfile, Field};
use cek_nik_publisher::input::formats::encoding::Encoding;
use cek_nik_publisher::input::heading::Role;
use cek_nik_publisher::input::reject_reason::RejectReason;

use super::texts::Texts;

/// `column 2 "NIK"`, counted from 1.
pub fn field(texts: Texts, field: &Field) -> String {
    let number = (field.index + 1).to_string();
    match &field.title {
        None => texts.fill("/column/number", &[("n", &number)]),
        Some(title) => {
            let values = [("n", &*number), ("title", title)];
            texts.fill("/column/title", &values)
        }
    }
}

/// Why a column is the one with the NIK.
pub fn because(texts: Texts, because: Because) -> &'static str {
    texts.text(match because {
        Because::Asked => "/column/because/asked",
        Because::CalledNik => "/column/because/called_nik",
        Because::OnlyNameOfNik => "/column/because/only_name_of_nik",
        Because::OnlyNumbers => "/column/because/only_numbers",
        Because::OnlyColumn => "/column/because/only_column",
    })
}

/// The contents of a column, by the first rows.
pub fn profile(texts: Texts, profile: &ColumnProfile) -> String {
    let column = field(texts, &profile.field);
    if profile.role == Role::Name {
        return column;
    }
    let values = [
        ("column", &*column),
        ("numbers", &*profile.numbers.to_string()),
        ("rows", &*profile.rows.to_string()),
        ("against", &*profile.against_rules.to_string()),
        ("cards", &*profile.family_cards.to_string()),
        ("cut", &*profile.cut.to_string()),
    ];
    let mut words = texts.fill("/column/profile", &values);
    if profile.numbers > 0 {
        words += &texts.fill("/column/oddities", &values);
    }
    if profile.cut > 0 {
        words += &texts.fill("/column/cut", &values);
    }
    words
        + match profile.role {
            Role::OtherNik => texts.text("/column/role/other_nik"),
            Role::FamilyCard => texts.text("/column/role/family_card"),
            Role::EmployeeNumber => texts.text("/column/role/employee_number"),
            _ => "",
        }
}

/// The encoding of a text.
pub fn encoding(texts: Texts, encoding: Encoding) -> String {
    match encoding {
        Encoding::Other => texts.text("/list/other_encoding").to_owned(),
        known => known.to_string(),
    }
}

/// Why rows are rejected.
pub fn reject_reason(texts: Texts, reason: RejectReason) -> &'static str {
    let words = texts.find(&format!("/list/rejected/{}", reason.code()));
    words.unwrap_or(reason.code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::texts::Language;

    #[test]
    fn the_words_for_rows_are_those_of_the_list_report() {
        let texts = Texts::new(Language::En);
        for reason in RejectReason::ALL {
            assert_eq!(reject_reason(texts, reason), reason.to_string());
        }
    }
}
