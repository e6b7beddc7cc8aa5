import { l10n } from "vscode";
import { messageOf } from "../../agents/base/errors.ts";
import type { EndpointMemory } from "../../agents/models/endpoint-memory.ts";
import type { ChatModel } from "../../agents/ports/chat-model.ts";
import type { ConnectionReport, ModelChoice, ModelSource } from "../../agents/protocol/model.ts";
import { loadAgents } from "../platform/agents.ts";
import { readSetting } from "../platform/configuration.ts";
import { createEditorChatModel, editorModelIds, testEditorModel } from "../platform/editor-chat-model.ts";
import type { EndpointKeys } from "../platform/endpoint-keys.ts";
import { sayChecks } from "./say-checks.ts";

/** The places where models are: addresses in the settings, servers on this machine, and the editor. */
export interface ModelPlaces {
  /** Looks everywhere at once. Does not throw: a place that does not answer says why. */
  readonly look: (signal: AbortSignal) => Promise<readonly ModelSource[]>;
  readonly open: (choice: ModelChoice) => Promise<ChatModel>;
  readonly test: (choice: ModelChoice, signal: AbortSignal) => Promise<ConnectionReport>;
}

/** A slow or distant server is waited for this long. */
const lookLimitMs = 5000;

/** @param keys Read at the moment of use. */
export function createModelPlaces(keys: EndpointKeys): ModelPlaces {
  let memory: EndpointMemory | undefined;
  const keyOf = async (baseUrl: string): Promise<string | null> => (await keys.get(baseUrl)) ?? null;
  return {
    look: async (signal) => {
      const [servers, editor] = await Promise.all([lookAtServers(keyOf, signal), lookAtEditor()]);
      return [...servers, ...editor];
    },
    open: async ({ provider, baseUrl, model }) => {
      if (provider === "editor") {
        return createEditorChatModel(model);
      }
      const { createEndpointMemory, createOpenAiChatModel } = await loadAgents();
      memory ??= createEndpointMemory();
      return createOpenAiChatModel({ baseUrl, model, memory, readKey: () => keyOf(baseUrl) });
    },
    test: async (choice, signal) =>
      choice.provider === "editor"
        ? testEditorModel(choice, signal)
        : sayChecks(await (await loadAgents()).testConnection(choice, await keyOf(choice.baseUrl), signal)),
  };
}

async function lookAtServers(
  keyOf: (baseUrl: string) => Promise<string | null>,
  signal: AbortSignal,
): Promise<readonly ModelSource[]> {
  const { discoverModels } = await loadAgents();
  const configured = readSetting("models.endpoints").map((baseUrl) => ({ baseUrl, readKey: () => keyOf(baseUrl) }));
  const local = readSetting("models.discover") ? {} : { local: [] };
  return discoverModels({ configured, environment: process.env, timeoutMs: lookLimitMs, ...local }, signal);
}

/** An editor without models of its own is no place worth naming. */
async function lookAtEditor(): Promise<readonly ModelSource[]> {
  const place = { name: l10n.t("This editor"), provider: "editor" as const, baseUrl: "", hasKey: false };
  try {
    const models = await editorModelIds();
    return models.length === 0 ? [] : [{ ...place, models: [...models], problem: null }];
  } catch (error) {
    return [{ ...place, models: [], problem: messageOf(error) }];
  }
}
