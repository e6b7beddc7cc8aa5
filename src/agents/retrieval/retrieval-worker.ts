import { existsSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { errorData } from "../base/error-data.ts";
import { removeDatabase } from "./index/database.ts";
import { noIndex } from "./index/index-status.ts";
import { openIndex, type OpenIndex } from "./open-index.ts";
import type { RetrievalAnswer, RetrievalOrder } from "./retrieval-messages.ts";

const port = parentPort;
const open = new Map<string, OpenIndex>();
const running = new Map<number, AbortController>();

function answer(message: RetrievalAnswer): void {
  port?.postMessage(message);
}

function indexAt(database: string, mostBytes: number): OpenIndex {
  const found = open.get(database) ?? openIndex(database, mostBytes);
  open.set(database, found);
  return found;
}

async function carryOut(order: Exclude<RetrievalOrder, { type: "cancel" }>, signal: AbortSignal): Promise<void> {
  const { id } = order;
  switch (order.type) {
    case "update": {
      const onProgress = (progress: Parameters<Parameters<OpenIndex["update"]>[1]>[0]): void =>
        answer({ id, type: "progress", progress });
      const report = await indexAt(order.database, order.mostBytes).update(order, onProgress, signal);
      answer({ id, type: "updated", report });
      break;
    }
    case "search":
      answer({ id, type: "found", passages: await indexAt(order.database, order.mostBytes).search(order, signal) });
      break;
    case "read":
      answer({ id, type: "read", read: indexAt(order.database, order.mostBytes).read(order) });
      break;
    case "status": {
      const isThere = open.has(order.database) || existsSync(order.database);
      const status = isThere ? indexAt(order.database, order.mostBytes).status() : noIndex;
      answer({ id, type: "status", status });
      break;
    }
    case "remove":
      open.get(order.database)?.remove();
      open.delete(order.database);
      removeDatabase(order.database);
      answer({ id, type: "done" });
      break;
    case "close":
      open.forEach((index) => index.close());
      open.clear();
      answer({ id, type: "done" });
  }
}

async function hear(order: RetrievalOrder): Promise<void> {
  if (order.type === "cancel") {
    running.get(order.id)?.abort();
    return;
  }
  const controller = new AbortController();
  running.set(order.id, controller);
  try {
    await carryOut(order, controller.signal);
  } catch (error) {
    answer({ id: order.id, type: "failed", error: errorData(error) });
  } finally {
    running.delete(order.id);
  }
}

port?.on("message", (order: RetrievalOrder) => {
  void hear(order);
});
