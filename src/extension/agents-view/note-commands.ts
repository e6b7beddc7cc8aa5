import { commands, l10n, window } from "vscode";
import type { AgentDirectory } from "../../agents/directory/agent-directory.ts";
import { rememberedMessages } from "../../agents/protocol/agent-notes.ts";
import type { OpenSession } from "../sessions/open-session.ts";
import type { SessionDesk } from "../sessions/session-desk.ts";
import { chooseAgent } from "./agent-choice.ts";
import { messageUri, ownSystemMessage, sayEdited } from "./message-files.ts";

/** What these commands work on. */
export interface NotePlaces {
  readonly desk: SessionDesk;
  readonly directory: AgentDirectory;
}

/** Opens the system message that an agent has in the session that is shown. */
export async function editSystemMessage(places: NotePlaces, given: unknown): Promise<void> {
  const chosen = await chooseEdited(places, given, l10n.t("Whose system message to edit?"));
  if (chosen !== undefined) {
    await commands.executeCommand("vscode.open", messageUri(chosen.session.id, chosen.agent));
  }
}

/** Puts an earlier system message of an agent in force again: its own, or one of those that the person wrote. */
export async function restoreSystemMessage(places: NotePlaces, given: unknown): Promise<void> {
  const chosen = await chooseEdited(places, given, l10n.t("Whose earlier system message to restore?"));
  if (chosen === undefined) {
    return;
  }
  const { session, agent } = chosen;
  const own = ownSystemMessage(places.directory, agent) ?? "";
  const edits = session.state.agentEdits.filter((edit) => edit.agent === agent);
  const items = edits.flatMap(({ systemMessage }, index) =>
    systemMessage === null
      ? []
      : [{ label: l10n.t("Edit {0}", index + 1), detail: beginningOf(systemMessage), systemMessage }],
  );
  const back = { label: l10n.t("Its own"), detail: beginningOf(own), systemMessage: null };
  const title = l10n.t("System messages of {0} in this session", agent);
  const item = await window.showQuickPick([...items.toReversed(), back], { title, matchOnDetail: true });
  const before = edits.at(-1)?.systemMessage ?? null;
  if (item !== undefined && item.systemMessage !== before) {
    session.analysis.editAgent(agent, item.systemMessage);
    sayEdited(agent);
  }
}

/** Makes an agent forget what it exchanged with one other, or with everyone, in the session that is shown. */
export async function forgetAgent(places: NotePlaces, given: unknown): Promise<void> {
  const { desk, directory } = places;
  const listed = await chooseAgent(directory, given, {
    title: l10n.t("Which agent is to forget?"),
    fits: ({ actions }) => actions.includes("forget"),
  });
  if (listed === undefined) {
    return;
  }
  const { name } = listed.entry.definition;
  const session = desk.shown;
  const remembered = session === undefined ? [] : rememberedMessages(session.state, name);
  if (session === undefined || remembered.length === 0) {
    void window.showInformationMessage(l10n.t("{0} remembers nothing in this session.", name));
    return;
  }
  const peers = [...new Set(remembered.map(({ from, to }) => (from === name ? to : from)))];
  const items = peers.map((peer) => {
    const count = remembered.filter(({ from, to }) => from === peer || to === peer).length;
    return { label: peer, description: l10n.t("{0} messages", count), peer };
  });
  const everyone = { label: l10n.t("Everyone"), description: l10n.t("{0} messages", remembered.length), peer: null };
  const title = l10n.t("Whom is {0} to forget?", name);
  const item = await window.showQuickPick([...items, ...(items.length > 1 ? [everyone] : [])], { title });
  if (item !== undefined) {
    session.analysis.forgetPeer(name, item.peer);
    window.setStatusBarMessage(l10n.t("{0} has forgotten {1}.", name, item.label), 5000);
  }
}

async function chooseEdited(
  { desk, directory }: NotePlaces,
  given: unknown,
  title: string,
): Promise<{ readonly session: OpenSession; readonly agent: string } | undefined> {
  const listed = await chooseAgent(directory, given, { title, fits: ({ actions }) => actions.includes("edit") });
  return listed === undefined
    ? undefined
    : { session: await desk.current(l10n.t("New session")), agent: listed.entry.definition.name };
}

function beginningOf(text: string): string {
  const words = text.replaceAll(/\s+/gu, " ").trim();
  return words.length > 120 ? `${words.slice(0, 120)}…` : words;
}
