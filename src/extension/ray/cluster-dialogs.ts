import { CancellationError, ProgressLocation, type QuickPickItem, QuickPickItemKind, l10n, window } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { ConnectStep } from "../../agents/protocol/cluster-state.ts";
import { clusterAddress } from "../../agents/remote/cluster-address.ts";
import { sentenceOf } from "../platform/problems.ts";
import { stepText } from "./cluster-words.ts";

/** What the person wants to connect to. */
export type ClusterPick =
  | { readonly kind: "address"; readonly address: string }
  /** A cluster of this machine, which is started where it does not run. */
  | { readonly kind: "local" };

/**
 * Lets the person choose a cluster, of those that are known or another one.
 *
 * @param localAddress Of the cluster of this machine, where it runs.
 * @throws CancellationError
 */
export async function askCluster(known: readonly string[], localAddress: string | undefined): Promise<ClusterPick> {
  interface Item extends QuickPickItem {
    readonly pick: ClusterPick | "other" | null;
  }
  const others = known.filter((address) => address !== localAddress);
  const local =
    localAddress === undefined
      ? l10n.t("Start a cluster on this machine, for trying…")
      : l10n.t("The cluster of this machine");
  const items: readonly Item[] = [
    ...others.map((address): Item => ({ label: `$(server) ${address}`, pick: { kind: "address", address } })),
    { label: `$(add) ${l10n.t("Another address…")}`, pick: "other" },
    { label: "", kind: QuickPickItemKind.Separator, pick: null },
    { label: `$(vm) ${local}`, description: localAddress ?? "", pick: { kind: "local" } },
  ];
  const title = l10n.t("Connect to a Ray cluster");
  const picked = await window.showQuickPick<Item>(items, { title });
  if (picked?.pick === "other") {
    return { kind: "address", address: await askAddress() };
  }
  return picked?.pick ?? cancelled();
}

async function askAddress(): Promise<string> {
  const given = await window.showInputBox({
    title: l10n.t("Connect to a Ray cluster"),
    prompt: l10n.t("Address of the cluster’s dashboard. A host name or a ray:// address will do."),
    placeHolder: "http://10.0.0.4:8265",
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? null : addressProblem(text)),
  });
  return given === undefined || given.trim() === "" ? cancelled() : clusterAddress(given).dashboard;
}

function addressProblem(text: string): string | null {
  try {
    clusterAddress(text);
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}

/**
 * Asks for the token that Ray itself wants.
 *
 * @param problem Why the one before, or none, was not enough. @throws CancellationError
 */
export async function askToken(address: string, problem: AgentError): Promise<string> {
  const token = await window.showInputBox({
    title: l10n.t("Token of the Ray cluster at {0}", address),
    prompt: AgentError.is(problem, "remote.token-wrong")
      ? l10n.t(
          "The cluster does not take the token. Enter the one that it was started with; it is kept in the editor’s secret storage.",
        )
      : l10n.t(
          "The cluster wants the token that it was started with (RAY_AUTH_TOKEN, or ~/.ray/auth_token on its head). It is kept in the editor’s secret storage.",
        ),
    password: true,
    ignoreFocusOut: true,
  });
  return token === undefined || token.trim() === "" ? cancelled() : token.trim();
}

/** Says what connecting to a cluster means, and asks whether to. @throws CancellationError */
export async function agreeToConnect(address: string): Promise<void> {
  const yes = l10n.t("Connect");
  const detail = l10n.t(
    "Whoever can run code on a cluster is, in effect, its administrator, and so is code that a model wrote and you approved: it can read what others run there. Share a cluster only among people who trust each other.\n\nByzer Agent puts a gateway of its own there (an application called “byzer”, under /byzer), which admits this machine. Other applications are left alone. Files that your code needs are copied there.",
  );
  await agreed(l10n.t("Connect to the Ray cluster at {0}?", address), detail, yes);
}

/** @throws CancellationError */
export async function agreeToRemove(address: string, running: readonly string[]): Promise<void> {
  const what =
    running.length === 0
      ? l10n.t("The gateway, what it keeps, and whatever of Byzer Agent’s runs there end and are removed.")
      : l10n.t("These end, with all that they know: {0}. The gateway and its files are removed.", running.join(", "));
  const others = l10n.t("It is so for every machine that is connected to it. What is not Byzer Agent’s stays.");
  const question = l10n.t("Remove everything of Byzer Agent’s from the cluster at {0}?", address);
  await agreed(question, `${what} ${others}`, l10n.t("Remove"));
}

/** @throws CancellationError */
export async function agreeToEnd(title: string, kind: string): Promise<void> {
  const detail =
    kind === "kernel"
      ? l10n.t("Its variables are gone then. Files that it wrote stay where they are.")
      : l10n.t("What it is doing is lost.");
  await agreed(l10n.t("End “{0}” on the cluster?", title), detail, l10n.t("End"));
}

/** @throws CancellationError */
export async function agreeToStopLocal(): Promise<void> {
  const detail = l10n.t("Everything that runs on it ends, with all that it knows.");
  await agreed(l10n.t("Stop the Ray cluster of this machine?"), detail, l10n.t("Stop"));
}

/** @throws CancellationError */
export async function agreeToInstall(folder: string): Promise<void> {
  const detail = l10n.t(
    "It is about 600 MB and is installed into an environment of its own: {0}. The cluster wants a token; its dashboard and its gateway answer this machine only.",
    folder,
  );
  await agreed(l10n.t("Install Ray to start a cluster on this machine?"), detail, l10n.t("Install"));
}

/** Does something long, and shows what; the person can cancel it. @throws what `work` throws; CancellationError */
export async function withSteps<T>(
  title: string,
  work: (onStep: (step: ConnectStep) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const location = ProgressLocation.Notification;
  return await window.withProgress({ location, title, cancellable: true }, async (progress, cancellation) => {
    const stop = new AbortController();
    const listening = cancellation.onCancellationRequested(() => stop.abort(new CancellationError()));
    try {
      return await work((step) => progress.report({ message: stepText(step) }), stop.signal);
    } finally {
      listening.dispose();
    }
  });
}

async function agreed(question: string, detail: string, yes: string): Promise<void> {
  if ((await window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) {
    cancelled();
  }
}

function cancelled(): never {
  throw new CancellationError();
}
