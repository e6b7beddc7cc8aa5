import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { highlight } from "../text/highlight.ts";
import { memo } from "./memo.ts";

/** Characters of code after which it is coloured only once it no longer grows. */
const longestLive = 6000;

/** Code with colours, scrolling sideways. `growing`: it is being written. */
export const Code = memo(function Code(props: {
  readonly code: string;
  readonly label: string;
  readonly growing: boolean;
}): VNode {
  const language = props.growing && props.code.length > longestLive ? "" : "python";
  const html = useMemo(() => highlight(props.code, language), [props.code, language]);
  return (
    <pre class="code" tabIndex={0} role="region" aria-label={props.label}>
      {/* oxlint-disable-next-line react/no-danger -- the highlighter escapes */}
      <code dangerouslySetInnerHTML={{ __html: html }} />
    </pre>
  );
});
