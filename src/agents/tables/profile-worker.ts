import { parentPort } from "node:worker_threads";
import { messageOf } from "../base/errors.ts";
import { profileFile } from "./profile-file.ts";
import type { ProfileAnswer, ProfileOrder } from "./profile-messages.ts";

const port = parentPort;

function answer(message: ProfileAnswer): void {
  port?.postMessage(message);
}

async function carryOut(order: ProfileOrder): Promise<void> {
  const { id, path, sampleRows, dialect } = order;
  try {
    const onProgress: Parameters<typeof profileFile>[0]["onProgress"] = (profile, readBytes) => {
      answer({ id, type: "progress", profile, readBytes });
    };
    const profile = await profileFile({ path, sampleRows, dialect, ...(order.wantsProgress ? { onProgress } : {}) });
    answer({ id, type: "done", profile });
  } catch (error) {
    const coded = error instanceof Error && error.name === "AgentError" && "code" in error && "details" in error;
    answer({
      id,
      type: "failed",
      code: coded ? String(error.code) : null,
      details: coded ? error.details : {},
      message: messageOf(error),
      stack: error instanceof Error ? (error.stack ?? "") : "",
    });
  }
}

port?.on("message", (order: ProfileOrder) => {
  void carryOut(order);
});
