import type { MarkdownIt, StateInline, Token } from "markdown-it";

/** Which marks of a text mean something; `[3]` without a citation 3 is text like any other. */
export interface Marks {
  /** `[1]` */
  readonly citations: ReadonlySet<number>;
  /** `[?1]` */
  readonly doubts: ReadonlySet<number>;
}

export const noMarks: Marks = { citations: new Set(), doubts: new Set() };

/** What the rule finds in the environment of a parse. */
export interface MarkEnv {
  marks?: Marks;
  /** More of the text is to come, so that code may be open that closes further on. */
  growing?: boolean;
}

const markPattern = /\[(\??)(\d{1,5})\]/uy;
const openMark = /\[\??\d{0,5}$/u;

/** A growing text without what may yet become a mark. */
export function withoutOpenMark(text: string): string {
  return text.replace(openMark, "");
}

/** Draws marks as buttons with the attribute `data-cite` or `data-doubt`; not in code, nor within links. */
export function addCitationMarks(parser: MarkdownIt): void {
  // Before links, so that a definition of `[1]` further down does not take it; what reads `[1](address)` is a link.
  parser.inline.ruler.before("link", "citation-mark", (state, silent) => !isCalled(state) && readMark(state, silent));
  parser.inline.ruler.after("link", "citation-mark-after-link", readMark);
  parser.core.ruler.after("inline", "citation-behind-address", (state) => {
    for (const { children } of state.tokens) {
      children?.splice(0, children.length, ...freeFromAddresses(children, envOf(state.env)));
    }
  });
  parser.renderer.rules["citation_mark"] = (tokens, index) => {
    const { info = "", content = "" } = tokens[index] ?? {};
    // A word joiner keeps the mark on the line of what it supports; before a button, which is no text, a line may break.
    return info === "doubt"
      ? `\u2060<span role="button" tabindex="0" class="cite cite-doubt" data-doubt="${content}"><span class="codicon codicon-warning"></span></span>`
      : `\u2060<span role="button" tabindex="0" class="cite" data-cite="${content}">${content}</span>`;
  };
}

function envOf(env: object): MarkEnv {
  return env;
}

function isCalled(state: StateInline): boolean {
  const mark = markAt(state.src, state.pos);
  return mark !== null && state.src[state.pos + mark.length] === "(";
}

interface Mark {
  readonly kind: "citation" | "doubt";
  readonly number: number;
  /** Characters. */
  readonly length: number;
}

function markAt(text: string, at: number): Mark | null {
  markPattern.lastIndex = at;
  const found = markPattern.exec(text);
  return found === null
    ? null
    : { kind: found[1] === "?" ? "doubt" : "citation", number: Number(found[2]), length: found[0].length };
}

function isKnown({ kind, number }: Mark, marks: Marks): boolean {
  return (kind === "doubt" ? marks.doubts : marks.citations).has(number);
}

function readMark(state: StateInline, silent: boolean): boolean {
  const mark = markAt(state.src, state.pos);
  const { marks = noMarks, growing = false } = envOf(state.env);
  // While labels of links are measured a mark is text, so that what stands around it may be a link.
  if (silent || mark === null || state.linkLevel > 0 || !isKnown(mark, marks) || (growing && isInOpenCode(state))) {
    return false;
  }

  const token = state.push("citation_mark", "", 0);
  token.info = mark.kind;
  token.content = String(mark.number);
  state.pos += mark.length;
  return true;
}

/** A backtick that stands as text has not found its other half yet. */
function isInOpenCode({ pending, tokens }: StateInline): boolean {
  return pending.includes("`") || tokens.some(({ type, content }) => type === "text" && content.includes("`"));
}

const marksAtEnd = /(?:\[\??\d{1,5}\])+$/u;

/** An address that was written out takes the brackets behind it with it: known marks come free. */
function freeFromAddresses(tokens: readonly Token[], { marks = noMarks }: MarkEnv): readonly Token[] {
  return tokens.flatMap((token, index) => {
    const link = tokens[index - 1];
    const address = tokens[index - 2];
    const text = link?.content ?? "";
    const found =
      token.type === "link_close" && token.info === "auto" && link?.type === "text" && address?.type === "link_open"
        ? (marksAtEnd.exec(text)?.[0] ?? "")
        : "";
    const read = readAll(found);
    if (
      link === undefined ||
      address === undefined ||
      read.length === 0 ||
      !read.every((mark) => isKnown(mark, marks))
    ) {
      return [token];
    }

    link.content = text.slice(0, -found.length);
    const href = String(address.attrGet("href") ?? "");
    const encoded = encodeURI(found);
    address.attrSet(
      "href",
      [found, encoded].reduce((rest, end) => (rest.endsWith(end) ? rest.slice(0, -end.length) : rest), href),
    );
    return [token, ...read.map((mark) => markToken(token, mark))];
  });
}

function readAll(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  for (let at = 0, mark = markAt(text, 0); mark !== null; mark = markAt(text, at)) {
    marks.push(mark);
    at += mark.length;
  }

  return marks;
}

function markToken(like: Token, { kind, number }: Mark): Token {
  const token = Object.assign(Object.create(Object.getPrototypeOf(like) as object) as Token, like);
  return Object.assign(token, { type: "citation_mark", info: kind, content: String(number), nesting: 0, markup: "" });
}
