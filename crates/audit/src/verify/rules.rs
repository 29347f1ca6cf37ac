//! Rules that a site on a host can break, and their words. `docs/SIGNING.md` explains each.

use crate::finding::Rule;
use crate::finding::Severity::{Note, Warning, Wrong};

crate::rules::rules! {
    /// Nobody has verified the signature.
    SIGNATURE_UNVERIFIED = Note, "signature_unverified",
        "Anyone can make a signature. Only the key of the publisher shows whose it is.",
        "Give the publisher's public key with --key.";

    /// The pages use another key.
    PINNED_KEY_DIFFERS = Wrong, "pinned_key_differs",
        "Readers of this page get an answer only from catalogues that the other key has signed.",
        "Build the site again with your key in catalogue.toml, and upload its pages.";

    /// Not all shards were verified.
    SHARDS_SAMPLED = Note, "shards_sampled",
        "A damaged shard among the others stays unnoticed.",
        "Verify all of them before you rely on the site.";

    /// A shard could not be fetched.
    SHARD_UNFETCHED = Wrong, "shard_unfetched",
        "Readers whose prefix names it are told \"could not check\".",
        "Try again. If it stays so, look into the log of the host.";

    /// The site is not served over HTTPS.
    HTTPS_MISSING = Wrong, "https_missing",
        "Anyone on the way can change the pages, and send away what readers type. Browsers save no \
         lists on such a page.",
        "Serve the site over https only.";

    /// Browsers are not told to stay with HTTPS.
    HSTS_MISSING = Warning, "hsts_missing",
        "A reader who types the address without https:// can be kept on an unencrypted copy.",
        "Send Strict-Transport-Security: max-age=31536000.";

    /// A file is answered with a redirect.
    REDIRECTED = Wrong, "redirected",
        "The widget may fetch from its own place only: readers are told \"could not check\".",
        "Serve the files at this address, or give out the address that the redirect leads to.";

    /// Other origins may not read a file.
    CORS_MISSING = Wrong, "cors_missing",
        "The widget's frame is foreign to every host, so it can read nothing: readers are told \
         \"could not check\".",
        "Send Access-Control-Allow-Origin: * once, for all files. The site holds the lines for \
         several kinds of host.";

    /// A cache may answer for a file that changes.
    CHANGING_CACHED = Warning, "changing_cached",
        "Readers get an old edition, or one whose shards are gone.",
        "Send Cache-Control: no-cache for all files but shards, and no longer life in a CDN.";

    /// Shards are fetched again and again.
    SHARD_NOT_CACHED = Note, "shard_not_cached",
        "Readers who check again download the same bytes, and the host serves them.",
        "Send Cache-Control: public, max-age=31536000, immutable for .cnk files.";

    /// Shards are compressed.
    SHARD_COMPRESSED = Wrong, "shard_compressed",
        "All shards are equally long so that the length tells nothing. Compressed lengths differ: \
         anyone on the way can tell which shard a reader fetches.",
        "Switch compression off for .cnk files.";

    /// A page or script has another media type.
    PAGE_TYPE = Wrong, "page_type",
        "Browsers show the source of such a page, or refuse to run such a script.",
        "Serve .html as text/html and .js as text/javascript.";

    /// Shards look like text.
    SHARD_TYPE = Warning, "shard_type",
        "Proxies compress and change what looks like text.",
        "Serve .cnk files as application/octet-stream.";

    /// A missing file is answered as if it were there.
    MISSING_ANSWERED = Warning, "missing_answered",
        "Readers whose shard is missing are told of a foreign page, and caches keep it.",
        "Answer 404 for what is not there, without a fallback page of status 200.";

    /// Other sites may not show the widget in a frame.
    FRAMING_FORBIDDEN = Wrong, "framing_forbidden",
        "Newsrooms that embed the widget show an empty frame.",
        "Do not send X-Frame-Options, nor a policy with frame-ancestors, for cek-nik.html.";

    /// The host adds a policy of its own.
    POLICY_ADDED = Warning, "policy_added",
        "The pages carry their own policy. A second one can only forbid more, such as the worker \
         that checks.",
        "Do not send Content-Security-Policy for this site.";

    /// Isolated pages may not embed the widget.
    RESOURCE_POLICY = Warning, "resource_policy",
        "Newsrooms whose pages are isolated show an empty frame.",
        "Send Cross-Origin-Resource-Policy: cross-origin.";

    /// Links tell where the reader comes from.
    REFERRER_POLICY = Warning, "referrer_policy",
        "Sites that readers open from a page learn that they come from here.",
        "Send Referrer-Policy: no-referrer.";

    /// The host sets cookies.
    COOKIE_SET = Warning, "cookie_set",
        "A cookie recognizes readers who come again, on pages that promise no tracking.",
        "Switch off what sets it: statistics, a login, or protection against robots.";

    /// A page is changed on its way.
    PAGE_TRANSFORMED = Wrong, "page_transformed",
        "The page is not the one that was built: its script may not start, and a changed page can \
         send away what readers type.",
        "Switch this off for the site, and upload the pages again, byte for byte.";
}
