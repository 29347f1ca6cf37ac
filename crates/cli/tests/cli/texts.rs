//! Every word that readers see: in both languages, and without words that promise too much.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cek_nik::catalogue::is_dataset_id;
use cek_nik::nik::{Date, Warning};
use cek_nik_publisher::site::catalogue_document::{StepDocument, Text};
use serde_json::Value;

const INDONESIAN: &str = include_str!("../../texts/id.json");
const ENGLISH: &str = include_str!("../../texts/en.json");
const COMMANDS_INDONESIAN: &str = include_str!("../../texts/commands.id.json");
const COMMANDS_ENGLISH: &str = include_str!("../../texts/commands.en.json");
const FINDINGS_INDONESIAN: &str = include_str!("../../texts/findings.id.json");
const FAILURES_INDONESIAN: &str = include_str!("../../texts/failures.id.json");
const HINTS_INDONESIAN: &str = include_str!("../../texts/hints.id.json");
const STEPS: &str = include_str!("../../../publisher/texts/steps.json");
const WIDGET: &str = include_str!("../../../../www/src/widget.html");
const INDEX: &str = include_str!("../../../../www/src/index.html");
const WITHDRAWN: &str = include_str!("../../../publisher/src/site/withdrawn/page.html");
const FRONT_PAGE: &str = include_str!("../../../publisher/src/site/front_page/mod.rs");
const ARTICLE: &str = include_str!("../../../../tools/artikel.html");
const LOADER: &str = include_str!("../../../../www/src/embedding/embed.ts");
const DEMO: &str = include_str!("../../../../tools/demo.toml");
const TEMPLATE: &str = include_str!("../../../publisher/src/config/catalogue.toml");

/// Nobody can promise that a reader is safe, nor that nobody can tell who asked, and a leak is
/// nothing to congratulate anybody on.
const FORBIDDEN_WORDS: [&str; 4] = ["aman", "amannya", "seaman", "teraman"];
const FORBIDDEN_BEGINNINGS: [&str; 5] = ["anonim", "anonym", "selamat", "congrat", "safe"];

/// Questions that are answered under them, which promise nothing. Allowed word for word only.
const ALLOWED: [&str; 2] = ["Mengapa ini aman?", "Why is this safe?"];

#[test]
fn each_text_is_there_in_both_languages_with_the_same_values_to_fill_in() {
    let texts = |file| -> BTreeMap<String, Vec<String>> {
        let texts = leaves(file).into_iter();
        texts.map(|(path, text)| (path, gaps(&text))).collect()
    };
    for (indonesian, english) in [
        (INDONESIAN, ENGLISH),
        (COMMANDS_INDONESIAN, COMMANDS_ENGLISH),
    ] {
        let (indonesian, english) = (texts(indonesian), texts(english));
        assert!(indonesian.len() > 100, "only {} texts", indonesian.len());
        for path in indonesian.keys().chain(english.keys()) {
            assert_eq!(indonesian.get(path), english.get(path), "{path}");
        }
    }
}

/// A path that is misspelt in the source would be printed instead of its text.
#[test]
fn each_text_that_the_commands_name_exists_and_no_other() {
    let mut texts: Value = serde_json::from_str(COMMANDS_ENGLISH).unwrap();
    let failures: Value = serde_json::from_str(FAILURES_INDONESIAN).unwrap();
    texts["failure"] = failures["failure"].clone();
    let shared: Value = serde_json::from_str(ENGLISH).unwrap();
    let mut source = String::new();
    read_sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut source,
    );
    let is_path = |text: &&str| {
        let mut parts = text.split('/');
        parts.next() == Some("")
            && parts
                .next()
                .is_some_and(|first| texts.get(first).is_some() || shared.get(first).is_some())
    };
    let named: BTreeSet<&str> = source.split('"').filter(is_path).collect();
    assert!(named.len() > 150, "only {} paths", named.len());
    // Paths that end in a value, such as the code of a warning.
    let (families, named): (Vec<&str>, Vec<&str>) = named
        .into_iter()
        .partition(|path| path.contains('{') || path.ends_with('/'));
    for path in &named {
        let text = texts.pointer(path).or_else(|| shared.pointer(path));
        assert!(text.is_some(), "{path} is named, and not there");
    }
    let families: Vec<&str> = families
        .iter()
        .map(|path| path.split('{').next().unwrap())
        .collect();
    for (path, _) in leaves(&texts.to_string()) {
        let is_used =
            named.contains(&&*path) || families.iter().any(|family| path.starts_with(family));
        assert!(is_used, "{path} is there, and not named");
    }
}

#[test]
fn each_unit_that_the_commands_count_exists_and_no_other() {
    let texts: Value = serde_json::from_str(COMMANDS_ENGLISH).unwrap();
    let mut source = String::new();
    read_sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut source,
    );
    let words: BTreeSet<&str> = source.split('"').collect();
    // Those that only a program for progress bars names.
    let of_bars = ["second", "week"];
    for unit in texts["unit"].as_object().unwrap().keys() {
        let path = format!("/unit/{unit}/many");
        let is_used =
            words.contains(&**unit) || words.contains(&*path) || of_bars.contains(&&**unit);
        assert!(is_used, "{unit} is there, and not counted");
    }
    for unit in between(&source, ".count(\"", "\"") {
        assert!(texts["unit"].get(unit).is_some(), "{unit} is no unit");
    }
}

/// The sentences of the audit are in its source, behind these words.
const MARKS: [&str; 2] = ["say!(", "Phrase("];

#[test]
fn each_sentence_of_an_audit_is_there_in_indonesian_with_the_same_values() {
    let indonesian: BTreeMap<String, String> = serde_json::from_str(FINDINGS_INDONESIAN).unwrap();
    for (english, words) in &indonesian {
        assert_eq!(gaps(english), gaps(words), "{english}");
    }
    let mut source = String::new();
    let audit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../audit/src");
    read_sources(&audit, &mut source);
    let sentences: BTreeSet<String> = MARKS
        .iter()
        .flat_map(|mark| source.split(mark).skip(1))
        .filter_map(|rest| literal(rest.trim_start()))
        .collect();
    assert!(sentences.len() > 80, "only {} sentences", sentences.len());
    // Those of punctuation alone, and those of the tests, are the same in every language.
    let has_words = |sentence: &&String| {
        let text = gaps(sentence)
            .iter()
            .fold((*sentence).clone(), |text, gap| {
                text.replace(&format!("{{{gap}}}"), "")
            });
        text.chars().any(char::is_alphabetic) && !sentence.contains("{a}")
    };
    for sentence in sentences.iter().filter(has_words) {
        assert!(indonesian.contains_key(sentence), "{sentence}");
    }
}

/// The text of a string literal at the beginning of Rust code.
fn literal(code: &str) -> Option<String> {
    let code = code.strip_prefix('"')?;
    let mut text = String::new();
    let mut characters = code.chars();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            '\\' => match characters.next()? {
                '\n' => {
                    let rest = characters.as_str().trim_start();
                    characters = rest.chars();
                }
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
}

/// All Rust files and templates of a directory and of those inside it.
fn read_sources(directory: &Path, source: &mut String) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_sources(&path, source);
        } else if path.extension().is_some_and(|e| e != "css") {
            *source += &std::fs::read_to_string(&path).unwrap();
        }
    }
}

#[test]
fn no_text_is_empty() {
    let commands = [COMMANDS_INDONESIAN, COMMANDS_ENGLISH];
    for file in [INDONESIAN, ENGLISH, STEPS].into_iter().chain(commands) {
        for (path, text) in leaves(file) {
            assert!(!text.trim().is_empty(), "{path}");
        }
    }
}

#[test]
fn each_text_that_the_page_names_exists() {
    let texts: Value = serde_json::from_str(INDONESIAN).unwrap();
    let named: Vec<&str> = between(WIDGET, "data-text=\"", "\"");
    assert!(named.len() > 5, "{named:?}");
    for name in named {
        let own = &texts["offline"]["page"][name];
        assert!(texts["page"][name].is_string() || own.is_string(), "{name}");
    }
}

#[test]
fn each_step_of_the_widget_s_own_says_in_both_languages_what_was_checked_when() {
    let steps: Vec<StepDocument> = serde_json::from_str(STEPS).unwrap();
    assert_eq!(steps[0].id(), "first");
    for (place, step) in steps.iter().enumerate() {
        let StepDocument::Told {
            id,
            checked,
            situation,
            what,
        } = step
        else {
            panic!("{} says nothing", step.id());
        };
        assert!(is_dataset_id(id), "{id}");
        assert!(
            !steps[..place].iter().any(|other| other.id() == id),
            "{id} twice"
        );
        assert!(is_date(checked), "{id}: {checked}");
        for (Text { id: indonesian, en }, most) in [(situation, 100), (what, 400)] {
            for text in [indonesian, en] {
                assert!((1..=most).contains(&text.chars().count()), "{id}: {text}");
            }
            assert_ne!(indonesian, en, "{id} is not translated");
        }
    }
}

#[test]
fn no_reader_is_promised_too_much() {
    for (file, text) in sources() {
        assert!(text.len() > 100, "{file} is not read");
        let promises = forbidden(&text);
        assert!(promises.is_empty(), "{file}: {promises:?}");
    }
}

#[test]
fn forbidden_words_are_found() {
    for text in [
        "Anda aman.",
        "Mengapa ini aman? Karena AMAN.",
        "paling aman",
        "anonimitas",
        "Anonymous",
        "Selamat, Anda",
        "congratulations",
        "You are safe.",
        "why is this safe?",
        "safely",
    ] {
        assert_eq!(forbidden(text).len(), 1, "{text}");
    }
    for text in [
        "Mengapa ini aman?",
        "Why is this safe?",
        "keamanan",
        "amanat",
    ] {
        assert!(forbidden(text).is_empty(), "{text}");
    }
}

/// Everything that readers are shown, without what only browsers and programmers read.
fn sources() -> Vec<(&'static str, String)> {
    let values = |file| {
        let texts: Vec<String> = leaves(file).into_iter().map(|(_, text)| text).collect();
        texts.join("\n")
    };
    vec![
        ("texts/id.json", values(INDONESIAN)),
        ("texts/en.json", values(ENGLISH)),
        ("texts/commands.id.json", values(COMMANDS_INDONESIAN)),
        ("texts/failures.id.json", values(FAILURES_INDONESIAN)),
        ("texts/hints.id.json", values(HINTS_INDONESIAN)),
        ("texts/commands.en.json", values(COMMANDS_ENGLISH)),
        (
            "texts/findings.id.json",
            serde_json::from_str::<BTreeMap<String, String>>(FINDINGS_INDONESIAN)
                .unwrap()
                .into_values()
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        ("texts/steps.json", values(STEPS)),
        ("www/src/widget.html", without_code(WIDGET)),
        ("www/src/index.html", without_code(INDEX)),
        (
            "site/front_page/mod.rs",
            between(FRONT_PAGE, "\npub(super) const TITLE", "\n/// The texts of").concat(),
        ),
        ("site/withdrawn/page.html", without_code(WITHDRAWN)),
        ("tools/artikel.html", without_code(ARTICLE)),
        (
            "www/src/embedding/embed.ts",
            between(LOADER, "\nconst TEXTS = ", "\n};").concat(),
        ),
        ("tools/demo.toml", DEMO.to_owned()),
        ("catalogue.toml", TEMPLATE.to_owned()),
    ]
}

fn forbidden(text: &str) -> Vec<String> {
    let text = ALLOWED
        .iter()
        .fold(text.to_owned(), |text, allowed| text.replace(allowed, ""));
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            FORBIDDEN_WORDS.contains(word)
                || FORBIDDEN_BEGINNINGS
                    .iter()
                    .any(|beginning| word.starts_with(beginning))
        })
        .map(str::to_owned)
        .collect()
}

/// Every text of a JSON file, with its path.
fn leaves(file: &str) -> Vec<(String, String)> {
    fn collect(path: &str, value: &Value, leaves: &mut Vec<(String, String)>) {
        match value {
            Value::String(text) => leaves.push((path.to_owned(), text.clone())),
            Value::Object(fields) => {
                for (name, value) in fields {
                    collect(&format!("{path}/{name}"), value, leaves);
                }
            }
            Value::Array(items) => {
                for (place, value) in items.iter().enumerate() {
                    collect(&format!("{path}/{place}"), value, leaves);
                }
            }
            other => panic!("{path} is no text: {other}"),
        }
    }
    let mut texts = Vec::new();
    collect("", &serde_json::from_str(file).unwrap(), &mut texts);
    texts
}

/// The names of the values to fill in.
fn gaps(text: &str) -> Vec<String> {
    let mut gaps: Vec<String> = between(text, "{", "}")
        .into_iter()
        .map(str::to_owned)
        .collect();
    gaps.sort_unstable();
    gaps
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start)
        .skip(1)
        .filter_map(|rest| rest.split_once(end))
        .map(|(found, _)| found)
        .collect()
}

fn without_code(html: &str) -> String {
    let code = |name| between(html, &format!("<{name}>"), &format!("</{name}>"));
    [code("style"), code("script")]
        .concat()
        .into_iter()
        .filter(|code| !code.is_empty())
        .fold(html.to_owned(), |html, code| html.replace(code, ""))
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    matches!(text.len(), 4 | 7 | 10) && format!("{text}-01-01")[..10].parse::<Date>().is_ok()
}

#[test]
fn every_warning_has_words_in_both_languages() {
    for file in [INDONESIAN, ENGLISH] {
        let texts: Value = serde_json::from_str(file).expect("JSON");
        let words = texts["warning"].as_object().expect("warnings");
        assert_eq!(words.len(), Warning::ALL.len());
        for warning in Warning::ALL {
            let text = words[warning.code()].as_str().expect("a text");
            assert!(!text.replace("{digits}", "").contains(['{', '}']), "{text}");
        }
    }
}
