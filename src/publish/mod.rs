//! Turns lists into a static site.
