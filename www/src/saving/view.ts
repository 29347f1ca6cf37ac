//! The saving section, and the text above it when the site is unreachable or something is saved.

import type { Dataset } from "../../pkg/cek_nik";
import { element, labelled, paragraph } from "../view/element";
import type { Language, Words } from "../texts";
import { catalogueOf, isReplaced, isSavable, type Saved } from "./records";
import type { Current, State } from "./state";

/** The offline page of the site. */
const OFFLINE_PAGE = "cek-nik-offline.html";

interface Actions {
  showLists(): void;
  save(ids: string[]): void;
  pause(): void;
  goOn(): void;
  giveUp(): void;
  remove(): void;
  /** Shows the online widget. */
  goOnline(): void;
  /** Checks again whether the site responds. */
  retry(): void;
  speak(language: Language): void;
}

type Kind = keyof Words["texts"]["saving"]["reason"];

/** The page's own reasons, which have texts of their own. */
const OWN_REASONS = [
  "not_secure",
  "browser_too_old",
  "quota",
  "replaced",
  "withdrawn",
  "storage_cleared",
  "storage_failed",
  "outdated",
  "shell_unreachable",
  "shell_damaged",
  "worker_failed",
] satisfies Kind[];

/**
 * The core's reasons, grouped by what the reader can do. The compiler refuses a table that lacks a
 * reason of the text files.
 */
const KINDS: Record<keyof Words["texts"]["reason"], Kind> = {
  catalogue_unreachable: "network",
  catalogue_timed_out: "network",
  catalogue_interrupted: "network",
  unreachable: "network",
  timed_out: "network",
  interrupted: "network",
  catalogue_not_found: "host",
  catalogue_status: "host",
  not_found: "host",
  status: "host",
  catalogue_not_json: "portal",
  not_a_shard: "portal",
  catalogue_not_a_catalogue: "publisher",
  catalogue_invalid: "publisher",
  dataset_invalid: "publisher",
  catalogue_newer_version: "unsupported",
  kdf_unsupported: "unsupported",
  identifier_unsupported: "unsupported",
  filter_unsupported: "unsupported",
  prefix_too_long: "unsupported",
  newer_version: "unsupported",
  wrong_length: "damaged",
  wrong_dataset: "damaged",
  wrong_prefix: "damaged",
  wrong_filter: "damaged",
  damaged: "damaged",
  dataset_missing: "withdrawn",
  module_failed: "worker_failed",
  out_of_memory: "worker_failed",
  worker_failed: "worker_failed",
};

const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;

export class View {
  private readonly above = byId("above");
  private readonly section = byId("saving");
  private readonly status = byId("saving-status");
  private readonly body = byId("saving-body");
  /** The state that the body shows. Changes of the progress alone do not rebuild it. */
  private shown = "";

  constructor(private readonly actions: Actions) {
    for (const button of this.section.querySelectorAll<HTMLElement>("[data-speak]")) {
      button.onclick = () => actions.speak(button.lang as Language);
    }
  }

  show(state: State, words: Words): void {
    const { progress, ...rest } = state;
    const key = JSON.stringify([rest, words.language]);
    if (key !== this.shown) {
      this.shown = key;
      this.write(state, words);
    }
    this.count(state, words);
  }

  private write(state: State, words: Words): void {
    const { saving: texts } = words.texts;
    this.section.dataset.activity = state.activity;
    this.section.lang = this.above.lang = words.language;
    byId("saving-heading").textContent = texts.heading;
    const intro = byId("saving-intro");
    intro.textContent = texts.intro;
    intro.hidden = Boolean(state.saved || state.saving);
    for (const button of this.section.querySelectorAll<HTMLElement>("[data-speak]")) {
      button.setAttribute("aria-pressed", String(button.lang === words.language));
    }
    this.replace(this.above, this.words(state, words), this.above);
    this.above.hidden = !this.above.childElementCount;
    const status = statusOf(state, words);
    if (this.status.textContent !== status) {
      this.status.textContent = status;
    }
    this.replace(this.body, this.parts(state, words), this.status);
  }

  /**
   * Replaces content and keeps the focus on the same button, or moves it to what replaced the
   * button. Unchanged content is not rendered again: a click may be under way on it.
   */
  private replace(place: HTMLElement, content: Node[], otherwise: HTMLElement): void {
    if (element("div", {}, ...content).innerHTML === place.innerHTML) {
      return;
    }
    const focused = document.activeElement?.id ?? "";
    const hadFocus = place.contains(document.activeElement);
    const wasOpen = place.querySelector("details")?.open;
    place.replaceChildren(...content);
    place.querySelector("details")?.toggleAttribute("open", Boolean(wasOpen));
    if (hadFocus) {
      (
        document.getElementById(focused) ??
        place.querySelector<HTMLElement>(".problem") ??
        otherwise
      ).focus();
    }
  }

  private count({ progress: { stored, total } }: State, words: Words): void {
    const bar = this.body.querySelector("progress");
    if (bar && total) {
      bar.value = stored / total;
      const values = {
        stored: words.size(stored),
        total: words.size(total),
        percent: Math.floor((100 * stored) / total),
      };
      byId("saving-progress").textContent = words.fill(words.texts.saving.progress, values);
    }
  }

  /** The text above the frame, about saved lists and an unreachable site. */
  private words({ saved, site, online }: State, words: Words): Node[] {
    const { saving: texts } = words.texts;
    const away = site === "away";
    if (saved) {
      return [
        paragraph(words.fill(texts.saved_top, { date: words.date(saved.saved) })),
        checkLink(texts.check, words),
        ...(away ? [paragraph(texts.away)] : []),
        ...(online && site === "there"
          ? [paragraph(texts.online_below)]
          : [this.button("online", away ? texts.retry : texts.go_online, this.actions.goOnline)]),
      ];
    }
    if (away) {
      return [
        paragraph(element("b", {}, texts.away), " ", texts.away_nothing),
        checkLink(texts.open_offline, words),
        this.button("ask", texts.retry, this.actions.retry),
      ];
    }
    return site === "asked" ? [paragraph(texts.asked)] : [];
  }

  private parts(state: State, words: Words): Node[] {
    const { saving: texts } = words.texts;
    const { reason, saved, saving, activity, current, space } = state;
    if (!state.possible) {
      return [...problem(state, words), ...otherWays(words)];
    }
    const idle = activity === "idle";
    return [
      // The text above the frame already says that the site is unreachable.
      ...(state.site === "away" && reason?.startsWith("catalogue_") ? [] : problem(state, words)),
      ...this.download(state, words),
      ...(saved ? this.kept(saved, state, words) : []),
      ...(current && idle && !saving ? this.offers(current, state, words) : []),
      // Continuing a download fetches the catalogue by itself.
      ...(current || saving || !idle
        ? []
        : [
            this.button("look", saved || reason ? texts.retry : texts.look, this.actions.showLists),
          ]),
      ...(space
        ? [
            paragraph(
              words.fill(texts.room, { size: roomy(space.free, words) }),
              ...promise(space.persistent, texts),
            ),
          ]
        : []),
      ...((state.traces || reason === "storage_failed") &&
      activity !== "preparing" &&
      activity !== "removing"
        ? [
            paragraph(element("small", {}, texts.remove_what)),
            this.button("remove", texts.remove, this.actions.remove),
          ]
        : []),
      ...(state.newer ? [paragraph(texts.newer)] : []),
      ...otherWays(words),
    ];
  }

  /** A download that runs or was paused. */
  private download(
    { activity, saving, current, reason, costOfWanted }: State,
    words: Words,
  ): Node[] {
    const { saving: texts } = words.texts;
    const bar = [
      element("progress", { max: "1", "aria-labelledby": "saving-progress" }),
      element("p", { id: "saving-progress" }),
    ];
    if (activity === "saving") {
      return [...bar, this.button("pause", texts.pause, this.actions.pause)];
    }
    if (activity !== "idle" || !saving) {
      return [];
    }
    const replaced = current && isReplaced(saving, saving.wanted, current);
    const goOn = replaced
      ? sized(texts.save_edition, costOfWanted, words)
      : reason
        ? texts.retry
        : texts.go_on;
    return [
      ...(replaced ? [paragraph(element("b", {}, texts.new_while_saving))] : bar),
      this.button("go-on", goOn, this.actions.goOn),
      this.button("give-up", texts.give_up, this.actions.giveUp),
    ];
  }

  private kept(
    saved: Saved,
    { current, activity, lost, saving, shellKept, costOfSaved }: State,
    words: Words,
  ): Node[] {
    const { saving: texts } = words.texts;
    const ids = saved.datasets;
    const free = activity === "idle" && !saving && current;
    const published = ids.filter((id) =>
      current?.catalogue.datasets.some((dataset) => dataset.id === id && isSavable(dataset)),
    );
    const withdrawn = current
      ? datasetsOf(saved, ids).filter(({ id }) => !published.includes(id))
      : [];
    const replaced = current && published.length > 0 && isReplaced(saved, published, current);
    return [
      paragraph(element("b", {}, words.fill(texts.saved, { date: words.date(saved.saved) }))),
      element(
        "ul",
        {},
        ...datasetsOf(saved, ids).map((dataset) =>
          element("li", {}, title(dataset, words), " ", edition(dataset, words)),
        ),
      ),
      checkLink(texts.check, words),
      ...(lost || !shellKept ? [paragraph(element("b", {}, texts.lost))] : []),
      ...(withdrawn.length
        ? [paragraph(element("b", {}, this.withdrawn(withdrawn, published, words)))]
        : []),
      ...(replaced ? [paragraph(element("b", {}, texts.new_edition))] : []),
      ...(free && published.length && (replaced || lost || !shellKept)
        ? [
            this.button(
              replaced ? "update" : "again",
              sized(replaced ? texts.save_edition : texts.again, costOfSaved, words),
              () => this.actions.save(published),
            ),
          ]
        : []),
    ];
  }

  /**
   * A record names one edition. These lists are not in the current one, so saving anything else
   * would remove them.
   */
  private withdrawn(datasets: Dataset[], published: string[], words: Words): string {
    const { saving: texts } = words.texts;
    const titles = datasets.map((dataset) => title(dataset, words)).join("; ");
    return words.fill(published.length ? texts.withdrawn_some : texts.withdrawn, { titles });
  }

  /** The data sets that are not saved. */
  private offers(current: Current, { saved, costs }: State, words: Words): Node[] {
    const { saving: texts } = words.texts;
    const items = current.catalogue.datasets
      .filter(({ id }) => !saved?.datasets.includes(id))
      .map((dataset) =>
        element(
          "li",
          { "data-offer": dataset.id },
          element("b", {}, title(dataset, words)),
          " ",
          ...(isSavable(dataset)
            ? [
                edition(dataset, words),
                element("br", {}),
                this.button(`save-${dataset.id}`, texts.save, () =>
                  this.actions.save([dataset.id]),
                ),
                paragraph(element("small", {}, sized(texts.costs, costs[dataset.id] ?? 0, words))),
              ]
            : [texts.unsavable]),
        ),
      );
    return items.length
      ? [
          element("h3", {}, texts.lists),
          element("ul", { class: "offers" }, ...items),
          paragraph(texts.cost),
        ]
      : [];
  }

  private button(id: string, text: string, act: () => void): HTMLElement {
    const button = element("button", { type: "button", id: `saving-${id}` }, text);
    button.onclick = act;
    return button;
  }
}

const sized = (text: string, bytes: number, words: Words): string =>
  words.fill(text, { size: words.size(bytes) });

const bytesOf = ({ prefix_bits: bits, shard_bytes: bytes }: Dataset): number => 2 ** bits * bytes;

const title = (dataset: Dataset, words: Words): string => words.pick(dataset.title) || dataset.id;

/** The size and the date of publication, or else the date of the list. */
function edition(dataset: Dataset, words: Words): string {
  const { saving: texts } = words.texts;
  const size = words.size(bytesOf(dataset));
  const date = words.date(dataset.built) || words.date(dataset.date);
  return `(${words.fill(date ? texts.edition : texts.edition_undated, { size, date })})`;
}

/** Free storage, without needless precision. */
const roomy = (bytes: number, words: Words): string =>
  bytes < 1e9 ? words.size(bytes) : `${Math.floor(bytes / 1e9)} GB`;

const datasetsOf = (record: Saved, ids: string[]): Dataset[] =>
  catalogueOf(record).datasets.filter(({ id }) => ids.includes(id));

function promise(kept: boolean | undefined, texts: Words["texts"]["saving"]): string[] {
  return kept === undefined ? [] : [" ", kept ? texts.kept : texts.not_kept];
}

const checkLink = (text: string, words: Words): HTMLElement =>
  paragraph(element("a", { class: "button", href: pageIn(words) }, text));

const pageIn = ({ language }: Words): string =>
  language === "id" ? OFFLINE_PAGE : `${OFFLINE_PAGE}?lang=${language}`;

function statusOf(
  { activity, elsewhere, retrying, shell, saving, saved, news, reason }: State,
  words: Words,
): string {
  const { saving: texts } = words.texts;
  switch (activity) {
    case "fetching":
      return texts.looking;
    case "preparing":
      return shell ? words.fill(texts.preparing_files, shell) : texts.preparing;
    case "saving":
      return retrying ? texts.retrying : elsewhere ? texts.saving_elsewhere : texts.saving;
    case "removing":
      return texts.removing;
    case "idle":
      return reason
        ? ""
        : news === "removed"
          ? texts.removed
          : saving
            ? texts.paused
            : news
              ? texts.saved_now
              : saved
                ? ""
                : texts.nothing_yet;
  }
}

function problem({ reason, needed }: State, words: Words): Node[] {
  if (!reason) {
    return [];
  }
  const { saving: texts } = words.texts;
  const { what, next } = texts.reason[kindOf(reason)];
  const short = needed ? ` ${sized(texts.short, needed, words)}` : "";
  return [
    element(
      "div",
      { class: "problem", role: "alert", tabindex: "-1", "data-reason": reason },
      paragraph(what, short, " ", element("b", {}, next)),
      ...labelled(texts.code, reason),
    ),
  ];
}

/** The texts of the page's own reason, or of the core's; neutral ones for an unknown reason. */
function kindOf(reason: string): Kind {
  const own = OWN_REASONS.find((known) => known === reason);
  const kinds: Partial<Record<string, Kind>> = KINDS;
  return own ?? kinds[reason] ?? "worker_failed";
}

function otherWays(words: Words): Node[] {
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
