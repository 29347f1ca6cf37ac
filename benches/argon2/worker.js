//! Makes keys with each implementation in turn, and times them.

import { argon2id as noble } from "@noble/hashes/argon2.js";
import simd from "argon2id/dist/simd.wasm";
import noSimd from "argon2id/dist/no-simd.wasm";
import setUp from "argon2id/lib/setup.js";
import { argon2id as hashWasm } from "hash-wasm";

import init, { check, download, open } from "../../www/pkg/cek_nik.js";
import module from "../../www/pkg/cek_nik_bg.wasm";

const WARM_UP = 2;

onmessage = ({ data }) => measure(data).then(postMessage, (error) => postMessage({ error }));

async function measure({ address, nik, rounds }) {
  await init({ module_or_path: module });
  const { catalogue } = await open(address);
  const { held, complete } = await download(address, catalogue);
  if (!complete) {
    throw new Error("the list was not downloaded");
  }
  const { memory_kib: memory, iterations: passes, parallelism: lanes } = catalogue.kdf;
  const password = new TextEncoder().encode(`nik:${nik}`);
  const salt = Uint8Array.fromHex(catalogue.salt);
  const openpgp = await setUp(
    (imports) => WebAssembly.instantiate(simd, imports),
    (imports) => WebAssembly.instantiate(noSimd, imports),
  );
  // The whole check: a key is not to be had alone.
  const ours = async () => {
    const report = await check(address, catalogue, held, nik, "");
    return report.answers.map(({ outcome }) => outcome).join();
  };
  const others = {
    "hash-wasm": () =>
      hashWasm({
        ...{ password, salt, iterations: passes, memorySize: memory, parallelism: lanes },
        ...{ hashLength: 32, outputType: "hex" },
      }),
    "argon2id": () =>
      openpgp({
        ...{ password, salt, passes, memorySize: memory, parallelism: lanes, tagLength: 32 },
      }).toHex(),
    "@noble/hashes": () =>
      noble(password, salt, { m: memory, t: passes, p: lanes, dkLen: 32 }).toHex(),
  };
  const makers = { "cek-nik": ours, ...others };
  const times = Object.fromEntries(Object.keys(makers).map((name) => [name, []]));
  const results = {};
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const [name, make] of Object.entries(makers)) {
      const start = performance.now();
      results[name] = await make();
      if (round >= 0) {
        times[name].push(performance.now() - start);
      }
    }
  }
  // The driver sorts the keys of an object.
  return { times: Object.entries(times), results };
}
