import { parentPort } from "node:worker_threads";
import { messageOf } from "../base/errors.ts";
import { profileFile } from "./profile-file.ts";
import { findJoins } from "./joins/find-joins.ts";
import type { ProfileAnswer, ProfileOrder, WorkOrder } from "./profile-messages.ts";

const port = parentPort;

function answer(message: ProfileAnswer): void {
  port?.postMessage(message);
}

async function profileAsOrdered({ id, path, sampleRows, dialect, wantsProgress }: ProfileOrder): Promise<void> {
  const onProgress: Parameters<typeof profileFile>[0]["onProgress"] = (profile, readBytes) => {
    answer({ id, type: "progress", profile, readBytes });
  };
  const profile = await profileFile({ path, sampleRows, dialect, ...(wantsProgress ? { onProgress } : {}) });
  answer({ id, type: "done", profile });
}

async function carryOut(order: WorkOrder): Promise<void> {
  const { id } = order;
  try {
    if (order.type === "profile") {
      await profileAsOrdered(order);
    } else {
      answer({ id, type: "joined", joins: await findJoins(order.profiles) });
    }
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

port?.on("message", (order: WorkOrder) => {
  void carryOut(order);
});
