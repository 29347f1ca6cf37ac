//! Redirects of a host: where they lead, and whether that is another origin (feature `http`).

use http::Uri;

/// The address that a `Location` header means. Dots in its path are left to the host.
pub(crate) fn resolve(base: &str, location: &str) -> Option<String> {
    let (location, _) = location.split_once('#').unwrap_or((location, ""));
    let (scheme, rest) = base.split_once("://")?;
    let (authority, path) = rest.split_once('/')?;
    let target = if location.contains("://") {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else {
        let (path, _) = path.split_once('?').unwrap_or((path, ""));
        let directory = match (location.starts_with('?'), path.rsplit_once('/')) {
            (true, _) => path.to_owned(),
            (false, Some((directory, _))) => format!("{directory}/"),
            (false, None) => String::new(),
        };
        format!("{scheme}://{authority}/{directory}{location}")
    };
    target.parse::<Uri>().is_ok().then_some(target)
}

/// Whether two addresses have the same scheme, host and port.
pub(crate) fn is_of_origin(address: &str, other: &str) -> bool {
    let origin = |address: &str| {
        let address: Uri = address.parse().ok()?;
        let scheme = address.scheme_str()?.to_ascii_lowercase();
        let port = match (address.port_u16(), scheme.as_str()) {
            (Some(port), _) => port,
            (None, "https") => 443,
            (None, _) => 80,
        };
        Some((scheme, address.host()?.to_ascii_lowercase(), port))
    };
    origin(address).is_some_and(|one| origin(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_resolved_as_in_a_browser() {
        let base = "https://a.example/nik/catalogue.json?x";
        for (location, target) in [
            ("https://b.example/x", "https://b.example/x"),
            ("//b.example/x", "https://b.example/x"),
            ("/x#y", "https://a.example/x"),
            ("other.json", "https://a.example/nik/other.json"),
            ("?y", "https://a.example/nik/catalogue.json?y"),
        ] {
            assert_eq!(resolve(base, location).as_deref(), Some(target));
        }
        assert_eq!(resolve(base, "https://exa mple"), None);
    }

    #[test]
    fn scheme_host_and_port_make_an_origin() {
        let origin = "https://a.example/nik/";
        for same in ["https://A.example:443/x", "HTTPS://a.example/"] {
            assert!(is_of_origin(same, origin), "{same}");
        }
        for other in [
            "http://a.example/nik/",
            "https://a.example:8443/",
            "https://a.example.net/",
            "https://a.example@b.example/",
        ] {
            assert!(!is_of_origin(other, origin), "{other}");
        }
    }
}
