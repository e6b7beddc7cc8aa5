import type { RefObject, TargetedKeyboardEvent, VNode } from "preact";
import { useState } from "preact/hooks";
import type { ModelChoice, ModelSource } from "../../../src/agents/protocol/model.ts";
import type { ModelState } from "../../../src/agents/protocol/page.ts";
import { usePage, useSelected } from "../page-context.ts";
import { ConnectionTest } from "./connection-test.tsx";
import { Dropdown, Icon, IconButton, LinkButton, ProgressRing } from "./controls.tsx";
import { Popover } from "./popover.tsx";

const roles = ["chat", "router", "reviewer", "embedding"] as const;
type Role = (typeof roles)[number];

/** The models that were found, by source, for each role; keys, further addresses and a connection test. */
export function ModelPicker(props: {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}): VNode {
  const { strings, request } = usePage();
  const models = useSelected((state) => state.models);
  const [role, setRole] = useState<Role>("chat");
  const looking = models === null || models.looking;
  return (
    <Popover anchor={props.anchor} label={strings.models} onClose={props.onClose} role="dialog" class="picker">
      <div class="line picker-head">
        <label class="quiet">{strings.role}</label>
        <Dropdown
          value={role}
          label={strings.role}
          options={roles.map((value) => ({ value, label: strings.roles[value] }))}
          onChange={setRole}
        />
        <span class="grow" />
        {looking ? <ProgressRing /> : null}
        <IconButton
          icon="refresh"
          label={strings.lookAgain}
          disabled={looking}
          onClick={() => void request("model-refresh", {})}
        />
      </div>
      {models === null ? (
        <div class="quiet pad">{strings.lookingForModels}</div>
      ) : (
        <Choices models={models} role={role} onChosen={props.onClose} />
      )}
      <div class="picker-foot">
        <LinkButton onClick={() => void request("model-add", {})}>
          <Icon name="add" /> {strings.addEndpoint}
        </LinkButton>
      </div>
      <ConnectionTest choice={chosenFor(models, role) ?? models?.choice ?? null} />
    </Popover>
  );
}

function Choices(props: { readonly models: ModelState; readonly role: Role; readonly onChosen: () => void }): VNode {
  const { strings, request } = usePage();
  const { models, role } = props;
  const chosen = chosenFor(models, role);
  const choose = (choice: ModelChoice | null): void => {
    void request("model-choose", { role, choice });
    if (role === "chat") {
      props.onChosen();
    }
  };
  return (
    <div class="choices" role="radiogroup" aria-label={strings.roles[role]} onKeyDown={moveAmongRadios}>
      {role === "chat" ? null : (
        <Choice
          label={role === "embedding" ? strings.noEmbedding : strings.sameAsChat}
          checked={chosen === null}
          onChoose={() => choose(null)}
        />
      )}
      {models.sources.map((source) => (
        <Source key={source.name + source.baseUrl} source={source} chosen={chosen} onChoose={choose} />
      ))}
    </div>
  );
}

function Source(props: {
  readonly source: ModelSource;
  readonly chosen: ModelChoice | null;
  readonly onChoose: (choice: ModelChoice) => void;
}): VNode {
  const { strings, request } = usePage();
  const { source, chosen } = props;
  const { provider, baseUrl } = source;
  const isHere = chosen?.provider === provider && chosen.baseUrl === baseUrl;
  const missing = isHere && !source.models.includes(chosen.model) ? [chosen.model] : [];
  return (
    <div class="source" role="group" aria-label={source.name}>
      <div class="line source-head">
        <span class="grow cut" title={baseUrl}>
          {source.name}
        </span>
        {provider === "editor" ? null : (
          <LinkButton onClick={() => void request("model-key", { baseUrl })}>
            {source.hasKey ? strings.changeKey : strings.setKey}
          </LinkButton>
        )}
      </div>
      {source.problem === null ? null : <div class="quiet break source-problem">{source.problem}</div>}
      {source.problem === null && source.models.length === 0 ? (
        <div class="quiet source-problem">{strings.noModelsThere}</div>
      ) : null}
      {[...missing, ...source.models].map((model) => (
        <Choice
          key={model}
          label={model}
          note={missing.includes(model) ? strings.notInTable : undefined}
          checked={isHere && chosen.model === model}
          onChoose={() => props.onChoose({ provider, baseUrl, model })}
        />
      ))}
    </div>
  );
}

function Choice(props: {
  readonly label: string;
  readonly note?: string | undefined;
  readonly checked: boolean;
  readonly onChoose: () => void;
}): VNode {
  return (
    <button
      type="button"
      role="radio"
      aria-checked={props.checked}
      class="choice"
      title={props.label}
      onClick={props.onChoose}
    >
      <Icon name={props.checked ? "check" : "blank"} />
      <span class="cut grow">{props.label}</span>
      {props.note === undefined ? null : <span class="quiet nowrap">{props.note}</span>}
    </button>
  );
}

function chosenFor(models: ModelState | null, role: Role): ModelChoice | null {
  return (role === "chat" ? models?.choice : models?.roles[role]) ?? null;
}

function moveAmongRadios(event: TargetedKeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const group = event.currentTarget;
  const radios = [...group.querySelectorAll<HTMLElement>("[role=radio]")];
  const at = radios.findIndex((radio) => radio === document.activeElement);
  if (step !== 0 && at !== -1) {
    event.preventDefault();
    radios[(at + step + radios.length) % radios.length]?.focus();
  }
}
