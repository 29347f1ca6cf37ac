//! Report of an audit. `docs/AUDIT.md` lists its fields.

use serde::{Serialize, Serializer};

use cek_nik::catalogue::Catalogue;
use cek_nik_publisher::site::catalogue_document::KdfDocument;

use crate::cost::Cost;
use crate::dataset::DatasetAudit;
use crate::files::Files;
use crate::finding::{Counts, Finding};
use crate::pages::{HEADER_FILES, Widget};
use crate::probes::Origin;

/// Report of an audit.
#[derive(Debug, Serialize)]
pub struct Audit {
    /// The number of findings by severity.
    #[serde(flatten)]
    pub counts: Counts,
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// The files of the site.
    pub files: FileTotals,
    /// The widget.
    pub widget: Widget,
    /// The catalogue; `None` if clients refuse it.
    #[serde(serialize_with = "serialize_catalogue")]
    pub catalogue: Option<Catalogue>,
    /// The number of probes that were looked up.
    pub probes: u64,
    /// The origin of the probes; `None` if no shard was verified.
    pub measured_with: Option<Origin>,
    /// The data sets that clients accept.
    pub datasets: Vec<DatasetAudit>,
    /// The cost of trying all plausible numbers; `None` if clients refuse the catalogue, or if this
    /// computer lacks the memory for its keys.
    pub cost: Option<Cost>,
}

/// Files of a site.
#[derive(Clone, Debug, Serialize)]
pub struct FileTotals {
    /// The number of files.
    pub count: u64,
    /// The length of all files, in bytes.
    pub bytes: u64,
    /// The header files among them.
    pub header_files: Vec<&'static str>,
}

impl FileTotals {
    pub(super) fn of(files: &Files) -> Self {
        let is_there = |name: &&str| files.named(name).is_some();
        Self {
            count: files.all().len() as u64,
            bytes: files.all().iter().filter_map(|file| file.bytes).sum(),
            header_files: HEADER_FILES.into_iter().filter(is_there).collect(),
        }
    }
}

/// Writes the fields that all data sets share. The data sets have entries of their own.
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
    /// Whether the publisher should act.
    pub fn is_something_wrong(&self) -> bool {
        self.counts.wrong + self.counts.warnings > 0
    }
}
