//! A place to run the real command line on real files.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Files by their paths below a directory.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A directory of our own, in which the command line runs.
pub struct Desk(pub TempDir);

impl Desk {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.0.path().join(name), content).expect("written");
    }

    /// Writes a file, in directories that are made for it.
    pub fn write_in(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        self.write(name, content);
    }

    /// The command line with some arguments, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cek-nik"));
        command
            .args(arguments)
            .env("SOURCE_DATE_EPOCH", "1779321600")
            .current_dir(&self.0);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments)
            .output()
            .expect("the command line runs")
    }

    /// Runs a command to its end, and kills one that has not ended after a minute.
    pub fn ends(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = spawn(&mut self.command(arguments), input);
        let start = Instant::now();
        while child.try_wait().expect("its status").is_none() {
            if start.elapsed() > Duration::from_secs(60) {
                child.kill().expect("killed");
                panic!("{arguments:?} waits");
            }
            thread::sleep(Duration::from_millis(5));
        }
        child.wait_with_output().expect("ended")
    }

    /// Every file below a directory.
    pub fn files(&self, directory: &str) -> Files {
        let mut files = BTreeMap::new();
        collect(&self.0.path().join(directory), "", &mut files);
        files
    }

    /// Every file below a directory, and none where there is no directory.
    #[cfg(unix)]
    pub fn files_if_any(&self, directory: &str) -> Files {
        match self.0.path().join(directory).exists() {
            true => self.files(directory),
            false => Files::new(),
        }
    }

    /// Every file of a site but the feed, with the number of a first edition.
    pub fn unnumbered(&self, site: &str) -> Files {
        let mut files = self.files(site);
        files.remove("editions.atom").expect("a feed");
        let catalogue = files.get_mut("catalogue.json").expect("a catalogue");
        let text = String::from_utf8(catalogue.clone()).expect("text");
        let (before, number) = text.split_once("\"edition\": ").expect("a number");
        let (_, behind) = number.split_once(',').expect("its end");
        *catalogue = format!("{before}\"edition\": 1,{behind}").into_bytes();
        files
    }

    /// What lies in the desk itself, hidden files included.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.0)
            .expect("readable")
            .map(|entry| {
                entry
                    .expect("entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}

/// Runs a command to its end, with so much on its standard input.
pub fn feed(command: &mut Command, input: &str) -> Output {
    spawn(command, input).wait_with_output().expect("ends")
}

fn spawn(command: &mut Command, input: &str) -> Child {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    let mut stdin = child.stdin.take().expect("piped");
    // A command that refuses its options ends before it has read anything.
    if let Err(error) = stdin.write_all(input.as_bytes()) {
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
    drop(stdin);
    child
}

/// What a command says.
pub fn message(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a command says that succeeds.
pub fn well(output: &Output) -> String {
    let message = message(output);
    assert!(output.status.success(), "{message}");
    message
}

/// The error of a command that was refused or ended early.
pub fn ill(output: &Output) -> String {
    let message = message(output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    let error = message.lines().last().expect("an error");
    assert!(error.starts_with("error: "), "{message}");
    error.to_owned()
}

/// Runs a shell script with a small disk of its own at `disk`, and the command line as `$cek_nik`.
#[cfg(target_os = "linux")]
pub fn with_a_small_disk(desk: &Desk, kibibytes: u32, script: &str) -> Output {
    fs::create_dir(desk.0.path().join("disk")).expect("made");
    let mount = format!("mount -t tmpfs -o size={kibibytes}k tmpfs disk");
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-euc"])
        .arg(format!("{mount}\n{script}"))
        .env("cek_nik", env!("CARGO_BIN_EXE_cek-nik"))
        .current_dir(&desk.0)
        .output()
        .expect("unshare, of util-linux");
    assert!(
        !message(&output).contains("unshare:"),
        "this test mounts a disk of its own, for which it needs user namespaces: {output:?}"
    );
    output
}

fn collect(directory: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(directory).expect("readable") {
        let entry = entry.expect("entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(entry.path()).expect("readable"));
        }
    }
}

/// The answers of `check --json` without the dates of their editions, and without certainties.
pub fn outcomes_alone(mut datasets: serde_json::Value) -> serde_json::Value {
    for dataset in datasets.as_array_mut().into_iter().flatten() {
        let dataset = dataset.as_object_mut().expect("an object");
        dataset.remove("built");
        dataset.remove("certainty");
    }
    datasets
}

/// Made-up NIKs, one a line.
pub fn sample(count: u64, seed: u64) -> String {
    let mut text = Vec::new();
    let format = cek_nik_publisher::sample::Format::Lines;
    cek_nik_publisher::sample::write(&mut text, count, seed, format).expect("in memory");
    String::from_utf8(text).expect("digits")
}
