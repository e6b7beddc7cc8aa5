import type { VNode } from "preact";
import type { TableJoin } from "../../../src/agents/protocol/table-join.ts";
import { useKeptOpen, usePage } from "../page-context.ts";
import { describeJoin } from "../text/describe-join.ts";
import { Icon, LinkButton } from "./controls.tsx";
import { memo } from "./memo.ts";

const shownAtFirst = 3;

/** By which columns the files of the session can be joined, and a question that does it. */
export const Joins = memo(function Joins(props: { readonly joins: readonly TableJoin[] }): VNode {
  const { joins } = props;
  const { strings, format } = usePage();
  const [all, setAll] = useKeptOpen("joins", false);
  const shown = all ? joins : joins.slice(0, shownAtFirst);
  return (
    <section class="card joins" aria-label={strings.joins}>
      <div class="joins-title">{strings.joins}</div>
      <ul>
        {shown.map((join, index) => (
          <JoinLine key={index} join={join} />
        ))}
      </ul>
      {joins.length > shownAtFirst ? (
        <div class="card-part quiet">
          <LinkButton expanded={all} onClick={() => setAll(!all)}>
            {all ? strings.fewerJoins : strings.moreJoins(format.number(joins.length - shownAtFirst))}
          </LinkButton>
        </div>
      ) : null}
    </section>
  );
});

function JoinLine(props: { readonly join: TableJoin }): VNode {
  const { join } = props;
  const { strings, format, store } = usePage();
  const { left, right } = join;
  const said = describeJoin(join, strings, format);
  const compose = (): void => store.set({ draft: said.question, focusRequests: store.get().focusRequests + 1 });
  return (
    <li class="join">
      <div class="join-columns break">
        <span class="quiet">{left.name}</span> <b>{said.leftColumns}</b>
        <span aria-hidden="true"> ↔ </span>
        <span class="sr-only"> = </span>
        <span class="quiet">{right.name}</span> <b>{said.rightColumns}</b>
      </div>
      <div class="quiet break">{said.facts}</div>
      {said.cautions.map((caution) => (
        <div key={caution} class="line top join-caution">
          <Icon name="warning" class="warning" />
          <span class="grow break">{caution}</span>
        </div>
      ))}
      <LinkButton onClick={compose}>{strings.joinAsk}</LinkButton>
    </li>
  );
}
