//! Reads the content of this device, which another tab or the browser may have changed.

import { missingBytes, wantedOf } from "./published";
import { catalogueOf, sum, type Records, type ShardFile, type Store } from "./records";
import { isVersionWaiting, shellOf } from "./shell";
import type { Device, Edition, Progress } from "./state";

export async function readDevice(store: Store): Promise<Device> {
  return {
    ...withoutDone(await store.records()),
    shards: await store.shards(),
    shell: await shellOf(store.site),
    isVersionWaiting: await isVersionWaiting(),
  };
}

/** If a worker ended between its last two steps, `saving` describes what is saved already. */
function withoutDone({ saved, saving }: Records): Records {
  const isDone =
    saved?.catalogue === saving?.catalogue &&
    saving?.wanted.every((id) => saved?.datasets.includes(id));
  return { saved, saving: isDone ? undefined : saving };
}

/** The bytes of the download that was paused. */
export function progressOf(store: Store, { saving, shards }: Device): Progress {
  const files = saving ? store.shardFiles(catalogueOf(saving), saving.wanted) : [];
  return { stored: sum(files.filter(({ url }) => shards.has(url))), total: sum(files) };
}

/** The saved shards that have disappeared. */
export function lostShards(store: Store, { saved, shards }: Device): ShardFile[] {
  const files = saved ? store.shardFiles(catalogueOf(saved), saved.datasets) : [];
  return files.filter(({ url }) => !shards.has(url));
}

/** Whether there is anything to remove from the device. */
export const hasTraces = ({ saved, saving, shards, shell }: Device): boolean =>
  Boolean(saved || saving || shards.size || shell.registered);

/** The bytes that saving these data sets would download, with the shell if it is missing. */
export function costOf(store: Store, edition: Edition, device: Device, ids: string[]): number {
  const { saved, shards, shell } = device;
  const wanted = wantedOf(edition, ids, saved);
  return missingBytes(store, edition, wanted, shards) + (shell.kept ? 0 : SHELL_BYTES);
}
