//! The report of an audit. `docs/AUDIT.md` lists its fields.

use serde::{Serialize, Serializer};

use super::cost::Cost;
use super::dataset::DatasetAudit;
use super::finding::{Counts, Finding};
use super::pages::Widget;
use super::probes::Origin;
use cek_nik::catalogue::Catalogue;
use cek_nik_publisher::site::document::KdfDocument;

/// Everything that an audit has seen.
#[derive(Debug, Serialize)]
pub struct Audit {
    /// How many findings there are of each severity.
    #[serde(flatten)]
    pub counts: Counts,
    /// What is not as it should be, the worst first.
    pub findings: Vec<Finding>,
    /// The files of the site.
    pub files: FileTotals,
    /// The widget.
    pub widget: Widget,
    /// The catalogue; `None` where clients refuse it.
    #[serde(serialize_with = "serialize_catalogue")]
    pub catalogue: Option<Catalogue>,
    /// The keys of nobody that were looked up.
    pub probes: u64,
    /// What these keys were made of; `None` where no shard was verified.
    pub measured_with: Option<Origin>,
    /// Each data set that clients accept.
    pub datasets: Vec<DatasetAudit>,
    /// The cost of trying all plausible numbers; `None` where clients refuse the catalogue, or
    /// where this computer has too little memory for its keys.
    pub cost: Option<Cost>,
}

/// The files of a site.
#[derive(Clone, Debug, Serialize)]
pub struct FileTotals {
    /// How many there are.
    pub count: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Header files that are there.
    pub header_files: Vec<&'static str>,
}

/// Writes what all data sets share; these have figures of their own.
fn serialize_catalogue<S: Serializer>(
    catalogue: &Option<Catalogue>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Keys {
        identifier: &'static str,
        kdf: KdfDocument,
        salt: String,
    }
    let keys = catalogue.as_ref().map(|catalogue| Keys {
        identifier: catalogue.identifier().name(),
        kdf: KdfDocument::of(catalogue.kdf()),
        salt: catalogue.salt().to_hex(),
    });
    keys.serialize(serializer)
}

impl Audit {
    /// Whether something should be done.
    pub fn is_something_wrong(&self) -> bool {
        self.counts.wrong + self.counts.warnings > 0
    }
}
