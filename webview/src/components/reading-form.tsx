import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { AttachedFile } from "../../../src/agents/protocol/session-state.ts";
import type { DialectChoice } from "../../../src/agents/protocol/table-profile.ts";
import { problemText } from "../../../src/agents/protocol/words/problem-text.ts";
import { usePage } from "../page-context.ts";
import { type DialectFields, type WrittenField, fieldsOf, readForm } from "../text/dialect-form.ts";
import { readingFields } from "../text/reading-fields.ts";
import { ChoiceField } from "./choice-field.tsx";
import { Button, Icon } from "./controls.tsx";

/** How a file is read, to be changed. What is not chosen here is detected. */
export function ReadingForm(props: {
  readonly file: AttachedFile;
  /** Told when the file is to be read as the form says. */
  readonly onAsk?: () => void;
  readonly onClose: () => void;
}): VNode {
  const { file } = props;
  const { strings, request } = usePage();
  const [fields, setFields] = useState(() => fieldsOf(file.refused?.choice ?? file.choice));
  const [wrong, setWrong] = useState<WrittenField | null>(null);
  const busy = file.reading !== null;
  const read = (dialect: DialectChoice): void => {
    props.onAsk?.();
    void request("file-reprofile", { path: file.path, dialect });
  };
  const apply = (): void => {
    const reading = readForm(fields, file.choice);
    setWrong("wrong" in reading ? reading.wrong : null);
    if ("choice" in reading) {
      read(reading.choice);
    }
  };
  const detectAgain = (): void => {
    setFields(fieldsOf({}));
    setWrong(null);
    read(file.choice.sheet === undefined ? {} : { sheet: file.choice.sheet });
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && event.target instanceof HTMLElement && event.target.matches("vscode-text-field")) {
      apply();
    }
  };
  return (
    <div class="reading-form" role="group" aria-label={strings.readingForm(file.name)} onKeyDown={keys}>
      <FormFields
        file={file}
        fields={fields}
        wrong={wrong}
        onChange={(changed) => setFields({ ...fields, ...changed })}
      />
      {file.refused === null || busy ? null : <Refusal file={file} />}
      <div class="actions">
        <Button primary disabled={busy} onClick={apply}>
          {busy ? strings.applyingReading : strings.applyReading}
        </Button>
        {Object.keys(file.choice).length === 0 && file.refused === null ? null : (
          <Button disabled={busy} onClick={detectAgain}>
            {strings.detectAgain}
          </Button>
        )}
        <Button onClick={props.onClose}>{file.refused === null ? strings.cancel : strings.backToBefore}</Button>
      </div>
    </div>
  );
}

function Refusal(props: { readonly file: AttachedFile }): VNode | null {
  const { strings, store } = usePage();
  const locale = store.get().settings?.locale ?? "en";
  const { refused, problem } = props.file;
  // Where the file cannot be read at all, the card says why.
  return refused === null || problem !== null ? null : (
    <div class="line top refused" role="alert">
      <Icon name="error" class="bad" />
      <span class="grow break">
        {strings.readingRefused(
          refused.problem.code === "table.no-rows" ? strings.noRowsThisWay : problemText(refused.problem, locale),
        )}
      </span>
    </div>
  );
}

function FormFields(props: {
  readonly file: AttachedFile;
  readonly fields: DialectFields;
  readonly wrong: WrittenField | null;
  readonly onChange: (changed: Partial<DialectFields>) => void;
}): VNode {
  const { strings, format } = usePage();
  const { file, fields, wrong, onChange } = props;
  const specs = readingFields({ dialect: file.profile?.dialect ?? null, choice: file.choice, fields, strings, format });
  return (
    <div class="choice-fields">
      {specs.map(({ key, label, options, write }) => (
        <ChoiceField
          key={key}
          label={label}
          value={fields[key]}
          options={options}
          onChange={(value) => onChange({ [key]: value })}
          write={
            write === undefined
              ? undefined
              : {
                  label: write.label,
                  value: fields[write.key],
                  wrong: wrong === write.key ? strings.wrongFields[wrong] : undefined,
                  onInput: (value) => onChange({ [write.key]: value }),
                }
          }
        />
      ))}
    </div>
  );
}
