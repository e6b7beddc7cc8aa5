import type { RequestHandlers } from "../../agents/protocol/page.ts";
import { placeInWorkspace } from "../platform/added-files.ts";
import { kindOf, pickSources, workspaceRoots } from "../platform/workspace-files.ts";
import type { Services } from "../services.ts";
import type { NewSource } from "../sessions/session-actions.ts";
import { done } from "./done.ts";

type SourceRequests = Pick<
  RequestHandlers,
  "source-add" | "source-pick" | "source-remove" | "source-stop" | "source-retry" | "place-open" | "index-manage"
>;

/** Requests about what is asked about, and about the places that answers cite. */
export function sourceHandlers({ actions, desk, indexActions, places, problems }: Services): SourceRequests {
  const start = (work: Promise<unknown>): Record<string, never> => {
    work.catch(problems.show);
    return {};
  };
  return {
    "source-add": async ({ path }) => start(placeInWorkspace(path).then(() => addPlaces(actions, [path]))),
    "source-pick": async ({ kind }) => start(pickSources(kind).then((paths) => addPlaces(actions, paths))),
    "source-remove": async ({ sourceId }) => done(desk.shown?.analysis.removeSource(sourceId)),
    "source-stop": async ({ sourceId }) => done(desk.shown?.analysis.stopSource(sourceId)),
    "source-retry": async ({ sourceId }) => start(done(desk.shown?.analysis.retrySource(sourceId))),
    "place-open": async (place) => done(places.open(desk.shown?.state, place)),
    "index-manage": async () => start(indexActions.manage()),
  };
}

/** Asks about files and folders in the session that is shown. */
export async function addPlaces(actions: Services["actions"], paths: readonly string[]): Promise<void> {
  const roots = workspaceRoots();
  const sources = await Promise.all(
    paths.map(async (path): Promise<NewSource> => {
      const kind = roots.includes(path) ? "workspace" : ((await kindOf(path)) ?? "file");
      return { kind, path, lines: null };
    }),
  );
  await actions.addSources(sources);
}
