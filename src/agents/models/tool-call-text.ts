import { isJsonObject, parseLenientJson, type JsonObject } from "./lenient-json.ts";

/** A tool call that was printed into the answer. */
export interface PrintedToolCall {
  readonly name: string;
  /** JSON text of an object. */
  readonly arguments: string;
}

/** The calls found, and the answer without them. */
export interface PrintedToolCalls {
  readonly calls: readonly PrintedToolCall[];
  readonly text: string;
}

const tagged = /<\|?tool_call\|?>([\s\S]*?)(?:<\|?\/tool_call\|?>|$)/gu;
const functionTag = /<function=([\w.-]+)>([\s\S]*?)(?:<\/function>|$)/gu;
const parameterTag = /<parameter=([\w.-]+)>([\s\S]*?)<\/parameter>/gu;
const marked = /^\s*(?:\[TOOL_CALLS\]|<\|python_tag\|>|functools)\s*([[{][\s\S]*)$/u;
const fence = /```(?:json|tool_call|tool_code|tool)?[^\S\n]*\n\s*([[{][\s\S]*?)\n?\s*```/gu;

/**
 * Finds the tool calls that a model printed as text instead of making them: JSON such as
 * `{"name": "run_python", "arguments": {…}}` alone or in a fence, `<tool_call>…</tool_call>`, and
 * `<function=run_python>…</function>`. Only the tools named in `offered` count, and the arguments must be an object,
 * so that JSON which merely looks alike stays text. `null` when there is none.
 */
export function findPrintedToolCalls(text: string, offered: readonly string[]): PrintedToolCalls | null {
  if (offered.length === 0) {
    return null;
  }
  return (
    takeAll(text, tagged, (body) => callsInTag(body, offered)) ??
    takeAll(text, functionTag, (body, name) => callsInFunctionTag(name, body, offered), true) ??
    takeMarked(text, offered) ??
    takeAll(text, fence, (body) => callsInJson(body, offered)) ??
    takeWhole(text, offered)
  );
}

/** Whether an answer that starts like this may turn out to be a printed tool call, and should not be shown yet. */
export function mayBecomeToolCall(text: string): boolean {
  const start = text.trimStart();
  return (
    start === "" ||
    /^(?:\{|\[\s*\{|<\|?tool_call|<function=|\[TOOL_CALLS\]|<\|python_tag\|>)/u.test(start) ||
    /^```(?:json|tool_call|tool_code|tool)?\s*(?:\{|\[|$)/u.test(start) ||
    ["```json", "```tool_code", "<|tool_call", "<function=", "[TOOL_CALLS]", "<|python_tag|>", "<tool_call>"].some(
      (mark) => mark.startsWith(start),
    )
  );
}

type Reader = (body: string, name: string) => readonly PrintedToolCall[];

function takeAll(text: string, pattern: RegExp, read: Reader, named = false): PrintedToolCalls | null {
  const calls: PrintedToolCall[] = [];
  const rest = text.replace(pattern, (whole: string, first: string, second: string | number) => {
    const found = named ? read(String(second), first) : read(first, "");
    calls.push(...found);
    return found.length > 0 ? "" : whole;
  });
  return calls.length === 0 ? null : { calls, text: rest.trim() };
}

function takeMarked(text: string, offered: readonly string[]): PrintedToolCalls | null {
  const body = marked.exec(text)?.[1];
  const calls = body === undefined ? [] : callsInJson(body, offered);
  return calls.length === 0 ? null : { calls, text: "" };
}

function takeWhole(text: string, offered: readonly string[]): PrintedToolCalls | null {
  const calls = /^\s*[[{]/u.test(text) ? callsInJson(text, offered) : [];
  return calls.length === 0 ? null : { calls, text: "" };
}

function callsInTag(body: string, offered: readonly string[]): readonly PrintedToolCall[] {
  const inner = takeAll(body, functionTag, (text, name) => callsInFunctionTag(name, text, offered), true);
  return inner?.calls ?? callsInJson(body.replace(/^\s*```\w*|```\s*$/gu, ""), offered);
}

function callsInFunctionTag(name: string, body: string, offered: readonly string[]): readonly PrintedToolCall[] {
  if (!offered.includes(name)) {
    return [];
  }
  const parameters = [...body.matchAll(parameterTag)];
  if (parameters.length > 0) {
    const values = Object.fromEntries(
      parameters.map(([, key, value]) => [key, (value ?? "").replace(/^\r?\n|\r?\n$/gu, "")]),
    );
    return [{ name, arguments: JSON.stringify(values) }];
  }
  const value = body.trim() === "" ? {} : parseLenientJson(body);
  return isJsonObject(value) ? [{ name, arguments: JSON.stringify(value) }] : [];
}

/** All or nothing: a list with one stranger in it is no list of calls. */
function callsInJson(body: string, offered: readonly string[]): readonly PrintedToolCall[] {
  const value = parseLenientJson(body.trim());
  const list = isJsonObject(value) && Array.isArray(value["tool_calls"]) ? value["tool_calls"] : value;
  const calls = (Array.isArray(list) ? list : [list]).map((item: unknown) => callIn(item, offered));
  return calls.every((call) => call !== null) ? calls : [];
}

function callIn(value: unknown, offered: readonly string[]): PrintedToolCall | null {
  if (!isJsonObject(value)) {
    return null;
  }
  const inner = value["function"];
  const call: JsonObject = isJsonObject(inner) ? inner : value;
  const name = [call["name"], call["tool"], call["tool_name"], inner].find((part) => typeof part === "string");
  if (typeof name !== "string" || !offered.includes(name)) {
    return null;
  }
  const given = call["arguments"] ?? call["parameters"] ?? call["args"] ?? call["input"];
  const parsed = typeof given === "string" ? parseLenientJson(given) : given;
  return isJsonObject(parsed) ? { name, arguments: JSON.stringify(parsed) } : null;
}
