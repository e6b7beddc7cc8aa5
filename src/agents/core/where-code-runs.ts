/** Where instructions say that code runs; on a cluster, `onCluster` puts other words there. */
export const ownInterpreter = "in the user's own interpreter";
/** As {@link ownInterpreter}, of code that is not the agent's own. */
export const ownMachine = "on the user's machine";
const cluster = "on a machine of the user's cluster";

/** Instructions for code that runs on a cluster. */
export function onCluster(instructions: string): string {
  return instructions.replaceAll(ownInterpreter, cluster).replaceAll(ownMachine, cluster);
}
