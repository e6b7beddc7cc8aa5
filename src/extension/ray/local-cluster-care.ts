import { join } from "node:path";
import { type ExtensionContext, type LogOutputChannel, ProgressLocation, l10n, window } from "vscode";
import { findPython } from "../../agents/python/find-python.ts";
import {
  type LocalCluster,
  findLocalCluster,
  localClusterFolder,
  startLocalCluster,
} from "../../agents/remote/local-cluster.ts";
import { ensureLocalClusterPython } from "../../agents/remote/local-cluster-python.ts";
import { type ProgressTerminal, openProgressTerminal } from "../platform/progress-terminal.ts";
import { isFile } from "../platform/workspace-files.ts";
import { managedFolder, pythonCandidates } from "../python/python-candidates.ts";
import { agreeToInstall } from "./cluster-dialogs.ts";

type Context = Pick<ExtensionContext, "globalStorageUri" | "workspaceState">;

/**
 * The cluster of this machine: the one that runs, or one that is started, with Ray installed for it where the person
 * says yes to that.
 *
 * @throws AgentError `remote.unreachable`, `python.*`; CancellationError
 */
export async function ensureLocalCluster(context: Context, log: LogOutputChannel): Promise<LocalCluster> {
  const running = await findLocalCluster(localClusterFolder);
  if (running !== undefined) {
    return running;
  }
  const python = await pythonWithRay(context, log);
  const title = l10n.t("Starting Ray on this machine. The first time takes a minute.");
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return await window.withProgress(options, async (_progress, cancellation) => {
    const stop = new AbortController();
    cancellation.onCancellationRequested(() => stop.abort(new DOMException("Cancelled.", "AbortError")));
    const parts = { folder: localClusterFolder, environment: process.env };
    return await startLocalCluster(parts, python, stop.signal);
  });
}

/** Closing the terminal that shows the progress stops the work. It goes when all is well and stays where it is not. */
async function pythonWithRay(context: Context, log: LogOutputChannel): Promise<string> {
  const directory = `${managedFolder(context)}-ray`;
  const environment = process.env;
  const candidates = await pythonCandidates(context, log);
  const base = await findPython({ candidates, environment }, new AbortController().signal);
  if (!(await isFile(join(directory, "byzer-environment.json")))) {
    await agreeToInstall(directory);
  }
  const stop = new AbortController();
  let terminal: ProgressTerminal | undefined;
  const open = (): ProgressTerminal => {
    const opened = openProgressTerminal(l10n.t("Byzer Agent: Ray"));
    opened.closed.addEventListener("abort", () => stop.abort(opened.closed.reason), { once: true });
    return opened;
  };
  const onProgress = (line: string): void => {
    terminal ??= open();
    terminal.write(line);
  };
  const python = await ensureLocalClusterPython({ directory, base, environment, onProgress }, stop.signal);
  terminal?.close();
  return python;
}
