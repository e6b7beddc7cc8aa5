import { isAbsolute } from "node:path";
import type { CodePaths } from "./export-place.ts";
import { indentableLines, pythonStatements } from "./python-statements.ts";
import { type PythonToken, bracketStep, pythonTokens, stringValue } from "./python-tokens.ts";

/** A Python string literal of `text`, on one line. */
export function pythonString(text: string): string {
  // A separator of lines would end the line in a Python source, a lone half of a pair could not be written as UTF-8.
  return JSON.stringify(text).replaceAll(/[\u0085\u2028\u2029]|\p{Cs}/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Code whose absolute paths into the session's folders are written as they are seen from where the code runs. */
export function withNearPaths(code: string, paths: CodePaths): string {
  let changed = code;
  for (const token of pythonTokens(code).toReversed()) {
    const value = token.kind === "string" ? stringValue(token) : undefined;
    const near = value !== undefined && isAbsolute(value) ? paths.inCode(value) : value;
    if (near !== undefined && near !== value) {
      changed = changed.slice(0, token.start) + pythonString(near) + changed.slice(token.end);
    }
  }

  return changed;
}

/** Code whose failure ends nothing: what it raises is printed, as it was when it first ran. */
export function guarded(code: string, comment: string): string {
  const indentable = indentableLines(code);
  const lines = code.trimEnd().split("\n");
  const body = lines.map((line, index) => (indentable.has(index) && line.trim() !== "" ? `    ${line}` : line));
  const isEmpty = pythonStatements(code).length === 0;
  return [
    `# ${comment}`,
    "try:",
    ...body,
    ...(isEmpty ? ["    pass"] : []),
    "except BaseException as _error:",
    '    print(f"{type(_error).__name__}: {_error}")',
  ].join("\n");
}

/** The statements before the one on which a 1-based line lies: all that ran to their end when it was stopped there. */
export function codeBefore(code: string, line: number): string {
  const stopped = pythonStatements(code).findLast((statement) => statement.line <= line);
  return code.slice(0, stopped?.start ?? 0);
}

/** Whether a cell ends with an expression, whose value would be shown. */
export function endsWithExpression(code: string): boolean {
  return lastExpression(code) !== undefined;
}

/** Whether a cell ends with the name of a variable alone. */
export function endsWithName(code: string): boolean {
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(lastExpression(code)?.text ?? "");
}

/** The cell's last expression as a person reads it, and what stands around it; `undefined` where it ends otherwise. */
function lastExpression(
  code: string,
): { readonly before: string; readonly text: string; readonly after: string } | undefined {
  const last = pythonStatements(code).at(-1);
  const tokens = last?.lines[0]?.tokens ?? [];
  const isQuiet = pythonTokens(code).findLast(({ kind }) => kind !== "newline" && kind !== "comment")?.text === ";";
  if (last === undefined || last.lines.length !== 1 || isQuiet || !isExpression(tokens)) {
    return undefined;
  }

  return { before: code.slice(0, last.start), text: code.slice(last.start, last.end), after: code.slice(last.end) };
}

const statementWords = new Set(
  "import from def class del return raise assert pass break continue global nonlocal async @ if for while with try type".split(
    " ",
  ),
);

function isExpression(tokens: readonly PythonToken[]): boolean {
  const [first, second] = tokens;
  const isStatement = statementWords.has(first?.text ?? "") && !(first?.text === "type" && second?.text === "(");
  const isLambda = first?.text === "lambda";
  return first !== undefined && !isStatement && !hasOutside(tokens, isLambda ? settingInLambda : setting);
}

const setting = /^(?:(?:[-+*/%@&|^]|\*\*|\/\/|>>|<<)?=|:)$/;
const settingInLambda = /^$/;

/** Whether a token outside of all brackets is one of these. */
function hasOutside(tokens: readonly PythonToken[], pattern: RegExp): boolean {
  let depth = 0;
  return tokens.some((token) => {
    depth += bracketStep(token);
    return depth === 0 && pattern.test(token.text);
  });
}

/** Code whose last expression shows nothing in a notebook, as it showed nothing when it ran. */
export function withQuietEnd(code: string): string {
  const last = lastExpression(code);
  return last === undefined || endsWithName(code) ? code : `${last.before}${last.text};${last.after}`;
}

/** Code whose last expression is shown by `display(…)`: a script shows nothing by itself. */
export function withShownEnd(code: string): string {
  const last = lastExpression(code);
  if (last === undefined || /^(?:print|display)\s*\(/.test(last.text)) {
    return code;
  }

  const isTuple = hasOutside(pythonTokens(last.text), /^,$/);
  const shown = isTuple ? `display((${last.text}))` : `display(${last.text})`;
  return `${last.before}${shown}${last.after}`;
}

/** Code without the lines that only notebooks understand. */
export function withoutMagics(code: string): string {
  return code.replaceAll(/^%matplotlib\b.*$/gm, (line) => `# ${line}`);
}

/** Whether code waits for something outside of a coroutine, which a script cannot. */
export function awaitsAtTop(code: string): boolean {
  return pythonStatements(code).some(({ lines }) => {
    const [first] = lines;
    const words = first?.tokens.map(({ text }) => text) ?? [];
    const isDefinition = /^(?:def|class|@)$/.test(words[0] ?? "") || (words[0] === "async" && words[1] === "def");
    const all = lines.flatMap(({ tokens }) => tokens.map(({ text }) => text));
    return !isDefinition && (all.includes("await") || (words[0] === "async" && words[1] !== "def"));
  });
}
