//! Names as on cards, made up from common words. The frequencies are assumed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// Name: an abbreviated title, and words. Printed with spaces between them.
#[derive(Clone, PartialEq)]
pub struct Name {
    pub title: Option<&'static str>,
    pub words: Vec<String>,
}

/// The spellings of the prophet's name, the commonest first word of boys born since 2010
/// (Dukcapil).
pub const MUHAMMAD: [&str; 5] = ["MUHAMMAD", "MOHAMMAD", "MUHAMAD", "MOHAMAD", "MOCHAMAD"];

const FIRST: [&str; 64] = [
    "SUTRISNO",
    "SLAMET",
    "MULYADI",
    "HERMAN",
    "SUPARDI",
    "ISMAIL",
    "SUPRIYANTO",
    "WAHYUDI",
    "JUNAIDI",
    "SUPARMAN",
    "AGUS",
    "BUDI",
    "JOKO",
    "EKO",
    "DEDI",
    "HENDRA",
    "YUSUF",
    "AHMAD",
    "ABDUL",
    "IBRAHIM",
    "TAUFIK",
    "FAJAR",
    "RIZKI",
    "YOHANES",
    "CAHYO",
    "DJOKO",
    "UMAR",
    "ZAINAL",
    "MA'RUF",
    "SYAFI'I",
    "RIFA'I",
    "AL-FATIH",
    "NURHAYATI",
    "SULASTRI",
    "SUMIATI",
    "SRI",
    "SUMARNI",
    "SUNARTI",
    "SITI",
    "AMINAH",
    "ERNAWATI",
    "KARTINI",
    "DEWI",
    "RINA",
    "PUTRI",
    "MARIA",
    "FATIMAH",
    "AISYAH",
    "ANNISA",
    "HALIMMAH",
    "YULI",
    "WATI",
    "TUTI",
    "NUR",
    "NUR'AINI",
    "JUM'AH",
    "RATNA",
    "LILIS",
    "ENDANG",
    "CICIH",
    "ROHMAH",
    "KHADIJAH",
    "CHRISTINA",
    "ELISABETH",
];

const LATER: [&str; 24] = [
    "CONTOH", "MISAL", "UMPAMA", "REKAAN", "CUPLIKAN", "TIRUAN", "KARANGAN", "PERAGA", "SUSANTO",
    "RAHMAN", "AINI", "LESTARI", "JUNIOR", "PRATAMA", "SAPUTRA", "HIDAYAT", "YUNIARTI", "CAHYANI",
    "NUGROHO", "SETIAWAN", "ANNUR", "HASSAN", "MAHARANI", "WIJAYA",
];

const TITLES: [&str; 10] = [
    "H.", "HJ.", "DRS.", "DRA.", "IR.", "DR.", "PROF.", "KH.", "R.", "RR.",
];

impl Name {
    pub fn draw(random: &mut ChaCha8Rng) -> Self {
        let title = happens_to(random, 40).then(|| pick(random, &TITLES));
        let mut words: Vec<String> = match below(random, 100) {
            0..8 => vec![pick(random, &MUHAMMAD)],
            8 => vec!["M.", pick(random, &FIRST)],
            9 => vec!["I", "WAYAN"],
            10 => vec!["NI", "LUH"],
            _ => vec![pick(random, &FIRST)],
        }
        .into_iter()
        .map(str::to_owned)
        .collect();
        let more = match below(random, 100) {
            0..15 => 0,
            15..70 => 1,
            _ => 2,
        };
        words.extend((0..more).map(|_| pick(random, &LATER).to_owned()));
        Self { title, words }
    }

    pub fn text(&self) -> String {
        let words = self.words.iter().map(String::as_str);
        let all: Vec<&str> = self.title.into_iter().chain(words).collect();
        all.join(" ")
    }
}

/// Draws an event that happens so many times of a thousand.
pub fn happens_to(random: &mut ChaCha8Rng, per_mille: u64) -> bool {
    below(random, 1_000) < per_mille
}

pub fn below(random: &mut ChaCha8Rng, limit: u64) -> u64 {
    // The bias is below 2^-50.
    random.next_u64() % limit
}

pub fn pick<'a>(random: &mut ChaCha8Rng, items: &[&'a str]) -> &'a str {
    items[below(random, items.len() as u64) as usize]
}
