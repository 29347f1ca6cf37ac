import type { Catalogue } from "../../pkg/cek_nik";
import type { Records } from "./records";

/** The catalogue of the site as it is now. */
export interface Current {
  text: string;
  catalogue: Catalogue;
}

/** In bytes. */
export interface StorageSpace {
  free: number;
  /**
   * Whether the browser has promised not to remove anything by itself; nobody knows before it was
   * asked.
   */
  persistent?: boolean;
}

/** All that the section and the words above the frame show. */
export interface State extends Records {
  /** Whether this browser can save anything here at all. */
  possible: boolean;
  activity: "idle" | "fetching" | "preparing" | "saving" | "removing";
  /** While it is saving: whether another tab does it. */
  elsewhere: boolean;
  /** While it is saving: whether the network has failed it, and is tried again. */
  retrying: boolean;
  current?: Current | undefined;
  /** How much of what is wanted is there, in bytes, while `saving` is there. */
  progress: { stored: number; total: number };
  /** How many files of the checking tool are kept so far, while it is being kept. */
  shell?: { kept: number; files: number } | undefined;
  /**
   * Bytes that each data set of now would still cost to save, by its id; the tool that checks is
   * among them where it is not kept yet.
   */
  costs: Record<string, number>;
  /**
   * The same for what is saved, in the edition of now, and for what was wanted before it was
   * stopped.
   */
  costOfSaved: number;
  costOfWanted: number;
  /** Whether the page that checks what is saved is there. */
  shellKept: boolean;
  /** How many shards of what was saved are there no more. */
  lost: number;
  /** Whether there is anything on the device that could be removed. */
  traces: boolean;
  space?: StorageSpace | undefined;
  reason?: string | undefined;
  /** Bytes that are missing where there is no room. */
  needed?: number | undefined;
  /** What has just come to its end. */
  news?: "saved" | "removed" | undefined;
  /** A new version of the page waits. */
  newer: boolean;
  /** Whether the site answers; nobody asks where the page itself has just come from it. */
  site: "asked" | "there" | "away";
  /** Whether the reader wants the tool that needs the network, although lists are saved. */
  online: boolean;
}
