import { parentPort } from "node:worker_threads";
import { errorData } from "../base/error-data.ts";
import type { IndexStatus } from "../ports/passage-index.ts";
import { noIndex } from "./index/index-status.ts";
import type { OpenIndex } from "./open-index.ts";
import type { RetrievalAnswer, RetrievalOrder } from "./retrieval-messages.ts";

const port = parentPort;

/** What a thread keeps indexes in. */
export interface IndexKeeper {
  /** Opens an index, or begins one. @param say writes to the log. @throws AgentError `index.*` */
  open(database: string, mostBytes: number, say: (text: string) => void): OpenIndex;
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

function sayToLog(text: string): void {
  answer({ id: 0, type: "notice", text });
}

interface Service {
  readonly keeper: IndexKeeper;
  readonly open: Map<string, OpenIndex>;
  readonly signal: AbortSignal;
}

type Order = Exclude<RetrievalOrder, { type: "cancel" }>;
type CarryingOrder = Extract<Order, { type: "carry" | "remember" }>;
type Opened = (order: { readonly database: string; readonly mostBytes: number }) => OpenIndex;

async function statusOf(order: Extract<Order, { type: "status" }>, opened: Opened): Promise<IndexStatus> {
  const index = opened(order);
  const embedded = order.embedder === null ? 0 : ((await index.vectors?.count(order.embedder)) ?? 0);
  return { ...(await index.status()), embedded };
}

/** @param index `null` where it was removed meanwhile */
async function carryOutVectors(
  order: Extract<Order, { type: "lacking" | "keep" }>,
  index: OpenIndex | null,
): Promise<RetrievalAnswer> {
  const { id } = order;
  if (order.type === "lacking") {
    const lacking = (await index?.vectors?.lacking(order)) ?? { passages: [], fromFile: 0 };
    return { id, type: "lacking", lacking };
  }
  return { id, type: "kept", kept: (await index?.vectors?.keep(order)) ?? 0 };
}

async function carryOutCarrying(
  order: CarryingOrder,
  { carrying }: OpenIndex,
  signal: AbortSignal,
): Promise<RetrievalAnswer> {
  const { id } = order;
  if (carrying === undefined) {
    throw new Error("Others cannot write an index of this machine.");
  }
  if (order.type === "remember") {
    carrying.remember(order.files);
    return { id, type: "done" };
  }
  const request = order.request === null ? null : { ...order.request, onProgress: () => undefined };
  return { id, type: "carrying", carrying: await carrying.begin(request, signal) };
}

async function closeAll(open: Map<string, OpenIndex>): Promise<void> {
  await Promise.all(Array.from(open.values(), async (index) => await index.close()));
  open.clear();
}

async function remove(database: string, { keeper, open }: Pick<Service, "keeper" | "open">): Promise<void> {
  const index = open.get(database);
  open.delete(database);
  await (index === undefined ? keeper.removeClosed(database) : index.remove());
}

async function carryOut(order: Order, service: Service): Promise<RetrievalAnswer> {
  const { keeper, open, signal } = service;
  const opened: Opened = ({ database, mostBytes }) => {
    const found = open.get(database) ?? keeper.open(database, mostBytes, sayToLog);
    open.set(database, found);
    return found;
  };
  return order.type === "carry" || order.type === "remember"
    ? await carryOutCarrying(order, opened(order), signal)
    : await carryOutHere(order, service, opened);
}

async function carryOutHere(
  order: Exclude<Order, CarryingOrder>,
  { keeper, open, signal }: Service,
  opened: Opened,
): Promise<RetrievalAnswer> {
  const { id } = order;
  const isThere = (database: string): boolean => open.has(database) || keeper.isThere(database);
  switch (order.type) {
    case "update": {
      const onProgress: Parameters<OpenIndex["update"]>[1] = (progress) => answer({ id, type: "progress", progress });
      const report = await opened(order).update(order, onProgress, signal);
      return { id, type: "updated", report };
    }
    case "search":
      return { id, type: "found", passages: await opened(order).search(order, signal) };
    case "read":
      return { id, type: "read", read: await opened(order).read(order, signal) };
    case "status":
      return { id, type: "status", status: isThere(order.database) ? await statusOf(order, opened) : noIndex };
    case "lacking":
    case "keep":
      return await carryOutVectors(order, isThere(order.database) ? opened(order) : null);
    case "remove":
      await remove(order.database, { keeper, open });
      return { id, type: "done" };
    case "purge":
      await (isThere(order.database) ? opened(order).purge?.() : undefined);
      return { id, type: "done" };
    case "close":
      await closeAll(open);
      return { id, type: "done" };
  }
}
