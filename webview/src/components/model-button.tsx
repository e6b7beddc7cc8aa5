import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { usePage, useSelected } from "../page-context.ts";
import { Icon } from "./controls.tsx";
import { ModelPicker } from "./model-picker.tsx";

/** The model that answers; opens the picker. */
export function ModelButton(): VNode {
  const { strings } = usePage();
  const models = useSelected((state) => state.models);
  const requests = useSelected((state) => state.pickerRequests);
  const lacked = useSelected((state) => state.modelLacked);
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (requests > 0) {
      setOpen(true);
    }
  }, [requests]);
  const name = models?.choice?.model ?? (models?.looking === true ? strings.lookingForModels : strings.noModel);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class={lacked ? "pick model-pick wanted" : "pick model-pick"}
        title={`${strings.chooseModel}: ${name}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span class="cut">{name}</span>
        <Icon name="chevron-down" />
      </button>
      {open ? <ModelPicker anchor={anchor} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
