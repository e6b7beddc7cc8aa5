import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import { usePage } from "../page-context.ts";

/** A question that waits for a yes. */
export interface Approval<Decision> {
  /** For the element that holds the question. */
  readonly bar: RefObject<HTMLDivElement | null>;
  /** It was answered: nothing can be pressed any more. */
  readonly answered: boolean;
  readonly answer: (decision: Decision) => Promise<void>;
  /** Ctrl+Enter allows once, Escape declines. */
  readonly keys: (event: KeyboardEvent) => void;
}

/**
 * Lets a person answer once, and gives the focus back to the composer afterwards.
 *
 * @param send Sends the answer; `null` where it did not arrive.
 * @param onEscape What Escape does in place of declining; `false` for nothing.
 */
export function useApproval<Decision extends string>(
  send: (decision: Decision | "once" | "deny") => Promise<unknown>,
  onEscape: () => boolean = () => false,
): Approval<Decision | "once" | "deny"> {
  const { store } = usePage();
  const [answered, setAnswered] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  const answer = async (decision: Decision | "once" | "deny"): Promise<void> => {
    setAnswered(true);
    const result = await send(decision);
    setAnswered(result !== null);
    if (bar.current?.contains(document.activeElement) === true) {
      store.set({ focusRequests: store.get().focusRequests + 1 });
    }
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void answer("once");
    } else if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      if (!onEscape()) {
        void answer("deny");
      }
    }
  };
  return { bar, answered, answer, keys };
}
