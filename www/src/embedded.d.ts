//! What build.mjs puts into the script.

/** The WebAssembly module, as byte-string.mjs writes it. */
declare const MODULE_BYTES: string;

declare const WORKER_CODE: string;

/** The version of the package: the page and the worker that saves must be of the same. */
declare const VERSION: string;

/** The bytes of what the service worker keeps, but for the page for readers. */
declare const SHELL_BYTES: number;
