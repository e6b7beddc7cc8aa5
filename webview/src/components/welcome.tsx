import type { VNode } from "preact";
import { usePage, useSelected } from "../page-context.ts";
import { canAnswer } from "../store/page-state.ts";
import { Button, Icon } from "./controls.tsx";

/** What stands in an empty session. */
export function Welcome(): VNode {
  const { strings, request } = usePage();
  return (
    <section class="welcome" aria-label={strings.welcomeTitle}>
      <Icon name="comment-discussion" class="welcome-icon" />
      <h2>{strings.welcomeTitle}</h2>
      <p class="quiet">{strings.welcomeText}</p>
      <div class="actions">
        <Button primary icon="graph" onClick={() => void request("file-pick", {})}>
          {strings.pickFile}
        </Button>
        <Button primary icon="book" onClick={() => void request("source-pick", { kind: "files" })}>
          {strings.askFiles}
        </Button>
      </div>
    </section>
  );
}

/** Said on top of everything while the workspace is not trusted. */
export function Untrusted(): VNode {
  const { strings, request } = usePage();
  return (
    <section class="banner" aria-label={strings.untrustedTitle}>
      <div class="line top">
        <Icon name="shield" class="warning" />
        <span class="grow">
          <b>{strings.untrustedTitle}</b>
          <br />
          {strings.untrustedText}
        </span>
      </div>
      <div class="actions">
        <Button onClick={() => void request("trust-manage", {})}>{strings.manageTrust}</Button>
      </div>
    </section>
  );
}

/** What was looked for when there is no model, and each way to get one. */
export function NoModel(): VNode {
  const { strings, request } = usePage();
  const models = useSelected((state) => state.models);
  const hasData = useSelected(({ session }) => session.files.some(({ profile }) => profile !== null));
  const extracts = useSelected(canAnswer);
  return (
    <section class="banner no-model" aria-label={strings.noModelTitle}>
      <div class="line top">
        <Icon name="plug" />
        <b class="grow">{strings.noModelTitle}</b>
      </div>
      <p class="quiet">{extracts ? strings.noModelSources : strings.noModelText(hasData)}</p>
      <ul class="ways">
        <li>{strings.wayOllama}</li>
        <li>{strings.wayLmStudio}</li>
        <li>{strings.wayEndpoint}</li>
        <li>{strings.wayEditor}</li>
      </ul>
      <div class="actions">
        <Button
          primary
          icon="refresh"
          disabled={models?.looking === true}
          onClick={() => void request("model-refresh", {})}
        >
          {models?.looking === true ? strings.lookingForModels : strings.lookAgain}
        </Button>
        <Button icon="add" onClick={() => void request("model-add", {})}>
          {strings.addEndpoint}
        </Button>
      </div>
      {(models?.sources.length ?? 0) === 0 ? null : (
        <>
          <div class="quiet looked">{strings.lookedFor}</div>
          <dl class="sources">
            {models?.sources.map((source) => (
              <div key={source.name + source.baseUrl}>
                <dt>{source.name}</dt>
                <dd class="quiet break">
                  {source.problem ?? (source.models.length === 0 ? strings.noModelsThere : source.models.join(", "))}
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}
