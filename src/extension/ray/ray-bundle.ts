/**
 * What a cluster is reached with, loaded at first use as a bundle of its own. `cluster-desk.ts` is the only file that
 * imports it.
 */
export { createIndexCarrier } from "../../agents/remote/index-carrier.ts";
export { createRemoteInterpreterProvider } from "../../agents/remote/remote-interpreter-provider.ts";
export { ClusterHouse } from "./cluster-house.ts";
export { openAgentHomes } from "./agent-homes.ts";
