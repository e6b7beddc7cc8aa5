import type { VNode } from "preact";
import { Dropdown, TextField } from "./controls.tsx";

/** A choice among a few things, of which one may be to write another. */
export function ChoiceField(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
  /** Stands beside the choice. `wrong`: why what is written there cannot be used. */
  readonly write:
    | {
        readonly label: string;
        readonly value: string;
        readonly wrong: string | undefined;
        readonly onInput: (value: string) => void;
      }
    | undefined;
}): VNode {
  const { label, write } = props;
  return (
    <div class="choice-field">
      <span class="quiet" aria-hidden="true">
        {label}
      </span>
      <span class="choice">
        <Dropdown label={label} value={props.value} options={props.options} onChange={props.onChange} />
        {write === undefined ? null : (
          <TextField label={write.label} placeholder="" value={write.value} onInput={write.onInput} />
        )}
      </span>
      {write?.wrong === undefined ? null : (
        <span class="choice-wrong bad" role="alert">
          {write.wrong}
        </span>
      )}
    </div>
  );
}
