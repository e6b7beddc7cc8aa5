import type { ModelRequest } from "../ports/chat-model.ts";
import type { ScriptedStep } from "./scripted-model.ts";

/** A model's call of the tool that runs code. */
export function codeCall(code: string, text = ""): ScriptedStep {
  return { text, toolCalls: [{ name: "run_python", arguments: { code } }] };
}

/** All that a model was told, with the roles. */
export function toldIn(request: ModelRequest | undefined): string {
  return (request?.messages ?? []).map(({ role, content }) => `${role}: ${content}`).join("\n");
}

/** The system message of a request. */
export function systemIn(request: ModelRequest | undefined): string {
  return request?.messages[0]?.content ?? "";
}
