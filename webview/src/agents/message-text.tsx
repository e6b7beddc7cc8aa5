import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useAgentsPage } from "./agents-context.ts";

/** Characters of a message that are drawn at first. */
const shownAtFirst = 8000;

/** The words of a message as they were sent. */
export function MessageText({ text }: { readonly text: string }): VNode {
  const { strings, format } = useAgentsPage();
  const [isWhole, setWhole] = useState(text.length <= shownAtFirst);
  return (
    <>
      <div class="words">{text.trim() === "" ? strings.empty : isWhole ? text : `${text.slice(0, shownAtFirst)}…`}</div>
      {isWhole ? null : (
        <button type="button" class="link" onClick={() => setWhole(true)}>
          {strings.showWhole(format.number(text.length))}
        </button>
      )}
    </>
  );
}
