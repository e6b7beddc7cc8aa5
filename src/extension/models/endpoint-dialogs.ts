import { type QuickPickItem, QuickPickItemKind, l10n, window } from "vscode";
import { hostOf, normalizeBaseUrl } from "../../agents/models/base-url.ts";
import type { ModelChoice, ModelSource } from "../../agents/protocol/model.ts";

/** Asks for a base URL. @returns Normalised; `undefined` when it was cancelled. */
export async function askBaseUrl(): Promise<string | undefined> {
  const text = await window.showInputBox({
    title: l10n.t("Add a model endpoint: address"),
    prompt: l10n.t("The base URL of an OpenAI-compatible server"),
    placeHolder: "https://api.example.com/v1",
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === "" || URL.canParse(normalizeBaseUrl(value)) ? undefined : l10n.t("This is no address."),
  });
  return text === undefined || text.trim() === "" ? undefined : normalizeBaseUrl(text);
}

/** Asks for a key, hidden. @returns `""` for no key; `undefined` when it was cancelled. */
export async function askKey(baseUrl: string, hasKey: boolean): Promise<string | undefined> {
  return window.showInputBox({
    title: l10n.t("API key for {0}", hostOf(baseUrl)),
    prompt: hasKey
      ? l10n.t("It replaces the key that is kept. Keys are kept in the editor's secret storage.")
      : l10n.t("It is kept in the editor's secret storage. Leave it empty where the server wants none."),
    password: true,
    ignoreFocusOut: true,
  });
}

/** Asks for the name of a model that the server did not list. */
export async function askModelName(baseUrl: string, problem: string): Promise<string | undefined> {
  const name = await window.showInputBox({
    title: l10n.t("Model at {0}", hostOf(baseUrl)),
    prompt: l10n.t("The server did not list its models ({0}). Type the name of one.", problem),
    ignoreFocusOut: true,
  });
  return name === undefined || name.trim() === "" ? undefined : name.trim();
}

/** Lets the person choose among everything that was found. */
export async function pickModel(
  sources: readonly ModelSource[],
  current: ModelChoice | null,
): Promise<ModelChoice | "add" | undefined> {
  interface Item extends QuickPickItem {
    readonly choice?: ModelChoice | "add";
  }
  const items = sources.flatMap(({ name, provider, baseUrl, models, problem }): readonly Item[] => [
    { label: name, kind: QuickPickItemKind.Separator },
    ...models.map((model): Item => {
      const chosen = current?.model === model && current.baseUrl === baseUrl;
      return {
        label: model,
        description: chosen ? l10n.t("chosen") : baseUrl,
        choice: { provider, baseUrl, model },
      };
    }),
    ...(models.length === 0 ? [{ label: `$(warning) ${name}`, description: problem ?? l10n.t("no models") }] : []),
  ]);
  const add: Item = { label: `$(add) ${l10n.t("Add Model Endpoint…")}`, choice: "add" };
  const picked = await window.showQuickPick<Item>([...items, { label: "", kind: QuickPickItemKind.Separator }, add], {
    title: l10n.t("The model that answers"),
    matchOnDescription: true,
  });
  return picked?.choice;
}

/** Lets the person choose one of several addresses; a single one is taken without asking. */
export async function pickBaseUrl(sources: readonly ModelSource[], title: string): Promise<string | undefined> {
  const items = sources
    .filter(({ provider }) => provider === "openai-compatible")
    .map(({ name, baseUrl, hasKey }) => ({
      label: name,
      description: baseUrl,
      detail: hasKey ? l10n.t("A key is kept.") : l10n.t("No key is kept."),
      baseUrl,
    }));
  return (await window.showQuickPick(items, { title }))?.baseUrl;
}
