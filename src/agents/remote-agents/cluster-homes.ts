import { readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { AgentError, messageOf } from "../base/errors.ts";
import type { ConversingParts } from "../conversing/conversing-parts.ts";
import type { RemoteHomes } from "../conversing/remote-homes.ts";
import type { Mailbox, Run } from "../core/run.ts";
import type { AgentDirectory, DirectoryEntry } from "../directory/agent-directory.ts";
import type { ModelProvider } from "../ports/chat-model.ts";
import type { Message } from "../protocol/message.ts";
import type { ModelWay, RelayedTool, RemoteAgent, Settlement } from "../protocol/remote-agents.ts";
import type { BodyChannel } from "../ports/body-channel.ts";
import { type LateAnswer, RemoteGroup } from "./remote-group.ts";
import { hostOf, membersOf } from "./living-together.ts";

export interface ClusterHomesParts {
  /** Opens the host of a group on the cluster, or finds it again. @throws AgentError `remote.*`. */
  readonly open: (host: string, signal: AbortSignal) => Promise<BodyChannel>;
  readonly directory: AgentDirectory;
  /** How agents there reach models. */
  readonly way: (signal: AbortSignal) => Promise<ModelWay>;
  /** For agents whose question was asked in a window that is gone. */
  readonly models: ModelProvider;
  readonly onLate: (answer: LateAnswer) => void;
  readonly onLog: (agent: string, text: string) => void;
}

/** A message whose answer was still to come when the window closed that had delivered it. */
export interface OwedAnswer {
  readonly run: string;
  readonly message: Message;
}

interface Home {
  readonly channel: BodyChannel;
  readonly group: RemoteGroup;
  /** What was settled last, as JSON text. */
  settled: string;
}

/**
 * The agents of a workspace that live on a cluster: those of one group in one host, others in one each. They move in when
 * somebody speaks to them, and again when anything of them changes.
 */
export class ClusterHomes implements RemoteHomes {
  readonly #parts: ClusterHomesParts;
  readonly #homes = new Map<string, Promise<Home>>();

  constructor(parts: ClusterHomesParts) {
    this.#parts = parts;
  }

  mailbox(name: string, parts: ConversingParts): Mailbox {
    return { receive: (message, run) => this.#receive({ name, message, run }, parts) };
  }

  /** The group or the agent in whose host an agent lives. */
  hostOf(name: string): string {
    return hostOf(name, this.#entries());
  }

  /**
   * Speaks again with a host to which a window spoke that is gone, and asks for the answers that it owes; they come to
   * `onLate`. Those who live there get what they need of `parts`.
   *
   * @throws AgentError `remote.*`, `agent.*`
   */
  async rejoin(
    host: string,
    { owed, ...parts }: Pick<ConversingParts, "shelf" | "purposeOf"> & { readonly owed: readonly OwedAnswer[] },
    signal: AbortSignal,
  ): Promise<void> {
    const residents = membersOf(host, this.#entries());
    const group = await this.#group(host, await this.#settlement(residents, parts, signal), signal);
    owed.forEach(({ run, message }) => group.askAgain(run, message));
  }

  finish(run: string): void {
    for (const home of this.#homes.values()) {
      void home.then(
        ({ group }) => group.finish(run),
        () => undefined,
      );
    }
  }

  /** Leaves all hosts. `end`: they are to end, too; else what is being answered there goes on. */
  async leave(end: boolean): Promise<void> {
    const homes = await Promise.allSettled(this.#homes.values());
    for (const home of homes) {
      if (home.status === "fulfilled") {
        home.value.channel.leave(end);
      }
    }
  }

  async #receive(
    { name, message, run }: { readonly name: string; readonly message: Message; readonly run: Run },
    parts: ConversingParts,
  ): Promise<Message | undefined> {
    const entries = this.#entries();
    const host = hostOf(name, entries);
    const residents = membersOf(host, entries);
    const waiting = residents.filter(({ state }) => state !== "ready");
    await run.budget.offTheClock(() => Promise.all(waiting.map(async ({ start }) => await start?.(run.signal))));
    const group = await this.#group(host, await this.#settlement(residents, parts, run.signal), run.signal);
    const names = residents.map(({ definition }) => definition.name);
    const edits = names.map((agent) => [agent, parts.edited(agent)] as const);
    const beginning = {
      remembered: Object.fromEntries(names.map((agent) => [agent, [...parts.remembered(agent)]])),
      edited: Object.fromEntries(edits.flatMap(([agent, edit]) => (edit === null ? [] : [[agent, edit]]))),
    };
    return await group.mailbox(parts, () => beginning).receive(message, run);
  }

  #entries(): ReadonlyMap<string, DirectoryEntry> {
    return new Map(this.#parts.directory.entries.map((entry) => [entry.definition.name, entry]));
  }

  async #group(
    host: string,
    settlement: Omit<Settlement, "version" | "window">,
    signal: AbortSignal,
  ): Promise<RemoteGroup> {
    const opening = this.#homes.get(host) ?? this.#open(host, signal);
    this.#homes.set(host, opening);
    let home: Home;
    try {
      home = await opening;
    } catch (error) {
      this.#homes.delete(host);
      throw error;
    }

    const settled = JSON.stringify(settlement);
    if (home.settled !== settled) {
      const agents = await home.group.settle(settlement);
      const broken = agents.find(({ problem }) => problem !== null);
      if (broken?.problem !== undefined && broken.problem !== null) {
        const reason = broken.problem.message;
        const text = `${broken.name} cannot live on the cluster: ${reason}`;
        throw new AgentError("agent.broken", { path: "", line: null, reason }, text);
      }

      home.settled = settled;
    }

    return home.group;
  }

  async #open(host: string, signal: AbortSignal): Promise<Home> {
    const { open, models, onLate, onLog } = this.#parts;
    const channel = await open(host, signal);
    const group = new RemoteGroup({ name: host, channel, models, onLate, onLog });
    void channel.closed.then(() => this.#homes.delete(host));
    return { channel, group, settled: "" };
  }

  async #settlement(
    residents: readonly DirectoryEntry[],
    { shelf, purposeOf }: Pick<ConversingParts, "shelf" | "purposeOf">,
    signal: AbortSignal,
  ): Promise<Omit<Settlement, "version" | "window">> {
    const names = new Set(residents.map(({ definition }) => definition.name));
    const tools = [...new Set(residents.flatMap(({ definition }) => definition.tools))];
    await shelf().prepare?.(tools, signal);
    const others = residents.flatMap(({ definition: { asks, handOffs, group } }) => [
      ...asks,
      ...handOffs.map(({ agent }) => agent),
      ...(group?.members ?? []),
    ]);
    const moved = await Promise.all(residents.map((entry) => movingIn(entry)));
    return {
      agents: moved.map(({ agent }) => agent),
      files: moved.flatMap(({ files }) => files),
      model: await this.#parts.way(signal),
      tools: shelf()
        .find(tools)
        .tools.map((tool) => relayed(tool)),
      purposes: Object.fromEntries(
        others.filter((name) => !names.has(name)).map((name) => [name, purposeOf(name)] as const),
      ),
    };
  }
}

function relayed(tool: ReturnType<ReturnType<ConversingParts["shelf"]>["find"]>["tools"][number]): RelayedTool {
  const { name, description, parameters, origin, effect } = tool;
  return {
    name,
    description,
    // A schema is JSON.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    parameters: parameters as RelayedTool["parameters"],
    origin,
    effect: effect === "reads" ? "reads" : "acts",
  };
}

/** An agent with the files of its code, whose paths there are as they are here beside each other. */
async function movingIn({
  definition,
  origin,
  files = [],
}: DirectoryEntry): Promise<{ readonly agent: RemoteAgent; readonly files: Settlement["files"] }> {
  if (origin.kind !== "code") {
    return { agent: { definition, code: null }, files: [] };
  }

  const paths = [...new Set([origin.path, ...files])];
  const above = commonFolder(paths);
  const there = (path: string): string => `${definition.name}/${relative(above, path).replaceAll(sep, "/")}`;
  const texts = await Promise.all(
    paths.map(async (path) => {
      try {
        return { path: there(path), text: await readFile(path, "utf8") };
      } catch (error) {
        const reason = messageOf(error);
        const text = `${definition.name} cannot be sent to the cluster: ${reason}`;
        throw new AgentError("agent.broken", { path, line: null, reason }, text, error);
      }
    }),
  );
  return { agent: { definition, code: there(origin.path) }, files: texts };
}

/** The lowest folder that holds all files. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...rest] = paths.map((path) => dirname(resolve(path)).split(sep));
  const shared = rest.reduce<readonly string[]>((before, parts) => {
    const end = before.findIndex((part, index) => part !== parts[index]);
    return end === -1 ? before : before.slice(0, end);
  }, first);
  return shared.join(sep) || sep;
}
