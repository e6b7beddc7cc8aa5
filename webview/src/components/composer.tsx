import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { problemText } from "../../../src/agents/protocol/words/problem-text.ts";
import { usePage, useSelected } from "../page-context.ts";
import { canAnswer, hasModel, isRunning } from "../store/page-state.ts";
import { readDraft } from "../text/composer-command.ts";
import { CompletionPopup } from "./completion-popup.tsx";
import { Button, Icon, LinkButton } from "./controls.tsx";
import { memo } from "./memo.ts";
import { ModelButton } from "./model-button.tsx";
import { PythonChip } from "./python-chip.tsx";
import { ScopeChips } from "./scope-chips.tsx";
import { type Completions, useCompletions } from "./use-completions.ts";

/** Where questions are written; what stands in the way of sending is said in the button's tooltip. */
export const Composer = memo(function Composer(): VNode {
  const { strings, request } = usePage();
  const draft = useSelected((state) => state.draft);
  const running = useSelected((state) => isRunning(state.session));
  const agents = useSelected((state) => state.agents);
  const sending = readDraft(draft, agents);
  const answered = useSelected((state) => canAnswer(state, sending.agent));
  const obstacle = running
    ? strings.cannotSendRunning
    : answered
      ? sending.text === ""
        ? strings.cannotSendEmpty
        : null
      : strings.cannotSendNoModel;
  return (
    <footer class="composer">
      <div class="box">
        <ScopeChips />
        <Draft canSend={obstacle === null} running={running} canAnswer={answered} />
        <ModelLacked />
        <div class="composer-line">
          <ModelButton />
          <PythonChip />
          {running ? (
            <Button class="send" icon="debug-stop" title="Esc" onClick={() => void request("turn-stop", {})}>
              {strings.stop}
            </Button>
          ) : (
            <SendButton obstacle={obstacle} />
          )}
        </div>
      </div>
    </footer>
  );
});

/** Said after a question was to be sent without a model: what has to be done first, and where. */
function ModelLacked(): VNode | null {
  const { strings, store } = usePage();
  const lacked = useSelected((state) => state.modelLacked && !canAnswer(state));
  const openPicker = (): void => store.set({ pickerRequests: store.get().pickerRequests + 1 });
  return lacked ? (
    <div class="line top model-lacked" role="alert">
      <Icon name="plug" />
      <span class="grow break">
        {strings.connectFirst} <LinkButton onClick={openPicker}>{strings.connectModel}</LinkButton>
      </span>
    </div>
  ) : null;
}

function SendButton(props: { readonly obstacle: string | null }): VNode {
  const { strings, store, ask } = usePage();
  const connected = useSelected((state) => hasModel(state.models));
  const send = (): void => {
    const { text, agent } = readDraft(store.get().draft, store.get().agents);
    ask(text, agent);
  };
  return (
    <Button
      primary
      class="send"
      icon="send"
      disabled={props.obstacle !== null}
      title={props.obstacle ?? (connected ? strings.sendHint : strings.sendsExtract)}
      onClick={send}
    >
      {strings.send}
    </Button>
  );
}

interface DraftProps {
  readonly canSend: boolean;
  readonly running: boolean;
  readonly canAnswer: boolean;
}

function Draft(props: DraftProps): VNode {
  const { strings, store } = usePage();
  const draft = useSelected((state) => state.draft);
  const focusRequests = useSelected((state) => state.focusRequests);
  const placeholder = usePlaceholder(props.canAnswer);
  const area = useRef<HTMLTextAreaElement>(null);
  const completion = useCompletions(area);
  const { completions, at, complete } = completion;
  const onKeyDown = useDraftKeys({ ...props, ...completion });
  useEffect(() => {
    if (focusRequests > 0) {
      area.current?.focus();
    }
  }, [focusRequests]);

  return (
    <div class="draft">
      {completions.length === 0 ? null : <CompletionPopup completions={completions} at={at} onPick={complete} />}
      <textarea
        id="composer-text"
        ref={area}
        rows={1}
        value={draft}
        placeholder={placeholder}
        aria-label={strings.composer}
        aria-autocomplete="list"
        aria-controls={completions.length === 0 ? undefined : "completions"}
        aria-activedescendant={completions.length === 0 ? undefined : `completion-${at}`}
        onInput={(event) => {
          const { value, selectionStart } = event.currentTarget;
          store.set({ draft: value });
          completion.typed(value, selectionStart);
        }}
        onKeyDown={onKeyDown}
        onBlur={completion.close}
      />
    </div>
  );
}

/** What may be asked now, or what has to be done first. */
function usePlaceholder(answered: boolean): string {
  const { strings } = usePage();
  const hasFile = useSelected((state) => state.session.files.length > 0);
  const hasSource = useSelected((state) => state.session.sources.length > 0);
  if (!answered) {
    return strings.placeholderNoModel;
  }

  if (hasSource) {
    return hasFile ? strings.placeholderBoth : strings.placeholderSources;
  }

  return hasFile ? strings.placeholder : strings.placeholderNoFile;
}

interface DraftKeys extends DraftProps, Completions {}

function useDraftKeys(keys: DraftKeys): (event: KeyboardEvent) => void {
  const { store, request, ask } = usePage();
  const history = useRef<number | null>(null);
  const picked = keys.completions[keys.at];

  const inCompletions = (event: KeyboardEvent): boolean => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (picked === undefined) {
      return false;
    }

    if (step !== 0) {
      keys.setAt((keys.at + step + keys.completions.length) % keys.completions.length);
    } else if (event.key === "Enter" || event.key === "Tab") {
      keys.complete(picked);
    } else if (event.key === "Escape") {
      keys.close();
    } else {
      return false;
    }

    return true;
  };

  const inHistory = (event: KeyboardEvent): boolean => {
    const { draft, session } = store.get();
    const browsing = history.current !== null && session.turns[history.current]?.question === draft;
    if ((event.key !== "ArrowUp" && event.key !== "ArrowDown") || (draft !== "" && !browsing)) {
      return false;
    }

    const from = browsing ? (history.current ?? session.turns.length) : session.turns.length;
    const to = from + (event.key === "ArrowUp" ? -1 : 1);
    if (to < 0 || (to >= session.turns.length && !browsing)) {
      return false;
    }

    history.current = to;
    store.set({ draft: session.turns[to]?.question ?? "" });
    return true;
  };

  const send = (): void => {
    if (!keys.canAnswer && !keys.running && store.get().draft.trim() !== "") {
      store.set({ modelLacked: true });
    } else if (keys.canSend) {
      const { text, agent } = readDraft(store.get().draft, store.get().agents);
      history.current = null;
      ask(text, agent);
    }
  };

  return (event) => {
    // 229: an input method is composing; some report it only so, on the Enter that ends the composition.
    if (event.isComposing || event.keyCode === 229) {
      return;
    }

    if (inCompletions(event) || inHistory(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && keys.running) {
      event.preventDefault();
      void request("turn-stop", {});
    }
  };
}

/** The last failed request, until it is dismissed. */
export function ProblemBar(): VNode | null {
  const { strings, store } = usePage();
  const problem = useSelected((state) => state.problem);
  return problem === null ? null : (
    <div class="problem-bar" role="alert">
      <Icon name="error" class="bad" />
      <span class="grow break">{problemText(problem, store.get().settings?.locale ?? "en")}</span>
      <LinkButton onClick={() => store.set({ problem: null })}>{strings.dismiss}</LinkButton>
    </div>
  );
}
