//! Small site, in memory.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use cek_nik_publisher::config::Description;
use cek_nik_publisher::job::{Job, Silent};
use cek_nik_publisher::pipeline;
use serde_json::{Map, Value};

use crate::vectors::{IN_BOTH, SALT};

/// NIKs and parameters of a data set.
#[derive(Clone)]
pub struct Set {
    pub niks: Vec<String>,
    /// The name beside each NIK, if the list has names.
    pub name: Option<&'static str>,
    pub bits: u8,
    pub rate: f64,
}

impl Set {
    /// `count` NIKs from `first` on, and [`IN_BOTH`].
    pub fn from(first: u64, count: u64, bits: u8) -> Self {
        let niks = (first..first + count).map(|nik| nik.to_string());
        Self {
            niks: niks.chain([IN_BOTH.to_owned()]).collect(),
            name: None,
            bits,
            rate: 1e-6,
        }
    }

    pub fn whole() -> Self {
        Self::from(3201014107909002, 11, 0)
    }

    pub fn sharded() -> Self {
        Self::from(3201010107909001, 40, 2)
    }

    pub fn with_name(self, name: &'static str) -> Self {
        Self {
            name: Some(name),
            ..self
        }
    }

    fn list(&self) -> String {
        match self.name {
            None => self.niks.join("\n"),
            Some(name) => {
                let rows = self.niks.iter().map(|nik| format!("{nik},{name}\n"));
                rows.fold("NIK,NAMA\n".to_owned(), |list, row| list + &row)
            }
        }
    }
}

#[derive(Clone)]
pub struct Site {
    pub catalogue: Value,
    pub files: Map<String, Value>,
}

impl Site {
    /// Builds the data sets `utuh` and `pecah`. `keys` are lines of a description about the key
    /// derivation.
    pub fn build(keys: &str, whole: &Set, sharded: &Set) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let at = |name: &str| directory.path().join(name);
        let mut description = format!("{keys}\nsalt = \"{SALT}\"\n");
        for (id, set) in [("utuh", whole), ("pecah", sharded)] {
            fs::write(at(id), set.list())?;
            let Set { bits, rate, .. } = set;
            description += &format!(
                "[[dataset]]\nid = \"{id}\"\ninputs = [\"{id}\"]\n\
                 prefix_bits = {bits}\nfpr = {rate:?}\n"
            );
        }
        fs::write(at("catalogue.toml"), description)?;
        let job = Job {
            today: "2026-11-23".parse()?,
            progress: &Silent,
            stop: &AtomicBool::new(false),
            threads: 1,
            memory: 64 << 20,
        };
        let mut description = Description::read(&at("catalogue.toml"))?;
        // A vector has few NIKs, for any number of shards.
        description.accepted.empty_shards = true;
        description.accepted.risks.small_crowd = true;
        pipeline::run(&description, &at("site"), &job)?;
        let mut catalogue: Value = serde_json::from_slice(&fs::read(at("site/catalogue.json"))?)?;
        // Only the vectors of editions have a number.
        catalogue
            .as_object_mut()
            .context("an object")?
            .shift_remove("edition");
        let mut files = Map::new();
        collect(&at("site"), Path::new("data"), &mut files)?;
        files.sort_keys();
        Ok(Self { catalogue, files })
    }

    /// The paths of a data set's shards.
    pub fn shards(&self, id: &str) -> impl Iterator<Item = &String> {
        let directory = format!("data/{id}/");
        self.files
            .keys()
            .filter(move |path| path.starts_with(&directory))
    }

    /// The path of the data set's shard whose path ends with `name`.
    pub fn shard(&self, id: &str, name: &str) -> anyhow::Result<String> {
        self.shards(id)
            .find(|path| path.ends_with(name))
            .cloned()
            .context("no such shard")
    }

    pub fn bytes(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        Ok(base16ct::lower::decode_vec(
            self.files[path].as_str().unwrap_or_default(),
        )?)
    }
}

fn collect(site: &Path, path: &Path, files: &mut Map<String, Value>) -> anyhow::Result<()> {
    for entry in fs::read_dir(site.join(path))? {
        let path = path.join(entry?.file_name());
        if site.join(&path).is_dir() {
            collect(site, &path, files)?;
        } else {
            let hex = base16ct::lower::encode_string(&fs::read(site.join(&path))?);
            files.insert(path.to_string_lossy().into_owned(), hex.into());
        }
    }
    Ok(())
}
