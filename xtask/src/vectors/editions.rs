//! Vectors of editions: the fields, the age, and an older edition than one that was seen.

use std::path::Path;

use serde_json::{Value, json};

use crate::vectors::save;
use crate::vectors::site::Site;

const PUBLISHED: &str = "2027-12-01";
/// Ninety-one days later: 2028 has a 29 February.
const EXPIRES: &str = "2028-03-01";

pub fn write(out: &Path, site: &Site) -> anyhow::Result<()> {
    let age = |age: &str| json!({ "age": age });
    let reason = |reason: &str| json!({ "reason": reason });
    let ages = [
        (
            "clock-behind",
            "a clock that is behind the publication",
            "2027-11-30",
            age("clock_behind"),
        ),
        (
            "clock-of-1970",
            "a clock that was never set",
            "1970-01-01",
            age("clock_behind"),
        ),
        (
            "first-day",
            "the day of publication",
            PUBLISHED,
            age("current"),
        ),
        ("last-day", "the last day", EXPIRES, age("current")),
        (
            "expired",
            "the day after the last",
            "2028-03-02",
            age("expired"),
        ),
        (
            "expired-last-day",
            "the last day on which an expired edition answers",
            "2028-05-31",
            age("expired"),
        ),
        (
            "too-old",
            "the day after that",
            "2028-06-01",
            reason("edition_too_old"),
        ),
        (
            "too-old-by-far",
            "a clock that is far ahead",
            "9999-12-31",
            reason("edition_too_old"),
        ),
    ];
    for (name, case, today, expect) in ages {
        let dates = json!({ "edition": 7, "published": PUBLISHED, "expires": EXPIRES });
        vector(out, name, case, site, &dates, today, 7, &expect)?;
    }
    let dated =
        |published: Value, expires: Value| json!({ "published": published, "expires": expires });
    let current = age("current");
    let invalid = reason("catalogue_invalid");
    let older = reason("edition_older");
    let fields = [
        (
            "without",
            "a catalogue from before editions",
            json!({}),
            0,
            &current,
        ),
        (
            "null",
            "fields that are null",
            json!({ "edition": null, "published": null, "expires": null }),
            0,
            &current,
        ),
        (
            "whole-float",
            "a whole number with a fraction of zero",
            json!({ "edition": 7.0 }),
            7,
            &current,
        ),
        (
            "newer",
            "newer than the one that was seen",
            json!({ "edition": 8 }),
            7,
            &current,
        ),
        (
            "older",
            "older than the one that was seen",
            json!({ "edition": 6 }),
            7,
            &older,
        ),
        (
            "without-behind-one",
            "no number behind an edition that had one",
            json!({}),
            1,
            &older,
        ),
        ("zero", "the number 0", json!({ "edition": 0 }), 0, &invalid),
        (
            "negative",
            "a negative number",
            json!({ "edition": -1 }),
            0,
            &invalid,
        ),
        (
            "fraction",
            "a number with a fraction",
            json!({ "edition": 1.5 }),
            0,
            &invalid,
        ),
        (
            "text",
            "a number in quotation marks",
            json!({ "edition": "7" }),
            0,
            &invalid,
        ),
        (
            "large",
            "a number beyond 2^53 - 1",
            json!({ "edition": 9_007_199_254_740_992_u64 }),
            0,
            &invalid,
        ),
        (
            "published-alone",
            "no expiry",
            json!({ "published": PUBLISHED }),
            0,
            &invalid,
        ),
        (
            "expires-alone",
            "no publication",
            json!({ "expires": EXPIRES }),
            0,
            &invalid,
        ),
        (
            "expires-null",
            "an expiry that is null",
            dated(json!(PUBLISHED), json!(null)),
            0,
            &invalid,
        ),
        (
            "same-day",
            "published on the last day",
            dated(json!(EXPIRES), json!(EXPIRES)),
            0,
            &invalid,
        ),
        (
            "reversed",
            "published after the last day",
            dated(json!(EXPIRES), json!(PUBLISHED)),
            0,
            &invalid,
        ),
        (
            "no-such-day",
            "a day that is not in the calendar",
            dated(json!(PUBLISHED), json!("2029-02-29")),
            0,
            &invalid,
        ),
        (
            "month",
            "a month for a day",
            dated(json!(PUBLISHED), json!("2028-03")),
            0,
            &invalid,
        ),
        (
            "time",
            "a time behind the day",
            dated(json!(PUBLISHED), json!("2028-03-01T00:00:00Z")),
            0,
            &invalid,
        ),
        (
            "number",
            "a number for a day",
            dated(json!(PUBLISHED), json!(20_280_301)),
            0,
            &invalid,
        ),
    ];
    for (name, case, fields, newest, expect) in fields {
        vector(out, name, case, site, &fields, PUBLISHED, newest, expect)?;
    }
    // The age comes first.
    let old = json!({ "edition": 6, "published": PUBLISHED, "expires": EXPIRES });
    let expect = reason("edition_too_old");
    let case = "too old, and older than the one that was seen";
    vector(
        out,
        "too-old-and-older",
        case,
        site,
        &old,
        "2030-01-01",
        7,
        &expect,
    )
}

#[expect(clippy::too_many_arguments, reason = "each is a part of the vector")]
fn vector(
    out: &Path,
    name: &str,
    case: &str,
    site: &Site,
    fields: &Value,
    today: &str,
    newest: u64,
    expect: &Value,
) -> anyhow::Result<()> {
    let mut catalogue = site.catalogue.clone();
    for (field, value) in fields.as_object().into_iter().flatten() {
        catalogue[field] = value.clone();
    }
    let given = json!({ "catalogue": catalogue.to_string(), "today": today, "newest": newest });
    let vector = json!({ "case": case, "edition": given, "expect": expect });
    save(out, &format!("edition-{name}"), &vector)
}
