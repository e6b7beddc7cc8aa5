import type { VNode } from "preact";
import { type HeadRow, type Row, type TurnRow, isHeadRow } from "../rows/session-rows.ts";
import { usePage } from "../page-context.ts";
import { stringsForTable } from "../text/conversation-strings.ts";
import { suggestQuestions } from "../text/suggest-questions.ts";
import { suggestSourceQuestions } from "../text/suggest-source-questions.ts";
import type { SessionSource } from "../../../src/agents/protocol/session-state.ts";
import { Cell } from "./cell.tsx";
import { Chips } from "./chips.tsx";
import { DataCard } from "./data-card.tsx";
import { Joins } from "./joins.tsx";
import { Passages } from "./passages.tsx";
import { Question } from "./question.tsx";
import { RemovedTurns } from "./removed-turns.tsx";
import { SelectLine } from "./select-line.tsx";
import { SourcesCard } from "./sources-card.tsx";
import { Notice, TextView } from "./text-block.tsx";
import { ToolCall } from "./tool-call.tsx";
import { TurnEnd } from "./turn-end.tsx";
import { TurnProgress } from "./turn-progress.tsx";
import { NoModel, Untrusted, Welcome } from "./welcome.tsx";

/** Draws one row of the message list. */
export function MessageRow(props: { readonly row: Row }): VNode {
  const { row } = props;
  return isHeadRow(row) ? <HeadOfSession row={row} /> : <PartOfTurn row={row} />;
}

function HeadOfSession(props: { readonly row: HeadRow }): VNode {
  const { row } = props;
  switch (row.kind) {
    case "trust":
      return <Untrusted />;
    case "welcome":
      return <Welcome />;
    case "file":
      return <DataCard file={row.file} />;
    case "sources":
      return <SourcesCard sources={row.sources} />;
    case "joins":
      return <Joins joins={row.joins} />;
    case "suggestions":
      return <Suggestions row={row} />;
    case "source-suggestions":
      return <SourceSuggestions sources={row.sources} />;
    case "no-model":
      return <NoModel />;
  }
}

function PartOfTurn(props: { readonly row: TurnRow }): VNode {
  const { row } = props;
  switch (row.kind) {
    case "question":
      return (
        <Question turnId={row.turn.id} question={row.turn.question} agent={row.turn.agent} editable={row.editable} />
      );
    case "removed":
      return <RemovedTurns rowKey={row.key} turns={row.turns} />;
    case "select":
      return <SelectLine rowKey={row.key} block={row.block} messages={row.messages} />;
    case "notice":
      return <Notice block={row.block} />;
    case "text":
      return <TextView rowKey={row.key} turnId={row.turnId} block={row.block} speaker={row.speaker} />;
    case "passages":
      return <Passages rowKey={row.key} block={row.block} />;
    case "cell":
      return <Cell block={row.block} superseded={row.superseded} endTold={row.endTold} />;
    case "tool":
      return <ToolCall rowKey={row.key} block={row.block} />;
    case "progress":
      return <TurnProgress progress={row.turn.progress} startedAt={row.turn.startedAt} />;
    case "end":
      return <TurnEnd turn={row.turn} last={row.last} />;
  }
}

function Suggestions(props: { readonly row: Extract<Row, { kind: "suggestions" }> }): VNode | null {
  const { strings, ask } = usePage();
  const { profile } = props.row.file;
  return profile === null ? null : (
    <Chips
      label={strings.suggestions}
      items={suggestQuestions(profile, stringsForTable(profile, strings))}
      onPick={(item) => ask(item)}
    />
  );
}

function SourceSuggestions(props: { readonly sources: readonly SessionSource[] }): VNode | null {
  const { strings, ask } = usePage();
  const items = suggestSourceQuestions(props.sources, strings);
  return items.length === 0 ? null : <Chips label={strings.suggestions} items={items} onPick={(item) => ask(item)} />;
}
