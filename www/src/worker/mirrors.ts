//! A site and its mirrors, asked in turn. Each is asked only for what those before it lack, and by
//! the same prefixes, so that two learn no more of a key than one.

import { check, download, open } from "../../pkg/cek_nik";
import { verify } from "./ed25519";
import type {
  Catalogue,
  Downloaded,
  Fetched,
  FromWorker,
  Held,
  Opened,
  Report,
  Request,
} from "./protocol";
import { decomposed, progress, today } from "./serve";

type Asked<Kind> = Extract<Request, { kind: Kind }>;

/** The catalogue of the first host that has a good one, or the reason of the first host. */
export async function openAny({ hosts, key, newest }: Asked<"open">): Promise<FromWorker> {
  const [opened, left] = await inTurn<Opened>(
    hosts,
    async (host, before) => {
      const more = await open(host, key, verify, today(), newest, progress);
      return before && "reason" in more ? { ...before, fetched: more.fetched } : more;
    },
    (opened) => "catalogue" in opened,
  );
  return { kind: "opened", opened, hosts: left };
}

export async function downloadAny({ hosts, catalogue }: Asked<"download">): Promise<FromWorker> {
  const [downloaded, left] = await inTurn<Downloaded>(
    hosts,
    async (host, before) => {
      const held: Held = new Map(before?.held);
      const more = await download(
        host,
        only(catalogue, (id) => !held.has(id)),
        progress,
      );
      return { ...more, held: new Map([...held, ...more.held]) };
    },
    ({ failed }) => !failed.size,
  );
  return { kind: "downloaded", downloaded, hosts: left };
}

export async function checkAny({
  hosts,
  catalogue,
  held,
  typed,
}: Asked<"check">): Promise<FromWorker> {
  const name = decomposed(typed.name);
  const [report, left] = await inTurn<Report>(
    hosts,
    async (host, before) => {
      const known = before && "answers" in before ? before.answers.filter(isKnown) : [];
      const lacking = only(catalogue, (id) => !known.some((answer) => answer.id === id));
      const more = await check(host, lacking, held, typed.nik, name, today(), progress);
      if (!before || "reason" in before || "reason" in more) {
        return more;
      }
      return {
        ...more,
        answers: [...known, ...more.answers],
        prefix_bits: Math.max(before.prefix_bits, more.prefix_bits),
        sharers: Math.min(before.sharers, more.sharers),
      };
    },
    (report) => !("answers" in report) || report.answers.every(isKnown),
  );
  return { kind: "report", report, hosts: left };

  /** What no host had before the number was typed is not asked for again. */
  function isKnown({ id, outcome }: { id: string; outcome: string }): boolean {
    return outcome !== "unknown" || held.has(id);
  }
}

const only = (catalogue: Catalogue, isWanted: (id: string) => boolean): Catalogue => ({
  ...catalogue,
  datasets: catalogue.datasets.filter(({ id }) => isWanted(id)),
});

/**
 * Asks one host after another until nothing is lacking. Gives the last result with the files of all,
 * and the hosts without those that were skipped: all, if none was better than another.
 */
async function inTurn<Result extends { fetched: Fetched[] }>(
  hosts: string[],
  ask: (host: string, before?: Result) => Promise<Result>,
  isEnough: (result: Result) => boolean,
): Promise<[Result, string[]]> {
  let result: Result | undefined;
  for (const host of hosts) {
    const more = await ask(host, result);
    result = { ...more, fetched: [...(result?.fetched ?? []), ...more.fetched] };
    if (isEnough(result)) {
      return [result, hosts.slice(hosts.indexOf(host))];
    }
  }
  return [result!, hosts];
}
