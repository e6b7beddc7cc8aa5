import type { VNode } from "preact";
import { usePage } from "../page-context.ts";
import { IconButton } from "./controls.tsx";
import { useCopy } from "./use-copy.ts";

/** Copies text through the editor and says that it did. */
export function CopyButton(props: { readonly text: () => string; readonly label: string }): VNode {
  const { strings } = usePage();
  const [copied, copy] = useCopy();
  return (
    <IconButton
      icon={copied ? "check" : "copy"}
      label={copied ? strings.copied : props.label}
      onClick={() => void copy(props.text())}
    />
  );
}
