import type { Catalogue } from "../../pkg/cek_nik";
import type { Records } from "./records";

/** The catalogue of the site as it is now. */
export interface Current {
  text: string;
  catalogue: Catalogue;
}

/** In bytes. */
export interface Room {
  free: number;
  /** Whether the browser has promised not to remove anything by itself; nobody knows before it was asked. */
  kept?: boolean;
}

/** All that the section shows. */
export interface State extends Records {
  activity: "idle" | "looking" | "preparing" | "saving" | "removing";
  /** While it is saving: whether another tab does it. */
  elsewhere: boolean;
  current?: Current | undefined;
  /** How much of what is wanted is there, in bytes, while `saving` is there. */
  progress: { stored: number; total: number };
  /** How many shards of what was saved the browser has thrown away. */
  lost: number;
  room?: Room | undefined;
  reason?: string | undefined;
  /** Bytes that are missing where there is no room. */
  needed?: number | undefined;
  /** What has just come to its end. */
  news?: "saved" | "removed" | undefined;
  /** A new version of the page waits. */
  newer: boolean;
}
