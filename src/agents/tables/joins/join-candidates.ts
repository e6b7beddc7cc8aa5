import type { ColumnProfile, TableProfile } from "../../protocol/table-profile.ts";
import { isIdName } from "../profile/column-type.ts";
import { keyKindOf, type KeyKind } from "./join-key.ts";

/** A column by which a file may be joined. */
export interface JoinColumn {
  /** Number of the file, counted from 0. */
  readonly file: number;
  readonly profile: ColumnProfile;
  readonly kind: KeyKind;
  /** Every row has its own value. */
  readonly unique: boolean;
  /** Whole numbers that leave hardly any out: `1, 2, 3, …`. Two such columns overlap by chance. */
  readonly dense: boolean;
}

/** Two columns whose values are worth comparing. */
export interface JoinCandidate {
  readonly left: JoinColumn;
  readonly right: JoinColumn;
  /** How much the names say that both mean the same, 0 to 1. */
  readonly affinity: number;
}

const mostColumnsPerFile = 40;
const mostCandidates = 60;

function joinColumns({ columns, rowCount }: TableProfile, file: number): JoinColumn[] {
  const found: JoinColumn[] = [];
  for (const profile of columns) {
    const kind = keyKindOf(profile);
    if (kind === null || profile.distinct < 2 || found.length >= mostColumnsPerFile) {
      continue;
    }
    const span = Number(profile.max) - Number(profile.min) + 1;
    const dense = kind === "number" && profile.distinct >= span * 0.5;
    found.push({ file, profile, kind, unique: profile.distinct >= rowCount - profile.nulls, dense });
  }
  return found;
}

const generic = new Set([
  "id",
  "ids",
  "key",
  "code",
  "no",
  "nr",
  "number",
  "index",
  "idx",
  "name",
  "编号",
  "序号",
  "代码",
  "名称",
]);

/** The words of a name, in lower case and in the singular: `customerID` is `customer id`. */
function wordsOf(name: string): readonly string[] {
  return name
    .normalize("NFKC")
    .replaceAll(/([a-z\d])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => (/^[a-z]{4,}s$/u.test(word) && !word.endsWith("ss") ? word.slice(0, -1) : word));
}

function overlap(left: readonly string[], right: readonly string[]): number {
  const [a, b] = [left, right].map((words) => words.filter((word) => !generic.has(word)));
  if (a === undefined || b === undefined) {
    return 0;
  }
  const shared = a.filter((word) => b.includes(word)).length;
  return shared === 0 ? 0 : shared / Math.max(a.length, b.length);
}

/** How much two names say that they mean the same: `customer_id` and `id` of customers do, `id` and `id` hardly. */
function nameAffinity(
  left: { readonly column: string; readonly file: string },
  right: { readonly column: string; readonly file: string },
): number {
  const [a, b] = [wordsOf(left.column), wordsOf(right.column)];
  if (a.join(" ") === b.join(" ") && a.length > 0) {
    return a.every((word) => generic.has(word)) ? 0.6 : 1;
  }
  const stem = (file: string): readonly string[] => wordsOf(file.replace(/\.[^.]*$/u, ""));
  const qualified = Math.max(overlap([...stem(left.file), ...a], b), overlap(a, [...stem(right.file), ...b]));
  const inside =
    a.length > 0 && b.length > 0 && (a.join("").includes(b.join("")) || b.join("").includes(a.join(""))) ? 0.5 : 0;
  return Math.max(overlap(a, b), qualified * 0.9, generic.has(a.join("")) || generic.has(b.join("")) ? 0 : inside);
}

function rangesMeet(left: ColumnProfile, right: ColumnProfile): boolean {
  const numbers = [left.min, left.max, right.min, right.max];
  return (
    numbers.some((value) => typeof value !== "number") ||
    (Number(left.min) <= Number(right.max) && Number(right.min) <= Number(left.max))
  );
}

/** Whole numbers are compared by chance alone unless a name, or a wide range that is thinly used, speaks for it. */
function isPlausible({ left, right, affinity }: JoinCandidate): boolean {
  const numbers = left.kind === "number" && right.kind === "number";
  if ((left.kind === "date") !== (right.kind === "date") || !rangesMeet(left.profile, right.profile)) {
    return false;
  }
  if (!numbers) {
    const numberAndWords = left.kind !== right.kind;
    const words = left.kind === "number" ? right : left;
    return !numberAndWords || words.profile.top.some(({ value }) => /^\s*0*\d+(\.0+)?\s*$/u.test(String(value)));
  }
  const years = left.profile.type === "year" && right.profile.type === "year";
  const keyed = (left.unique || right.unique) && (isIdName(left.profile.name) || isIdName(right.profile.name));
  return years || affinity >= 0.5 || (keyed && !left.dense && !right.dense);
}

/** Pairs of columns of different files whose values are worth comparing, those with alike names first. */
export function joinCandidates(profiles: readonly TableProfile[]): readonly JoinCandidate[] {
  const files = profiles.map(joinColumns);
  const found: JoinCandidate[] = [];
  files.forEach((columns, index) => {
    for (const left of columns) {
      for (const right of files.slice(index + 1).flat()) {
        const affinity = nameAffinity(
          { column: left.profile.name, file: profiles[left.file]?.name ?? "" },
          { column: right.profile.name, file: profiles[right.file]?.name ?? "" },
        );
        const candidate = { left, right, affinity };
        if (isPlausible(candidate)) {
          found.push(candidate);
        }
      }
    }
  });
  return found.toSorted((a, b) => promise(b) - promise(a)).slice(0, mostCandidates);
}

function promise({ left, right, affinity }: JoinCandidate): number {
  return affinity * 2 + (left.unique || right.unique ? 1 : 0);
}
