import type * as yamlPackage from "yaml";
import type { Document, Node, Pair, YAMLError } from "yaml";
import type { Span } from "./place.ts";
import type { ProblemList } from "./problem-list.ts";

/** Front matter that could be read, and where in the file each part of it stands. */
export interface ReadYaml {
  /** Plain data, as JSON has it; the keys of maps are strings. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the value at the path stands; its key where it is empty; the nearest part above where there is no such path. */
  readonly valueAt: (path: readonly PropertyKey[]) => Span;
  /** Where the last key of the path stands. */
  readonly keyAt: (path: readonly PropertyKey[]) => Span;
}

type Yaml = typeof yamlPackage;

/**
 * Reads the YAML of a front matter. What is wrong in it is added to `problems`.
 *
 * @param offset where `text` begins in the file
 * @returns `null` where it cannot be used
 */
export async function readYaml(text: string, offset: number, problems: ProblemList): Promise<ReadYaml | null> {
  const yaml = await import("yaml");
  const whole = { start: offset, end: offset + text.length };
  try {
    const document = yaml.parseDocument(text.replaceAll(/\r(?!\n)/gu, "\n"), {
      version: "1.2",
      schema: "core",
      merge: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    if (document.errors.length > 0) {
      addSyntaxErrors(document.errors, { text, offset, problems });
      return null;
    }
    return document.contents === null ? empty(whole) : asRecord({ yaml, document, offset, whole, problems });
  } catch (error) {
    // The parser goes down with each level of nesting, and an alias may name itself.
    if (error instanceof RangeError) {
      problems.add("error", "head.nested", whole);
    } else {
      problems.add("error", "head.syntax", whole, { values: { reason: error instanceof Error ? error.message : "" } });
    }
    return null;
  }
}

function empty(whole: Span): ReadYaml {
  const here = (): Span => whole;
  return { value: {}, valueAt: here, keyAt: here };
}

interface Parsed {
  readonly yaml: Yaml;
  readonly document: Document.Parsed;
  readonly offset: number;
  readonly whole: Span;
  readonly problems: ProblemList;
}

function asRecord({ yaml, document, offset, whole, problems }: Parsed): ReadYaml | null {
  const value: unknown = document.toJS({ maxAliasCount: 20 });
  const root = document.contents;
  if (!yaml.isMap(root) || !isRecord(value)) {
    problems.add("error", "head.no-keys", spanOf(root, offset) ?? whole);
    return null;
  }
  const find = (path: readonly PropertyKey[]): Found => walk(yaml, root, path);
  return {
    value,
    valueAt: (path) => {
      const { node, key } = find(path);
      return nonEmpty(spanOf(node, offset)) ?? spanOf(key, offset) ?? whole;
    },
    keyAt: (path) => {
      const { node, key } = find(path);
      return spanOf(key, offset) ?? spanOf(node, offset) ?? whole;
    },
  };
}

interface Found {
  readonly node: unknown;
  readonly key: unknown;
}

/** The node at the path and its key; the last that there is where the path goes on. */
function walk(yaml: Yaml, root: Node, path: readonly PropertyKey[]): Found {
  let found: Found = { node: root, key: null };
  for (const part of path) {
    const { node } = found;
    if (yaml.isMap(node)) {
      const pair: Pair | undefined = node.items.find(({ key }) => keyText(yaml, key) === String(part));
      if (pair === undefined) {
        break;
      }
      found = { node: pair.value, key: pair.key };
    } else if (yaml.isSeq(node) && typeof part === "number") {
      found = { node: node.items[part], key: null };
    } else {
      break;
    }
  }
  return found;
}

function keyText(yaml: Yaml, key: unknown): string {
  return yaml.isScalar(key) ? String(key.value) : String(key);
}

function spanOf(node: unknown, offset: number): Span | null {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) {
    return null;
  }
  const [start, end]: readonly unknown[] = node.range;
  return typeof start === "number" && typeof end === "number" ? { start: offset + start, end: offset + end } : null;
}

function nonEmpty(span: Span | null): Span | null {
  return span === null || span.start === span.end ? null : span;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The parser's codes that have a sentence of their own. */
const syntaxCodes: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "head.tab",
  BAD_INDENT: "head.indent",
  BAD_SCALAR_START: "head.sign",
  BLOCK_AS_IMPLICIT_KEY: "head.colon",
  MISSING_CHAR: "head.quote",
  MULTILINE_IMPLICIT_KEY: "head.no-colon",
};

interface Place {
  readonly text: string;
  readonly offset: number;
  readonly problems: ProblemList;
}

/** Of errors of syntax the first is told: those behind it mostly follow from it. Keys that stand twice are all told. */
function addSyntaxErrors(errors: readonly YAMLError[], { text, offset, problems }: Place): void {
  const twice = errors.filter(({ code }) => code === "DUPLICATE_KEY");
  const first = errors.find(({ code }) => code !== "DUPLICATE_KEY");
  for (const { pos } of twice) {
    const key = /^[^\s:]+/u.exec(text.slice(pos[0]))?.[0] ?? "";
    const span = { start: offset + pos[0], end: offset + pos[0] + Math.max(1, key.length) };
    problems.add("error", "head.twice", span, { values: { key } });
  }
  if (first !== undefined) {
    const last = Math.max(0, text.trimEnd().length - 1);
    const [start, end] = [Math.min(first.pos[0], last), Math.min(first.pos[1], last + 1)];
    const code = codeOf(first);
    const values = code === "head.syntax" ? { reason: first.message } : {};
    problems.add("error", code, { start: offset + start, end: offset + Math.max(end, start + 1) }, { values });
  }
}

function codeOf({ code, message }: YAMLError): string {
  if (message.includes("followed by map values")) {
    return "head.no-colon";
  }
  return message.includes("end with a") ? "head.quote" : (syntaxCodes[code] ?? "head.syntax");
}
