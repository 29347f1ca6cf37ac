//! The state of the saving section, as a function of events.

import assert from "node:assert/strict";
import { test } from "node:test";

import { source } from "./support/embedding.mjs";

const { INITIAL, isOnlyProgress, reduce } = await source("saving/state.ts");

const after = (...events) => events.reduce(reduce, INITIAL);
const edition = { text: "{}", catalogue: { datasets: [] } };
const progress = { stored: 1, total: 2 };
const progressed = { kind: "saving_progressed", progress, isRetrying: false };
const failed = (reason) => ({ kind: "failed", reason });

test("a fetched edition ends the fetching, and only what it was about is forgotten", () => {
  const fetching = { kind: "fetch_started" };
  const lost = { kind: "fetch_failed", reason: "catalogue_timed_out" };
  assert.deepEqual(after(fetching).activity, { name: "fetching" });
  assert.deepEqual(after(fetching, lost).notice, failed("catalogue_timed_out"));
  assert.equal(after(fetching, lost, fetching, { kind: "fetched", edition }).notice, undefined);
  const replaced = after({ kind: "ended", notice: failed("replaced") }, fetching, {
    kind: "fetched",
    edition,
  });
  assert.deepEqual(replaced.notice, failed("replaced"));
  assert.deepEqual(replaced.activity, { name: "idle" });
  assert.equal(replaced.edition, edition);
});

test("an edition that is fetched during a download does not end it", () => {
  const events = [{ kind: "saving_started" }, { kind: "fetch_started" }];
  assert.equal(after(...events).activity.name, "saving");
  assert.equal(after(...events, { kind: "fetched", edition }).activity.name, "saving");
});

test("progress without an action of this tab is that of another tab", () => {
  assert.equal(after(progressed).activity.isElsewhere, true);
  assert.equal(after({ kind: "saving_started" }, progressed).activity.isElsewhere, false);
  assert.equal(
    after({ kind: "saving_started" }, { kind: "saving_found_elsewhere" }, progressed).activity
      .isElsewhere,
    true,
  );
});

test("the end of other tabs ends only what they did", () => {
  const others = { kind: "others_ended" };
  assert.equal(after(progressed, others).activity.name, "idle");
  assert.equal(after({ kind: "saving_started" }, others).activity.name, "saving");
  assert.equal(after({ kind: "preparing" }, others).activity.name, "preparing");
});

test("a new action forgets what the last one has told", () => {
  const notice = { kind: "ended", notice: { kind: "saved" } };
  assert.deepEqual(after(notice).notice, { kind: "saved" });
  for (const event of [{ kind: "preparing" }, progressed, { kind: "ended" }, { kind: "cleared" }]) {
    assert.equal(after(notice, event).notice, undefined, event.kind);
  }
});

test("files of the shell count only while they are being stored", () => {
  const shell = { kind: "shell_progressed", kept: 1, files: 9 };
  assert.deepEqual(after({ kind: "preparing" }, shell).activity.shell, { kept: 1, files: 9 });
  assert.deepEqual(after(shell), INITIAL);
});

test("nothing but bytes of a download is only progress", () => {
  const saving = after({ kind: "saving_started" }, progressed);
  const more = reduce(saving, { ...progressed, progress: { stored: 2, total: 2 } });
  assert.equal(isOnlyProgress(saving, more), true);
  for (const event of [
    { ...progressed, isRetrying: true },
    { kind: "fetched", edition },
    { kind: "site_known", site: "unreachable" },
    { kind: "ended" },
  ]) {
    assert.equal(isOnlyProgress(saving, reduce(more, event)), false, event.kind);
  }
  assert.equal(isOnlyProgress(undefined, saving), false);
});
