import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { usePage } from "../page-context.ts";
import { IconButton } from "./controls.tsx";

/** Copies text through the editor and says that it did. */
export function CopyButton(props: { readonly text: () => string; readonly label: string }): VNode {
  const { strings, request, announce } = usePage();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    const timer = copied ? setTimeout(() => setCopied(false), 1500) : undefined;
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    if ((await request("text-copy", { text: props.text() })) !== null) {
      setCopied(true);
      announce(strings.copied);
    }
  };
  return (
    <IconButton
      icon={copied ? "check" : "copy"}
      label={copied ? strings.copied : props.label}
      onClick={() => void copy()}
    />
  );
}
