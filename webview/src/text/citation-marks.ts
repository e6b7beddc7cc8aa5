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
    const makeToken = ({ kind, number }: Mark): Token => {
      const token = new state.Token("citation_mark", "", 0);
      token.info = kind;
      token.content = String(number);
      return token;
    };
    for (const token of state.tokens) {
      if (token.children !== null) {
        token.children = freeFromAddresses(token.children, envOf(state.env).marks ?? noMarks, makeToken);
      }
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
function freeFromAddresses(tokens: readonly Token[], marks: Marks, makeToken: (mark: Mark) => Token): Token[] {
  return tokens.flatMap((token, index) => {
    const [address, link] = tokens.slice(Math.max(0, index - 2), index);
    if (address?.type !== "link_open" || address.info !== "auto" || link?.type !== "text") {
      return [token];
    }

    const found = marksAtEnd.exec(link.content)?.[0] ?? "";
    const read = readAll(found);
    if (read.length === 0 || !read.every((mark) => isKnown(mark, marks))) {
      return [token];
    }

    link.content = link.content.slice(0, -found.length);
    address.attrSet("href", withoutEnd(String(address.attrGet("href") ?? ""), [encodeURI(found), found]));
    return [token, ...read.map(makeToken)];
  });
}

function withoutEnd(text: string, ends: readonly string[]): string {
  const end = ends.find((one) => text.endsWith(one));
  return end === undefined ? text : text.slice(0, -end.length);
}

function readAll(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  for (let at = 0, mark = markAt(text, 0); mark !== null; mark = markAt(text, at)) {
    marks.push(mark);
    at += mark.length;
  }

  return marks;
}
