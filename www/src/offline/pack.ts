//! Packs. Opening one reads its beginning; a check reads only the shards it needs. See
//! docs/FORMAT.md.

import type { Wanted } from "../../pkg/cek_nik";
import type { CallWorker, FetchedShard, Found, Source } from "./source";

const HEADER_BYTES = 64;

/**
 * A pack in a file. The page reads it, not the worker: if the page was opened as a file, WebKit's
 * worker cannot read files (2.50: NotReadableError).
 */
export class Pack implements Source {
  private places = new Map<string, number>();

  constructor(
    readonly name: string,
    private file: Blob,
  ) {}

  async open(call: CallWorker): Promise<Found> {
    for (let need = HEADER_BYTES; ;) {
      const beginning = await this.read(0, need);
      if (!beginning) {
        return { reason: "pack_unreadable" };
      }
      const opened = await call({ kind: "open_pack", beginning, bytes: this.file.size });
      if (!("need" in opened)) {
        if ("reason" in opened) {
          return opened;
        }
        this.places = opened.places;
        return {
          catalogue: opened.catalogue,
          bytes: this.file.size,
          read: { url: this.place("catalogue.json", 0, need), bytes: need },
        };
      }
      need = opened.need;
    }
  }

  async fetch({ path, most }: Wanted): Promise<FetchedShard> {
    // Section 4 of docs/FORMAT.md: data/<id>/<root>/<prefix>.cnk
    const [, id = "", , shard = ""] = path.split("/");
    const first = (this.places.get(id) ?? 0) + parseInt(shard, 16) * most;
    return {
      url: this.place(`${id}/${shard}`, first, most),
      result: (await this.read(first, most)) ?? "unreadable",
    };
  }

  /**
   * The bytes, or nothing if the file is gone or has changed. Engines report that in different
   * ways.
   */
  private async read(first: number, bytes: number): Promise<Uint8Array | undefined> {
    const slice = this.file.slice(first, first + bytes);
    const read = await slice.arrayBuffer().catch(() => undefined);
    return read?.byteLength === slice.size ? new Uint8Array(read) : undefined;
  }

  private place(what: string, first: number, bytes: number): string {
    return `${this.name} [${first}–${first + bytes - 1}] ${what}`;
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

  async fetch(wanted: Wanted): Promise<FetchedShard> {
    return this.pack?.fetch(wanted) ?? { url: this.name, result: "unreadable" };
  }
}
