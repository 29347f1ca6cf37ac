//! Packs. Opening one reads its beginning; a check reads only the shards it needs. See
//! docs/FORMAT.md.

import type { Wanted } from "../../pkg/cek_nik";
import { key } from "../flow";
import { portTo, type CallWorker, type Found, type ReadResult, type Source } from "./source";

/**
 * A pack in a file. The page reads it, not the worker: if the page was opened as a file, WebKit's
 * worker cannot read files (2.50: NotReadableError).
 */
export class Pack implements Source {
  constructor(
    readonly name: string,
    private file: Blob,
  ) {}

  async open(call: CallWorker): Promise<Found> {
    const { name } = this;
    const bytes = this.file.size;
    const from = portTo(this);
    const opened = await call({ kind: "open_pack", name, bytes, from, key }, [from]);
    return "reason" in opened ? opened : { ...opened, bytes };
  }

  /** Fails if the file is gone or has changed. Engines report that in different ways. */
  async read({ offset, bytes }: Wanted): Promise<ReadResult> {
    const slice = this.file.slice(offset, offset + bytes);
    const read = await slice.arrayBuffer().catch(() => undefined);
    return read?.byteLength === slice.size ? new Uint8Array(read) : "unreadable";
  }
}

/** A pack inside a page, in base64. The text is released once it has been decoded. */
export class EmbeddedPack implements Source {
  private pack: Pack | undefined;

  constructor(
    readonly name: string,
    private text: string,
  ) {}

  async open(call: CallWorker): Promise<Found> {
    if (!this.pack) {
      // The receipt counts offsets in this element.
      this.pack = new Pack(
        `${this.name}#pack`,
        new Blob([await call({ kind: "unpack", text: this.text })]),
      );
      this.text = "";
    }
    return this.pack.open(call);
  }

  async read(wanted: Wanted): Promise<ReadResult> {
    return this.pack?.read(wanted) ?? "unreadable";
  }
}
