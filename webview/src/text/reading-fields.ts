import type { DialectChoice, TableDialect } from "../../../src/agents/protocol/table-profile.ts";
import type { Strings } from "../strings/en.ts";
import { type ChangeableDialect, changeableIn, encodingName } from "./describe-dialect.ts";
import {
  type DialectFields,
  type WrittenField,
  detected,
  encodings,
  namedDelimiters,
  none,
  written,
} from "./dialect-form.ts";
import type { Format } from "./format.ts";

interface Option {
  readonly value: string;
  readonly label: string;
}

/** One field of the form that changes how a file is read. */
export interface ReadingField {
  readonly key: Exclude<keyof DialectFields, WrittenField>;
  readonly label: string;
  readonly options: readonly Option[];
  /** What is written beside the choice, where the choice is to write. */
  readonly write?: { readonly key: WrittenField; readonly label: string };
}

export interface ReadingFieldsOptions {
  /** How the file is read now; `null` where it could not be read. */
  readonly dialect: TableDialect | null;
  /** What the person has chosen of that. */
  readonly choice: DialectChoice;
  readonly fields: DialectFields;
  readonly strings: Strings;
  readonly format: Format;
}

const everything: ChangeableDialect = { encoding: true, delimiter: true, header: true, numbers: true };

/** The fields that make sense for a file, with what was detected as the first choice of each. */
export function readingFields(options: ReadingFieldsOptions): readonly ReadingField[] {
  const can = options.dialect === null ? everything : changeableIn(options.dialect);
  return [
    ...(can.encoding ? [encodingField(options)] : []),
    ...(can.delimiter ? [delimiterField(options)] : []),
    ...(can.header ? headerFields(options) : []),
    ...(can.numbers ? numberFields(options) : []),
  ];
}

function encodingField(options: ReadingFieldsOptions): ReadingField {
  const encoding = options.dialect?.encoding ?? null;
  return {
    key: "encoding",
    label: options.strings.encodingField,
    options: [
      asDetected(options, "encoding", encoding === null ? null : encodingName(encoding)),
      ...encodings.map((value) => ({ value, label: encodingName(value) })),
    ],
  };
}

function delimiterField(options: ReadingFieldsOptions): ReadingField {
  const { strings, dialect, fields } = options;
  const delimiter = dialect?.delimiter ?? null;
  const found = delimiter === null ? null : (strings.delimiters[delimiter] ?? delimiter);
  return {
    key: "delimiter",
    label: strings.delimiterField,
    options: [
      asDetected(options, "delimiter", found),
      ...namedDelimiters.map((value) => ({ value, label: strings.delimiters[value] ?? value })),
      { value: written, label: strings.otherDelimiter },
    ],
    ...(fields.delimiter === written
      ? { write: { key: "writtenDelimiter", label: strings.writtenDelimiterField } }
      : {}),
  };
}

function headerFields(options: ReadingFieldsOptions): readonly ReadingField[] {
  const { strings, format, dialect, fields } = options;
  const at = dialect?.headerRow ?? null;
  const line = at === null ? strings.headerNone : strings.headerFirst(format.number(at + 1));
  const header: ReadingField = {
    key: "header",
    label: strings.headerField,
    options: [
      asDetected(options, "headerRow", dialect === null ? null : line),
      { value: none, label: strings.headerNone },
      { value: written, label: strings.headerInLine },
    ],
    ...(fields.header === written ? { write: { key: "headerLine", label: strings.headerLineField } } : {}),
  };
  const counted = dialect === null ? null : format.number(dialect.headerRows ?? 1);
  const rows: ReadingField = {
    key: "headerRows",
    label: strings.headerRowsField,
    options: [
      asDetected(options, "headerRows", counted),
      ...rowCounts(fields.headerRows).map((value) => ({ value, label: format.number(Number(value)) })),
    ],
  };
  return fields.header === none ? [header] : [header, rows];
}

function numberFields(options: ReadingFieldsOptions): readonly ReadingField[] {
  const { strings, dialect } = options;
  const mark = (text: string): Option => ({ value: text, label: `${strings.marks[text] ?? ""} ${text}`.trim() });
  const decimal = dialect?.decimal ?? null;
  const thousands = dialect?.thousands ?? null;
  return [
    {
      key: "decimal",
      label: strings.decimalField,
      options: [asDetected(options, "decimal", decimal && mark(decimal).label), mark("."), mark(",")],
    },
    {
      key: "thousands",
      label: strings.thousandsField,
      options: [
        asDetected(
          options,
          "thousands",
          dialect === null ? null : thousands === null ? strings.noThousands : mark(thousands).label,
        ),
        { value: none, label: strings.noThousands },
        ...[",", ".", " ", "'"].map((text) => mark(text)),
      ],
    },
  ];
}

/** Names what was detected where that is what is in force. */
function asDetected({ choice, strings }: ReadingFieldsOptions, key: keyof DialectChoice, found: string | null): Option {
  const label = choice[key] === undefined && found !== null ? strings.asDetectedIs(found) : strings.asDetected;
  return { value: detected, label };
}

/** As many header rows as tables have; a count that was chosen elsewhere is among them. */
function rowCounts(chosen: string): readonly string[] {
  const usual = ["1", "2", "3", "4", "5"];
  return usual.includes(chosen) || chosen === detected ? usual : [...usual, chosen];
}
