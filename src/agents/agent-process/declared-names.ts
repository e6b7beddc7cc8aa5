/** What a file with an agent in code says of itself as far as it can be read without running it. */
export interface DeclaredNames {
  /** The name of its agent; `null` where it says none, or computes it. */
  readonly agent: string | null;
  /** Names of the tools that it makes. */
  readonly tools: readonly string[];
}

type Token = { readonly kind: "word" | "sign" | "text"; readonly text: string };

/** What is being made where an object stands: an agent, a tool, or neither. */
type Making = "agent" | "tool" | "else";

const pieces =
  /\/\/[^\n]*|\/\*[^]*?\*\/|(?<text>"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`)|(?<word>[\p{L}_$][\p{L}\p{N}_$]*)|(?<sign>[^\s\p{L}\p{N}_$])/gu;
const pattern = /\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/uy;
/** After these a slash begins a pattern, and does not divide. */
const beforePattern = /^(?:[(,=:[!&|?{};+<>~^%*-]|return|typeof|case|in|of)?$/u;
const makers: { readonly [word: string]: Making } = { defineAgent: "agent", defineTool: "tool", default: "agent" };
const longestFile = 1_000_000;

/** Reads the names that a file's text gives its agent and its tools, where they are written out in it. */
export function declaredNames(text: string): DeclaredNames {
  const tokens = text.length > longestFile ? [] : tokensOf(text);
  const open: Making[] = [];
  const found: { making: Making; name: string }[] = [];
  tokens.forEach(({ kind, text: sign }, at) => {
    if (kind === "sign" && "{[(".includes(sign)) {
      open.push(sign === "{" ? makingAt(tokens, at) : "else");
    } else if (kind === "sign" && "}])".includes(sign)) {
      open.pop();
    } else {
      const making = open.at(-1) ?? "else";
      const name = making === "else" ? undefined : nameAt(tokens, at);
      if (name !== undefined) {
        found.push({ making, name });
      }
    }
  });
  return {
    agent: found.find(({ making }) => making === "agent")?.name ?? null,
    tools: [...new Set(found.flatMap(({ making, name }) => (making === "tool" ? [name] : [])))],
  };
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  pieces.lastIndex = 0;
  for (let match = pieces.exec(text); match !== null; match = pieces.exec(text)) {
    const { text: written, word, sign } = match.groups ?? {};
    pattern.lastIndex = match.index;
    if (sign === "/" && beforePattern.test(tokens.at(-1)?.text ?? "") && pattern.test(text)) {
      pieces.lastIndex = pattern.lastIndex;
      tokens.push({ kind: "text", text: "//" });
    } else if (written !== undefined) {
      tokens.push({ kind: "text", text: written });
    } else if (word !== undefined) {
      tokens.push({ kind: "word", text: word });
    } else if (sign !== undefined) {
      tokens.push({ kind: "sign", text: sign });
    }
  }
  return tokens;
}

/** What an object is for that begins at a brace: `defineAgent({`, `defineTool({`, `export default {`. */
function makingAt(tokens: readonly Token[], at: number): Making {
  const [maker, before] = [tokens[at - 1], tokens[at - 2]];
  const word = maker?.text === "(" ? before?.text : maker?.text === "default" ? "default" : undefined;
  return makers[word ?? ""] ?? "else";
}

/** The value of a key `name` at a token; `undefined` where there is none, or none that is written out. */
function nameAt(tokens: readonly Token[], at: number): string | undefined {
  const [before, key, colon, value, after] = [-1, 0, 1, 2, 3].map((step) => tokens[at + step]);
  const isKey =
    /^(?:name|["']name["'])$/u.test(key?.text ?? "") && colon?.text === ":" && "{,".includes(before?.text ?? "?");
  const isWhole = value?.kind === "text" && ["}", ","].includes(after?.text ?? "");
  const [, name] = isKey && isWhole ? (/^["'`]([\p{L}_][\p{L}\p{N}_-]{0,63})["'`]$/u.exec(value.text) ?? []) : [];
  return name;
}
