//! Packs: the beginning is read when one is opened, and of the rest only the shards that a check
//! looks into, see docs/FORMAT.md.

import type { Wanted } from "../../pkg/cek_nik";
import { portTo, type CallWorker, type Found, type ReadResult, type Source } from "./source";

/**
 * The page reads, not its worker: of a page that was opened as a file, WebKit's worker can read no
 * file (2.50: NotReadableError).
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
    const opened = await call({ kind: "open_pack", name, bytes, from }, [from]);
    return "reason" in opened ? opened : { ...opened, bytes };
  }

  /** A file that is gone or is no longer what it was: engines notice that in different ways. */
  async read({ offset, bytes }: Wanted): Promise<ReadResult> {
    const slice = this.file.slice(offset, offset + bytes);
    const read = await slice.arrayBuffer().catch(() => undefined);
    return read?.byteLength === slice.size ? new Uint8Array(read) : "unreadable";
  }
}

/** A pack in the text of a page, in base64. The text is let go of as soon as it has been read. */
export class EmbeddedPack implements Source {
  private pack: Pack | undefined;

  constructor(
    readonly name: string,
    private text: string,
  ) {}

  async open(call: CallWorker): Promise<Found> {
    if (!this.pack) {
      // The element of the page that the places are counted in.
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
