import { AgentError } from "../base/errors.ts";
import type { DialectChoice } from "../protocol/table-profile.ts";

/** Options of `byzer profile` that say how a table is to be read. */
export const dialectOptions = {
  encoding: { type: "string" },
  delimiter: { type: "string" },
  quote: { type: "string" },
  decimal: { type: "string" },
  thousands: { type: "string" },
  "header-row": { type: "string" },
  "header-rows": { type: "string" },
  sheet: { type: "string" },
} as const;

/** What was given for `dialectOptions`. */
export type DialectValues = { readonly [K in keyof typeof dialectOptions]?: string | undefined };

/** Words for characters that a shell makes hard to write. */
const characters: Readonly<Record<string, string>> = {
  tab: "\t",
  "\\t": "\t",
  comma: ",",
  semicolon: ";",
  pipe: "|",
  colon: ":",
  space: "\\s+",
  blanks: "\\s+",
  point: ".",
  apostrophe: "'",
};

const characterOf = (text: string): string => characters[text.toLowerCase()] ?? text;

/** A character, or `null` for `none`. */
function characterOrNone(text: string): string | null {
  return text === "" || text.toLowerCase() === "none" ? null : characterOf(text);
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    const message = `--${option} wants a whole number from ${least}; got ${text}.`;
    throw new AgentError("cli.usage", { argument: `--${option}` }, message);
  }
  return value;
}

/**
 * The choice that the options of a command line make.
 *
 * @throws AgentError `cli.usage` for numbers that are none
 */
export function dialectChoice(values: DialectValues): DialectChoice {
  const { encoding, delimiter, quote, decimal, thousands, sheet } = values;
  const row = values["header-row"];
  const rows = values["header-rows"];
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter: characterOf(delimiter) }),
    ...(quote === undefined ? {} : { quote: characterOrNone(quote) }),
    ...(decimal === undefined ? {} : { decimal: characterOf(decimal) }),
    ...(thousands === undefined
      ? {}
      : { thousands: thousands.toLowerCase() === "space" ? " " : characterOrNone(thousands) }),
    ...(row === undefined ? {} : { headerRow: row === "none" ? null : wholeNumber("header-row", row, 1) - 1 }),
    ...(rows === undefined ? {} : { headerRows: wholeNumber("header-rows", rows, 1) }),
    ...(sheet === undefined ? {} : { sheet }),
  };
}
