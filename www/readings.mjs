//! Writes the readings of tests/nik.json as TypeScript. The type checker compares them with the
//! types that are generated from Rust.

import { readFile, writeFile } from "node:fs/promises";

const { cases, warnings } = JSON.parse(
  await readFile(new URL("../tests/nik.json", import.meta.url), "utf8"),
);
const decoded = cases.map(({ expect: { reading, error } }) =>
  error
    ? { error }
    : {
        reading: {
          ...reading,
          warnings: reading.warnings.map((code) => ({ code, ...warnings[code] })),
        },
      },
);
const code = `import type { Decoded, WarningCode } from "./cek_nik";
export const decoded: Decoded[] = ${JSON.stringify(decoded, undefined, 1)};
export const codes: Record<WarningCode, unknown> = ${JSON.stringify(warnings)};
`;
await writeFile(new URL("pkg/readings.ts", import.meta.url), code);
