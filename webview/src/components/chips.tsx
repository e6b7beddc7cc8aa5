import type { VNode } from "preact";

/** Short things to press, in a wrapping row. */
export function Chips(props: {
  readonly label: string;
  readonly items: readonly string[];
  readonly onPick: (item: string) => void;
}): VNode {
  return (
    <div class="chips" role="group" aria-label={props.label}>
      {props.items.map((item) => (
        <button key={item} type="button" class="chip" title={item} onClick={() => props.onPick(item)}>
          {item}
        </button>
      ))}
    </div>
  );
}
