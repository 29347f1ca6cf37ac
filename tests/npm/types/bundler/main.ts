import { createChecker, type Decoded, type Report } from "cek-nik";
import { register } from "cek-nik/embed";
import init, { decode, type Reading } from "cek-nik/wasm";

const checker = createChecker(new URL("https://cek.example.org/catalogue.json"), {
  datasets: ["daftar"],
});

export async function words(nik: string, signal: AbortSignal): Promise<string> {
  const opened = await checker.open({ signal });
  if ("reason" in opened) {
    return opened.reason;
  }
  const needsName: boolean = opened.catalogue.identifier === "nik+nama";
  const decoded: Decoded = await checker.decode(nik);
  if ("error" in decoded) {
    return decoded.error.code === "length" ? `${decoded.error.digits}` : decoded.error.code;
  }
  const report: Report = await checker.check(nik, {
    ...(needsName && { name: "Contoh" }),
    onProgress: ({ received, total }) => console.log(received, total ?? "?"),
  });
  // @ts-expect-error A report may have a reason in place of answers.
  report.answers;
  if ("reason" in report) {
    return report.reason;
  }
  return report.answers
    .map((answer) => (answer.outcome === "unknown" ? answer.reason : answer.outcome))
    .join();
}

export async function reading(nik: string): Promise<Reading | undefined> {
  await init();
  const decoded = decode(nik, 2026, 1, 1);
  return "reading" in decoded ? decoded.reading : undefined;
}

register("https://cek.example.org/");
export const element: HTMLElement = document.createElement("cek-nik");

// @ts-expect-error A number would have lost its leading zeros.
void checker.check(3201014107909001);
