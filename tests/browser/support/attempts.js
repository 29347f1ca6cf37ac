//! Ways in which a page's own script could try to send something. Runs inside the page, before its
//! own script: see changed-page.mjs.

/**
 * Attempts. Each is given the address to send to and calls `over` when it can tell that it has
 * ended; attempts that cannot tell end at once.
 */
const ATTEMPTS = {
  fetch: (url, over) => fetch(url, { mode: "no-cors" }).then(over, over),
  "fetch with keepalive": (url, over) =>
    fetch(url, { mode: "no-cors", keepalive: true, method: "POST", body: "1" }).then(over, over),
  "fetch for later": (url) => fetchLater(secure(url), { activateAfter: 0 }),
  "fetch of a fresh frame": (url, over) =>
    append("iframe").contentWindow.fetch(url, { mode: "no-cors" }).then(over, over),
  XMLHttpRequest: (url, over) => {
    const request = new XMLHttpRequest();
    request.onloadend = over;
    request.open("GET", url);
    request.send();
  },
  beacon: (url) => navigator.sendBeacon(url, "1"),
  WebSocket: (url, over) => {
    const socket = new WebSocket(url.replace("http", "ws"));
    socket.onerror = socket.onclose = over;
  },
  EventSource: (url, over) => {
    const source = new EventSource(url);
    source.onerror = () => over(source.close());
  },
  WebTransport: (url, over) => new WebTransport(secure(url)).ready.then(over, over),
  "worker that fetches": (url, over) => inWorker(`fetch("${url}", { mode: "no-cors" })`, over),
  "worker that imports": (url, over) =>
    inWorker(`new Promise(() => importScripts("${url}"))`, over),
  "worker from an address": (url, over) => listen(new Worker(url), over),
  "shared worker": (url, over) => listen(new SharedWorker(url), over),
  "service worker": (url, over) => navigator.serviceWorker.register(url).then(over, over),
  worklet: (url, over) =>
    new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(url).then(over, over),
  image: (url, over) => (listen(new Image(), over).src = url),
  "image in a drawing": (url, over) => listen(inDrawing("image"), over).setAttribute("href", url),
  "part of another drawing": (url) => inDrawing("use").setAttribute("href", `${url}#part`),
  sound: (url, over) => (listen(new Audio(), over).src = url),
  "poster of a video": (url) => append("video", { poster: url }),
  subtitles: (url, over) => {
    const video = append("video");
    listen(append("track", { kind: "subtitles", src: url }, video), over).track.mode = "showing";
  },
  font: (url, over) => new FontFace("elsewhere", `url(${url})`).load().then(over, over),
  "picture in the style": (url) => (append("p").style.background = `url(${url})`),
  "imported style": (url) => append("style", { textContent: `@import url(${url});` }),
  "style sheet made by script": (url) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`.made { display: block; height: 1px; background: url(${url}) }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    append("p", { className: "made" });
  },
  script: (url, over) => listen(append("script", { src: url }), over),
  "module script": (url, over) => listen(append("script", { type: "module", src: url }), over),
  "import()": (url, over) => import(url).then(over, over),
  "rules for speculation": (url) =>
    append("script", {
      type: "speculationrules",
      textContent: JSON.stringify({
        prefetch: [{ source: "list", urls: [url], eagerness: "immediate" }],
      }),
    }),
  "style sheet": (url, over) => link("stylesheet", url, over),
  icon: (url) => link("icon", url),
  manifest: (url) => link("manifest", url),
  prefetch: (url, over) => link("prefetch", url, over),
  prerender: (url) => link("prerender", url),
  "preload of an image": (url, over) => link("preload", url, over, { as: "image" }),
  "preload for fetch": (url, over) => link("preload", url, over, { as: "fetch", crossOrigin: "" }),
  modulepreload: (url, over) => link("modulepreload", url, over),
  // To a host with TLS: the proxy is told its name.
  preconnect: (url) => link("preconnect", secure(url)),
  "dns-prefetch": (url) => link("dns-prefetch", secure(url)),
  frame: (url, over) => listen(append("iframe", { src: url }), over),
  "fresh frame sent elsewhere": (url) => (append("iframe").contentWindow.location = url),
  "frame with a text of its own": (url, over) =>
    listen(
      append("iframe", {
        srcdoc: `<meta http-equiv=refresh content="0;url=${url}"><img src="${url}">`,
      }),
      over,
    ),
  object: (url, over) => listen(append("object", { data: url }), over),
  embed: (url, over) => listen(append("embed", { src: url }), over),
  "ping of a link": (url) => append("a", { href: "#ping", ping: url }).click(),
  "report of a policy": (url) => {
    append(
      "meta",
      { httpEquiv: "Content-Security-Policy", content: `object-src 'none'; report-uri ${url}` },
      document.head,
    );
    append("object", { data: "data:text/plain,reported" });
  },
  payment: (url, over) =>
    new PaymentRequest([{ supportedMethods: secure(url) }], {
      total: { label: "1", amount: { currency: "IDR", value: "1" } },
    })
      .canMakePayment()
      .then(over, over),
  "the page around it": (url) => {
    if (top === self) {
      throw new Error("there is none");
    }
    top.location = url;
  },
};

/** Navigations away from the page. The address answers with no content, so the page stays. */
const DEPARTURES = {
  "its own address": (url) => (location = url),
  "a link": (url) => append("a", { href: url }).click(),
  "an instruction to refresh": (url) =>
    append("meta", { httpEquiv: "refresh", content: `0;url=${url}` }, document.head),
  "a window": (url) => open(url),
  "a form": (url) => append("form", { action: url }).submit(),
};

/** WebRTC: a server that is asked for the reader's address learns about the reader. */
const PEERS = {
  "by the name": () => RTCPeerConnection,
  "kept from before": () => keptPeerConnection,
  "of a fresh frame": () => append("iframe").contentWindow.RTCPeerConnection,
};

const keptPeerConnection = globalThis.RTCPeerConnection;

/** Unfinished attempts, by name. */
globalThis.unfinished = new Set();

globalThis.attemptAll = (names, sendTo) => {
  for (const name of names) {
    const attempt = ATTEMPTS[name];
    const url = sendTo.replace("NAME", slug(name));
    const over = () => unfinished.delete(name);
    unfinished.add(name);
    // In some engines, a blocked attempt reports nothing itself. For frames, only the origin is
    // reported.
    addEventListener(
      "securitypolicyviolation",
      ({ blockedURI }) => url.startsWith(blockedURI) && over(),
    );
    try {
      attempt(url, over);
      if (attempt.length === 1) {
        over();
      }
    } catch {
      // Blocked at once, or unknown to this engine.
      over();
    }
  }
};

globalThis.depart = (name, sendTo) => {
  try {
    DEPARTURES[name](sendTo.replace("NAME", slug(name)));
  } catch {
    // Firefox throws if a sandboxed frame may not open a window.
  }
};

/** Gives the result, as far as the page can tell. */
globalThis.callPeer = async (name, port) => {
  try {
    const Peer = PEERS[name]();
    const urls = [`stun:127.0.0.1:${port}`, `turn:127.0.0.1:${port}?transport=tcp`];
    globalThis.peer = new Peer({ iceServers: [{ urls, username: "reader", credential: "none" }] });
    peer.createDataChannel("any");
    await peer.setLocalDescription(await peer.createOffer());
    return "calls";
  } catch (error) {
    return error.name;
  }
};

globalThis.attempted = {
  attempts: Object.keys(ATTEMPTS),
  departures: Object.keys(DEPARTURES),
  peers: Object.keys(PEERS),
};

/** The name as part of a host name. */
const slug = (name) => name.toLowerCase().replace(/\W+/g, "-").replace(/-$/, "");

const secure = (url) => url.replace("http:", "https:");

function append(name, properties, parent = document.body) {
  const element = Object.assign(document.createElement(name), properties);
  parent.append(element);
  return element;
}

function listen(target, over) {
  for (const end of ["load", "error", "message", "canplay"]) {
    target.addEventListener(end, over);
  }
  return target;
}

function link(rel, href, over, properties) {
  const element = listen(append("link", { rel, ...properties }, document.head), over);
  element.href = href;
  // An element of a kind that this engine does not know reports nothing.
  if (over && !element.relList.supports(rel)) {
    over();
  }
}

function inDrawing(name) {
  const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
  document.body
    .appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"))
    .append(shape);
  return shape;
}

function inWorker(promise, over) {
  const code = new Blob([`${promise}.catch(() => {}).then(() => postMessage(0))`], {
    type: "text/javascript",
  });
  listen(new Worker(URL.createObjectURL(code)), over);
}
