import { type Strings, en } from "./en.ts";
import { zh } from "./zh.ts";

/** The table for a BCP 47 locale; English where there is none. */
export function stringsFor(locale: string): Strings {
  return locale.toLowerCase().startsWith("zh") ? zh : en;
}
