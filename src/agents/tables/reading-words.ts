import type { ColumnReading } from "./profile/column-reading.ts";
import type { BuiltTable } from "./profile/table-builder.ts";
import { pythonList, pythonText } from "./python-text.ts";

const wordsOf = (column: ColumnReading): string[] => [...(column.hasEmptyText ? [""] : []), ...column.missing];

/** Text that means missing here, where the format itself has another way to say so. */
export function emptyWords({ columns }: BuiltTable): string {
  const words = [...new Set(columns.flatMap(wordsOf))];
  if (words.length === 0) {
    return "";
  }
  const lists = columns.some(({ evidence }) => /^[[{]/u.test(evidence.textExample ?? ""));
  const kept = columns.some((column) => column.keptWords.some((word) => words.includes(word)));
  if (!lists && !kept) {
    return `.replace(${pythonList(words)}, None)`;
  }
  // pandas compares lists with words and fails, and a word may be a value elsewhere: only the columns of words are asked.
  const entries = columns
    .filter((column) => wordsOf(column).length > 0)
    .map((column) => {
      const name = pythonText(column.profile.name);
      return `${name}: lambda df: df[${name}].replace(${pythonList(wordsOf(column))}, None)`;
    });
  return `.assign(**{${entries.join(", ")}})`;
}
