//! The page's texts, in the language that the reader chose.

import type { Text } from "../pkg/cek_nik";
import en from "../../crates/cli/texts/en.json";
import id from "../../crates/cli/texts/id.json";

export type Language = keyof Text;

/** An intersection, so that neither file can lack a text. */
type Texts = typeof id & typeof en;

const all: Record<Language, Texts> = { id, en };

/** English dates use the order that Indonesian readers know. */
const LOCALES: Record<Language, string> = { id: "id", en: "en-GB" };

/**
 * Whether a value is a date. JavaScript would convert a number or an array to text that looks like
 * one.
 */
export const isDate = (date: unknown): date is string =>
  typeof date === "string" && /^\d{4}(-\d\d){0,2}$/.test(date) && !isNaN(+new Date(date));

export class Words {
  readonly texts: Texts;

  constructor(readonly language: Language) {
    this.texts = all[language];
  }

  /**
   * A text of the catalogue, in the other language if this one is missing. The core does not
   * validate it.
   */
  pick(text: Text | undefined): string {
    return (
      [text?.[this.language], text?.id, text?.en].find(
        (found) => found && typeof found === "string",
      ) ?? ""
    );
  }

  /**
   * The texts of a reason. Readers can do the same about all bad signatures. For a reason of the core
   * that this page does not know, the most general one.
   */
  reason(code: string): Texts["reason"]["worker_failed"] {
    const reasons: Record<string, Texts["reason"]["worker_failed"]> = this.texts.reason;
    const { signature_wrong: unsigned, worker_failed: unknown } = this.texts.reason;
    return reasons[code] ?? (/^sig/.test(code) ? unsigned : unknown);
  }

  fill(text: string, values: Record<string, string | number>): string {
    return text.replace(/\{(\w+)\}/g, (_, name: string) => this.value(values[name] ?? ""));
  }

  /**
   * `YYYY`, `YYYY-MM` or `YYYY-MM-DD` in words; other text unchanged. The core does not validate
   * it.
   */
  date(date: unknown): string {
    if (!isDate(date)) {
      return typeof date === "string" ? date : "";
    }
    return new Date(date).toLocaleDateString(LOCALES[this.language], {
      timeZone: "UTC",
      year: "numeric",
      ...(date.length > 4 && { month: "long" }),
      ...(date.length > 7 && { day: "numeric" }),
    });
  }

  /** The name of the month in `YYYY-MM-DD`. */
  month(date: string): string {
    return new Date(date).toLocaleDateString(LOCALES[this.language], {
      timeZone: "UTC",
      month: "long",
    });
  }

  /** A size in kB or MB, in powers of 1000 as mobile operators count. */
  size(bytes: number): string {
    const [value, unit] =
      bytes < 1e6 ? [Math.ceil(bytes / 1e3), "kB"] : [Math.ceil(bytes / 1e5) / 10, "MB"];
    return `${this.value(value)} ${unit}`;
  }

  /** A number of people in two digits and words, such as "4,5 juta". */
  roughly(people: number): string {
    return people.toLocaleString(LOCALES[this.language], {
      notation: "compact",
      compactDisplay: "long",
      maximumSignificantDigits: 2,
    });
  }

  private value(value: string | number): string {
    return typeof value === "number" ? value.toLocaleString(LOCALES[this.language]) : value;
  }
}
