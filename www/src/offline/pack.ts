//! Packs: the beginning is read when one is opened, and of the rest only the shards that a check
//! looks into, see docs/FORMAT.md.

import type { Wanted } from "../../pkg/cek_nik";
import type { CallWorker, FetchedShard, Found, Source } from "./source";

const HEADER_BYTES = 64;

/**
 * The page reads, not its worker: of a page that was opened as a file, WebKit's worker can read no
 * file (2.50: NotReadableError).
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
    // As in section 4 of docs/FORMAT.md: data/<id>/<root>/<prefix>.cnk
    const [, id = "", , shard = ""] = path.split("/");
    const first = (this.places.get(id) ?? 0) + parseInt(shard, 16) * most;
    return {
      url: this.place(`${id}/${shard}`, first, most),
      result: (await this.read(first, most)) ?? "unreadable",
    };
  }

  /**
   * Nothing where the file is gone or is no longer what it was: engines notice that in different
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

  async fetch(wanted: Wanted): Promise<FetchedShard> {
    return this.pack?.fetch(wanted) ?? { url: this.name, result: "unreadable" };
  }
}
