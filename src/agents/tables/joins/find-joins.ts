import type { JoinCardinality, JoinNormalisation, JoinSide, TableJoin } from "../../protocol/table-join.ts";
import type { TableProfile } from "../../protocol/table-profile.ts";
import { joinCandidates, type JoinCandidate, type JoinColumn } from "./join-candidates.ts";
import { joinCollisions } from "./join-collisions.ts";
import { joinExpression, type JoinPair } from "./join-expression.ts";
import { differences } from "./join-key.ts";
import type { KeySet } from "./key-set.ts";
import { readKeys, type FileKeys } from "./read-keys.ts";

const mostJoins = 12;
const mostPerFiles = 3;
const mostExamples = 3;

/** A candidate with what its values say. */
interface Trial extends JoinPair {
  readonly affinity: number;
  readonly shared: number;
  readonly distinct: readonly [number, number];
  readonly found: readonly [number, number];
  readonly cardinality: JoinCardinality;
  readonly validate: JoinCardinality;
  readonly missingRight: boolean;
  readonly examples: TableJoin["examples"];
  readonly unmatched: readonly [string[], string[]];
  readonly approximate: boolean;
}

function cardinalityOf(leftRepeats: boolean, rightRepeats: boolean): JoinCardinality {
  return `${leftRepeats ? "many" : "one"}-to-${rightRepeats ? "many" : "one"}`;
}

/** What pandas may check: it looks at values without a counterpart too, and at missing ones on the left. */
function validationOf(a: KeySet, b: KeySet, cardinality: JoinCardinality): JoinCardinality {
  const [left, right] = [a.repeats || a.missing > 1, b.repeats];
  const one = { left: cardinality.startsWith("one"), right: cardinality.endsWith("one") };
  return cardinalityOf(left || !one.left, right || !one.right);
}

function compare({ left, right, affinity }: JoinCandidate, a: KeySet, b: KeySet, partial: boolean): Trial {
  const common = a.shared(b);
  const cardinality = cardinalityOf(common.repeatedHere, common.repeatedThere);
  const samples = a.compareSamples(b);
  const normalise = new Set<JoinNormalisation>();
  for (const { here, there } of samples.shared) {
    differences({ written: here, kind: left.kind }, { written: there, kind: right.kind }).forEach((name) =>
      normalise.add(name),
    );
  }
  return {
    left,
    right,
    affinity,
    shared: common.count,
    distinct: [a.distinct, b.distinct],
    found: [a.distinct === 0 ? 0 : common.count / a.distinct, b.distinct === 0 ? 0 : common.count / b.distinct],
    cardinality,
    validate: validationOf(a, b, cardinality),
    missingRight: b.missing > 0,
    normalise: [...normalise],
    digits: samples.shared.every(({ here, there }) => /^\s*\d+(\.0+)?\s*$/u.test(here) && /^\s*\d+\s*$/u.test(there)),
    examples: samples.shared.slice(0, mostExamples).map(({ here, there }) => ({ left: here, right: there })),
    unmatched: [samples.missing.slice(0, mostExamples), b.compareSamples(a).missing.slice(0, mostExamples)],
    approximate: partial || a.approximate || b.approximate,
  };
}

/** The values fit too well for chance, the better the less the names say. */
function fits(trial: Trial): boolean {
  const { left, right, affinity, shared, found, distinct } = trial;
  const smallest = Math.min(...distinct);
  if (shared < 2 || shared < Math.min(3, smallest)) {
    return false;
  }
  if (left.kind === "number" && right.kind === "number") {
    return numbersFit(trial);
  }
  const named = affinity >= 0.5;
  if (left.kind === "date") {
    const keyed = trial.cardinality !== "many-to-many";
    return Math.max(...found) >= (named || keyed ? 0.5 : 0.9);
  }
  return named ? Math.max(...found) >= 0.2 || shared >= 20 : wordsFit(trial);
}

/** Two running numbers overlap by chance, unless one name, or the very same set of numbers, says otherwise. */
function numbersFit({ left, right, affinity, found }: Trial): boolean {
  const counted = left.dense && right.dense && left.unique && right.unique;
  return counted && affinity < 1 ? Math.min(...found) === 1 : Math.max(...found) >= (affinity >= 0.5 ? 0.5 : 0.9);
}

/** Words of columns whose names say nothing. */
function wordsFit({ shared, found, distinct }: Trial): boolean {
  const smallest = Math.min(...distinct);
  return smallest >= 4 && Math.max(...found) >= 0.5 && shared >= Math.min(5, smallest);
}

/** How good a join is: values that fit, names that agree, a side on which each value stands once. */
function score({ found, affinity, cardinality, left, right }: Trial): number {
  const keyed = cardinality === "many-to-many" ? 0 : 1;
  const identifies = left.profile.type === "identifier" || right.profile.type === "identifier" ? 0.2 : 0;
  return Math.max(...found) + 0.5 * Math.min(...found) + affinity + keyed + identifies;
}

function sideOf(profiles: readonly TableProfile[], trial: Trial, side: 0 | 1): JoinSide {
  const column = side === 0 ? trial.left : trial.right;
  const file = profiles[column.file];
  return {
    path: file?.path ?? "",
    name: file?.name ?? "",
    column: column.profile.name,
    distinct: trial.distinct[side],
    found: Math.round(trial.found[side] * 10_000) / 10_000,
    unmatched: trial.unmatched[side].map((text) => text.slice(0, 80)),
  };
}

interface Together {
  readonly also: readonly Trial[];
  readonly cardinality: JoinCardinality;
  readonly validate: JoinCardinality;
  readonly missingRight: boolean;
}

function joinOf(profiles: readonly TableProfile[], trial: Trial, together: Together): TableJoin {
  const { also, cardinality } = together;
  const pairs = [trial, ...also];
  const [here, there] = [profiles[trial.left.file], profiles[trial.right.file]];
  const collisions = here === undefined || there === undefined ? null : joinCollisions(here, there, pairs);
  return {
    left: sideOf(profiles, trial, 0),
    right: sideOf(profiles, trial, 1),
    sharedValues: trial.shared,
    cardinality,
    ...(also.length === 0
      ? {}
      : { also: also.map(({ left, right }) => ({ left: left.profile.name, right: right.profile.name })) }),
    normalise: [...new Set([trial, ...also].flatMap(({ normalise }) => normalise))],
    examples: trial.examples.map(({ left, right }) => ({ left: left.slice(0, 80), right: right.slice(0, 80) })),
    pandas: joinExpression(pairs, { ...together, suffix: collisions?.suffix ?? null }),
    ...(collisions === null ? {} : { collisions }),
    ...(trial.approximate ? { approximate: true } : {}),
  };
}

/** The keys of every file that can still be read, by its number. */
async function allKeys(
  profiles: readonly TableProfile[],
  wanted: ReadonlyMap<number, readonly (readonly string[])[]>,
): Promise<ReadonlyMap<number, FileKeys>> {
  const found = new Map<number, FileKeys>();
  for (const [file, keys] of wanted) {
    const profile = profiles[file];
    // oxlint-disable-next-line no-await-in-loop -- one file at a time bounds the memory
    const read = profile === undefined ? null : await readKeys(profile, keys).catch(() => null);
    if (read !== null) {
      found.set(file, read);
    }
  }
  return found;
}

function columnsWanted(columns: readonly JoinColumn[]): Map<number, string[][]> {
  const wanted = new Map<number, string[][]>();
  for (const { file, profile } of columns) {
    const names = wanted.get(file) ?? [];
    if (!names.some(([name]) => name === profile.name)) {
      wanted.set(file, [...names, [profile.name]]);
    }
  }
  return wanted;
}

/** The best trials of each two files, no column twice. */
function bestTrials(trials: readonly Trial[]): readonly (readonly Trial[])[] {
  const byFiles = new Map<string, Trial[]>();
  for (const trial of trials.toSorted((a, b) => score(b) - score(a))) {
    const files = `${trial.left.file} ${trial.right.file}`;
    const chosen = byFiles.get(files) ?? [];
    const taken = chosen.some(({ left, right }) => left === trial.left || right === trial.right);
    if (!taken && chosen.length < mostPerFiles) {
      byFiles.set(files, [...chosen, trial]);
    }
  }
  return [...byFiles.values()];
}

/** Joins that multiply rows are named only where there is no other, and where names and many values speak for them. */
function worthSaying(trials: readonly Trial[]): readonly Trial[] {
  const keyed = trials.filter(({ cardinality }) => cardinality !== "many-to-many");
  const others = trials.filter(({ affinity, distinct }) => affinity >= 0.5 && Math.min(...distinct) >= 10);
  return keyed.length > 0 ? keyed : others.slice(0, 1);
}

/** How two files are joined by two or three columns together, where no column alone does. */
async function joinTogether(profiles: readonly TableProfile[], trials: readonly Trial[]): Promise<TableJoin | null> {
  const [first] = trials;
  if (first === undefined || trials.length < 2 || trials.some(({ cardinality }) => cardinality !== "many-to-many")) {
    return null;
  }
  for (let count = 2; count <= trials.length; count += 1) {
    const used = trials.slice(0, count);
    const left = used.map((trial) => trial.left.profile.name);
    const right = used.map((trial) => trial.right.profile.name);
    const wanted = new Map([
      [first.left.file, [left]],
      [first.right.file, [right]],
    ]);
    // oxlint-disable-next-line no-await-in-loop -- more columns are tried where fewer do not suffice
    const keys = await allKeys(profiles, wanted);
    const a = keys.get(first.left.file)?.sets.get(left.join("\0"));
    const b = keys.get(first.right.file)?.sets.get(right.join("\0"));
    if (a === undefined || b === undefined) {
      return null;
    }
    const common = a.shared(b);
    if (common.count > 0 && !(common.repeatedHere && common.repeatedThere)) {
      const [main = first, ...also] = used;
      const cardinality = cardinalityOf(common.repeatedHere, common.repeatedThere);
      return joinOf(profiles, main, {
        also,
        cardinality,
        validate: validationOf(a, b, cardinality),
        missingRight: b.missing > 0,
      });
    }
  }
  return null;
}

/**
 * Finds columns by which files can be joined, by their values, best first. Where no column alone joins two files without
 * multiplying rows, several together are tried.
 */
export async function findJoins(profiles: readonly TableProfile[]): Promise<readonly TableJoin[]> {
  const candidates = joinCandidates(profiles);
  const keys = await allKeys(profiles, columnsWanted(candidates.flatMap(({ left, right }) => [left, right])));
  const trials = candidates.flatMap((candidate) => {
    const [here, there] = [keys.get(candidate.left.file), keys.get(candidate.right.file)];
    const a = here?.sets.get(candidate.left.profile.name);
    const b = there?.sets.get(candidate.right.profile.name);
    const partial = here?.partial === true || there?.partial === true;
    return a === undefined || b === undefined ? [] : [compare(candidate, a, b, partial)];
  });
  const found: { join: TableJoin; rank: number }[] = [];
  for (const chosen of bestTrials(trials.filter(fits))) {
    // oxlint-disable-next-line no-await-in-loop -- one pair of files at a time bounds the memory
    const together = await joinTogether(profiles, chosen);
    const singles = together === null ? worthSaying(chosen) : [];
    found.push(
      ...(together === null ? [] : [{ join: together, rank: Math.max(...chosen.map(score)) + 1 }]),
      ...singles.map((trial) => ({ join: joinOf(profiles, trial, { ...trial, also: [] }), rank: score(trial) })),
    );
  }
  return found
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, mostJoins)
    .map(({ join }) => join);
}
