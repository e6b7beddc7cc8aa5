import type { Memento } from "vscode";
import * as z from "zod/mini";
import { type ModelChoice, modelChoiceSchema } from "../../agents/protocol/model.ts";
import { readSetting, writeSetting } from "../platform/configuration.ts";

/** What a model can be chosen for. */
export type ChoiceRole = "chat" | "router" | "reviewer" | "embedding";

const key = "byzer.models";
const roleSettings = {
  chat: "model",
  router: "models.router",
  reviewer: "models.reviewer",
  embedding: "models.embedding",
} as const;
const keptSchema = z.partialRecord(z.enum(["chat", "router", "reviewer", "embedding"]), modelChoiceSchema);

/** Which model the person has chosen for what: in this workspace, or else in the settings. */
export class ModelChoices {
  readonly #state: Memento;

  constructor(state: Memento) {
    this.#state = state;
  }

  /** The choice for `role` itself; nothing falls back to another role here. */
  get(role: ChoiceRole): ModelChoice | null {
    return this.#kept()[role] ?? fromSettings(role);
  }

  /** The roles beside chat that have a model of their own. */
  get roles(): Record<string, ModelChoice> {
    const own = (["router", "reviewer", "embedding"] as const).map((role) => [role, this.get(role)] as const);
    return Object.fromEntries(own.flatMap(([role, choice]) => (choice === null ? [] : [[role, choice]])));
  }

  /**
   * Keeps a choice for this workspace; `null` goes back to the settings. The first model ever chosen for chat becomes the
   * default of every workspace.
   */
  async set(role: ChoiceRole, choice: ModelChoice | null): Promise<void> {
    const { [role]: _, ...rest } = this.#kept();
    await this.#state.update(key, choice === null ? rest : { ...rest, [role]: choice });
    if (role === "chat" && choice !== null && fromSettings("chat") === null) {
      await writeSetting("model", choice);
    }
  }

  #kept(): Partial<Record<ChoiceRole, ModelChoice>> {
    const kept = keptSchema.safeParse(this.#state.get(key, {}));
    return kept.success ? kept.data : {};
  }
}

/** Settings are written by hand, so they are checked. */
function fromSettings(role: ChoiceRole): ModelChoice | null {
  const setting = modelChoiceSchema.safeParse(readSetting(roleSettings[role]));
  return setting.success ? setting.data : null;
}
