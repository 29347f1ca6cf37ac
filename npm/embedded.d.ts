//! `embedded.js`, which build.mjs writes: the worker and the module of the widget.

/** The worker, a classic script. */
export declare const WORKER: string;

/** The module in base64: unlike a string of its bytes, it passes through every bundler unchanged. */
export declare const MODULE: string;
