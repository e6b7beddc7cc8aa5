import { type Disposable, type EventEmitter, type LogOutputChannel, type SecretStorage, Uri } from "vscode";
import type { Reranker } from "../../agents/ports/reranker.ts";
import { ExtractedTexts } from "../documents/extracted-texts.ts";
import { PlaceOpener } from "../documents/open-place.ts";
import { PdfView } from "../documents/pdf-view.ts";
import { chooseEmbedding } from "../models/choose-embedding.ts";
import type { EndpointActions } from "../models/endpoint-actions.ts";
import { findEmbedder } from "../models/find-embedder.ts";
import { findReranker } from "../models/find-reranker.ts";
import type { ModelCatalog } from "../models/model-catalog.ts";
import type { ModelChoices } from "../models/model-choices.ts";
import { Disposables } from "../platform/disposables.ts";
import type { EndpointKeys } from "../platform/endpoint-keys.ts";
import type { ClusterDesk } from "../ray/cluster-desk.ts";
import { ClusterIndexing } from "../retrieval/cluster-indexing.ts";
import { excludeGlobs } from "../retrieval/exclude-globs.ts";
import { withGitIgnoring } from "../retrieval/git-ignoring.ts";
import { IndexActions } from "../retrieval/index-actions.ts";
import { IndexService } from "../retrieval/index-service.ts";
import { IndexStatusItem } from "../retrieval/index-status-item.ts";
import { LeftOutList } from "../retrieval/left-out-list.ts";
import { openIndexBackend } from "../retrieval/open-index-backend.ts";
import { watchRoot } from "../retrieval/root-watch.ts";

export interface AskingParts {
  readonly extensionUri: Uri;
  /** The editor's storage for every workspace. */
  readonly storage: Uri;
  readonly secrets: SecretStorage;
  readonly log: LogOutputChannel;
  readonly catalog: ModelCatalog;
  readonly choices: ModelChoices;
  readonly keys: EndpointKeys;
  readonly endpoints: EndpointActions;
  readonly cluster: ClusterDesk;
  /** Fired when the text of a document is to be shown anew. */
  readonly textChanges: EventEmitter<Uri>;
}

/** What asking in files is done with. */
export interface Asking extends Disposable {
  readonly index: IndexService;
  readonly indexActions: IndexActions;
  readonly pdf: PdfView;
  readonly texts: ExtractedTexts;
  readonly places: PlaceOpener;
  /** What puts found passages into order; `null` where the search itself does. */
  readonly reranker: (signal: AbortSignal) => Promise<Reranker | null>;
  /** What is hidden or left out of the editor's own search, below a root. */
  readonly exclude: (root: string) => readonly string[];
}

/** Puts asking in files together. Nothing is opened, read or watched before the first source is asked about. */
export function createAsking(parts: AskingParts): Asking {
  const { extensionUri, storage, secrets, log, catalog, choices, keys, endpoints, cluster, textChanges } = parts;
  const owned = new Disposables();
  const folder = Uri.joinPath(storage, "index");
  const index = owned.add(
    new IndexService({
      open: async () => withGitIgnoring(await openIndexBackend({ folder, secrets, log })),
      exclude: excludeGlobs,
      findEmbedder: (signal) => findEmbedder({ choices, keys }, signal),
      watch: watchRoot,
      onTrouble: (error) => log.error(error instanceof Error ? error : String(error)),
    }),
  );
  owned.add(new IndexStatusItem(index));
  const leftOut = owned.add(new LeftOutList());
  const indexActions = new IndexActions({
    service: index,
    leftOut,
    chooseEmbedding: () => chooseEmbedding({ catalog, keys, endpoints }),
    cluster: new ClusterIndexing({ cluster, service: index, log }),
  });
  const pdf = owned.add(new PdfView({ extensionUri, log }));
  const texts = owned.add(new ExtractedTexts({ extensionUri, changes: textChanges }));
  const places = owned.add(new PlaceOpener({ pdf, texts }));
  const reranker = (signal: AbortSignal): Promise<Reranker | null> => findReranker({ models: catalog, keys }, signal);
  return { index, indexActions, pdf, texts, places, reranker, exclude: excludeGlobs, dispose: () => owned.dispose() };
}
