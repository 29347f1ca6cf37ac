//! One worker for each call. The worker that downloads never gets a digit. The worker that gets the
//! number is terminated with its memory after one answer.

import type { Catalogue, Downloaded, Fetched, Reason, Report } from "cek-nik/wasm";

import { mirrorsIn } from "../www/src/embedding/settings";
import { PATIENCE, type FromWorker, type Request, type Typed } from "../www/src/worker/protocol";
import type { CallOptions, Checker, CheckerOptions } from "./api.js";
import { MODULE } from "./embedded.js";

/** Starts a worker. `hear` gets its messages, and `undefined` if the worker fails. */
export type Start = (hear: (message: FromWorker | undefined) => void) => Running;

export interface Running {
  post(message: WebAssembly.Module | Request): void;
  terminate(): void;
}

/** What a check needs besides the number. */
interface Prepared {
  catalogue: Catalogue;
  downloaded: Downloaded;
}

type Reply<Kind> = Extract<FromWorker, { kind: Kind }>;

/** The module or its worker does not run, so that no reason comes from the module. */
class Failure extends Error {
  constructor(readonly reason: "module_failed" | "worker_failed") {
    super(`cek-nik: ${reason}. The README of the package names the content security policy.`);
  }
}

/** A public key of minisign in base64. */
const KEY = /^RW[\w+/]{54}$/;

export function checkerOf(
  start: Start,
  url: URL,
  { datasets, key: pinned, mirrors = [] }: CheckerOptions = {},
): Checker {
  // An empty text is no key either: a setting that is missing must not be as good as none.
  if (pinned !== undefined && !KEY.test(pinned)) {
    throw new TypeError(
      "cek-nik: this is not a public key: it has 56 characters and begins with RW",
    );
  }
  const key = pinned ?? "";
  const named = [url, ...mirrors.map(catalogueIn)].map(({ href, protocol }) => {
    if (!/^https?:$/.test(protocol)) {
      throw new TypeError(`cek-nik: a catalogue has an address of http or https, not ${href}`);
    }
    return href;
  });
  let opened: Prepared | undefined;
  /** The hosts of the next call, without those that were skipped: addresses of the catalogue. */
  let hosts = named;
  /** The newest edition that was opened. */
  let newest = 0;

  /** Adds the requested files to `fetched`. Gives the reason of a failure as text. */
  const open = (fetched: Fetched[], options: CallOptions): Promise<Prepared | Reason> =>
    inWorker(start, options, async (ask) => {
      const { opened: found, hosts: left } = await ask(
        { kind: "open", hosts: named, key, newest },
        "opened",
      );
      fetched.push(...found.fetched);
      if ("reason" in found) {
        return found.reason;
      }
      newest = found.catalogue.edition ?? 0;
      const catalogue = chosen(found.catalogue, datasets);
      if (!catalogue) {
        return "dataset_missing";
      }
      const signed = key ? mirrorsIn(found.catalogue.mirrors) : [];
      const more = signed.map((directory) => `${directory}catalogue.json`);
      const all = [...new Set([...left, ...more])];
      const request = { kind: "download", hosts: all, catalogue } as const;
      const { downloaded, hosts: good } = await ask(request, "downloaded");
      hosts = good;
      fetched.push(...downloaded.fetched);
      return (opened = { catalogue, downloaded });
    });

  /** The worker of the number does nothing else. */
  const check = (typed: Typed, fetched: Fetched[], options: CallOptions) =>
    inWorker(start, options, async (ask): Promise<Report | Reason> => {
      const { decoded, named } = await ask({ kind: "decode", typed }, "decoded");
      if ("error" in decoded) {
        throw new TypeError(`cek-nik: this is not a NIK (${decoded.error.code})`);
      }
      const isOpen = opened !== undefined;
      const prepared = opened ?? (await open(fetched, options));
      if (typeof prepared === "string") {
        return prepared;
      }
      const { catalogue, downloaded } = prepared;
      const isLocked = catalogue.identifier === "nik+nama";
      if (isLocked && named && "error" in named) {
        throw new TypeError(`cek-nik: this name has no word (${named.error})`);
      }
      const needed = isLocked ? typed : { nik: typed.nik };
      // A call downloads no file twice; the next call tries again what has failed.
      const { failed } = downloaded;
      const held = isOpen ? downloaded.held : new Map([...downloaded.held, ...failed]);
      const asked = { kind: "check", hosts, catalogue, held, typed: needed } as const;
      const { report, hosts: good = hosts } = await ask(asked, "report");
      hosts = good;
      return report;
    });

  const read = (typed: Typed) =>
    inWorker(start, {}, (ask) => ask({ kind: "decode", typed }, "decoded"));

  return {
    async open(options = {}) {
      const fetched: Fetched[] = [];
      const found = await orReason(open(fetched, options));
      if (typeof found === "string") {
        return { reason: found, fetched };
      }
      const { catalogue, downloaded } = found;
      return { catalogue, complete: downloaded.complete, fetched };
    },
    async decode(nik) {
      return (await read({ nik })).decoded;
    },
    async readName(name) {
      return (await read({ nik: "", name })).named!;
    },
    async check(nik, { name, ...options } = {}) {
      const fetched: Fetched[] = [];
      const typed = name === undefined ? { nik } : { nik, name };
      const report = await orReason(check(typed, fetched, options));
      return typeof report === "string"
        ? { reason: report, fetched }
        : { ...report, fetched: [...fetched, ...report.fetched] };
    },
  };
}

/** The address of the catalogue in a directory. Throws a `TypeError` if that is no address. */
const catalogueIn = (directory: string): URL => new URL("catalogue.json", directory);

/** The catalogue with these lists only, or with all; `undefined` if one of these is not in it. */
function chosen(catalogue: Catalogue, ids?: readonly string[]): Catalogue | undefined {
  if (!ids) {
    return catalogue;
  }
  const datasets = catalogue.datasets.filter(({ id }) => ids.includes(id));
  const found = datasets.map(({ id }) => id);
  return ids.every((id) => found.includes(id)) ? { ...catalogue, datasets } : undefined;
}

/** A check that could not be made is an outcome. Aborts and wrong arguments are not. */
const orReason = <T>(work: Promise<T>): Promise<T | Reason> =>
  work.catch((error: unknown) => {
    if (error instanceof Failure) {
      return error.reason;
    }
    throw error;
  });

/** Sends a request to the worker. Gives its final message. */
type Ask = <Kind extends FromWorker["kind"]>(request: Request, kind: Kind) => Promise<Reply<Kind>>;

/** Does some work with a worker of its own, which ends with the work, a failure, or the signal. */
async function inWorker<T>(
  start: Start,
  { signal, onProgress }: CallOptions,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const reason = () => signal?.reason ?? new DOMException("aborted", "AbortError");
  if (signal?.aborted) {
    throw reason();
  }
  const module = await compiled();
  let worker: Running | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = () => {};
  let isOver = false;
  try {
    return await new Promise<T>((resolve, reject) => {
      let settle: (message: FromWorker) => void = () => {};
      const fail = () => reject(new Failure("worker_failed"));
      const hear = (message: FromWorker | undefined) => {
        // The module has a limit of its own for silent hosts.
        clearTimeout(timer);
        if (isOver) {
          return;
        }
        if (!message || message.kind === "broken") {
          fail();
        } else if (message.kind !== "progress") {
          settle(message);
        } else {
          try {
            onProgress?.(message.transfer);
          } catch (error) {
            reject(error);
          }
        }
      };
      const ask: Ask = (request, kind) =>
        new Promise((answer) => {
          settle = (message) => message.kind === kind && answer(message as Reply<typeof kind>);
          timer = setTimeout(fail, PATIENCE);
          worker!.post(request);
        });
      abort = () => reject(reason());
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) {
        abort();
        return;
      }
      try {
        worker = start(hear);
        worker.post(module);
      } catch {
        fail();
        return;
      }
      work(ask).then(resolve, reject);
    });
  } finally {
    isOver = true;
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    worker?.terminate();
  }
}

let module: Promise<WebAssembly.Module> | undefined;

/** Compiles the module once for all workers. A failure is not remembered. */
function compiled(): Promise<WebAssembly.Module> {
  module ??= compile().catch(() => {
    module = undefined;
    throw new Failure("module_failed");
  });
  return module;
}

const compile = async (): Promise<WebAssembly.Module> =>
  WebAssembly.compile(Uint8Array.from(atob(MODULE), (character) => character.charCodeAt(0)));
