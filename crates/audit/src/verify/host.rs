//! Site on a host: its files as browsers get them.

use std::time::Duration;

use cek_nik::catalogue::{Dataset, FILE_NAME, MAX_BYTES};
use cek_nik::check::{FetchError, Reason};
use cek_nik::prefix::Prefix;
use cek_nik::signature::{self, PublicKey};
use cek_nik_publisher::job::Job;
use cek_nik_publisher::site::{self, feed, oembed};
use cek_nik_reader::host::{Answer, Encodings, Host};

use super::error::VerifyError;
use super::headers::{self, Kind};
use super::{Found, Options, Verification, rules, transform};
use crate::files::MOST_READ;
use crate::finding::{Finding, Rule, first_few};
use crate::pages::Pages;
use crate::sentence::{Sentence, say};

/// Requests at the same time, as many as a browser makes.
const THREADS: usize = 6;

/// A name that no site has.
const MISSING: &str = "data/cek-nik-verify/0000.cnk";

/// Broken rules, each with what was seen and the files it was seen at.
#[derive(Default)]
struct Seen(Vec<(&'static Rule, Sentence, Vec<String>)>);

pub fn verify(
    location: &str,
    patience: Duration,
    options: &Options,
    job: &Job,
) -> Result<Verification, VerifyError> {
    let host = Host::new(location, patience)?;
    let host = host.ok_or_else(|| VerifyError::NotAnAddress(location.to_owned()))?;
    let failed = |error| VerifyError::Host {
        address: format!("{}{FILE_NAME}", host.address()),
        reason: Reason::CatalogueFetch(error),
    };
    let get = |name, most: usize| {
        host.get(name, most as u64, Encodings::Identity)
            .map_err(failed)
    };
    let mut seen = Seen::default();
    let catalogue = get(FILE_NAME, MAX_BYTES)?;
    match catalogue.status {
        200 => seen.headers(FILE_NAME, Kind::Changing, &catalogue),
        300..=399 => seen.redirect(FILE_NAME, &catalogue),
        status => return Err(failed(FetchError::of_status(status))),
    }
    transport(&host, &catalogue, &mut seen);
    if catalogue.status != 200 {
        let found = Found {
            findings: seen.findings(),
            ..Found::default()
        };
        return Ok(found.report(job.today));
    }
    let signature = get(signature::FILE_NAME, signature::MAX_BYTES)?;
    let signature = match signature.status {
        404 | 410 => None,
        300..=399 => {
            seen.redirect(signature::FILE_NAME, &signature);
            None
        }
        _ => {
            seen.headers(signature::FILE_NAME, Kind::Changing, &signature);
            Some(signature.body)
        }
    };
    let mut found = Found::of(&catalogue.body, job.today);
    let pinned = pages(&host, &mut found, &mut seen, job)?;
    found.signature(
        &catalogue.body,
        signature.as_deref(),
        pinned.as_ref(),
        options,
    );
    let datasets = found
        .catalogue
        .iter()
        .flat_map(|catalogue| catalogue.usable());
    datasets.for_each(|dataset| first_shard(&host, dataset, &mut seen));
    missing(&host, &mut seen);
    found.shards(options, job, THREADS, |dataset, prefix| {
        shard(&host, dataset, prefix)
    })?;
    found.findings.extend(seen.findings());
    Ok(found.report(job.today))
}

fn transport(host: &Host, catalogue: &Answer, seen: &mut Seen) {
    if host.is_https() {
        if catalogue
            .header("strict-transport-security")
            .next()
            .is_none()
        {
            let what = headers::missing("Strict-Transport-Security");
            seen.add(&rules::HSTS_MISSING, what, FILE_NAME);
        }
    } else if !host.is_this_computer() {
        let what = say!("the address starts with http://");
        seen.add(&rules::HTTPS_MISSING, what, FILE_NAME);
    }
}

/// Fetches all pages, and compares them with those of this program. Returns the key that they pin.
fn pages(
    host: &Host,
    found: &mut Found,
    seen: &mut Seen,
    job: &Job,
) -> Result<Option<PublicKey>, VerifyError> {
    let document = host.get(oembed::Site::DOCUMENT, MOST_READ, Encodings::Identity);
    let document = document.ok().filter(|answer| answer.status == 200);
    let address = document.and_then(|answer| oembed::Site::of_document(&answer.body));
    let widget = host.get_page(site::WIDGET_NAME, MOST_READ);
    let widget = widget.ok().filter(|answer| answer.status == 200);
    let key = widget.and_then(|answer| site::pinned_key(&answer.body));
    let pages = Pages::described(address.as_ref(), key, found.document.as_ref());
    let feed = host.get(feed::NAME, feed::MAX_BYTES, Encodings::Identity);
    let feed = feed.ok().filter(|answer| answer.status == 200);
    let feed = feed.map(|answer| answer.body);
    found.findings.extend(pages.feed(feed.as_deref()));
    for name in pages.served() {
        job.check_cancelled()?;
        let add = |rule, what: Sentence| Finding::new(rule, what).of_file(name);
        let answer = match host.get_page(name, MOST_READ) {
            Ok(answer) => answer,
            Err(error) => {
                let code = Reason::Fetch(error).code();
                let what = say!("it was not fetched ({code})", code = code);
                found.findings.push(add(&crate::rules::PAGE_MISSING, what));
                continue;
            }
        };
        match answer.status {
            200 => seen.headers(name, Kind::Page, &answer),
            300..=399 => {
                seen.redirect(name, &answer);
                continue;
            }
            status => {
                let what = say!(
                    "the host answers with status {status}",
                    status = status.to_string(),
                );
                found.findings.push(add(&crate::rules::PAGE_MISSING, what));
                continue;
            }
        }
        found.pages.push(pages.digest(name, &answer.body));
        let Some(built) = pages.differing(name, &answer.body) else {
            continue;
        };
        found
            .findings
            .push(match transform::culprit(built, &answer.body) {
                Some(culprit) => {
                    let what = say!("changed by {culprit}", culprit = culprit);
                    add(&rules::PAGE_TRANSFORMED, what)
                }
                None => {
                    let version = env!("CARGO_PKG_VERSION");
                    let what = say!("it is not the one of cek-nik {version}", version = version);
                    add(&crate::rules::PAGE_DIFFERS, what)
                }
            });
    }
    Ok(key)
}

/// Looks at the headers of one shard, as a browser gets them. The same for all data sets and
/// readers, so that nobody's prefix is asked for.
fn first_shard(host: &Host, dataset: &Dataset, seen: &mut Seen) {
    let Some(prefix) = dataset.prefix_bits().all().next() else {
        return;
    };
    let path = dataset.shard_path(prefix);
    // Shards that cannot be fetched are found with all others.
    let Ok(answer) = host.get(&path, 0, Encodings::OfBrowsers) else {
        return;
    };
    let name = format!("data/{}", dataset.id());
    match answer.status {
        200 => seen.headers(&name, Kind::Shard, &answer),
        300..=399 => seen.redirect(&name, &answer),
        _ => {}
    }
    let mut encodings = answer.header("content-encoding");
    if let Some(encoding) = encodings.find(|encoding| *encoding != "identity") {
        let what = headers::seen("Content-Encoding", encoding);
        seen.add(&rules::SHARD_COMPRESSED, what, &name);
    }
}

fn missing(host: &Host, seen: &mut Seen) {
    if let Ok(answer) = host.get(MISSING, 0, Encodings::Identity)
        && !matches!(answer.status, 404 | 410)
    {
        let what = say!(
            "the host answers with status {status}",
            status = answer.status.to_string(),
        );
        seen.add(&rules::MISSING_ANSWERED, what, MISSING);
    }
}

fn shard(host: &Host, dataset: &Dataset, prefix: Prefix) -> Result<Vec<u8>, FetchError> {
    let path = dataset.shard_path(prefix);
    let answer = host.get(&path, dataset.shard_bytes() as u64, Encodings::Identity)?;
    match answer.status {
        200 => Ok(answer.body),
        status => Err(FetchError::of_status(status)),
    }
}

impl Seen {
    fn add(&mut self, rule: &'static Rule, what: Sentence, name: &str) {
        let mut broken = self.0.iter_mut();
        let same = broken.find(|(other, seen, _)| other.code == rule.code && *seen == what);
        match same {
            Some((.., names)) => names.push(name.to_owned()),
            None => self.0.push((rule, what, vec![name.to_owned()])),
        }
    }

    fn headers(&mut self, name: &str, kind: Kind, answer: &Answer) {
        for (rule, what) in headers::broken(name, kind, answer) {
            self.add(rule, what, name);
        }
    }

    fn redirect(&mut self, name: &str, answer: &Answer) {
        let status = answer.status.to_string();
        let what = match answer.header("location").next() {
            Some(to) => say!("status {status} leads to {to}", status = status, to = to),
            None => say!("status {status} leads to nowhere", status = status),
        };
        self.add(&rules::REDIRECTED, what, name);
    }

    fn findings(self) -> Vec<Finding> {
        let finding = |(rule, what, names): (_, Sentence, Vec<String>)| match names.as_slice() {
            [name] => Finding::new(rule, what).of_file(name),
            names => Finding::new(
                rule,
                say!("{what}: {names}", what = what, names = first_few(names)),
            ),
        };
        self.0.into_iter().map(finding).collect()
    }
}
