import type { RequestHandlers } from "../../agents/protocol/page.ts";
import { isCancellation } from "../platform/problems.ts";
import type { Services } from "../services.ts";
import { done } from "./done.ts";

type PlaceRequests = Pick<RequestHandlers, "place-choose" | "cluster-connect" | "cluster-look" | "cluster-show">;

/** Requests about where code runs. */
export function placeHandlers({ cluster, places, problems }: Services): PlaceRequests {
  return {
    "place-choose": async ({ place }) => done(unlessDeclined(places.choose(place))),
    "cluster-connect": async () => done(unlessDeclined(cluster.connect())),
    "cluster-look": async () => done(cluster.refresh()),
    "cluster-show": async () => {
      cluster.showStatus().catch(problems.show);
      return {};
    },
  };
}

/** A dialog that was closed is an answer, and no problem. */
async function unlessDeclined(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isCancellation(error)) {
      throw error;
    }
  }
}
