import type { ServerAnswer } from "./model-server.ts";

/** A streamed answer in words. */
export function said(content: string): ServerAnswer {
  return {
    type: "stream",
    chunks: [{ choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: "stop" }] }],
  };
}

/** A streamed call of `run_python`. */
export function called(code: string): ServerAnswer {
  const call = {
    index: 0,
    id: "call_1",
    type: "function",
    function: { name: "run_python", arguments: JSON.stringify({ code }) },
  };
  return {
    type: "stream",
    chunks: [
      { choices: [{ index: 0, delta: { role: "assistant", tool_calls: [call] }, finish_reason: "tool_calls" }] },
    ],
  };
}
