import type { RequestHandlers } from "../../agents/protocol/page.ts";
import type { Services } from "../services.ts";
import { done } from "./done.ts";

type ModelRequests = Pick<
  RequestHandlers,
  "model-refresh" | "model-choose" | "model-add" | "model-key" | "model-test" | "python-choose" | "python-install"
>;

/** Requests about the models that answer and the Python that runs. */
export function modelHandlers({ catalog, endpoints, python }: Services): ModelRequests {
  return {
    "model-refresh": async () => done(catalog.refresh()),
    "model-choose": async ({ role, choice }) => done(catalog.choose(role, choice)),
    "model-add": async () => done(endpoints.add()),
    "model-key": async ({ baseUrl }) => done(endpoints.setKey(baseUrl)),
    "model-test": async ({ choice }) => ({ report: await endpoints.test(choice) }),
    "python-choose": async () => done(python.choose()),
    "python-install": async () => done(python.install()),
  };
}
