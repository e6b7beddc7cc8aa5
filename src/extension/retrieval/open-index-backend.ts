import { type LogOutputChannel, type SecretStorage, type Uri, l10n, window } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { Embedder } from "../../agents/ports/embedder.ts";
import { loadAgents } from "../platform/agents.ts";
import { readSetting } from "../platform/configuration.ts";
import { isInWorkspace } from "../platform/workspace-files.ts";
import type { IndexBackend } from "./index-service.ts";

export interface IndexBackendParts {
  /** Where indexes are kept on this machine: in the editor's storage, never in the workspace. */
  readonly folder: Uri;
  readonly secrets: SecretStorage;
  readonly log: LogOutputChannel;
}

/**
 * Opens the index that the settings mean: on this machine, or shared in a database. A password is asked for when the
 * database wants one, and kept in the secret storage.
 *
 * @throws AgentError `index.address`, `index.wrong-password`
 */
export async function openIndexBackend({ folder, secrets, log }: IndexBackendParts): Promise<IndexBackend> {
  const { openPassageIndex } = await loadAgents();
  const url = readSetting("index.url").trim();
  const sayReadOnly = readOnlyNotice(log);
  const open = (password: string | undefined): IndexBackend =>
    openPassageIndex({
      folder: folder.fsPath,
      mostFiles: readSetting("index.maxFiles"),
      url,
      password,
      isShared: isInWorkspace,
      onReadOnly: sayReadOnly,
    });
  if (url === "") {
    return open(undefined);
  }
  const name = secretName(url);
  let kept = await secrets.get(name);
  return askingForPassword(open(kept), async ({ details: { server, user } }) => {
    const why =
      kept === undefined
        ? l10n.t("The shared index at {0} wants the password of “{1}”.", server, user)
        : l10n.t("The shared index at {0} does not accept the password of “{1}”.", server, user);
    const password = await askPassword(why, url);
    if (password === undefined) {
      return undefined;
    }
    kept = password;
    await secrets.store(name, password);
    return open(password);
  });
}

/** Tells a person once that their role may only search; every update that finds it so is in the log. */
function readOnlyNotice(log: LogOutputChannel): (error: AgentError<"index.read-only">) => void {
  let isTold = false;
  return ({ message, details: { user, server } }) => {
    log.info(message);
    if (isTold) {
      return;
    }
    isTold = true;
    void window.showInformationMessage(
      l10n.t(
        "“{0}” may search the shared index at {1}, but not change it. Answers come from what is in it; somebody who may change it has to index what is new.",
        user,
        server,
      ),
    );
  };
}

/** An index that is opened with another password after its own was refused, once for each refusal that a person mends. */
function askingForPassword(
  first: IndexBackend,
  reopen: (refusal: AgentError<"index.wrong-password">) => Promise<IndexBackend | undefined>,
): IndexBackend {
  let current = first;
  let embedder: Embedder | null = null;
  let asking: Promise<boolean> | undefined;
  const mend = async (refusal: AgentError<"index.wrong-password">): Promise<boolean> => {
    const opened = await reopen(refusal);
    if (opened === undefined) {
      return false;
    }
    const refused = current;
    current = opened;
    current.useEmbedder(embedder);
    await refused.dispose();
    return true;
  };
  const run = async <T>(work: (index: IndexBackend) => Promise<T>): Promise<T> => {
    const used = current;
    try {
      return await work(used);
    } catch (error) {
      if (!AgentError.is(error, "index.wrong-password")) {
        throw error;
      }
      if (used === current) {
        asking ??= mend(error).finally(() => (asking = undefined));
        if (!(await asking)) {
          throw error;
        }
      }
      return work(current);
    }
  };
  return {
    update: (request, signal) => run((index) => index.update(request, signal)),
    carry: (request, by, signal) => run((index) => index.carry(request, by, signal)),
    search: (query, signal) => run((index) => index.search(query, signal)),
    read: (reading, signal) => run((index) => index.read(reading, signal)),
    // The status bar looks again and again: it does not ask.
    status: (root) => current.status(root),
    remove: (root) => run((index) => index.remove(root)),
    useEmbedder: (used) => {
      embedder = used;
      current.useEmbedder(used);
    },
    dispose: () => current.dispose(),
  };
}

/**
 * The field opens only when the person asks for it: nobody expects one that opens while a question is being written, and
 * what is typed would go to the wrong place.
 */
async function askPassword(why: string, url: string): Promise<string | undefined> {
  const enter = l10n.t("Enter Password");
  if ((await window.showErrorMessage(why, enter)) !== enter) {
    return undefined;
  }
  return window.showInputBox({
    title: l10n.t("Password of the shared index"),
    prompt: l10n.t("{0} wants a password. It is kept in the editor's secret storage.", url),
    password: true,
    ignoreFocusOut: true,
  });
}

function secretName(url: string): string {
  return `byzer.index.password:${url}`;
}
