import { frameName, type JoinCardinality, type JoinNormalisation } from "../../protocol/table-join.ts";
import { pythonText } from "../python-text.ts";
import type { JoinColumn } from "./join-candidates.ts";

/** Two columns that must be equal, and what makes them so. */
export interface JoinPair {
  readonly left: JoinColumn;
  readonly right: JoinColumn;
  readonly normalise: readonly JoinNormalisation[];
  /** Every shared value is made of digits. */
  readonly digits: boolean;
}

/** The column of `frame`, or the expression that makes its values comparable. */
function key(frame: string, { profile, kind }: JoinColumn, { normalise, digits }: JoinPair): string {
  const column = `${frame}[${pythonText(profile.name)}]`;
  if (normalise.length === 0) {
    return pythonText(profile.name);
  }
  if (kind === "date") {
    const format = profile.format === undefined ? "" : `, format=${pythonText(profile.format)}`;
    return `pd.to_datetime(${column}${format})`;
  }
  if (digits) {
    return `pd.to_numeric(${column}, errors="coerce")`;
  }
  const steps = [
    ...(normalise.includes("width") ? ['.str.normalize("NFKC")'] : []),
    ...(normalise.includes("spaces") ? ['.str.strip().str.replace(r"\\s+", " ", regex=True)'] : []),
    ...(normalise.includes("case") ? [".str.lower()"] : []),
    ...(normalise.includes("leading-zeros") ? ['.str.lstrip("0")'] : []),
  ];
  const text = kind === "number" ? `${column}.astype("Int64").astype("string")` : `${column}.astype("string")`;
  return `${text}${steps.join("")}`;
}

/** One key as it is, several as a Python list. */
function list(keys: readonly string[]): string {
  return keys.length === 1 ? (keys[0] ?? "") : `[${keys.join(", ")}]`;
}

/** What pandas is told besides the columns. */
export interface JoinOptions {
  /** What pandas is to check; `many-to-many` for nothing. */
  readonly validate: JoinCardinality;
  /** Rows on the right lack a value, which pandas would join with every row on the left that lacks one. */
  readonly missingRight: boolean;
  /** What is put behind the names of columns of the right that the left has too; `null` where there are none. */
  readonly suffix: string | null;
}

/** The pandas expression that joins two frames by one or more pairs of columns. */
export function joinExpression(pairs: readonly JoinPair[], { validate, missingRight, suffix }: JoinOptions): string {
  const [first] = pairs;
  const here = frameName(first?.left.file ?? 0);
  const all = frameName(first?.right.file ?? 1);
  const names = pairs.map(({ right }) => pythonText(right.profile.name)).join(", ");
  const there = missingRight ? `${all}.dropna(subset=[${names}])` : all;
  const left = pairs.map((pair) => key(here, pair.left, pair));
  const right = pairs.map((pair) => key(there, pair.right, pair));
  const same = left.every((name, index) => name === right[index]);
  const on = same ? `on=${list(left)}` : `left_on=${list(left)}, right_on=${list(right)}`;
  const check = validate === "many-to-many" ? "" : `, validate="${validate.replaceAll("-", "_")}"`;
  const named = suffix === null ? "" : `, suffixes=("", ${pythonText(suffix)})`;
  return `${here}.merge(${there}, ${on}, how="left"${named}${check})`;
}
