import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ConnectionCheck, ConnectionReport, ModelChoice } from "../../../src/agents/protocol/model.ts";
import { usePage } from "../page-context.ts";
import { Button, Icon } from "./controls.tsx";

const statusIcons = { ok: "pass", note: "info", failed: "error", skipped: "circle-outline" } as const;

/** That a model reads words alone is how it is made; nothing is wrong with it. */
function lookOf({ name, status }: ConnectionCheck): keyof typeof statusIcons {
  return name === "vision" && status === "failed" ? "note" : status;
}

/** Tests a model and lists what was found, one line per check. */
export function ConnectionTest(props: { readonly choice: ModelChoice | null }): VNode {
  const { strings, format, request } = usePage();
  const [testing, setTesting] = useState(false);
  const [report, setReport] = useState<ConnectionReport | null>(null);
  useEffect(() => setReport(null), [props.choice?.baseUrl, props.choice?.model]);
  const test = async (): Promise<void> => {
    setTesting(true);
    const result = await request("model-test", { choice: props.choice });
    setTesting(false);
    setReport(result?.report ?? null);
  };
  return (
    <div class="connection">
      <Button icon="beaker" disabled={testing || props.choice === null} onClick={() => void test()}>
        {testing ? strings.testing : strings.testConnection}
      </Button>
      {report === null ? null : (
        <div role="status">
          <div class="quiet cut">{strings.testedIn(report.choice.model, format.duration(report.durationMs))}</div>
          <ul class="checks">
            {report.checks.map((check) => (
              <li key={check.name} class={`check check-${lookOf(check)}`}>
                <Icon name={statusIcons[lookOf(check)]} />
                <span class="grow break">
                  <b>{strings.checkNames[check.name]}</b>
                  {lookOf(check) === "note" ? null : (
                    <span class="sr-only"> {strings.checkStatuses[check.status]}</span>
                  )}{" "}
                  {check.message}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
