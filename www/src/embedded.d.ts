//! Constants that build.mjs inserts into the scripts.

/** The WebAssembly module, written by byte-string.mjs. */
declare const MODULE_BYTES: string;

declare const WORKER_CODE: string;

/** The version of the package. The page and its saving worker must have the same. */
declare const VERSION: string;

/** Bytes that the service worker stores, without the page for readers. */
declare const SHELL_BYTES: number;
