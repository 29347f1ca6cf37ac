//! Reads a finished site, from a directory or over HTTP.
