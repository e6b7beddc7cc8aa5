/** A piece of Python source. `start` and `end` are offsets in the code; `newline` ends a logical line. */
export interface PythonToken {
  readonly kind: "name" | "string" | "number" | "operator" | "comment" | "newline";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const namePattern = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;
const numberPattern = /(?:\d|\.\d)(?:[eE][+-]|[\w.])*/y;
const operatorPattern = /\*\*=|\/\/=|>>=|<<=|\.\.\.|[-+*/%@&|^=!<>:]=|\*\*|\/\/|<<|>>|->|[^\s]/uy;
const stringStart = /(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])?("""|'''|"|')/y;

/**
 * Splits Python source into tokens, leniently: an unclosed string or bracket ends with the source. Lines within brackets
 * and after a backslash are one logical line (Python reference, 2.1.5 and 2.1.6). A formatted string is one token.
 */
export function pythonTokens(code: string): readonly PythonToken[] {
  const tokens: PythonToken[] = [];
  let depth = 0;
  let at = 0;
  while (at < code.length) {
    const token = tokenAt(code, at);
    if (token === undefined) {
      at += code.startsWith("\\\r\n", at) ? 3 : code.startsWith("\\\n", at) ? 2 : 1;
      continue;
    }

    depth = Math.max(0, depth + bracketStep(token));
    if (token.kind !== "newline" || depth === 0) {
      tokens.push(token);
    }

    at = token.end;
  }

  return tokens;
}

/** `undefined` for white space and for a backslash that joins lines. */
function tokenAt(code: string, at: number): PythonToken | undefined {
  const character = code.charAt(at);
  if (character === "\n") {
    return piece("newline", code, at, at + 1);
  }

  if (/\s/.test(character) || /\\\r?\n/y.test(code.slice(at, at + 3))) {
    return undefined;
  }

  if (character === "#") {
    const end = code.indexOf("\n", at);
    return piece("comment", code, at, end === -1 ? code.length : end);
  }

  const quote = match(stringStart, code, at);
  if (quote !== undefined) {
    return piece("string", code, at, stringEnd(code, at + quote.length, quote));
  }

  for (const [kind, pattern] of [
    ["name", namePattern],
    ["number", numberPattern],
  ] as const) {
    const text = match(pattern, code, at);
    if (text !== undefined) {
      return piece(kind, code, at, at + text.length);
    }
  }

  return piece("operator", code, at, at + (match(operatorPattern, code, at)?.length ?? 1));
}

function piece(kind: PythonToken["kind"], code: string, start: number, end: number): PythonToken {
  return { kind, text: code.slice(start, end), start, end };
}

function match(pattern: RegExp, code: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(code)?.[0];
}

/** 1 for an opening bracket, -1 for a closing one, 0 for everything else. */
export function bracketStep(token: PythonToken | undefined): number {
  if (token?.kind !== "operator" || token.text.length !== 1) {
    return 0;
  }

  return "([{".includes(token.text) ? 1 : ")]}".includes(token.text) ? -1 : 0;
}

/** Where a string ends whose opening, prefix included, is `opening` and ends at `from`. */
function stringEnd(code: string, from: number, opening: string): number {
  const quote = quoteOf(opening);
  const isFormatted = /[fFtT]/.test(opening);
  let depth = 0;
  let at = from;
  while (at < code.length) {
    if (depth === 0 && code.startsWith(quote, at)) {
      return at + quote.length;
    }

    if (depth === 0 && quote.length === 1 && code[at] === "\n") {
      return at;
    }

    const step = depth > 0 ? stepInBraces(code, at) : stepInText(code, at, isFormatted);
    depth += isFormatted && step === 1 ? braceStep(code.charAt(at)) : 0;
    at += step;
  }

  return code.length;
}

/** How many characters to go on within the braces of a formatted string, over a string that stands there. */
function stepInBraces(code: string, at: number): number {
  const inner = /["']/.test(code.charAt(at)) ? match(stringStart, code, at) : undefined;
  return inner === undefined ? 1 : stringEnd(code, at + inner.length, inner) - at;
}

/** How many characters to go on in a string: escapes are two, and so is a brace that is written twice. */
function stepInText(code: string, at: number, isFormatted: boolean): number {
  const pair = code.slice(at, at + 2);
  return pair.startsWith("\\") || (isFormatted && (pair === "{{" || pair === "}}")) ? 2 : 1;
}

function quoteOf(opening: string): string {
  return /["']+$/.exec(opening)?.[0] ?? opening;
}

function braceStep(character: string): number {
  return character === "{" ? 1 : character === "}" ? -1 : 0;
}

const simpleEscapes: { readonly [letter: string]: string } = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  n: "\n",
  r: "\r",
  t: "\t",
  "\n": "",
};

/** The text that a string token stands for; `undefined` for bytes, formatted strings and escapes that are rare. */
export function stringValue(token: PythonToken): string | undefined {
  const opening = match(stringStart, token.text, 0) ?? "";
  if (token.kind !== "string" || /[bBfFtT]/.test(opening)) {
    return undefined;
  }

  const body = token.text.slice(opening.length, -quoteOf(opening).length);
  if (/[rR]/.test(opening)) {
    return body;
  }

  let known = true;
  const value = body.replaceAll(/\\(u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{2}|[\s\S])/g, (_, escape: string) => {
    if (/^[uUx]./.test(escape)) {
      const point = Number.parseInt(escape.slice(1), 16);
      return point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
    }

    known &&= escape in simpleEscapes;
    return simpleEscapes[escape] ?? "";
  });
  return known ? value : undefined;
}

/** The expressions in the braces of a formatted string, as source; empty for every other token. */
export function formattedParts(token: PythonToken): readonly string[] {
  const opening = match(stringStart, token.text, 0) ?? "";
  if (token.kind !== "string" || !/[fFtT]/.test(opening)) {
    return [];
  }

  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  const body = token.text.slice(opening.length).replaceAll("{{", "  ");
  for (let index = 0; index < body.length; index += 1) {
    const next = depth + braceStep(body.charAt(index));
    from = depth === 0 && next === 1 ? index + 1 : from;
    if (depth === 1 && next === 0) {
      parts.push(body.slice(from, index));
    }

    depth = Math.max(0, next);
  }

  return parts;
}
