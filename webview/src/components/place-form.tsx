import type { RefObject, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ClusterState } from "../../../src/agents/protocol/cluster-state.ts";
import { type RunPlace, usualClusterPlace } from "../../../src/agents/protocol/run-place.ts";
import { type Page, usePage, useSelected } from "../page-context.ts";
import { type PlaceFields, gigabytes, isTooMuch, placeFields, readPlaceForm } from "../text/place-form.ts";
import { Button, Icon, TextField } from "./controls.tsx";
import { Popover } from "./popover.tsx";

/** How much of the cluster the session is to be given, with what is free. */
export function PlaceForm(props: {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onChoose: (place: RunPlace) => void;
  readonly onClose: () => void;
}): VNode {
  const { strings, request } = usePage();
  const place = useSelected(({ session }) => session.place);
  const cluster = useSelected((state) => state.cluster);
  const first = place?.kind === "cluster" ? place : (cluster?.last ?? usualClusterPlace);
  const [fields, setFields] = useState(() => placeFields(first));
  const [wrong, setWrong] = useState<keyof PlaceFields | null>(null);
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void request("cluster-look", {});
    form.current?.querySelector<HTMLElement>("vscode-text-field")?.focus();
  }, []);
  const apply = (): void => {
    const reading = readPlaceForm(fields);
    setWrong("wrong" in reading ? reading.wrong : null);
    // What no machine has would be refused there, when the Python that runs now has ended.
    if ("place" in reading && (cluster === null || !isTooMuch(reading.place, cluster.state))) {
      props.onClose();
      props.onChoose(reading.place);
    }
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && event.target instanceof HTMLElement && event.target.matches("vscode-text-field")) {
      apply();
    }
  };
  return (
    <Popover anchor={props.anchor} label={strings.placeForm} role="dialog" class="place-form" onClose={props.onClose}>
      <div ref={form} onKeyDown={keys}>
        <div class="form-title">{strings.placeForm}</div>
        <Fields fields={fields} wrong={wrong} onChange={(changed) => setFields({ ...fields, ...changed })} />
        <ClusterFacts fields={fields} />
        <div class="actions">
          <Button primary onClick={apply}>
            {strings.placeApply}
          </Button>
          <Button onClick={props.onClose}>{strings.cancel}</Button>
        </div>
      </div>
    </Popover>
  );
}

function Fields(props: {
  readonly fields: PlaceFields;
  readonly wrong: keyof PlaceFields | null;
  readonly onChange: (changed: Partial<PlaceFields>) => void;
}): VNode {
  const { strings } = usePage();
  const { fields, wrong, onChange } = props;
  const rows: readonly { readonly key: keyof PlaceFields; readonly label: string; readonly placeholder: string }[] = [
    { key: "cpus", label: strings.placeCpus, placeholder: "1" },
    { key: "memory", label: strings.placeMemory, placeholder: strings.placeNoLimit },
    { key: "gpus", label: strings.placeGpus, placeholder: "0" },
    { key: "custom", label: strings.placeCustom, placeholder: strings.placeCustomExample },
  ];
  return (
    <div class="place-fields">
      {rows.map(({ key, label, placeholder }) => (
        <div key={key} class="choice-field">
          <span class="quiet" aria-hidden="true">
            {label}
          </span>
          <TextField
            label={label}
            placeholder={placeholder}
            value={fields[key]}
            onInput={(value) => onChange({ [key]: value })}
          />
          {wrong === key ? (
            <span class="choice-wrong bad" role="alert">
              {strings.placeWrong[key]}
            </span>
          ) : null}
        </div>
      ))}
    </div>
  );
}

/** What is free, or why that is not known; that what is wanted will never be there. */
function ClusterFacts(props: { readonly fields: PlaceFields }): VNode | null {
  const page = usePage();
  const { strings } = page;
  const state = useSelected(({ cluster }) => cluster?.state);
  if (state === undefined || state.status === "none") {
    return null;
  }

  if (state.status !== "up") {
    return <div class="quiet break facts">{strings.placeNotConnected(state.address)}</div>;
  }

  const reading = readPlaceForm(props.fields);
  return (
    <div class="facts">
      <div class="quiet break">{strings.placeFree(freeOf(state, page))}</div>
      {state.custom.length === 0 ? null : (
        <div class="quiet break">{strings.placeCustomKnown(state.custom.join(strings.listSeparator))}</div>
      )}
      {"place" in reading && isTooMuch(reading.place, state) ? (
        <div class="line top" role="status">
          <Icon name="warning" class="warning" />
          <span class="grow break">{strings.placeTooMuch}</span>
        </div>
      ) : null}
    </div>
  );
}

function freeOf(state: Extract<ClusterState, { readonly status: "up" }>, { strings, format }: Page): string {
  const { free } = state;
  const memory = (bytes: number): string => format.number(gigabytes(bytes));
  return [
    strings.placeOf(format.number(free.cpus), strings.cpus(format.number(state.cpus), state.cpus)),
    strings.placeOf(memory(free.memoryBytes), strings.gigabytes(memory(state.memoryBytes))),
    ...(state.gpus > 0
      ? [strings.placeOf(format.number(free.gpus), strings.gpus(format.number(state.gpus), state.gpus))]
      : []),
  ].join(strings.listSeparator);
}
