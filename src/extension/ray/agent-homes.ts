import { randomUUID } from "node:crypto";
import { type Memento, l10n, window, workspace } from "vscode";
import { builtInPurpose } from "../../agents/analysis/agent-names.ts";
import type { BodyChannel } from "../../agents/ports/body-channel.ts";
import { isWrittenDown } from "../../agents/protocol/remote-agents.ts";
import { ClusterHomes } from "../../agents/remote-agents/cluster-homes.ts";
import { groupName, groupTitle } from "../../agents/remote-agents/group-name.ts";
import type { LateAnswer } from "../../agents/remote-agents/remote-group.ts";
import { openGroupChannel } from "../../agents/remote/group-channel.ts";
import type { AgentHome } from "../agents-view/agent-list.ts";
import { readSetting } from "../platform/configuration.ts";
import { sentenceOf } from "../platform/problems.ts";
import type { SessionDesk } from "../sessions/session-desk.ts";
import type { ClusterAgentParts } from "./cluster-agents.ts";
import type { KeptOwedAnswer, OwedAnswers } from "./owed-answers.ts";

const spaceKey = "byzer.raySpace";
const secondsPerHour = 3600;

export interface AgentHomesParts extends ClusterAgentParts {
  readonly owed: OwedAnswers;
  readonly desk: () => SessionDesk | undefined;
  /** Told when an agent has moved, or was started again. */
  readonly onChange: () => void;
}

/** The homes of a window's agents on the cluster. */
export interface AgentHomes {
  readonly homes: ClusterHomes;
  readonly homeOf: (name: string) => AgentHome | undefined;
  /** Asks again for answers that were promised to a window that is gone. */
  readonly rejoin: (owed: readonly KeptOwedAnswer[]) => Promise<void>;
}

/** Opens them: agents move in when somebody speaks to them. */
export function openAgentHomes(parts: AgentHomesParts): AgentHomes {
  const { declared, agents, models, way, log } = parts;
  const { directory } = declared;
  const places = new Map<string, AgentHome>();
  const purposeOf = (name: string): string => directory.find(name)?.definition.description ?? builtInPurpose(name);
  const homes = new ClusterHomes({
    open: (host, signal) => openHost({ ...parts, host, places }, signal),
    directory,
    way,
    models,
    onLate: (late) => {
      takeLate(parts, late).catch((error: unknown) => log.error("A late answer was lost", error));
    },
    onLog: (agent, text) => (agent === "" ? log.info(text) : agents.output.print(agent, { source: "cluster", text })),
  });
  return {
    homes,
    homeOf: (name) => places.get(homes.hostOf(name)),
    rejoin: async (owed) => {
      const hosts = Map.groupBy(owed, ({ message }) => homes.hostOf(message.to));
      const given = { shelf: () => agents.shelf, purposeOf };
      const { signal } = new AbortController();
      await Promise.all([...hosts].map(([host, their]) => homes.rejoin(host, { ...given, owed: their }, signal)));
    },
  };
}

async function openHost(
  parts: AgentHomesParts & { readonly host: string; readonly places: Map<string, AgentHome> },
  signal: AbortSignal,
): Promise<BodyChannel> {
  const { cluster, state, host, places, onChange, agents, log } = parts;
  const { link } = await cluster.connected(signal);
  const name = await nameOfHost(state, host);
  const channel = await openGroupChannel(
    {
      link,
      name,
      create: { title: titleOf(host), cpus: 0, memoryBytes: 0, idleS: readSetting("ray.idleHours") * secondsPerHour },
      isWrittenDown,
      onOpened: ({ node }) => {
        places.set(host, { node, restarts: places.get(host)?.restarts ?? 0 });
        onChange();
      },
      onRestart: (tail) => {
        const before = places.get(host);
        places.set(host, { node: before?.node ?? "", restarts: (before?.restarts ?? 0) + 1 });
        log.warn(`${host} was started again on the cluster. ${tail}`);
        agents.output.print(host, { source: "host", text: tail });
        onChange();
      },
      onWaiting: (reason) => log.info(`${host} waits for the cluster: ${reason}`),
    },
    signal,
  );
  void forgetWhenClosed(channel, () => {
    places.delete(host);
    onChange();
  });
  return channel;
}

async function forgetWhenClosed(channel: BodyChannel, forget: () => void): Promise<void> {
  await channel.closed;
  forget();
}

/** What people see of a host on the cluster: who, and of which workspace. */
function titleOf(host: string): string {
  return groupTitle(workspace.name, host);
}

/** The same for every window of the workspace, and on every machine that gives the same name to it. */
async function nameOfHost(state: Memento, host: string): Promise<string> {
  const given = readSetting("ray.space").trim();
  const space = given === "" ? await ownSpace(state) : given;
  return groupName(space, host);
}

async function ownSpace(state: Memento): Promise<string> {
  const kept = state.get<string>(spaceKey);
  if (kept !== undefined) {
    return kept;
  }
  const made = randomUUID();
  await state.update(spaceKey, made);
  return made;
}

/** Puts an answer into the session it belongs to; where that is gone, it is shown all the same. */
async function takeLate({ owed, desk, log }: AgentHomesParts, late: LateAnswer): Promise<void> {
  const kept = owed.find(late.message);
  if (kept === undefined) {
    log.debug(`An answer to message ${late.message} came that nobody here waits for.`);
    return;
  }
  const { message, sessionId, turnId } = kept;
  const { reply, problem } = late;
  const sessions = desk();
  const session = await sessions?.opened(sessionId).catch(() => undefined);
  const isTaken = session?.analysis.takeLate(turnId, { message, reply, problem }) ?? false;
  await session?.flush();
  await owed.forget(late.message);
  if (isTaken && sessions?.shown === session) {
    return;
  }
  const show = l10n.t("Show");
  const said =
    problem === null
      ? l10n.t("{0} has answered, after the window was closed: {1}", message.to, shortened(message.content))
      : l10n.t("{0} has failed, after the window was closed: {1}", message.to, sentenceOf(problem));
  if ((await window.showInformationMessage(said, show)) === show) {
    await (isTaken ? sessions?.show(sessionId) : showAlone(message.content, reply?.content ?? ""));
  }
}

async function showAlone(question: string, answer: string): Promise<void> {
  const content = `> ${question.replaceAll("\n", "\n> ")}\n\n${answer}\n`;
  await window.showTextDocument(await workspace.openTextDocument({ language: "markdown", content }));
}

const shownCharacters = 80;

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length <= shownCharacters ? line : `${line.slice(0, shownCharacters)}…`;
}
