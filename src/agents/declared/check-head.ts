import type * as z from "zod/mini";
import type { AgentFileFix } from "../protocol/agent-file-problem.ts";
import { type AgentFileKind, bodyKeys, editorKeys, keysElsewhere } from "./agent-file-schema.ts";
import { type SchemaPart, jsonSchemaOf, keysAt, partsAt } from "./json-schema.ts";
import type { ProblemList } from "./problem-list.ts";
import type { ReadYaml } from "./read-yaml.ts";
import { similarName } from "./similar-name.ts";

type Issue = z.core.$ZodIssue;

/** What a front matter is checked against, and how. */
interface HeadCheck<S extends z.ZodMiniType> {
  readonly schema: S;
  readonly kind: AgentFileKind;
  /** Where the editor's own agents live, keys of theirs are passed over without a word. */
  readonly isEditors: boolean;
  readonly problems: ProblemList;
}

/**
 * Checks a front matter against its schema. Keys that nobody knows are told and left out; keys without a value count as
 * left out.
 *
 * @returns `null` where something in it cannot be used, which `problems` then say
 */
export function checkHead<S extends z.ZodMiniType>(head: ReadYaml, check: HeadCheck<S>): z.output<S> | null {
  let value: unknown = withoutNothing(head.value);
  // Each round takes away the unknown keys of a level; what is below them is looked at in the next.
  for (let round = 0; round < 4; round += 1) {
    const { data, error } = check.schema.safeParse(value);
    if (error === undefined) {
      return data;
    }
    const issues = error.issues.flatMap((issue) => leavesOf(issue));
    const unknown = issues.filter((issue) => issue.code === "unrecognized_keys");
    if (unknown.length === 0) {
      issues.forEach((issue) => addIssue(issue, head, check));
      return null;
    }
    for (const { path, keys } of unknown) {
      keys.forEach((key) => addUnknown([...path, key], head, check));
      value = without(value, path, keys);
    }
  }
  return null;
}

/** Of a choice between shapes, what is wrong with the one that was meant: the one whose outermost kind is right. */
function leavesOf(issue: Issue): readonly Issue[] {
  if (issue.code !== "invalid_union") {
    return [issue];
  }
  const meant =
    issue.errors.find((errors) => errors.every(({ path }) => path.length > 0)) ??
    issue.errors.find((errors) => !errors.some(({ path, code }) => path.length === 0 && code === "invalid_type"));
  return meant === undefined
    ? [issue]
    : meant.flatMap((inner) => leavesOf(Object.assign({}, inner, { path: [...issue.path, ...inner.path] })));
}

function addIssue(issue: Issue, head: ReadYaml, { kind, problems }: HeadCheck<z.ZodMiniType>): void {
  const key = issue.path.findLast((part) => typeof part === "string") ?? "";
  if (issue.code.startsWith("invalid_") && valueIn(head.value, issue.path) === undefined) {
    problems.add("error", "value.missing", head.keyAt(issue.path.slice(0, -1)), { values: { key } });
    return;
  }
  const bounds = partsAt(jsonSchemaOf(kind, "en"), issue.path)[0];
  const { code, values, fixes } = sayIssue(issue, valueIn(head.value, issue.path), bounds);
  problems.add("error", code, head.valueAt(issue.path), { values: { key, ...values }, fixes: fixes ?? [] });
}

interface SaidIssue {
  readonly code: string;
  readonly values?: { readonly [name: string]: string };
  readonly fixes?: readonly AgentFileFix[];
}

const typeCodes: Readonly<Record<string, string>> = {
  string: "value.text",
  number: "value.number",
  int: "value.number",
  boolean: "value.yes-no",
  array: "value.list",
  object: "value.keys",
};

function sayIssue(issue: Issue, value: unknown, bounds: SchemaPart | undefined): SaidIssue {
  if (issue.code === "invalid_value") {
    return sayChoice(issue.values.map(String), value);
  }
  if (issue.code === "too_small" || issue.code === "too_big") {
    return { code: "value.range", values: { min: String(bounds?.minimum), max: String(bounds?.maximum) } };
  }
  if (issue.code === "invalid_type") {
    return sayType(issue.expected, value);
  }
  if (issue.code === "invalid_union") {
    const inner = issue.errors.flat();
    const choices = inner.flatMap((one) => (one.code === "invalid_value" ? one.values.map(String) : []));
    const isText = inner.some((one) => one.code === "invalid_type" && one.expected === "string");
    return choices.length > 0
      ? sayChoice([...new Set(choices)], value)
      : sayType(isText && isPlain(value) ? "string" : "array", value);
  }
  return { code: "value.other" };
}

function sayType(expected: string, value: unknown): SaidIssue {
  const fixes = expected === "string" && isPlain(value) ? [{ text: JSON.stringify(String(value)) }] : [];
  return { code: typeCodes[expected] ?? "value.other", fixes };
}

/** What would be a text if it stood between quotation marks. */
function isPlain(value: unknown): value is number | boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function sayChoice(choices: readonly string[], value: unknown): SaidIssue {
  const near = typeof value === "string" ? (sameLetters(value, choices) ?? similarName(value, choices)) : undefined;
  const fixes = near === undefined ? [] : [{ text: near }];
  return { code: "value.choice", values: { choices: choices.join(", ") }, fixes };
}

function sameLetters(value: string, choices: readonly string[]): string | undefined {
  return choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
}

function addUnknown<S extends z.ZodMiniType>(path: readonly PropertyKey[], head: ReadYaml, check: HeadCheck<S>): void {
  const { kind, isEditors, problems } = check;
  const key = String(path.at(-1));
  const span = head.keyAt(path);
  const values = { key };
  const isTop = path.length === 1;
  if (isTop && editorKeys.includes(key)) {
    if (!isEditors) {
      problems.add("hint", "key.editor", span, { values });
    }
  } else if (isTop && bodyKeys.includes(key)) {
    problems.add("warning", "key.body", span, { values });
  } else if (
    isTop &&
    keysAt(jsonSchemaOf(kind === "agent" ? "group" : "agent", "en"), []).some(([name]) => name === key)
  ) {
    problems.add("warning", kind === "agent" ? "key.group-only" : "key.agent-only", span, { values });
  } else {
    const known = keysAt(jsonSchemaOf(kind, "en"), path.slice(0, -1)).map(([name]) => name);
    const elsewhere = keysElsewhere[key];
    const near = elsewhere !== undefined && known.includes(elsewhere) ? elsewhere : similarName(key, known);
    if (near === undefined) {
      problems.add("warning", "key.unknown", span, { values });
    } else {
      problems.add("warning", "key.unknown-near", span, { values: { key, near }, fixes: [{ text: near }] });
    }
  }
}

function valueIn(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (isKeyed(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined),
    value,
  );
}

/** `value` without `keys` of what stands at `path`. */
function without(value: unknown, path: readonly PropertyKey[], keys: readonly string[]): unknown {
  const [step, ...rest] = path;
  if (!isKeyed(value)) {
    return value;
  }
  if (step === undefined) {
    return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
  }
  const changed = without(value[step], rest, keys);
  return Array.isArray(value) ? value.with(Number(step), changed) : { ...value, [step]: changed };
}

const deepest = 5;

/** `value` without keys and items that have no value yet, as while one types. */
function withoutNothing(value: unknown, depth = 0): unknown {
  if (!isKeyed(value) || depth > deepest) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => withoutNothing(item, depth + 1));
  }
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNothing(inner, depth + 1)]));
}

function isKeyed(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === "object" && value !== null;
}
