import type { VNode } from "preact";
import type { NoticeBlock, TextBlock } from "../../../src/agents/protocol/session-state.ts";
import { noticeText } from "../../../src/agents/protocol/words/notice-text.ts";
import { usePage } from "../page-context.ts";
import { answerMarkdown } from "../text/answer-text.ts";
import { CitedSources } from "./cited-sources.tsx";
import { CitedText } from "./cited-text.tsx";
import { Icon } from "./controls.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Fold } from "./fold.tsx";
import { Markdown } from "./markdown.tsx";
import { memo } from "./memo.ts";

/** An answer, a comment on the way, or folded reasoning. */
export const TextView = memo(function TextView(props: {
  readonly rowKey: string;
  readonly turnId: string;
  readonly block: TextBlock;
  /** Named above the words; nobody where `null`. */
  readonly speaker: string | null;
}): VNode {
  const { block, speaker } = props;
  const { strings } = usePage();
  if (block.role === "reasoning") {
    return (
      <Fold foldKey={`reasoning:${props.rowKey}`} class="reasoning" summary={strings.reasoning}>
        {() => <Markdown text={block.text} complete={block.complete} />}
      </Fold>
    );
  }

  return (
    <div class={`text-block ${block.role}`}>
      {speaker === null ? null : <div class="speaker quiet break">{speaker}</div>}
      <CitedText turnId={props.turnId} block={block} />
      {block.role === "answer" && block.complete ? (
        <>
          <div class="text-tools">
            <CopyButton text={() => answerMarkdown(block, strings)} label={strings.copyAnswer} />
          </div>
          <CitedSources listKey={props.rowKey} block={block} />
        </>
      ) : null}
    </div>
  );
});

/** Something the person should know that is not an answer. */
export const Notice = memo(function Notice(props: { readonly block: NoticeBlock }): VNode {
  const { strings, store } = usePage();
  const { severity } = props.block;
  const text = noticeText(props.block, store.get().settings?.locale ?? "en");
  return (
    <div class={`notice notice-${severity}`}>
      <Icon name={severity} />
      <span class="sr-only">{strings.severities[severity]}: </span>
      <span class="grow break">{text}</span>
    </div>
  );
});
