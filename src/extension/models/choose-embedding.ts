import { ProgressLocation, type QuickPickItem, QuickPickItemKind, l10n, window } from "vscode";
import type { EmbeddingSource } from "../../agents/models/discover-embedders.ts";
import type { ModelChoice } from "../../agents/protocol/model.ts";
import { loadAgents } from "../platform/agents.ts";
import { readSetting } from "../platform/configuration.ts";
import type { EndpointKeys } from "../platform/endpoint-keys.ts";
import type { EndpointActions } from "./endpoint-actions.ts";
import type { ModelCatalog } from "./model-catalog.ts";

/** A slow or distant server is waited for this long. */
const lookLimitMs = 5000;

export interface EmbeddingChoiceParts {
  readonly catalog: ModelCatalog;
  readonly keys: EndpointKeys;
  readonly endpoints: EndpointActions;
}

interface Item extends QuickPickItem {
  /** `null`: as the settings say. */
  readonly choice?: ModelChoice | "name" | null;
}

/** Lets the person choose the model that embeds text for searching: one that is there, or one by its name. */
export async function chooseEmbedding({ catalog, keys, endpoints }: EmbeddingChoiceParts): Promise<void> {
  const current = catalog.state.roles["embedding"] ?? null;
  const looking = { location: ProgressLocation.Window, title: l10n.t("Looking for embedding models") };
  const sources = await window.withProgress(looking, () => lookForEmbedders(keys));
  const title = l10n.t("The model that embeds text for searching");
  const picked = await window.showQuickPick(itemsOf(sources, current), { title, matchOnDescription: true });
  const choice = picked?.choice === "name" ? await nameOne(endpoints) : picked?.choice;
  if (choice !== undefined) {
    await catalog.choose("embedding", choice);
  }
}

async function lookForEmbedders(keys: EndpointKeys): Promise<readonly EmbeddingSource[]> {
  const { discoverEmbedders } = await loadAgents();
  const configured = readSetting("models.endpoints").map((baseUrl) => {
    return { baseUrl, readKey: async () => (await keys.get(baseUrl)) ?? null };
  });
  const local = readSetting("models.discover") ? {} : { local: [] };
  const options = { configured, environment: process.env, timeoutMs: lookLimitMs, ...local };
  return discoverEmbedders(options, new AbortController().signal);
}

function itemsOf(sources: readonly EmbeddingSource[], current: ModelChoice | null): readonly Item[] {
  const found = sources.flatMap(({ name, baseUrl, models }): readonly Item[] => [
    { label: name, kind: QuickPickItemKind.Separator },
    ...models.map((model): Item => {
      const isChosen = current?.model === model && current.baseUrl === baseUrl;
      const description = isChosen ? l10n.t("chosen") : baseUrl;
      return { label: model, description, choice: { provider: "openai-compatible", baseUrl, model } };
    }),
  ]);
  return [
    ...found,
    { label: "", kind: QuickPickItemKind.Separator },
    { label: `$(add) ${l10n.t("Name a model and its address…")}`, choice: "name" },
    ...(current === null
      ? []
      : [{ label: `$(discard) ${l10n.t("As the settings say")}`, description: current.model, choice: null }]),
  ];
}

async function nameOne(endpoints: EndpointActions): Promise<ModelChoice | undefined> {
  const baseUrl = await endpoints.askAddress();
  const named =
    baseUrl === undefined
      ? undefined
      : await window.showInputBox({ title: l10n.t("Name of the embedding model"), ignoreFocusOut: true });
  const model = named?.trim() ?? "";
  return baseUrl === undefined || model === "" ? undefined : { provider: "openai-compatible", baseUrl, model };
}
