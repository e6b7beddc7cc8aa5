import { createHash } from "node:crypto";

/**
 * What the host of a group or an agent is called on a cluster: the same for all who give the same name to their space.
 *
 * @param space Under which agents are found again. @param host The group or the agent.
 */
export function groupName(space: string, host: string): string {
  return `group-${hashOf(space)}-${hashOf(host)}`;
}

/** What people see of it: who, and of which space where it has a name. */
export function groupTitle(space: string | undefined, host: string): string {
  return space === undefined ? host : `${host}${between}${space}`;
}

/** The parts of a title that people call it by: who, and of which space. */
export function titleParts(title: string): readonly string[] {
  return title.split(between);
}

const between = " · ";

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
