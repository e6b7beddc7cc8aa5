import { Component, type ComponentChildren, type VNode } from "preact";
import { useState } from "preact/hooks";
import * as z from "zod/mini";
import { placeOfReplay } from "../../../src/agents/protocol/reduce-replay.ts";
import type { Session, Turn } from "../../../src/agents/protocol/session-state.ts";
import { type AgentsContext, AgentsPageContext, useAgentsPage } from "./agents-context.ts";
import { Choice } from "./choice.tsx";
import { Conversation } from "./conversation.tsx";
import { FiguresTable } from "./figures-table.tsx";
import { RunReplayContext } from "./replay-context.ts";
import { ReplayLine } from "./replay-line.tsx";
import { allRuns, between, pairs } from "./run-figures.ts";
import { SequenceDiagram } from "./sequence-diagram.tsx";

/** What a person looks at; `null`: the newest question, the messages of all. */
const viewSchema = z.object({
  sessionId: z.string(),
  turnId: z.nullable(z.string()),
  pair: z.nullable(z.string()),
  /** Words that were being written in the place of a message's own. */
  draft: z.optional(z.nullable(z.object({ messageId: z.string(), text: z.string() }))),
});
type View = z.infer<typeof viewSchema>;

/** The agents of the session that is shown: what each said to whom, and what it took. */
export function AgentsPage(props: { readonly session: Session | null; readonly page: AgentsContext }): VNode {
  const { session, page } = props;
  const { strings } = page;
  return (
    <AgentsPageContext.Provider value={page}>
      <Boundary page={page}>
        {session === null ? (
          <p class="note" role="status">
            {strings.loading}
          </p>
        ) : (
          <SessionAgents key={session.id} session={session} />
        )}
      </Boundary>
    </AgentsPageContext.Provider>
  );
}

/** Says what went wrong in the place of what could not be drawn. */
class Boundary extends Component<
  { readonly page: AgentsContext; readonly children: ComponentChildren },
  { readonly message: string | null }
> {
  override state: { readonly message: string | null } = { message: null };

  override componentDidCatch(thrown: unknown): void {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    this.props.page.host.say({ kind: "failed", message });
    this.setState({ message });
  }

  override render(): ComponentChildren {
    const { message } = this.state;
    return message === null ? (
      this.props.children
    ) : (
      <p class="note" role="alert">
        {this.props.page.strings.failed} {message}
      </p>
    );
  }
}

function SessionAgents(props: { readonly session: Session }): VNode {
  const { session } = props;
  const { host, strings } = useAgentsPage();
  const [view, setView] = useState<View>(() => keptView(host.kept, session.id));
  const look = (fields: Partial<View>): void => {
    const next = { ...view, ...fields };
    setView(next);
    host.keep(next);
  };
  const runs = allRuns(session);
  const newest = session.turns.at(-1);
  const shown = runs.find(({ id }) => id === view.turnId) ?? newest;
  return (
    <main>
      <header>
        <h1>{strings.title}</h1>
        {session.title === "" ? null : <p class="quiet">{session.title}</p>}
      </header>
      {shown === undefined ? (
        <p class="note">{session.id === "" ? strings.noSession : strings.noRuns}</p>
      ) : (
        <>
          <Choice
            label={strings.question}
            value={view.turnId === null ? "" : shown.id}
            options={runOptions(session, runs, strings)}
            onChange={(turnId) => look({ turnId: turnId === "" ? null : turnId, pair: null, draft: null })}
          />
          <p class="asked">{shown.question}</p>
          {shown.replay === undefined ? null : (
            <ReplayLine
              replay={shown.replay}
              runs={runs}
              onLook={(turnId) => look({ turnId, pair: null, draft: null })}
            />
          )}
          <FiguresTable run={shown} session={session} />
          <RunReplayContext.Provider
            value={{
              run: shown,
              later: laterQuestions(session, shown.id),
              draft: view.draft ?? null,
              onDraft: (draft) => look({ draft }),
              onReplay: (draft) => {
                host.say({ kind: "replay", turnId: shown.id, messageId: draft.messageId, content: draft.text });
                look({ turnId: null, draft: null });
              },
            }}
          >
            <RunMessages key={shown.id} run={shown} pair={view.pair} onPair={(pair) => look({ pair })} />
          </RunReplayContext.Provider>
        </>
      )}
    </main>
  );
}

/** Questions after the one that would be replaced; `null` where none can be, or while one is being answered. */
function laterQuestions(session: Session, turnId: string): number | null {
  const { turns } = session;
  const place = turns.at(-1)?.status === "running" ? null : placeOfReplay(session, turnId);
  return place === null ? null : turns.length - 1 - turns.findIndex(({ id }) => id === place);
}

function keptView(kept: unknown, sessionId: string): View {
  const view = viewSchema.safeParse(kept);
  return view.success && view.data.sessionId === sessionId ? view.data : { sessionId, turnId: null, pair: null };
}

function runOptions({ turns }: Session, runs: readonly Turn[], strings: AgentsContext["strings"]) {
  const stand = new Set(turns.map(({ id }) => id));
  const options = runs.map(({ id, question, status }, index) => {
    const state = [strings.states[status], ...(stand.has(id) ? [] : [strings.replaced])].join(", ");
    return { value: id, label: `${index + 1}. ${question} (${state})` };
  });
  return [{ value: "", label: strings.newest }, ...options.toReversed()];
}

function RunMessages(props: {
  readonly run: Turn;
  readonly pair: string | null;
  readonly onPair: (pair: string | null) => void;
}): VNode {
  const { strings } = useAgentsPage();
  const { messages } = props.run;
  if (messages.length === 0) {
    return <p class="note">{strings.noMessages}</p>;
  }

  const known = pairs(messages).map((pair) => ({ ...pair, key: pair.names.join("\n") }));
  const chosen = known.find(({ key }) => key === props.pair);
  const options = known.map(({ key, names: [one, other], count }) => {
    return { value: key, label: strings.pair(one, other, count) };
  });
  return (
    <>
      <Choice
        label={strings.messagesOf}
        value={chosen?.key ?? ""}
        options={[{ value: "", label: strings.everyone(messages.length) }, ...options]}
        onChange={(key) => props.onPair(key === "" ? null : key)}
      />
      {chosen === undefined ? (
        <SequenceDiagram messages={messages} />
      ) : (
        <Conversation messages={between(messages, chosen.names)} />
      )}
    </>
  );
}
