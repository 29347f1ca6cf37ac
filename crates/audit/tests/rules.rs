//! The rules of an audit, and the document that explains them.

use cek_nik_audit::rules::ALL;

#[test]
fn every_rule_has_a_name_of_its_own_and_stands_in_the_documentation() {
    let documentation = include_str!("../../../docs/AUDIT.md");
    for (index, rule) in ALL.iter().enumerate() {
        let severity = serde_json::to_value(rule.severity).unwrap();
        let row = format!("| `{}` | {} |", rule.code, severity.as_str().unwrap());
        assert!(documentation.contains(&row), "{row}");
        let mut others = ALL.iter().skip(index + 1);
        assert!(others.all(|other| other.code != rule.code));
    }
}

#[test]
fn every_rule_of_a_verification_stands_in_the_documentation() {
    let documentation = include_str!("../../../docs/SIGNING.md");
    for rule in cek_nik_audit::verify::rules::ALL {
        let severity = serde_json::to_value(rule.severity).unwrap();
        let row = format!("| `{}` | {} |", rule.code, severity.as_str().unwrap());
        assert!(documentation.contains(&row), "{row}");
        assert!(ALL.iter().all(|other| other.code != rule.code));
    }
}
