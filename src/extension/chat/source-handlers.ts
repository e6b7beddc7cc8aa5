import type { RequestHandlers } from "../../agents/protocol/page.ts";
import { pickSources } from "../platform/workspace-files.ts";
import type { Services } from "../services.ts";
import { done } from "./done.ts";

type SourceRequests = Pick<
  RequestHandlers,
  "source-add" | "source-pick" | "source-remove" | "source-stop" | "source-retry" | "place-open" | "index-manage"
>;

/** Requests about what is asked about, and about the places that answers cite. */
export function sourceHandlers({ actions, asking, desk, memoryActions, problems }: Services): SourceRequests {
  const start = (work: Promise<unknown>): Record<string, never> => {
    work.catch(problems.show);
    return {};
  };
  const add = async (paths: readonly string[]): Promise<void> =>
    actions.addSources(await (await asking.functions()).addedPlaces(paths));
  return {
    "source-add": async ({ path }) =>
      start(
        asking
          .functions()
          .then(({ placeInWorkspace }) => placeInWorkspace(path))
          .then(() => add([path])),
      ),
    "source-pick": async ({ kind }) => start(pickSources(kind).then(add)),
    "source-remove": async ({ sourceId }) => done(desk.shown?.analysis.removeSource(sourceId)),
    "source-stop": async ({ sourceId }) => done(desk.shown?.analysis.stopSource(sourceId)),
    "source-retry": async ({ sourceId }) => start(done(desk.shown?.analysis.retrySource(sourceId))),
    "place-open": async (place) =>
      place.turn === undefined
        ? done((await asking.open()).places.open(desk.shown?.state, place))
        : done(memoryActions.openTurn(place.turn)),
    "index-manage": async () => start(asking.open().then(({ indexActions }) => indexActions.manage())),
  };
}
