import { useEffect, useState } from "preact/hooks";
import { usePage } from "../page-context.ts";

const shownMs = 1500;

/** Whether something was just copied, and what copies text through the editor and says so to a screen reader. */
export function useCopy(): readonly [boolean, (text: string) => Promise<void>] {
  const { strings, request, announce } = usePage();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    const timer = copied ? setTimeout(() => setCopied(false), shownMs) : undefined;
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (text: string): Promise<void> => {
    if ((await request("text-copy", { text })) !== null) {
      setCopied(true);
      announce(strings.copied);
    }
  };
  return [copied, copy];
}
