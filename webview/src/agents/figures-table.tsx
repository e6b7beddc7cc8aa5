import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Cost } from "../../../src/agents/protocol/model-costs.ts";
import type { Session, Turn } from "../../../src/agents/protocol/session-state.ts";
import { useAgentsPage } from "./agents-context.ts";
import { Choice } from "./choice.tsx";
import { type AgentFigures, agentFigures, allRuns, totalFigures } from "./run-figures.ts";

type Scope = "run" | "session";

/** What each agent said and spent, for one question or for all. */
export function FiguresTable(props: { readonly run: Turn; readonly session: Session }): VNode {
  const { strings, format, prices, host } = useAgentsPage();
  const [scope, setScope] = useState<Scope>("run");
  const runs = scope === "run" ? [props.run] : allRuns(props.session);
  const figures = agentFigures(runs, prices);
  const wallMs = runs.reduce((all, { durationMs }) => all + durationMs, 0);
  const hasPrices = Object.keys(prices).length > 0;
  return (
    <section>
      <div class="line">
        <Choice
          label={strings.figuresOf}
          value={scope}
          options={[
            { value: "run", label: strings.thisQuestion },
            { value: "session", label: strings.wholeSession },
          ]}
          onChange={(value) => setScope(value === "session" ? "session" : "run")}
        />
        {wallMs === 0 ? null : <span class="quiet">{strings.wall(format.duration(wallMs))}</span>}
        <button type="button" class="link" onClick={() => host.say({ kind: "set-prices" })}>
          {strings.setPrices}
        </button>
      </div>
      <div class="scroll" tabIndex={0} role="region" aria-label={strings.figuresOf}>
        <table>
          <thead>
            <tr>
              <th scope="col">{strings.agent}</th>
              {[strings.sent, strings.calls, strings.read, strings.written, strings.modelTime].map((name) => (
                <th key={name} scope="col" class="figure">
                  {name}
                </th>
              ))}
              {hasPrices ? (
                <th scope="col" class="figure">
                  {strings.cost}
                </th>
              ) : null}
              <td />
            </tr>
          </thead>
          <tbody>
            {figures.map((line) => (
              <tr key={line.agent}>
                <th scope="row">{line.agent}</th>
                <Figures of={line} hasPrices={hasPrices} />
                <td>
                  <AgentActions agent={line.agent} session={props.session} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{strings.total}</th>
              <Figures of={totalFigures(runs, prices)} hasPrices={hasPrices} />
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

/** What a person can do with one of the agents, where it is one of theirs. */
function AgentActions(props: { readonly agent: string; readonly session: Session }): VNode | null {
  const { strings, agents, host } = useAgentsPage();
  const { agent, session } = props;
  const known = agents.find(({ name }) => name === agent);
  const isEdited = session.agentEdits.some((edit) => edit.agent === agent);
  const actions = [
    ...(known?.edit === true ? (["edit"] as const) : []),
    ...(known?.edit === true && isEdited ? (["restore"] as const) : []),
    ...(known?.forget === true ? (["forget"] as const) : []),
  ];
  return actions.length === 0 ? null : (
    <span class="line">
      {actions.map((kind) => (
        <button
          key={kind}
          type="button"
          class="link"
          aria-label={strings.actionOf[kind](agent)}
          title={strings.actionOf[kind](agent)}
          onClick={() => host.say({ kind, agent })}
        >
          {strings.actions[kind]}
        </button>
      ))}
    </span>
  );
}

function Figures(props: { readonly of: Omit<AgentFigures, "agent">; readonly hasPrices: boolean }): VNode {
  const { strings, format } = useAgentsPage();
  const { sent, calls, promptTokens, completionTokens, estimated, modelMs, cost } = props.of;
  const tokens = (count: number): string => (estimated ? strings.about(format.number(count)) : format.number(count));
  const why = estimated ? strings.aboutWhy : undefined;
  return (
    <>
      <td class="figure">{format.number(sent)}</td>
      <td class="figure">{calls === 0 ? "–" : format.number(calls)}</td>
      <td class="figure" title={why}>
        {calls === 0 ? "–" : tokens(promptTokens)}
      </td>
      <td class="figure" title={why}>
        {calls === 0 ? "–" : tokens(completionTokens)}
      </td>
      <td class="figure">{calls === 0 ? "–" : format.duration(modelMs)}</td>
      {props.hasPrices ? <CostFigure cost={cost} /> : null}
    </>
  );
}

function CostFigure({ cost }: { readonly cost: Cost }): VNode {
  const { strings } = useAgentsPage();
  if (cost.amount === null) {
    return <td class="figure">–</td>;
  }

  const digits = { minimumFractionDigits: 2, maximumSignificantDigits: 4 };
  const amount = new Intl.NumberFormat(strings.locale, digits).format(cost.amount);
  return (
    <td class="figure" title={cost.isLeast ? strings.leastWhy : undefined}>
      {cost.isLeast ? strings.least(amount) : amount}
    </td>
  );
}
