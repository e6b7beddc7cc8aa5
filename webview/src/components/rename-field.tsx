import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { usePage } from "../page-context.ts";

/** A title being changed: Enter and leaving the field keep it, Escape does not (`null`), as does an empty one. */
export function RenameField(props: { readonly title: string; readonly onDone: (title: string | null) => void }): VNode {
  const { strings } = usePage();
  const [text, setText] = useState(props.title);
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const finish = (title: string | null): void => {
    if (!done.current) {
      done.current = true;
      props.onDone(title === null || title.trim() === "" ? null : title.trim());
    }
  };
  return (
    <input
      ref={field}
      class="rename grow"
      aria-label={strings.sessionTitle}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
      onBlur={() => finish(text)}
      onKeyDown={(event) => {
        if (event.isComposing) {
          return;
        }

        if (event.key === "Enter" || event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          finish(event.key === "Enter" ? text : null);
        }
      }}
    />
  );
}
