//! Small parts of the saving section: lists with their sizes, links and the progress of a download.

import type { Dataset } from "../../pkg/cek_nik";
import { element, paragraph } from "../view/element";
import type { Words } from "../texts";
import { catalogueOf, type Saved } from "./records";
import type { Possible, Progress } from "./state";

/** The offline page of the site. */
const OFFLINE_PAGE = "cek-nik-offline.html";

/** A text with a size in it. */
export const sized = (text: string, bytes: number, words: Words): string =>
  words.fill(text, { size: words.size(bytes) });

export const title = (dataset: Dataset, words: Words): string =>
  words.pick(dataset.title) || dataset.id;

export const datasetsOf = (record: Saved, ids: string[]): Dataset[] =>
  catalogueOf(record).datasets.filter(({ id }) => ids.includes(id));

export const listItem = (dataset: Dataset, words: Words, content: Node[] = []): HTMLElement =>
  element(
    "li",
    {},
    element("b", {}, title(dataset, words)),
    " ",
    edition(dataset, words),
    ...(content.length ? [element("br", {})] : []),
    ...content,
  );

/** The size and the date of publication, or else the date of the list. */
function edition(dataset: Dataset, words: Words): string {
  const { saving: texts } = words.texts;
  const size = words.size(2 ** dataset.prefix_bits * dataset.shard_bytes);
  const date = words.date(dataset.built) || words.date(dataset.date);
  return `(${words.fill(date ? texts.edition : texts.edition_undated, { size, date })})`;
}

/** Whole percents, so that a long download changes the page a hundred times, not a thousand. */
export function progressBar(progress: Progress | undefined, words: Words): Node[] {
  const { stored, total } = progress ?? { stored: 0, total: 0 };
  const percent = total ? Math.floor((100 * stored) / total) : 0;
  const values = { stored: words.size(stored), total: words.size(total), percent };
  return [
    element("progress", {
      "max": "100",
      "aria-labelledby": "saving-progress",
      ...(total && { "value": String(percent) }),
    }),
    element(
      "p",
      { id: "saving-progress" },
      total ? words.fill(words.texts.saving.progress, values) : "",
    ),
  ];
}

/** The free storage, without needless precision, and what the browser promises. */
export function storageText({ free, isPersistent }: Possible["storage"], words: Words): Node[] {
  if (free === undefined) {
    return [];
  }
  const { saving: texts } = words.texts;
  const size = free < 1e9 ? words.size(free) : `${Math.floor(free / 1e9)} GB`;
  const promise = isPersistent === undefined ? "" : isPersistent ? texts.kept : texts.not_kept;
  return [paragraph(words.fill(texts.room, { size }), promise && ` ${promise}`)];
}

export const checkLink = (text: string, words: Words): HTMLElement =>
  paragraph(element("a", { class: "button", href: pageIn(words) }, text));

const pageIn = ({ language }: Words): string =>
  language === "id" ? OFFLINE_PAGE : `${OFFLINE_PAGE}?lang=${language}`;

export function otherWays(words: Words): Node[] {
  const { saving: texts } = words.texts;
  return [
    element(
      "details",
      {},
      element("summary", {}, texts.others),
      element(
        "ul",
        {},
        element("li", {}, texts.other_page),
        element(
          "li",
          {},
          texts.other_pack,
          " ",
          element("a", { href: pageIn(words) }, OFFLINE_PAGE),
          ".",
        ),
      ),
    ),
  ];
}
