import type { DialectChoice } from "../../../src/agents/protocol/table-profile.ts";

/** What a field says while the person has chosen nothing in it. */
export const detected = "detected";
/** What a field says while its value is written beside it. */
export const written = "written";
/** What a field says for "there is none". */
export const none = "none";

/** The delimiters that have a name; any other one is written. */
export const namedDelimiters = [",", ";", "\t", "|", " "] as const;

const longestDelimiter = 8;
const mostLines = 1_000_000;

/** The form that changes how a file is read, as it is filled in. */
export interface DialectFields {
  readonly encoding: string;
  readonly delimiter: string;
  readonly writtenDelimiter: string;
  readonly header: string;
  /** 1-based, as a person counts lines. */
  readonly headerLine: string;
  readonly headerRows: string;
  readonly decimal: string;
  readonly thousands: string;
}

/** A field in which a person writes. */
export type WrittenField = "writtenDelimiter" | "headerLine";

/** The form for what was chosen. */
export function fieldsOf(choice: DialectChoice): DialectFields {
  const { delimiter, headerRow } = choice;
  const isNamed = namedDelimiters.some((named) => named === delimiter);
  const hasLine = typeof headerRow === "number";
  return {
    encoding: choice.encoding ?? detected,
    delimiter: typeof delimiter === "string" ? (isNamed ? delimiter : written) : detected,
    writtenDelimiter: typeof delimiter === "string" && !isNamed ? delimiter : "",
    header: headerRow === undefined ? detected : hasLine ? written : none,
    headerLine: hasLine ? String(headerRow + 1) : "",
    headerRows: choice.headerRows === undefined ? detected : String(choice.headerRows),
    decimal: choice.decimal ?? detected,
    thousands: choice.thousands === undefined ? detected : (choice.thousands ?? none),
  };
}

/** What is chosen by a form, or the field that makes no sense as it is filled in. */
export type FormReading = { readonly choice: DialectChoice } | { readonly wrong: WrittenField };

/** Reads a form. @param part The part of the file that was chosen, which the form leaves alone. */
export function readForm(fields: DialectFields, part: Pick<DialectChoice, "sheet">): FormReading {
  const delimiter = fields.writtenDelimiter.replaceAll("\\t", "\t");
  if (fields.delimiter === written && (delimiter === "" || delimiter.length > longestDelimiter)) {
    return { wrong: "writtenDelimiter" };
  }

  const line = wholeNumber(fields.headerLine, mostLines);
  if (fields.header === written && line === null) {
    return { wrong: "headerLine" };
  }

  const rows = wholeNumber(fields.headerRows, mostLines);
  return {
    choice: {
      ...(part.sheet === undefined ? {} : { sheet: part.sheet }),
      ...(fields.encoding === detected ? {} : { encoding: fields.encoding }),
      ...(fields.delimiter === detected
        ? {}
        : { delimiter: fields.delimiter === written ? delimiter : fields.delimiter }),
      ...headerOf(fields.header, line),
      ...(rows === null || fields.header === none ? {} : { headerRows: rows }),
      ...(fields.decimal === detected ? {} : { decimal: fields.decimal }),
      ...(fields.thousands === detected ? {} : { thousands: fields.thousands === none ? null : fields.thousands }),
    },
  };
}

function headerOf(header: string, line: number | null): Pick<DialectChoice, "headerRow"> {
  if (header === none) {
    return { headerRow: null };
  }

  return header === written && line !== null ? { headerRow: line - 1 } : {};
}

function wholeNumber(text: string, most: number): number | null {
  const trimmed = text.trim();
  const value = /^\d+$/u.test(trimmed) ? Number(trimmed) : 0;
  return value >= 1 && value <= most ? value : null;
}

/** Encodings that may be chosen, in the names that profiles use. */
export const encodings = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "utf-32le",
  "utf-32be",
  "gb18030",
  "big5",
  "shift_jis",
  "euc-jp",
  "euc-kr",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "windows-1253",
  "windows-1254",
  "windows-1255",
  "windows-1256",
  "windows-1257",
  "iso-8859-2",
  "iso-8859-5",
  "iso-8859-15",
  "koi8-r",
  "cp850",
  "cp866",
  "macintosh",
] as const;
