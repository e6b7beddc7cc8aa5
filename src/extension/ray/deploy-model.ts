import { CancellationError, ProgressLocation, env, l10n, window } from "vscode";
import { modelShortageText, modelStateText } from "../../agents/protocol/words/cluster-model-text.ts";
import type { Cluster } from "../../agents/remote/cluster.ts";
import { type ClusterModel, ClusterModels } from "../../agents/remote/cluster-models.ts";
import type { ModelOrder } from "../../agents/remote/model-order.ts";
import type { EndpointActions } from "../models/endpoint-actions.ts";
import { askModelOrder } from "./model-order-dialogs.ts";

export interface ModelDeskParts {
  readonly cluster: Cluster;
  readonly endpoints: Pick<EndpointActions, "forget" | "keep" | "use">;
  /** Does what wants Ray's own token, which is asked for where it is not known. */
  readonly withToken: <T>(work: () => Promise<T>) => Promise<T>;
}

/** An engine loads a large model for long; it goes on when nobody looks any more. */
const waitMs = 30 * 60_000;

/** How a model on the cluster is, as its row says it. */
export function modelText({ model, state, shortage, message }: ClusterModel): string {
  const why = shortage === null ? message : modelShortageText(shortage, env.language);
  return [model, modelStateText(state, env.language), state === "running" ? "" : why]
    .filter((part) => part !== "")
    .join(" · ");
}

/**
 * Lets the person deploy a model, and adds it to those that can be chosen.
 *
 * @throws AgentError `remote.*`; CancellationError
 */
export async function deployModel(parts: ModelDeskParts): Promise<void> {
  const models = new ClusterModels(parts.cluster);
  const order = await askModelOrder();
  const there = await models.find(order.name, new AbortController().signal);
  if (there !== null && (await askAboutThere(there)) === "use") {
    await use(parts, models, there);
  } else {
    const deployed = await parts.withToken(() => deployWatched(models, order));
    await tellOf(parts, models, deployed);
  }
}

/** Lets the person use a model that is there, or remove it. @throws AgentError `remote.*`; CancellationError */
export async function manageModel(parts: ModelDeskParts, name: string): Promise<void> {
  const models = new ClusterModels(parts.cluster);
  const model = await models.find(name, new AbortController().signal);
  if (model === null) {
    void window.showInformationMessage(l10n.t("The model “{0}” is not on the cluster any more.", name));
    return;
  }
  const items = [
    { label: `$(check) ${l10n.t("Use it in this workspace")}`, what: "use" as const },
    { label: `$(trash) ${l10n.t("Remove it from the cluster…")}`, what: "remove" as const },
  ];
  const picked = await window.showQuickPick(items, { title: model.name, placeHolder: modelText(model) });
  if (picked?.what === "use") {
    await use(parts, models, model);
  } else if (picked?.what === "remove") {
    await remove(parts, models, model);
  }
}

/** @throws CancellationError */
async function askAboutThere(there: ClusterModel): Promise<"use" | "replace"> {
  const [useIt, replace] = [l10n.t("Use It"), l10n.t("Replace It")];
  const question = l10n.t("A model “{0}” is on the cluster already.", there.name);
  const detail = l10n.t(
    "{0}\n\nWhere it is replaced, others who use it wait until the new one runs.",
    modelText(there),
  );
  switch (await window.showWarningMessage(question, { modal: true, detail }, useIt, replace)) {
    case useIt:
      return "use";
    case replace:
      return "replace";
    default:
      throw new CancellationError();
  }
}

/** Deploys, and shows how it goes. Where the person looks away, it goes on. */
async function deployWatched(models: ClusterModels, order: ModelOrder): Promise<ClusterModel> {
  const title = l10n.t("Deploying {0}", order.name);
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return await window.withProgress(options, async (progress, cancellation) => {
    const away = new AbortController();
    cancellation.onCancellationRequested(() => away.abort(new CancellationError()));
    let last: ClusterModel | undefined;
    const onState = (model: ClusterModel): void => {
      last = model;
      progress.report({ message: modelText(model) });
    };
    try {
      return await models.deploy(order, { waitMs, onState }, away.signal);
    } catch (error) {
      // What is on its way is not taken back by looking away.
      if (away.signal.aborted && last !== undefined) {
        return last;
      }
      throw error;
    }
  });
}

async function tellOf(parts: ModelDeskParts, models: ClusterModels, model: ClusterModel): Promise<void> {
  const { name } = model;
  switch (model.state) {
    case "running": {
      await parts.endpoints.keep(model.baseUrl, await models.readKey());
      const useIt = l10n.t("Use It");
      const said = l10n.t("The model “{0}” runs on the cluster and is among the models.", name);
      if ((await window.showInformationMessage(said, useIt)) === useIt) {
        await use(parts, models, model);
      }
      return;
    }
    case "deploying":
      await parts.endpoints.keep(model.baseUrl, await models.readKey());
      void window.showInformationMessage(
        l10n.t(
          "The model “{0}” is still being started: {1}. Its address is among the models; it answers when it runs.",
          name,
          modelText(model),
        ),
      );
      return;
    default:
      void window.showErrorMessage(l10n.t("The model “{0}” does not run: {1}", name, modelText(model)));
  }
}

async function use({ endpoints }: ModelDeskParts, models: ClusterModels, model: ClusterModel): Promise<void> {
  const { baseUrl, servedName } = model;
  await endpoints.use({ baseUrl, key: await models.readKey(), model: servedName });
  void window.showInformationMessage(l10n.t("“{0}” answers in this workspace from now on.", servedName));
}

async function remove(parts: ModelDeskParts, models: ClusterModels, { name, baseUrl }: ClusterModel): Promise<void> {
  const yes = l10n.t("Remove");
  const detail = l10n.t("Whoever uses it gets no answers from it any more.");
  const question = l10n.t("Remove the model “{0}” from the cluster?", name);
  if ((await window.showWarningMessage(question, { modal: true, detail }, yes)) !== yes) {
    return;
  }
  const title = l10n.t("Removing {0}", name);
  await parts.withToken(async () => {
    await window.withProgress({ location: ProgressLocation.Notification, title }, async () => {
      await models.remove(name, new AbortController().signal);
    });
  });
  await parts.endpoints.forget(baseUrl);
}
