import type { Message } from "../../agents/protocol/message.ts";
import type { ApiDisposable, ApiExtension, ByzerAgentApi } from "./api-types.ts";
import type { ApiRegistrations } from "./registrations.ts";

/** What stands behind the API. Nothing of it is loaded before it is used. */
export interface ApiParts {
  readonly registrations: Pick<ApiRegistrations, "addAgent" | "addTool">;
  /** Asks an agent where the person sees it. */
  readonly ask: (to: string, content: string, signal: AbortSignal | undefined) => Promise<Message | null>;
  readonly onMessage: (listener: (message: Message) => void) => ApiDisposable;
  /** Told what a listener of another extension threw. */
  readonly onFailure: (error: unknown) => void;
}

/** Makes what other extensions get of this one. */
export function createApi({ registrations, ask, onMessage, onFailure }: ApiParts): ByzerAgentApi {
  return {
    version: 1,
    registerAgent: (extension, agent) => {
      const name = nameOf("registerAgent", agent);
      return registrations.addAgent({ extensionId: idOf("registerAgent", extension), name, declaration: agent });
    },
    registerTool: (extension, tool) => {
      const name = nameOf("registerTool", tool);
      if (typeof tool.run !== "function") {
        throw new TypeError(`registerTool: ${name} has no function run.`);
      }
      return registrations.addTool({ extensionId: idOf("registerTool", extension), name, declaration: tool });
    },
    send: async (extension, to, content, options = {}) => {
      idOf("send", extension);
      if (typeof to !== "string" || typeof content !== "string") {
        throw new TypeError("send: the name of an agent and a text are needed.");
      }
      return ask(to, content, options.signal);
    },
    onMessage: (listener) =>
      onMessage((message) => {
        try {
          listener(structuredClone(message));
        } catch (error) {
          onFailure(error);
        }
      }),
  };
}

/** Callers may be written without types, so that nothing is believed. */
function idOf(what: string, extension: ApiExtension): string {
  const { id }: { readonly id?: unknown } = Object(extension);
  if (typeof id !== "string" || id === "") {
    throw new TypeError(`${what}: the first argument is the extension, context.extension.`);
  }
  return id;
}

function nameOf(what: string, declaration: unknown): string {
  const { name }: { readonly name?: unknown } = Object(declaration);
  if (typeof name !== "string" || name === "") {
    throw new TypeError(`${what}: a name is needed.`);
  }
  return name;
}
