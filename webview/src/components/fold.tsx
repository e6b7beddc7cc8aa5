import type { ComponentChildren, VNode } from "preact";
import { useKeptOpen } from "../page-context.ts";
import { Icon } from "./controls.tsx";

/** A line that opens what stands behind it; the content is drawn only while it is open. */
export function Fold(props: {
  readonly foldKey: string;
  readonly summary: ComponentChildren;
  readonly children: () => ComponentChildren;
  readonly initially?: boolean;
  readonly class?: string;
}): VNode {
  const [open, setOpen] = useKeptOpen(props.foldKey, props.initially ?? false);
  return (
    <div class={`fold ${props.class ?? ""}`}>
      <button type="button" class="fold-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? "chevron-down" : "chevron-right"} />
        {props.summary}
      </button>
      {open ? props.children() : null}
    </div>
  );
}
