import DOMPurify from "dompurify";
import markdownIt, { type Env, type Token } from "markdown-it";
import { type MarkEnv, type Marks, noMarks, addCitationMarks, withoutOpenMark } from "./citation-marks.ts";
import { escapeHtml, highlight } from "./highlight.ts";

const parser = markdownIt({ html: false, linkify: true, breaks: false });
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
addCitationMarks(parser);

// Pictures come from nowhere: what they would show is said instead.
parser.renderer.rules["image"] = (tokens, index) => escapeHtml(tokens[index]?.content ?? "");

parser.renderer.rules["fence"] = (tokens, index) => {
  const token = tokens[index];
  return codeHtml(token?.content ?? "", (token?.info ?? "").trim().split(/\s/u)[0] ?? "");
};
parser.renderer.rules["code_block"] = (tokens, index) => codeHtml(tokens[index]?.content ?? "", "");

// An address without href: neither the page nor the editor's frame follows it; the page asks the extension instead.
parser.renderer.rules["link_open"] = (tokens, index) => {
  const href = String(tokens[index]?.attrGet("href") ?? "");
  return `<a role="link" tabindex="0" data-href="${escapeHtml(href)}" title="${escapeHtml(href)}">`;
};

/** Characters of a table's cell that stay on one line. */
const longestShort = 14;

for (const name of ["th_open", "td_open"] as const) {
  parser.renderer.rules[name] = (tokens, index, options) => {
    const token = tokens[index];
    const align = /text-align:(\w+)/u.exec(String(token?.attrGet("style") ?? ""))?.[1];
    const size = (tokens[index + 1]?.content.length ?? 0) <= longestShort ? "short" : "long";
    if (token !== undefined) {
      token.attrs = [["class", align === undefined ? size : `${size} align-${align}`]];
    }

    return parser.renderer.renderToken(tokens, index, options);
  };
}

parser.renderer.rules["table_open"] = () => '<div class="table-scroll" tabindex="0"><table>';
parser.renderer.rules["table_close"] = () => "</table></div>";

parser.core.ruler.after("inline", "task-list", (state) => {
  state.tokens.forEach((token, index) => {
    const text = token.children?.[0];
    const isItem = state.tokens[index - 2]?.type === "list_item_open" && token.type === "inline";
    const mark = /^\[([ xX])\]\s/u.exec(text?.content ?? "");
    if (isItem && text !== undefined && mark !== null) {
      text.content = (mark[1] === " " ? "☐ " : "☑ ") + text.content.slice(mark[0].length);
      state.tokens[index - 2]?.attrJoin("class", "task");
    }
  });
});

function codeHtml(code: string, language: string): string {
  const known = { py: "python", ts: "typescript", js: "typescript", sh: "bash", shell: "bash", md: "markdown" };
  const name = (known as Record<string, string>)[language] ?? language;
  return `<pre tabindex="0"><code>${highlight(code, name)}</code></pre>`;
}

const allowed = {
  ALLOWED_TAGS: [
    ..."p br hr em strong s a code pre span blockquote ul ol li".split(" "),
    ..."h1 h2 h3 h4 h5 h6 div table thead tbody tr th td".split(" "),
  ],
  ALLOWED_ATTR: ["class", "role", "tabindex", "title", "start", "data-href", "data-cite", "data-doubt"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** One top-level block of a Markdown text. */
export interface MarkdownBlock {
  /** Stable while text is only appended. */
  readonly key: string;
  readonly html: string;
}

/** Renders a growing text: blocks that are finished are never looked at again. */
export interface MarkdownStream {
  /**
   * The blocks of `text`. Cheap when it continues the text before; anything else starts over.
   * `complete`: no more follows, so links that refer to definitions further down are resolved.
   * `marks`: which citations are known; one that is told comes before the text that has its mark.
   */
  update(text: string, complete: boolean, marks?: Marks): readonly MarkdownBlock[];
}

/** Raw HTML in the text is shown as text, pictures as their description; what comes out is sanitised. */
export function createMarkdownStream(): MarkdownStream {
  let settled: MarkdownBlock[] = [];
  let settledText = "";
  let env: Env & MarkEnv = {};
  const startOver = (): void => {
    settled = [];
    settledText = "";
    env = {};
  };

  return {
    update(whole, complete, marks = noMarks) {
      const text = complete ? whole : withoutOpenMark(whole);
      if (!text.startsWith(settledText) || isLateFor(settledText, env.marks ?? noMarks, marks)) {
        startOver();
      }

      Object.assign(env, { marks, growing: !complete });
      const open = renderTail(text.slice(settledText.length), env, settled.length);
      if (complete && Object.keys(env.references ?? {}).length > 0) {
        // A definition may have come after its use, or been read half-written: only the whole text tells.
        startOver();
        env = { marks };
        return renderTail(text, env, 0).blocks;
      }

      const last = open.blocks.at(-1);
      settled = [...settled, ...open.blocks.slice(0, -1)];
      settledText = text.slice(0, settledText.length + open.lastStart);
      return last === undefined ? settled : [...settled, last];
    },
  };
}

/** Whether a mark became known after its text had settled. */
function isLateFor(settledText: string, before: Marks, now: Marks): boolean {
  const isLate = (mark: string, known: ReadonlySet<number>) => (number: number) =>
    !known.has(number) && settledText.includes(`[${mark}${number}]`);
  return (
    before !== now &&
    ([...now.citations].some(isLate("", before.citations)) || [...now.doubts].some(isLate("?", before.doubts)))
  );
}

interface Tail {
  readonly blocks: readonly MarkdownBlock[];
  /** Where the last block starts, characters. */
  readonly lastStart: number;
}

function renderTail(text: string, env: Env, firstKey: number): Tail {
  const groups = topLevelGroups(parser.parse(text, env));
  const blocks = groups.map((tokens, index) => ({
    key: String(firstKey + index),
    html: DOMPurify.sanitize(parser.renderer.render(tokens, parser.options, env), allowed),
  }));
  const line = groups.at(-1)?.[0]?.map?.[0] ?? 0;
  return { blocks, lastStart: offsetOfLine(text, line) };
}

function topLevelGroups(tokens: readonly Token[]): readonly Token[][] {
  const groups: Token[][] = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0 && token.nesting >= 0) {
      groups.push([]);
    }

    groups.at(-1)?.push(token);
    depth += token.nesting;
  }

  return groups;
}

function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let passed = 0; passed < line; passed += 1) {
    offset = text.indexOf("\n", offset) + 1;
  }

  return offset;
}
