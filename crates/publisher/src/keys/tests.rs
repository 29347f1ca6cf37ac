//! Lists on any number of threads: the same keys, counts and line numbers.

use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use crate::input::{Input, Reading};
use crate::job::{Job, Silent};
use crate::keys::derive_keys::{Keys, derive_keys};
use crate::keys::distinct_count;
use crate::partition::{self, BUCKETS};
use cek_nik::identifier::IdentifierKind;
use cek_nik::key::{Kdf, Salt};
use proptest::prelude::*;

/// A row of a table: mostly a NIK, and fields that make a reader look twice.
fn row() -> impl Strategy<Value = String> {
    let nik = (0..400_u64, 0..31_u64, 9_000..10_000_u64).prop_map(|(place, day, serial)| {
        3_201_010_107_900_000 + place * 10_000_000_000 + day * 100_000_000 + serial
    });
    let text = prop_oneof![
        6 => Just("JL. CONTOH 1".to_owned()),
        2 => Just("\"JL. CONTOH 1, BLOK \"\"A\"\"\"".to_owned()),
        1 => Just("\"JL. CONTOH 1\nBLOK A\"".to_owned()),
    ];
    let rest = prop_oneof![20 => Just(",x"), 1 => Just(""), 1 => Just(",x,y")];
    prop_oneof![
        30 => (nik, text, rest).prop_map(|(nik, text, rest)| format!("{nik},{text}{rest}")),
        1 => Just("320101,JL. CONTOH 1,x".to_owned()),
        1 => Just(",,".to_owned()),
        1 => Just("1111111111111111,JL. CONTOH 1,x".to_owned()),
        1 => Just("NIK,ALAMAT,KET".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn threads_change_neither_keys_nor_counts_nor_lines(
        rows in prop::collection::vec(row(), 150..200),
    ) {
        let mut text = "NIK,ALAMAT,KET\n".to_owned();
        // Enough for several batches: NIKs are all that is handed on.
        for round in 0..300 {
            for row in &rows {
                writeln!(text, "{row}").unwrap();
            }
            writeln!(text, "{},JL. CONTOH 2,x", 3_201_014_107_909_000_u64 + round).unwrap();
        }
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("list.csv");
        std::fs::write(&path, text).unwrap();
        let inputs = [Input { path, reading: Reading::default() }];
        let keys = Keys {
            identifier: IdentifierKind::Nik,
            salt: Salt([7; 16]),
            kdf: Kdf::Sha256,
        };
        let derive = |threads| {
            let job = Job {
                today: "2026-11-23".parse().unwrap(),
                progress: &Silent,
                stop: &AtomicBool::new(false),
                threads,
                memory: 1 << 20,
            };
            let derived =
                derive_keys(&inputs, keys, None, None, None, directory.path(), &job).unwrap();
            let mut records = Vec::new();
            for bucket in 0..BUCKETS {
                partition::scan(&derived.partitions, bucket, |block| {
                    records.extend_from_slice(block);
                })
                .unwrap();
            }
            records.sort_unstable();
            records.dedup();
            let distinct = distinct_count::count(&derived.partitions, &job).unwrap().total();
            prop_assert_eq!(distinct, records.len() as u64);
            Ok((records, derived.stats, derived.source_info))
        };
        let one = derive(1)?;
        prop_assert!(one.1.accepted().rows() > 30_000 && one.1.lost() > 0);
        for threads in [2, 3, 7] {
            let other = derive(threads)?;
            prop_assert!(one.0 == other.0, "keys of {} threads", threads);
            prop_assert_eq!(&one.1, &other.1, "{} threads", threads);
            prop_assert_eq!(&one.2, &other.2);
        }
    }
}
