import { type Disposable, type ExtensionContext, type LogOutputChannel, Uri } from "vscode";
import { Disposables } from "../platform/disposables.ts";
import { excludeGlobs } from "./exclude-globs.ts";
import { IndexActions } from "./index-actions.ts";
import { IndexService } from "./index-service.ts";
import { IndexStatusItem } from "./index-status-item.ts";
import { LeftOutList } from "./left-out-list.ts";
import { openIndexBackend } from "./open-index-backend.ts";
import { watchRoot } from "./root-watch.ts";

export interface RetrievalParts {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly chooseEmbedding: () => Promise<void>;
}

/** What searching in files is made of. */
export interface Retrieval extends Disposable {
  readonly index: IndexService;
  readonly indexActions: IndexActions;
  readonly leftOut: LeftOutList;
}

/** Puts searching in files together. Nothing is opened, read or watched before the first source is asked about. */
export function createRetrieval({ context, log, chooseEmbedding }: RetrievalParts): Retrieval {
  const owned = new Disposables();
  const folder = Uri.joinPath(context.globalStorageUri, "index");
  const index = owned.add(
    new IndexService({
      open: () => openIndexBackend({ folder, secrets: context.secrets, log }),
      exclude: excludeGlobs,
      watch: watchRoot,
      onTrouble: (error) => log.error(error instanceof Error ? error : String(error)),
    }),
  );
  owned.add(new IndexStatusItem(index));
  const leftOut = new LeftOutList();
  const indexActions = new IndexActions({ service: index, leftOut, chooseEmbedding });
  return { index, indexActions, leftOut, dispose: () => owned.dispose() };
}
