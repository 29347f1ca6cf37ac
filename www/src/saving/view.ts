//! The saving section, and the text above the frame when the site is unreachable or something is
//! saved.

import { element, paragraph } from "../view/element";
import type { Words } from "../texts";
import { costOf, hasTraces, lostShards, progressOf } from "./device";
import {
  checkLink,
  datasetsOf,
  listItem,
  otherWays,
  progressBar,
  sized,
  storageText,
  title,
} from "./elements";
import { patch, updateAttribute } from "./patch";
import { problem } from "./problem";
import { isReplaced, isSavable, type Saved, type Saving, type Store } from "./records";
import { isAboutFetching, isOnlyProgress, type Edition, type Possible, type State } from "./state";

export interface Actions {
  fetchLists(): void;
  save(ids: string[]): void;
  pause(): void;
  goOn(): void;
  giveUp(): void;
  remove(): void;
  /** Shows the online widget. */
  goOnline(): void;
  /** Checks again whether the site responds. */
  retry(): void;
}

const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

export class View {
  private readonly above = byId("above");
  private readonly section = byId<HTMLDetailsElement>("saving");
  private readonly status = byId("saving-status");
  private readonly body = byId("saving-body");
  private shown: State | undefined;
  private words: Words | undefined;

  constructor(
    private readonly store: Store,
    private readonly actions: Actions,
  ) {
    this.section.ontoggle = () => this.fetchOnce();
    this.section.open ||= location.hash === "#saving";
  }

  show(state: State, words: Words): void {
    const { shown } = this;
    const isSame = words === this.words && isOnlyProgress(shown, state);
    this.shown = state;
    this.words = words;
    if (isSame) {
      this.showProgress(state, words);
      return;
    }
    const isPossible = state.name === "possible";
    const activity = isPossible ? state.activity.name : "idle";
    updateAttribute(this.section, "data-activity", activity);
    const hasStored = hasRecords(state);
    if (hasStored && !hasRecords(shown)) {
      updateAttribute(this.section, "open", "");
    }
    updateAttribute(byId("saving-intro"), "hidden", hasStored ? "" : null);
    updateAttribute(this.section, "lang", words.language);
    updateAttribute(this.above, "lang", words.language);
    this.fill(this.above, isPossible ? this.aboveFrame(state, words) : [], this.above);
    updateAttribute(this.above, "hidden", this.above.childElementCount ? null : "");
    patch(this.status, textNodes(isPossible ? statusOf(state, words) : ""));
    this.fill(this.body, this.parts(state, words), this.status);
  }

  /** A reader who opens the section wants to see the lists. */
  private fetchOnce(): void {
    const { shown, section } = this;
    const isIdle = shown?.name === "possible" && shown.activity.name === "idle";
    if (section.open && isIdle && !shown.edition && !shown.notice) {
      this.actions.fetchLists();
    }
  }

  /** If the button that had the focus is gone, the focus moves to what replaced it. */
  private fill(parent: HTMLElement, content: Node[], otherwise: HTMLElement): void {
    const hadFocus = parent.contains(document.activeElement);
    patch(parent, content);
    if (hadFocus && !parent.contains(document.activeElement)) {
      (parent.querySelector<HTMLElement>(".problem") ?? otherwise).focus();
    }
  }

  private showProgress(state: State, words: Words): void {
    const bar = document.getElementById("saving-bar");
    if (bar && state.name === "possible" && state.activity.name === "saving") {
      patch(bar, progressBar(state.activity.progress, words));
    }
  }

  private aboveFrame({ device, site, isOnline }: Possible, words: Words): Node[] {
    const { saving: texts } = words.texts;
    const isAway = site === "unreachable";
    if (device.saved) {
      const { saved } = device;
      return [
        paragraph(words.fill(texts.saved_top, { date: words.date(saved.saved) })),
        checkLink(texts.check, words),
        ...(isAway ? [paragraph(texts.away)] : []),
        ...(isOnline && site === "reachable"
          ? [paragraph(texts.online_below)]
          : [this.button("online", isAway ? texts.retry : texts.go_online, this.actions.goOnline)]),
      ];
    }
    if (isAway) {
      return [
        paragraph(element("b", {}, texts.away), " ", texts.away_nothing),
        checkLink(texts.open_offline, words),
        this.button("ask", texts.retry, this.actions.retry),
      ];
    }
    return site === "asked" ? [paragraph(texts.asked)] : [];
  }

  private parts(state: State, words: Words): Node[] {
    if (state.name === "impossible") {
      return [...problem({ kind: "failed", reason: state.reason }, words), ...otherWays(words)];
    }
    const { saving: texts } = words.texts;
    const { device, activity, notice, edition, storage } = state;
    const isIdle = activity.name === "idle";
    const isBusy = activity.name === "preparing" || activity.name === "removing";
    return [
      // The text above the frame already says that the site is unreachable.
      ...(state.site === "unreachable" && isAboutFetching(notice) ? [] : problem(notice, words)),
      ...this.download(state, words),
      ...(device.saved ? this.savedLists(device.saved, state, words) : []),
      ...(edition && isIdle && !device.saving ? this.offers(edition, state, words) : []),
      // Continuing a download fetches the catalogue by itself.
      ...(isIdle && !edition && !device.saving
        ? [this.button("lists", texts.retry, this.actions.fetchLists)]
        : []),
      ...storageText(storage, words),
      ...((hasTraces(device) || isStorageFailure(notice)) && !isBusy
        ? [
            paragraph(element("small", {}, texts.remove_what)),
            this.button("remove", texts.remove, this.actions.remove),
          ]
        : []),
      ...(device.isVersionWaiting ? [paragraph(texts.newer)] : []),
      ...otherWays(words),
    ];
  }

  /** A download that runs or was paused. */
  private download(state: Possible, words: Words): Node[] {
    const { activity, device } = state;
    if (activity.name === "saving") {
      return [
        element("div", { id: "saving-bar" }, ...progressBar(activity.progress, words)),
        this.button("pause", words.texts.saving.pause, this.actions.pause),
      ];
    }
    return activity.name === "idle" && device.saving
      ? this.pausedDownload(device.saving, state, words)
      : [];
  }

  private pausedDownload(saving: Saving, state: Possible, words: Words): Node[] {
    const { saving: texts } = words.texts;
    const { device, edition, notice } = state;
    const replacing = edition && isReplaced(saving, saving.wanted, edition) ? edition : undefined;
    const goOn = replacing
      ? sized(texts.save_edition, costOf(this.store, replacing, device, saving.wanted), words)
      : notice?.kind === "failed"
        ? texts.retry
        : texts.go_on;
    const bar = progressBar(progressOf(this.store, device), words);
    return [
      replacing
        ? paragraph(element("b", {}, texts.new_while_saving))
        : element("div", { id: "saving-bar" }, ...bar),
      this.button("go-on", goOn, this.actions.goOn),
      this.button("give-up", texts.give_up, this.actions.giveUp),
    ];
  }

  private savedLists(saved: Saved, state: Possible, words: Words): Node[] {
    const { saving: texts } = words.texts;
    const { device, edition, activity } = state;
    const all = datasetsOf(saved, saved.datasets);
    const published = all.filter(
      ({ id }) =>
        !edition || edition.catalogue.datasets.some((one) => one.id === id && isSavable(one)),
    );
    const withdrawn = all.filter((dataset) => !published.includes(dataset));
    const ids = published.map(({ id }) => id);
    const isNew = edition && ids.length > 0 && isReplaced(saved, ids, edition);
    const isIncomplete = !device.shell.kept || lostShards(this.store, device).length > 0;
    const canSave = edition && ids.length > 0 && activity.name === "idle" && !device.saving;
    return [
      paragraph(element("b", {}, words.fill(texts.saved, { date: words.date(saved.saved) }))),
      element("ul", {}, ...all.map((dataset) => listItem(dataset, words))),
      checkLink(texts.check, words),
      ...(isIncomplete ? [paragraph(element("b", {}, texts.lost))] : []),
      // A record names one edition. These lists are not in the current one, so saving anything else
      // would remove them.
      ...(withdrawn.length
        ? [
            paragraph(
              element(
                "b",
                {},
                words.fill(ids.length ? texts.withdrawn_some : texts.withdrawn, {
                  titles: withdrawn.map((dataset) => title(dataset, words)).join("; "),
                }),
              ),
            ),
          ]
        : []),
      ...(isNew ? [paragraph(element("b", {}, texts.new_edition))] : []),
      ...(canSave && (isNew || isIncomplete)
        ? [
            this.button(
              isNew ? "update" : "again",
              sized(
                isNew ? texts.save_edition : texts.again,
                costOf(this.store, edition, device, []),
                words,
              ),
              () => this.actions.save(ids),
            ),
          ]
        : []),
    ];
  }

  /** The data sets that are not saved. */
  private offers(edition: Edition, { device }: Possible, words: Words): Node[] {
    const { saving: texts } = words.texts;
    const offered = edition.catalogue.datasets.filter(
      ({ id }) => !device.saved?.datasets.includes(id),
    );
    const ids = offered.filter(isSavable).map(({ id }) => id);
    const save = (id: string, text: string, ids: string[]): HTMLElement =>
      this.button(id, sized(text, costOf(this.store, edition, device, ids), words), () =>
        this.actions.save(ids),
      );
    const items = offered.map((dataset) =>
      listItem(
        dataset,
        words,
        isSavable(dataset)
          ? [save(`save-${dataset.id}`, texts.save, [dataset.id])]
          : [paragraph(texts.unsavable)],
      ),
    );
    if (!items.length) {
      return [];
    }
    return [
      element("h3", {}, texts.lists),
      ...(ids.length
        ? [paragraph(sized(texts.cost, costOf(this.store, edition, device, ids), words))]
        : []),
      ...(ids.length > 1 ? [save("all", texts.save_all, ids)] : []),
      element("ul", { class: "offers" }, ...items),
      paragraph(element("small", {}, texts.hint)),
    ];
  }

  private button(id: string, text: string, act: () => void): HTMLElement {
    const button = element("button", { type: "button", id: `saving-${id}` }, text);
    button.onclick = act;
    return button;
  }
}

const textNodes = (text: string): Node[] => (text ? [document.createTextNode(text)] : []);

const hasRecords = (state: State | undefined): boolean =>
  state?.name === "possible" && Boolean(state.device.saved || state.device.saving);

const isStorageFailure = (notice: Possible["notice"]): boolean =>
  notice?.kind === "failed" && notice.reason === "storage_failed";

function statusOf({ activity, notice, device }: Possible, words: Words): string {
  const { saving: texts } = words.texts;
  switch (activity.name) {
    case "fetching":
      return texts.looking;
    case "preparing":
      return activity.shell ? words.fill(texts.preparing_files, activity.shell) : texts.preparing;
    case "saving":
      return activity.isRetrying
        ? texts.retrying
        : activity.isElsewhere
          ? texts.saving_elsewhere
          : texts.saving;
    case "removing":
      return texts.removing;
    case "idle":
      return idleStatus(notice, device, texts);
  }
}

function idleStatus(
  notice: Possible["notice"],
  { saved, saving }: Possible["device"],
  texts: Words["texts"]["saving"],
): string {
  if (notice?.kind === "failed") {
    return "";
  }
  if (notice?.kind === "removed") {
    return texts.removed;
  }
  if (saving) {
    return texts.paused;
  }
  return notice ? texts.saved_now : saved ? "" : texts.nothing_yet;
}
