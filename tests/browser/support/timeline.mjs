//! A browser's own trace of what it does and when; and a browser that is slowed down.

import { EventEmitter, once } from "node:events";

import { WebSocket } from "./deps.mjs";

/** The tasks of all threads and the marks in them, on one clock. */
const CATEGORIES = ["toplevel", "blink.user_timing"];

/** Marks the moments when readers can use something and when they act. Runs inside the page. */
function mark() {
  const seen = new Map();
  const state = (name) => {
    if (!seen.has(name)) {
      const one = {};
      one.shown = new Promise((resolve) => (one.show = resolve));
      seen.set(name, one);
    }
    return seen.get(name);
  };
  // Queried once, so that the browser is not disturbed.
  window.shown = (name) => state(name).shown;
  new MutationObserver(() => {
    const name = document.documentElement.dataset.state;
    // The next task runs after this frame has been painted.
    requestAnimationFrame(() =>
      setTimeout(() => {
        performance.mark(`cek-nik: ${name}`);
        state(name).show();
      }),
    );
  }).observe(document, { subtree: true, attributeFilter: ["data-state"] });
  addEventListener(
    "click",
    ({ target, timeStamp }) =>
      performance.mark(`cek-nik: press ${target.id}`, { startTime: timeStamp }),
    true,
  );
}

/** Records a trace of this browser. Its pages and frames run slower by the factor `slowDown`. */
export async function openTimeline(driver, resources, slowDown) {
  const devtools = await connect(driver, resources);
  const events = [];
  devtools.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const resume = (session) => devtools.send("Runtime.runIfWaitingForDebugger", {}, session);
  const prepare = async (session) => {
    await devtools.send("Page.enable", {}, session);
    await devtools.send(
      "Page.addScriptToEvaluateOnNewDocument",
      { source: `(${mark})()` },
      session,
    );
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowDown }, session);
    // A sandboxed frame has its own process and must be slowed before anything runs in it.
    await devtools.send(
      "Target.setAutoAttach",
      { autoAttach: true, waitForDebuggerOnStart: true, flatten: true },
      session,
    );
    await resume(session);
  };
  // Workers wait too, but the browser does not slow them.
  devtools.on("Target.attachedToTarget", ({ sessionId, targetInfo }) =>
    (targetInfo.type === "iframe" ? prepare : resume)(sessionId),
  );
  const { sessionId } = await devtools.send("Target.attachToTarget", {
    targetId: await driver.getWindowHandle(),
    flatten: true,
  });
  await prepare(sessionId);
  await devtools.send("Tracing.start", { traceConfig: { includedCategories: CATEGORIES } });
  return {
    /** Ends the trace and gives it. */
    async end() {
      const complete = devtools.next("Tracing.tracingComplete");
      await devtools.send("Tracing.end");
      await complete;
      return new Trace(events);
    },
  };
}

/** A trace. All times are in milliseconds. */
class Trace {
  #marks;
  #tasks;

  constructor(events) {
    const marks = events.filter(
      ({ name, cat }) => cat === "blink.user_timing" && /^(cek-nik: |navigationStart$)/.test(name),
    );
    const threads = events.filter(
      ({ name, args }) => name === "thread_name" && args.name === "CrRendererMain",
    );
    // The threads of the page and its frame, without those of spare pages.
    const busy = new Set(marks.map(({ pid }) => pid));
    const main = new Set(
      threads.filter(({ pid }) => busy.has(pid)).map(({ pid, tid }) => `${pid} ${tid}`),
    );
    this.#marks = marks.sort((a, b) => a.ts - b.ts);
    this.#tasks = events.filter(
      ({ name, ph, pid, tid }) => ph === "X" && /RunTask$/.test(name) && main.has(`${pid} ${tid}`),
    );
  }

  /**
   * Between two moments: the time taken, the longest task that blocked a page, and the longest by
   * its own processor time.
   */
  between(from, to) {
    const [start, end] = [this.#at(from), this.#at(to)];
    const meanwhile = this.#tasks.filter(({ ts, dur }) => ts < end && ts + dur > start);
    // Very short tasks have no processor time.
    const longest = (measure) => Math.max(0, ...meanwhile.map((task) => task[measure] ?? 0)) / 1000;
    return { took: (end - start) / 1000, blocked: longest("dur"), worked: longest("tdur") };
  }

  /** A moment by the name of its mark, or by the address of a navigation. */
  #at(moment) {
    const found = this.#marks.find(
      ({ name, args }) => name === `cek-nik: ${moment}` || args.data?.documentLoaderURL === moment,
    );
    if (!found) {
      throw new Error(
        `the browser's record has no mark "${moment}", only ${this.#marks.map(({ name }) => name).join(", ")}`,
      );
    }
    return found.ts;
  }
}

/** The browser's DevTools interface, besides the one of the driver. */
async function connect(driver, resources) {
  const { debuggerAddress } = (await driver.getCapabilities()).get("goog:chromeOptions");
  const { webSocketDebuggerUrl } = await (
    await fetch(`http://${debuggerAddress}/json/version`)
  ).json();
  const socket = new WebSocket(webSocketDebuggerUrl);
  await once(socket, "open");
  resources.defer(() => socket.terminate());
  return new DevTools(socket);
}

class DevTools {
  #socket;
  #sent = 0;
  #answers = new EventEmitter();
  #events = new EventEmitter();

  constructor(socket) {
    this.#socket = socket;
    socket.on("message", (text) => {
      const { id, method, params, result, error } = JSON.parse(text);
      if (id) {
        this.#answers.emit(id, { result, error });
      } else {
        this.#events.emit(method, params);
      }
    });
  }

  on(event, listener) {
    this.#events.on(event, listener);
  }

  next(event) {
    return once(this.#events, event);
  }

  async send(method, params = {}, sessionId = undefined) {
    const id = ++this.#sent;
    const answered = once(this.#answers, id);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    const [{ result, error }] = await answered;
    if (error) {
      throw new Error(`${method}: ${error.message}`);
    }
    return result;
  }
}
