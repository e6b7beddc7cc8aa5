import type { DirectoryEntry } from "../directory/agent-directory.ts";

type Entries = ReadonlyMap<string, DirectoryEntry>;

/** The group in whose host an agent lives: the outermost one on the cluster that has it as a member; else its own. */
export function hostOf(name: string, entries: Entries): string {
  const passed = new Set<string>();
  let host = name;
  while (!passed.has(host)) {
    passed.add(host);
    host = groupOf(host, entries) ?? host;
  }

  return host;
}

/** Whoever lives in the host of a group: itself, and all of its members and theirs that live on the cluster. */
export function membersOf(host: string, entries: Entries): readonly DirectoryEntry[] {
  const found = new Map<string, DirectoryEntry>();
  const add = (name: string): void => {
    const entry = entries.get(name);
    if (entry?.definition.location === "ray" && !found.has(name)) {
      found.set(name, entry);
      entry.definition.group?.members.forEach((member) => add(member));
    }
  };
  add(host);
  return [...found.values()];
}

function groupOf(name: string, entries: Entries): string | undefined {
  return [...entries.values()].find(
    ({ definition: { location, group } }) => location === "ray" && group?.members.includes(name) === true,
  )?.definition.name;
}
