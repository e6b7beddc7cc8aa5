import { ProgressLocation, l10n, window } from "vscode";
import type { ConnectionReport, ModelChoice, ModelSource } from "../../agents/protocol/model.ts";
import { readSetting, writeSetting } from "../platform/configuration.ts";
import type { EndpointKeys } from "../platform/endpoint-keys.ts";
import { askBaseUrl, askKey, askModelName, pickBaseUrl, pickModel } from "./endpoint-dialogs.ts";
import type { ModelCatalog } from "./model-catalog.ts";

export interface EndpointActionsParts {
  readonly catalog: ModelCatalog;
  readonly keys: EndpointKeys;
  readonly test: (choice: ModelChoice, signal: AbortSignal) => Promise<ConnectionReport>;
}

/** What a person does with models and the addresses behind them. */
export class EndpointActions {
  readonly #parts: EndpointActionsParts;

  constructor(parts: EndpointActionsParts) {
    this.#parts = parts;
  }

  /** Lets the person choose the model that answers. */
  async choose(): Promise<void> {
    const { catalog } = this.#parts;
    await window.withProgress({ location: { viewId: "byzer.chat" } }, () => catalog.refresh());
    const { sources, choice } = catalog.state;
    const picked = await pickModel(sources, choice);
    if (picked === "add") {
      await this.add();
    } else if (picked !== undefined) {
      await catalog.choose("chat", picked);
    }
  }

  /** Asks for an address, its key, and which of its models answers. */
  async add(): Promise<void> {
    const baseUrl = await this.askAddress();
    if (baseUrl !== undefined) {
      await this.#chooseAt(baseUrl);
    }
  }

  /** Asks for an address and its key, and keeps both. @returns `undefined` when it was cancelled. */
  async askAddress(): Promise<string | undefined> {
    const baseUrl = await askBaseUrl();
    const key = baseUrl === undefined ? undefined : await askKey(baseUrl, await this.#hasKey(baseUrl));
    if (baseUrl === undefined || key === undefined) {
      return undefined;
    }
    await this.keep(baseUrl, key);
    return baseUrl;
  }

  /** Adds an address to those where models are looked for. @param key Empty where it wants none. */
  async keep(baseUrl: string, key: string): Promise<void> {
    if (key !== "") {
      await this.#parts.keys.set(baseUrl, key);
    }
    const endpoints = readSetting("models.endpoints");
    if (!endpoints.includes(baseUrl)) {
      await writeSetting("models.endpoints", [...endpoints, baseUrl]);
    }
  }

  /** Adds an address with its key, and has one of its models answer in this workspace. */
  async use({ baseUrl, key, model }: { readonly baseUrl: string; readonly key: string; readonly model: string }) {
    const { catalog } = this.#parts;
    await this.keep(baseUrl, key);
    await catalog.refresh();
    await catalog.choose("chat", { provider: "openai-compatible", baseUrl, model });
  }

  /** Forgets all addresses that begin so, and their keys. */
  async forget(prefix: string): Promise<void> {
    const endpoints = readSetting("models.endpoints");
    const gone = endpoints.filter((baseUrl) => baseUrl.startsWith(prefix));
    if (gone.length > 0) {
      await writeSetting(
        "models.endpoints",
        endpoints.filter((baseUrl) => !gone.includes(baseUrl)),
      );
      await Promise.all(gone.map((baseUrl) => this.#parts.keys.remove(baseUrl)));
      await this.#parts.catalog.refresh();
    }
  }

  /** Asks for the key of an address and keeps it. */
  async setKey(baseUrl?: string): Promise<void> {
    const address = baseUrl ?? (await this.#pickAddress(l10n.t("Whose key?")));
    const key = address === undefined ? undefined : await askKey(address, await this.#hasKey(address));
    if (address !== undefined && key !== undefined && key !== "") {
      await this.#parts.keys.set(address, key);
      await this.#parts.catalog.refresh();
    }
  }

  /** Forgets the key of an address. */
  async removeKey(): Promise<void> {
    const address = await this.#pickAddress(l10n.t("Which key to remove?"));
    if (address !== undefined) {
      await this.#parts.keys.remove(address);
      await this.#parts.catalog.refresh();
      void window.showInformationMessage(l10n.t("The key for {0} was removed.", address));
    }
  }

  /** Tries a model, the chosen one where left out. @returns `null` where none is chosen. */
  async test(choice: ModelChoice | null): Promise<ConnectionReport | null> {
    const { catalog } = this.#parts;
    await catalog.ensureLooked();
    const tested = choice ?? catalog.state.choice;
    if (tested === null) {
      return null;
    }
    const title = l10n.t("Testing {0}…", tested.model);
    const options = { location: ProgressLocation.Notification, title, cancellable: true };
    return window.withProgress(options, (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return this.#parts.test(tested, abort.signal);
    });
  }

  /** Tries the chosen model and shows every finding. */
  async showTest(): Promise<void> {
    const report = await this.test(null);
    if (report === null) {
      await this.choose();
      return;
    }
    const marks = { ok: "✓", failed: "✗", skipped: "–" } as const;
    const lines = report.checks.map(({ status, message }) => `${marks[status]} ${message}`);
    const failed = report.checks.some(({ status }) => status === "failed");
    const show = failed ? window.showWarningMessage : window.showInformationMessage;
    await show(l10n.t("Connection to {0}", report.choice.model), { modal: true, detail: lines.join("\n") });
  }

  async #chooseAt(baseUrl: string): Promise<void> {
    const { catalog } = this.#parts;
    await catalog.refresh();
    const source = catalog.state.sources.find((other) => other.baseUrl === baseUrl);
    const choice = await chooseFrom(source, baseUrl);
    if (choice !== undefined) {
      await catalog.choose("chat", choice);
    }
  }

  async #hasKey(baseUrl: string): Promise<boolean> {
    return (await this.#parts.keys.get(baseUrl)) !== undefined;
  }

  async #pickAddress(title: string): Promise<string | undefined> {
    await this.#parts.catalog.ensureLooked();
    return pickBaseUrl(this.#parts.catalog.state.sources, title);
  }
}

async function chooseFrom(source: ModelSource | undefined, baseUrl: string): Promise<ModelChoice | undefined> {
  if (source !== undefined && source.models.length > 0) {
    const picked = await pickModel([source], null);
    return picked === "add" ? undefined : picked;
  }
  const model = await askModelName(baseUrl, source?.problem ?? l10n.t("it was not asked"));
  return model === undefined ? undefined : { provider: "openai-compatible", baseUrl, model };
}
