import { parentPort } from "node:worker_threads";
import { errorData } from "../base/error-data.ts";
import { noIndex } from "./index/index-status.ts";
import type { OpenIndex } from "./open-index.ts";
import type { RetrievalAnswer, RetrievalOrder } from "./retrieval-messages.ts";

const port = parentPort;

/** What a thread keeps indexes in. */
export interface IndexKeeper {
  /** Opens an index, or begins one. @throws AgentError `index.*` */
  open(database: string, mostBytes: number): OpenIndex;
  /** Says whether there is an index that could be opened. */
  isThere(database: string): boolean;
  /** Deletes an index that is not open; nothing where there is none. */
  removeClosed(database: string): void | Promise<void>;
}

/** Carries out, as a thread, the orders that come, several at a time. */
export function serveIndexes(keeper: IndexKeeper): void {
  const open = new Map<string, OpenIndex>();
  const running = new Map<number, AbortController>();
  const hear = async (order: RetrievalOrder): Promise<void> => {
    if (order.type === "cancel") {
      running.get(order.id)?.abort();
      return;
    }
    const controller = new AbortController();
    running.set(order.id, controller);
    try {
      answer(await carryOut(order, { keeper, open, signal: controller.signal }));
    } catch (error) {
      answer({ id: order.id, type: "failed", error: errorData(error) });
    } finally {
      running.delete(order.id);
    }
  };
  port?.on("message", (order: RetrievalOrder) => {
    void hear(order);
  });
}

function answer(message: RetrievalAnswer): void {
  port?.postMessage(message);
}

interface Service {
  readonly keeper: IndexKeeper;
  readonly open: Map<string, OpenIndex>;
  readonly signal: AbortSignal;
}

type Order = Exclude<RetrievalOrder, { type: "cancel" }>;

async function carryOut(order: Order, { keeper, open, signal }: Service): Promise<RetrievalAnswer> {
  const { id } = order;
  const opened = (database: string, mostBytes: number): OpenIndex => {
    const found = open.get(database) ?? keeper.open(database, mostBytes);
    open.set(database, found);
    return found;
  };
  switch (order.type) {
    case "update": {
      const onProgress: Parameters<OpenIndex["update"]>[1] = (progress) => answer({ id, type: "progress", progress });
      const report = await opened(order.database, order.mostBytes).update(order, onProgress, signal);
      return { id, type: "updated", report };
    }
    case "search":
      return { id, type: "found", passages: await opened(order.database, order.mostBytes).search(order, signal) };
    case "read":
      return { id, type: "read", read: await opened(order.database, order.mostBytes).read(order, signal) };
    case "status": {
      const isThere = open.has(order.database) || keeper.isThere(order.database);
      const status = isThere ? await opened(order.database, order.mostBytes).status() : noIndex;
      return { id, type: "status", status };
    }
    case "remove": {
      const index = open.get(order.database);
      open.delete(order.database);
      await (index === undefined ? keeper.removeClosed(order.database) : index.remove());
      return { id, type: "done" };
    }
    case "close":
      await Promise.all(Array.from(open.values(), async (index) => await index.close()));
      open.clear();
      return { id, type: "done" };
  }
}
