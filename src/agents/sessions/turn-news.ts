import { previewFileAgent } from "../catalog/preview-file-agent.ts";
import { retrievalAgent } from "../catalog/retrieval-agent.ts";
import type { RunEvent } from "../core/run.ts";
import type { Session } from "../protocol/session-state.ts";
import type { AskedSources } from "./asked-sources.ts";
import type { AttachedFiles } from "./attached-files.ts";
import { refuseUnreadable, sourceNotices } from "./source-news.ts";

export interface TurnNewsParts {
  readonly files: AttachedFiles;
  readonly sources: AskedSources | null;
  readonly session: () => Session;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Reads what has changed since the last question, and says so.
 *
 * @throws AgentError `source.none` where nothing of what is asked about can be read.
 */
export async function tellTurnNews(parts: TurnNewsParts): Promise<void> {
  const { files, signal, emit } = parts;
  const changes = await files.refresh(signal, (names) =>
    emit({ type: "progress", agent: previewFileAgent.name, activity: "reading", detail: names.join(", ") }),
  );
  for (const { kind, name, text } of changes) {
    emit({ type: "notice", severity: "info", code: `file-${kind}`, text, values: { name } });
  }

  await refreshSources(parts);
}

async function refreshSources({ sources, session, signal, emit }: TurnNewsParts): Promise<void> {
  if (sources === null || session().sources.length === 0) {
    return;
  }

  const news = await sources.refresh(signal, (names) =>
    emit({ type: "progress", agent: retrievalAgent.name, activity: "indexing", detail: names.join(", ") }),
  );
  if (session().files.length === 0) {
    refuseUnreadable(session().sources);
  }
  sourceNotices(news).forEach(emit);
}
