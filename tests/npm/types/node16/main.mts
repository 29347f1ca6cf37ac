import { createChecker, type Answer, type NameRead } from "cek-nik";
import { initSync } from "cek-nik/wasm";

const checker = createChecker("https://cek.example.org/catalogue.json");

export async function unknown(nik: string, name: string): Promise<Answer[]> {
  const read: NameRead = await checker.readName(name);
  if ("error" in read) {
    return [];
  }
  const report = await checker.check(nik, { name, signal: AbortSignal.timeout(1_000) });
  return "answers" in report ? report.answers.filter(({ outcome }) => outcome === "unknown") : [];
}

export const start: (bytes: Uint8Array<ArrayBuffer>) => unknown = (module) => initSync({ module });
