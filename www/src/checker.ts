//! The page's side of the worker.

import { failure, type FromWorker, type ToWorker } from "./protocol";

/** How many milliseconds a host, or a worker that has just been asked, may be silent. */
const PATIENCE = 20_000;

export type Listener = (message: FromWorker) => void;

/**
 * Gives each check a worker of its own, and terminates it after its last word: the memory that held the number is then
 * gone. The next worker is made at once, so that a click does not wait for it.
 */
export class Checker {
  private worker: Worker | undefined;
  private listener: Listener | undefined;
  private watch: number | undefined;
  private readonly code = URL.createObjectURL(new Blob([WORKER_CODE], { type: "text/javascript" }));

  constructor(private readonly module: WebAssembly.Module) {
    this.prepare();
  }

  /** Starts a check, unless one is running. Whatever happens, `listener` gets a last word, unless [`Checker.stop`] comes first. */
  check(nik: string, listener: Listener): void {
    if (this.listener) {
      return;
    }
    this.listener = listener;
    this.watch = setTimeout(() => this.fail(), PATIENCE);
    try {
      this.worker ??= this.start();
      const catalogue = new URL("catalogue.json", location.href).href;
      post(this.worker, { catalogue, nik, patience: PATIENCE });
    } catch {
      this.fail();
    }
  }

  /** Ends a running check without a last word, and forgets its number. */
  stop(): void {
    clearTimeout(this.watch);
    this.listener = undefined;
    this.worker?.terminate();
    this.prepare();
  }

  private prepare(): void {
    try {
      this.worker = this.start();
    } catch {
      // The next check tries again, and reports it.
      this.worker = undefined;
    }
  }

  private start(): Worker {
    const worker = new Worker(this.code);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.hear(worker, data);
    worker.onerror = worker.onmessageerror = () => this.lose(worker);
    post(worker, this.module);
    return worker;
  }

  private hear(worker: Worker, message: FromWorker): void {
    if (worker !== this.worker) {
      return;
    }
    clearTimeout(this.watch);
    const { listener } = this;
    if (message.kind === "problem" || message.kind === "report") {
      this.stop();
    }
    listener?.(message);
  }

  private lose(worker: Worker): void {
    if (worker !== this.worker) {
      return;
    }
    this.worker = undefined;
    if (this.listener) {
      this.fail();
    }
  }

  private fail(): void {
    const { listener } = this;
    this.stop();
    listener?.({ kind: "report", report: failure("worker_failed") });
  }
}

const post = (worker: Worker, message: ToWorker): void => worker.postMessage(message);
