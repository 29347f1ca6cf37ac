//! The page's side of the worker.

import { scriptAddress } from "../trusted";
import { PATIENCE, type FromWorker, type ToWorker } from "./protocol";

export type Listener = (message: FromWorker) => void;

/**
 * Keeps a worker ready. After a check it is terminated, together with the memory that held the
 * number. The next worker is made at once, so that a click does not wait for it.
 */
export class Checker {
  private worker: Worker | undefined;
  private listener: Listener | undefined;
  private watch: number | undefined;
  private readonly code = scriptAddress(
    URL.createObjectURL(new Blob([WORKER_CODE], { type: "text/javascript" })),
  );

  constructor(private readonly module: WebAssembly.Module) {
    this.renew();
  }

  /**
   * Sends a request and transfers `ports`. Does nothing while another request is running.
   * `listener` always gets a final message, unless [`Checker.renew`] comes first.
   */
  request(message: ToWorker, listener: Listener, ports?: MessagePort[]): void {
    if (this.listener) {
      return;
    }
    this.listener = listener;
    this.watch = setTimeout(() => this.fail(), PATIENCE);
    try {
      this.worker ??= this.start();
      post(this.worker, message, ports);
    } catch {
      this.fail();
    }
  }

  /**
   * Ends the running request without a final message and makes a new worker. The new worker knows
   * nothing and has the page's current policy.
   */
  renew(): void {
    clearTimeout(this.watch);
    this.listener = undefined;
    this.worker?.terminate();
    try {
      this.worker = this.start();
    } catch {
      // The next request tries again and reports the failure.
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
    if (message.kind === "report" || message.kind === "broken") {
      this.renew();
    } else if (message.kind !== "started" && message.kind !== "progress") {
      this.listener = undefined;
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
    this.renew();
    listener?.({ kind: "broken" });
  }
}

const post = (worker: Worker, message: ToWorker, ports: MessagePort[] = []): void =>
  worker.postMessage(message, ports);
