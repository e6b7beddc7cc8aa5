import { parentPort } from "node:worker_threads";
import { errorData } from "../base/error-data.ts";
import { profileFile } from "./profile-file.ts";
import type { ProfileAnswer, ProfileOrder, WorkNote, WorkOrder } from "./profile-messages.ts";
import { rehearse } from "./rehearse.ts";

const port = parentPort;
const running = new Map<number, AbortController>();

function answer(message: ProfileAnswer): void {
  port?.postMessage(message);
}

async function profileAsOrdered(order: ProfileOrder, signal: AbortSignal): Promise<void> {
  const { id, path, sampleRows, dialect, wantsProgress } = order;
  const onProgress: Parameters<typeof profileFile>[0]["onProgress"] = (profile, readBytes) => {
    answer({ id, type: "progress", profile, readBytes });
  };
  const profile = await profileFile({ path, sampleRows, dialect, signal, ...(wantsProgress ? { onProgress } : {}) });
  answer({ id, type: "done", profile });
}

async function carryOut(order: WorkOrder): Promise<void> {
  const { id } = order;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    if (order.type === "profile") {
      await profileAsOrdered(order, controller.signal);
    } else {
      const { findJoins } = await import("./joins/find-joins.ts");
      answer({ id, type: "joined", joins: await findJoins(order.profiles) });
    }
  } catch (error) {
    if (controller.signal.aborted) {
      answer({ id, type: "stopped" });
      return;
    }
    answer({ id, type: "failed", ...errorData(error) });
  } finally {
    running.delete(id);
  }
}

port?.on("message", (message: WorkOrder | WorkNote) => {
  if (message.type === "stop") {
    running.get(message.id)?.abort();
  } else if (message.type === "rehearse") {
    void rehearse();
  } else {
    void carryOut(message);
  }
});
