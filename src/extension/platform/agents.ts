import type * as bundle from "../agents-bundle.ts";

/** Everything of the agents that the extension makes use of. */
export type Agents = typeof bundle;

let loading: Promise<Agents> | undefined;

/** Loads the agents, once. */
export function loadAgents(): Promise<Agents> {
  loading ??= import("../agents-bundle.ts");
  return loading;
}
