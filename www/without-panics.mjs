//! Removes what only panics use. A panic stops the module, and the page answers "could not check".
//! Nobody can read the message: standard error leads nowhere in a browser.

import binaryen from "binaryen";

/** Functions that panic, by their names. */
const PANICS =
  /\bpanicking::|::panic_|::slice_(?:index|error)_fail|::len_mismatch_fail$|::(?:expect|unwrap)_failed$|::handle_(?:alloc_)?error$|::capacity_overflow$/;

/** Functions that write a message. */
const MESSAGES = /\bcore(?:\[\w+\])?::fmt::|\bPanicPayload\b/;

/** Names of source files, which the places of panics consist of. */
const SOURCES = /(?:\/rustc\/[0-9a-f]{40}|\/rust\/deps|crates|src)\/[\w./-]+?\.rs/g;

/**
 * Texts of panics in the standard library and in the crates of the module, whole or the parts between
 * values. One that a later version words otherwise stays in the module.
 */
const TEXTS = [
  "`async fn` resumed after completion",
  "`blocks` can not be empty",
  "Attempted to initialize thread-local while it is being dropped",
  "Hash table capacity overflow",
  "LazyCell instance has previously been poisoned",
  "RefCell already borrowed",
  "RefCell already mutably borrowed",
  "Tried to shrink to a larger capacity",
  "TryFromSliceError",
  "assertion `left ",
  " right` failed\n  left: ",
  "\n right: ",
  "assertion failed: index < self.inner.block_count",
  "assertion failed: self.inner.lane_of(index) == self.lane ||\n" +
    "    self.inner.slice_of(index) != self.slice",
  "attempt to divide by zero",
  "attempt to join into collection with len > usize::MAX",
  "capacity overflow",
  "chunk size must be non-zero",
  "finish: callbacks should be Some",
  "finish: result should be None",
  "index out of bounds: the len is ",
  " but the index is ",
  "internal error: entered unreachable code",
  "mid > len",
  "range end index ",
  " out of range for slice of length ",
  "should be 8 bytes",
];

/** Stops at each panic, without a message. `module` has its name section. */
export function stopAtPanics(module) {
  replaceWithStop(module, (name) => PANICS.test(name));
}

/**
 * Removes the functions that write messages: only tables name them, once `stopAtPanics` and an
 * optimiser have run. Fails if the module writes a message that is not of a panic.
 */
export function removeMessages(module) {
  const writers = replaceWithStop(module, (name) => MESSAGES.test(name));
  const text = module.emitText();
  const used = writers.find((name) => text.includes(`(call $${name.replaceAll(" ", "\\20")}\n`));
  if (used) {
    throw new Error(
      `the module formats texts by core::fmt (${used}), which pages have no room for`,
    );
  }
}

function replaceWithStop(module, isMeant) {
  const functions = Array.from({ length: module.getNumFunctions() }, (_, index) =>
    module.getFunctionByIndex(index),
  );
  return functions.flatMap((one) => {
    const { name, module: imported } = binaryen.getFunctionInfo(one);
    if (imported || !isMeant(name)) {
      return [];
    }
    binaryen.Function(one).body = module.unreachable();
    return [name];
  });
}

/**
 * Blanks the texts of panics in the data of a module, and their places: source files, lines and
 * columns.
 */
export function blankPanics(bytes) {
  const segments = [...dataSegments(bytes)];
  const places = new Set();
  for (const { address, data } of segments) {
    for (const text of TEXTS) {
      for (let at; (at = data.indexOf(text)) >= 0;) {
        data.fill(0, at, at + text.length);
      }
    }
    for (const { 0: path, index } of data.toString("latin1").matchAll(SOURCES)) {
      places.add(`${address + index} ${path.length}`);
      data.fill(0, index, index + path.length);
    }
  }
  // A place is the address and the length of a path, a line and a column. Its path may lie in another
  // segment: optimisers divide segments where they are empty.
  for (const { address, data } of segments) {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (let at = -address & 3; at + 16 <= data.length; at += 4) {
      if (places.has(`${view.getUint32(at, true)} ${view.getUint32(at + 4, true)}`)) {
        data.fill(0, at, at + 16);
      }
    }
  }
}

/** The data segments at fixed addresses, as parts of `bytes`. */
function* dataSegments(bytes) {
  const DATA_SECTION = 11;
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) {
        return value;
      }
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = number() + at;
    if (section === DATA_SECTION) {
      for (let count = number(); count > 0; count--) {
        // An active segment of memory 0: i32.const, the address, end.
        if (number() !== 0 || bytes[at++] !== 0x41) {
          throw new Error("a data segment without a fixed address");
        }
        const address = number();
        at += 1;
        const length = number();
        yield { address, data: bytes.subarray(at, at + length) };
        at += length;
      }
    }
    at = end;
  }
}
