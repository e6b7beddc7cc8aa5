import {
  createNumberWords,
  supportedLocale,
  type NumberWords,
} from "../../../src/agents/protocol/words/number-words.ts";

/** Numbers, sizes and times in the page's language. */
export interface Format extends NumberWords {
  /** Shortened, such as `3.7M`. */
  compact(value: number): string;
  /** Without grouping: a calendar year, a key, a code. */
  year(value: number): string;
  /** A share from 0 to 1. */
  percent(share: number): string;
  /** How well something was found: two digits behind the point. */
  score(value: number): string;
  /** Bytes in the largest unit that leaves at least 1. */
  bytes(value: number): string;
  /** Milliseconds, as `340 ms`, `3.1 s`, `2 min 5 s` or `1 h 4 min`. */
  duration(valueMs: number): string;
  /** Milliseconds since the epoch: the time today, the date otherwise. */
  moment(at: number, now: number): string;
}

/** @param locale BCP 47; an unknown one falls back to the browser's. */
export function createFormat(locale: string): Format {
  const language = supportedLocale(locale);
  const compact = new Intl.NumberFormat(language, { notation: "compact", maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const oneDigit = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const twoDigits = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
  const date = new Intl.DateTimeFormat(language, { month: "short", day: "numeric" });
  const longDate = new Intl.DateTimeFormat(language, { year: "numeric", month: "short", day: "numeric" });
  return {
    ...createNumberWords(locale),
    compact: (value) => compact.format(value),
    year: (value) => String(value),
    // What is not whole never reads as whole, nor as nothing.
    percent: (share) => percent.format(share > 0 && share < 1 ? Math.min(0.99, Math.max(0.01, share)) : share),
    score: (value) => twoDigits.format(value),
    bytes(value) {
      const units = ["B", "kB", "MB", "GB", "TB"];
      const power = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1);
      const scaled = value / 1000 ** power;
      const text = power === 0 || scaled >= 10 ? whole.format(scaled) : oneDigit.format(scaled);
      return `${text} ${units[power] ?? ""}`;
    },
    duration(valueMs) {
      if (valueMs < 100) {
        return `${whole.format(valueMs)} ms`;
      }

      const seconds = valueMs / 1000;
      if (seconds < 60) {
        return `${seconds < 10 ? oneDigit.format(seconds) : whole.format(seconds)} s`;
      }

      const minutes = Math.floor(seconds / 60);
      return minutes < 60
        ? `${whole.format(minutes)} min ${whole.format(Math.floor(seconds % 60))} s`
        : `${whole.format(Math.floor(minutes / 60))} h ${whole.format(minutes % 60)} min`;
    },
    moment(at, now) {
      const then = new Date(at);
      const today = new Date(now);
      if (then.toDateString() === today.toDateString()) {
        return time.format(then);
      }

      return (then.getFullYear() === today.getFullYear() ? date : longDate).format(then);
    },
  };
}
