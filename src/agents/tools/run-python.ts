import * as z from "zod/mini";
import type { ModelTool, ModelToolCall } from "../ports/chat-model.ts";

/** The one tool of the analysing agents. Models that cannot call tools write a fenced block instead. */
export const runPython: ModelTool = {
  name: "run_python",
  description:
    "Runs Python code in the session's interpreter and returns what it printed. Variables stay between calls.",
  parameters: {
    type: "object",
    properties: { code: { type: "string", description: "Complete Python code of one cell." } },
    required: ["code"],
    additionalProperties: false,
  },
};

const argumentsSchema = z.object({ code: z.string() });

/** What came of reading a call: the code, or what the model must put right. */
export type RunPythonCall = { readonly code: string } | { readonly mistake: string };

/** Reads the arguments of a call, forgiving what models get wrong: bare code instead of JSON, another key. */
export function readRunPythonCall(call: ModelToolCall): RunPythonCall {
  if (call.name !== runPython.name) {
    return { mistake: `There is no tool called ${call.name}. Call run_python with {"code": "…"}.` };
  }

  const value = parseJson(call.arguments);
  const parsed = argumentsSchema.safeParse(value);
  if (parsed.success && parsed.data.code.trim() !== "") {
    return { code: parsed.data.code };
  }

  if (typeof value === "string" && value.trim() !== "") {
    return { code: value };
  }

  const only =
    value !== null && typeof value === "object" ? Object.values(value).filter((item) => typeof item === "string") : [];
  if (only.length === 1 && only[0] !== undefined && only[0].trim() !== "") {
    return { code: only[0] };
  }

  if (value === undefined && /[\n=(]/.test(call.arguments) && !call.arguments.trimStart().startsWith("{")) {
    return { code: call.arguments };
  }

  return {
    mistake: 'The arguments could not be read. Call run_python again with {"code": "…"}, the code as one JSON string.',
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
