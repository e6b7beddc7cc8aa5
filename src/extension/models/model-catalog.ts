import { type Disposable, EventEmitter, l10n } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { ChatModel, ModelProvider, ModelRole } from "../../agents/ports/chat-model.ts";
import type { ModelChoice, ModelSource } from "../../agents/protocol/model.ts";
import type { ModelState } from "../../agents/protocol/page.ts";
import type { ChoiceRole, ModelChoices } from "./model-choices.ts";

export interface ModelCatalogParts {
  readonly choices: ModelChoices;
  /** Looks in every place where models may be. Does not throw: a place that does not answer says why. */
  readonly look: (signal: AbortSignal) => Promise<readonly ModelSource[]>;
  readonly open: (choice: ModelChoice) => Promise<ChatModel>;
}

/** Knows which models there are and which one does what. */
export class ModelCatalog implements ModelProvider, Disposable {
  readonly #parts: ModelCatalogParts;
  readonly #changes = new EventEmitter<ModelState>();
  readonly #chosen = new EventEmitter<ChoiceRole>();
  readonly #closing = new AbortController();
  #sources: readonly ModelSource[] = [];
  #looking: Promise<void> | undefined;
  #looked = false;

  readonly onChange = this.#changes.event;
  /** Fires after the person has chosen a model for a role, or taken the choice back. */
  readonly onChoose = this.#chosen.event;

  constructor(parts: ModelCatalogParts) {
    this.#parts = parts;
  }

  /** What the page shows. The choice is the person's, or else the first model found. */
  get state(): ModelState {
    return {
      choice: this.#choiceFor("chat"),
      roles: this.#parts.choices.roles,
      sources: [...this.#sources],
      looking: this.#looking !== undefined,
    };
  }

  /** Looks again. Callers at the same time share one look. */
  async refresh(): Promise<void> {
    this.#looking ??= this.#look();
    await this.#looking;
  }

  /** Looks, unless that was done before. */
  async ensureLooked(): Promise<void> {
    if (!this.#looked) {
      await this.refresh();
    }
  }

  /** Keeps the person's choice; `null` goes back to the default. */
  async choose(role: ChoiceRole, choice: ModelChoice | null): Promise<void> {
    await this.#parts.choices.set(role, choice);
    this.#changes.fire(this.state);
    this.#chosen.fire(role);
  }

  /** Says again what is chosen, as after a change of settings. */
  announce(): void {
    this.#changes.fire(this.state);
  }

  async modelFor(role: ModelRole, signal: AbortSignal): Promise<ChatModel> {
    if (this.#choiceFor(role) === null) {
      await this.ensureLooked();
    }
    signal.throwIfAborted();
    const choice = this.#choiceFor(role);
    if (choice === null) {
      throw missing(this.#sources);
    }
    return this.#parts.open(choice);
  }

  /** Where it was seen, else at the address of the chat's model: lists of models are not always whole. */
  async modelNamed(name: string, signal: AbortSignal): Promise<ChatModel> {
    await this.ensureLooked();
    signal.throwIfAborted();
    const source = this.#sources.find(({ models }) => models.includes(name));
    const chat = this.#choiceFor("chat");
    const place = chat !== null && this.#offers(chat, name) ? chat : (source ?? chat);
    if (place === null) {
      throw missing(this.#sources);
    }
    return this.#parts.open({ provider: place.provider, baseUrl: place.baseUrl, model: name });
  }

  #offers({ provider, baseUrl }: ModelChoice, name: string): boolean {
    return this.#sources.some(
      (source) => source.provider === provider && source.baseUrl === baseUrl && source.models.includes(name),
    );
  }

  dispose(): void {
    this.#closing.abort();
    this.#changes.dispose();
    this.#chosen.dispose();
  }

  #choiceFor(role: ModelRole): ModelChoice | null {
    return this.#parts.choices.get(role) ?? this.#parts.choices.get("chat") ?? firstFound(this.#sources);
  }

  async #look(): Promise<void> {
    await Promise.resolve();
    this.#changes.fire(this.state);
    try {
      this.#sources = await this.#parts.look(this.#closing.signal);
      this.#looked = true;
    } finally {
      this.#looking = undefined;
      this.#changes.fire(this.state);
    }
  }
}

function firstFound(sources: readonly ModelSource[]): ModelChoice | null {
  for (const { provider, baseUrl, models } of sources) {
    const [model] = models;
    if (model !== undefined) {
      return { provider, baseUrl, model };
    }
  }
  return null;
}

function missing(sources: readonly ModelSource[]): AgentError {
  const looked = sources.map(({ name, baseUrl, problem }) =>
    [name, baseUrl === "" ? "" : ` (${baseUrl})`, problem === null ? "" : `: ${problem}`].join(""),
  );
  return new AgentError(
    "model.missing",
    { looked },
    l10n.t("No model was found. Start Ollama or LM Studio, or add an OpenAI-compatible endpoint and its key."),
  );
}
