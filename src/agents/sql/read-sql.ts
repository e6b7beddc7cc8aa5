const fence = /(?:^|\n)[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)[^\n`]*\n([^]*?)(?:\n[ \t]*\1[`~]*[ \t]*(?=\n|$)|$)/u;
const sqlNames = new Set(["sql", "duckdb", "spark", "sparksql", "postgresql", "postgres", "mysql", "sqlite", "ansi"]);
const beginsStatement =
  /^\s*(?:--[^\n]*\n\s*)*\(*\s*(?:select|with|from|values|show|describe|summarize|pivot|create|insert|update|delete|drop|alter|copy|explain|merge|truncate|attach|install|load|set|pragma|call|table)\b/iu;

/** What a model wrote in one go: a statement with words before it, or words alone. */
export type SqlDraft =
  | { readonly kind: "statement"; readonly sql: string; readonly comment: string }
  | { readonly kind: "words"; readonly text: string };

/** Reads the first statement of a text: in a fence, or where the whole text is one. What follows a fence is passed over: models like to imagine the result there. */
export function readSql(text: string): SqlDraft {
  const found = fence.exec(text);
  const [, , language = "", body = ""] = found ?? [];
  const isNamed = language !== "" && sqlNames.has(language.toLowerCase()) && body.trim() !== "";
  if (found !== null && (isNamed || (language === "" && beginsStatement.test(body)))) {
    return { kind: "statement", sql: body.trim(), comment: text.slice(0, found.index).trim() };
  }

  return found === null && isBareStatement(text)
    ? { kind: "statement", sql: text.trim(), comment: "" }
    : { kind: "words", text: text.trim() };
}

/** Behind a sign that ends words, in any letters; behind any blank, in capital letters. */
const behindWords = [
  /[\n:：?？!！。；;，,]\s*(?=select\b[^]*\bfrom\b|with\s+[\w"`\p{L}]+\s+as\s*\()/iu,
  /\s(?=SELECT\b[^]*\bFROM\b|WITH\s+[\w"`\p{L}]+\s+AS\s*\()/u,
];

/** Reads the statement that a person wants to know something about: also one that stands bare behind their words. */
export function readAskedSql(text: string): SqlDraft {
  const draft = readSql(text);
  const ends = behindWords.flatMap((mark) => {
    const found = mark.exec(text);
    return found === null ? [] : [found.index + found[0].length];
  });
  const at = Math.min(...ends);
  return draft.kind === "statement" || ends.length === 0 || fence.test(text)
    ? draft
    : { kind: "statement", sql: text.slice(at).trim(), comment: text.slice(0, at).trim() };
}

const bareQuery = /^\s*(?:--[^\n]*\n\s*)*(?:select\b[^]*\bfrom\b|with\s+[\w"`\p{L}]+\s+as\s*\()/iu;
const bareCommand = /^\s*(?:SELECT|DROP|CREATE|INSERT|UPDATE|DELETE|ALTER|COPY|SHOW|DESCRIBE|SUMMARIZE|FROM)\b/u;

/** Sentences may begin with such a word too: a statement has the shape of one. */
function isBareStatement(text: string): boolean {
  return bareQuery.test(text) || (bareCommand.test(text) && !/[.!?。]\s*$/u.test(text));
}

/** How much of a text so far can be shown as words: what may become a statement is held back. */
export function wordsSoFar(text: string): string {
  if (beginsStatement.test(text) || /^\s*\w{0,9}$/u.test(text)) {
    return "";
  }

  const at = /(?:^|\n)[ \t]*(?:`{1,}|~{1,})/u.exec(text)?.index;
  return at === undefined ? text : text.slice(0, at);
}
