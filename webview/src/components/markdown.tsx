import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { usePage } from "../page-context.ts";
import { type Marks, noMarks } from "../text/citation-marks.ts";
import { type MarkdownBlock, createMarkdownStream } from "../text/markdown.ts";
import { memo } from "./memo.ts";

const shortestPauseMs = 48;
/** A drawing that took long is followed by a pause this many times as long, so that the page stays responsive. */
const pausePerCost = 6;

/** Markdown that may still be growing: finished blocks are drawn once, the last one again at a bearable pace. */
export function Markdown(props: {
  readonly text: string;
  readonly complete: boolean;
  readonly marks?: Marks;
  /** What a screen reader says of a mark. */
  readonly nameMark?: NameMark;
}): VNode {
  const blocks = useMarkdownBlocks(props.text, props.complete, props.marks ?? noMarks);
  const latest = useRef(props.nameMark);
  latest.current = props.nameMark;
  const nameMark = useMemo((): NameMark => (kind, number) => latest.current?.(kind, number) ?? "", []);
  const { request } = usePage();
  const follow = (event: Event): void => {
    const link = event.target instanceof Element ? event.target.closest("[data-href]") : null;
    const pressed = !(event instanceof KeyboardEvent) || event.key === "Enter";
    if (link !== null && pressed) {
      event.preventDefault();
      void request("link-open", { href: link.getAttribute("data-href") ?? "" });
    }
  };
  return (
    <div class="markdown" onClick={follow} onKeyDown={follow}>
      {blocks.map((block) => (
        <MarkdownPiece key={block.key} html={block.html} nameMark={nameMark} />
      ))}
    </div>
  );
}

export type NameMark = (kind: "citation" | "doubt", number: number) => string;

const MarkdownPiece = memo(function MarkdownPiece(props: {
  readonly html: string;
  readonly nameMark: NameMark;
}): VNode {
  const element = useRef<HTMLDivElement>(null);
  const { strings, request, announce } = usePage();
  useLayoutEffect(() => {
    for (const code of element.current?.querySelectorAll("pre") ?? []) {
      const button = document.createElement("button");
      button.className = "icon-button code-copy codicon codicon-copy";
      button.title = strings.copy;
      button.setAttribute("aria-label", strings.copy);
      button.addEventListener("click", () => {
        void request("text-copy", { text: code.textContent ?? "" });
        announce(strings.copied);
      });
      code.after(button);
    }

    for (const mark of element.current?.querySelectorAll<HTMLElement>(".cite") ?? []) {
      const { cite, doubt } = mark.dataset;
      mark.setAttribute("aria-label", props.nameMark(cite === undefined ? "doubt" : "citation", Number(cite ?? doubt)));
    }
  }, [props.html]);
  // oxlint-disable-next-line react/no-danger -- sanitised where it is made
  return <div ref={element} class="piece" dangerouslySetInnerHTML={{ __html: props.html }} />;
});

function useMarkdownBlocks(text: string, complete: boolean, marks: Marks): readonly MarkdownBlock[] {
  const stream = useMemo(createMarkdownStream, []);
  const [blocks, setBlocks] = useState<readonly MarkdownBlock[]>(() => stream.update(text, complete, marks));
  const latest = useRef({ text, complete, marks, drawn: text, drawnComplete: complete, drawnMarks: marks });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  latest.current.text = text;
  latest.current.complete = complete;
  latest.current.marks = marks;
  const draw = (): void => {
    timer.current = null;
    const now = latest.current;
    if (now.drawn === now.text && now.drawnComplete === now.complete && now.drawnMarks === now.marks) {
      return;
    }

    const started = performance.now();
    now.drawn = now.text;
    now.drawnComplete = now.complete;
    now.drawnMarks = now.marks;
    setBlocks(stream.update(now.text, now.complete, now.marks));
    requestAnimationFrame(() => {
      const pause = Math.max(shortestPauseMs, (performance.now() - started) * pausePerCost);
      timer.current ??= setTimeout(draw, Math.min(pause, 1000));
    });
  };
  useEffect(() => {
    timer.current ??= setTimeout(draw, 0);
  }, [text, complete, marks]);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  return blocks;
}
