//! Failures of reading lists.

use cek_nik_publisher::input::columns::{ColumnNames, LayoutError, Profiles, Spoilt};
use cek_nik_publisher::input::formats::decode_error::DecodeError;
use cek_nik_publisher::input::{Changed, InputError};

use super::{Failure, io_words, of_path};
use crate::output::columns;
use crate::output::sanitize;
use crate::output::texts::Texts;

impl Failure for Changed {
    fn code(&self) -> &'static str {
        "list_changed"
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(of_path(texts, "/failure/list_changed", &self.0))
    }
}

impl Failure for InputError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        let at_line = |text: &str, path: &std::path::Path, line: u64| {
            let values = [
                ("path", &*sanitize::path(path)),
                ("line", &*line.to_string()),
            ];
            texts.fill(text, &values)
        };
        Some(match self {
            Self::Io { path, source } => {
                let values = [
                    ("path", &*sanitize::path(path)),
                    ("cause", &*io_words(texts, source)),
                ];
                texts.fill("/failure/list_unreadable", &values)
            }
            Self::Foreign { path, format } => {
                let text = match format.code {
                    "foreign_archive" => "/failure/foreign/archive",
                    "foreign_database" => "/failure/foreign/database",
                    "foreign_document" => "/failure/foreign/document",
                    _ => "/failure/foreign/other",
                };
                of_path(texts, text, path)
            }
            Self::Decode { path, source } => {
                let words = source.words(texts)?;
                format!("{}: {words}", sanitize::path(path))
            }
            Self::Layout { path, source } => {
                let words = source.words(texts)?;
                format!("{}: {words}", sanitize::path(path))
            }
            Self::SwallowedRow { path, line } => at_line("/failure/swallowed_row", path, *line),
            Self::OtherHeading { path, second, .. } => {
                at_line("/failure/other_heading", path, *second)
            }
            Self::OpenQuote { path, line, .. } => at_line("/failure/open_quote", path, *line),
        })
    }
}

impl Failure for DecodeError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::MixedEncodings { line, .. } => {
                let values = [("line", &*line.to_string())];
                texts.fill("/failure/decode/mixed_encodings", &values)
            }
            Self::ZeroBytes { line, .. } => {
                let values = [("line", &*line.to_string())];
                texts.fill("/failure/decode/zero_bytes", &values)
            }
            Self::HalfCharacter { .. } => texts.text("/failure/decode/half_character").to_owned(),
            Self::Compressed { format, .. } => {
                texts.fill("/failure/decode/compressed", &[("format", format)])
            }
            Self::Json { line } => {
                let values = [("line", &*line.to_string())];
                texts.fill("/failure/decode/json", &values)
            }
            Self::Workbook => texts.text("/failure/decode/workbook").to_owned(),
            Self::EmptyWorkbook => texts.text("/failure/decode/empty_workbook").to_owned(),
            Self::SeveralSheets { sheets } => {
                texts.fill("/failure/decode/several_sheets", &[("sheets", sheets)])
            }
            Self::Parquet => texts.text("/failure/decode/parquet").to_owned(),
            Self::LargeWorkbook { .. } | Self::JsonKeys { .. } | Self::LongWindow { .. } => {
                return None;
            }
        })
    }
}

impl Failure for LayoutError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn words(&self, texts: Texts) -> Option<String> {
        Some(match self {
            Self::NoSuchColumn { wanted, found } => {
                let values = [("wanted", &**wanted), ("found", &*names(texts, found))];
                texts.fill("/failure/layout/no_such_column", &values)
            }
            Self::NoNikColumn { found, numbers } => {
                let values = [("found", &*names(texts, found))];
                texts.fill("/failure/layout/no_nik_column", &values)
                    + &with_numbers(texts, "/failure/layout/with_numbers", numbers)
            }
            Self::TwoColumns { name, columns } => {
                let values = [("name", &**name), ("columns", &*profiles(texts, columns))];
                texts.fill("/failure/layout/two_columns", &values)
            }
            Self::NoNameColumn { found } => {
                let values = [("found", &*names(texts, found))];
                texts.fill("/failure/layout/no_name_column", &values)
            }
            Self::NoNames => texts.text("/failure/layout/no_names").to_owned(),
            Self::Unclear { columns, numbers } => {
                let values = [("columns", &*columns.to_string())];
                texts.fill("/failure/layout/unclear", &values)
                    + &with_numbers(texts, "/failure/layout/those_with_numbers", numbers)
            }
            Self::NikSpoilt {
                column,
                why,
                others,
            } => {
                let why = texts.text(match why {
                    Spoilt::LastDigits => "/failure/layout/spoilt/last_digits",
                    Spoilt::Digits => "/failure/layout/spoilt/digits",
                    Spoilt::Empty => "/failure/layout/spoilt/empty",
                    Spoilt::OtherThings => "/failure/layout/spoilt/other_things",
                });
                let values = [
                    ("column", &*columns::field(texts, column)),
                    ("why", why),
                    ("others", &*profiles(texts, others)),
                ];
                texts.fill("/failure/layout/nik_spoilt", &values)
            }
            Self::HeadingWidth {
                line,
                names,
                fields,
            } => {
                let values = [
                    ("line", &*line.to_string()),
                    ("names", &*names.to_string()),
                    ("fields", &*fields.to_string()),
                ];
                texts.fill("/failure/layout/heading_width", &values)
            }
            Self::DecimalComma => texts.text("/failure/layout/decimal_comma").to_owned(),
            Self::NoColumnZero => texts.text("/failure/layout/no_column_zero").to_owned(),
            Self::NoColumns => texts.text("/failure/layout/no_columns").to_owned(),
        })
    }
}

fn names(texts: Texts, found: &ColumnNames) -> String {
    let columns = found.columns.to_string();
    match found.names.as_slice() {
        [] => texts.fill("/failure/layout/unnamed", &[("columns", &columns)]),
        names => {
            let values = [("columns", &*columns), ("names", &*names.join(", "))];
            texts.fill("/failure/layout/named", &values)
        }
    }
}

fn profiles(texts: Texts, profiles: &Profiles) -> String {
    let profiles = profiles.0.iter();
    let words: Vec<String> = profiles.map(|p| columns::profile(texts, p)).collect();
    words.join("; ")
}

fn with_numbers(texts: Texts, text: &str, numbers: &Profiles) -> String {
    match numbers.0.as_slice() {
        [] => String::new(),
        _ => texts.fill(text, &[("columns", &profiles(texts, numbers))]),
    }
}
