import type { ChangedText } from "./recorded-events.ts";
import type { RecordedRun } from "./recorded-run.ts";

/** Where the person reads the answer that is changed, with its new words; `null` where it is not shown as a text. */
export function shownText({ events, changed }: RecordedRun, content: string): ChangedText | null {
  const { reply, at, end } = changed;
  const texts = events.slice(at, end).flatMap((event) => (event.type === "text-end" ? [event] : []));
  const shown =
    texts.findLast(({ blockId }) => blockId === reply?.metadata["shownAs"]) ??
    texts.findLast(({ text, role }) => role !== "reasoning" && text.trim() === reply?.content.trim()) ??
    texts.findLast(({ agent, role }) => role !== "reasoning" && agent === reply?.from);
  return shown === undefined ? null : { blockId: shown.blockId, text: content };
}
