import type { ModelEvent, ModelToolCall } from "../ports/chat-model.ts";
import { isJsonObject, type JsonObject } from "./lenient-json.ts";

type ToolDelta = Extract<ModelEvent, { type: "tool-delta" }>;

interface Slot {
  readonly index: number;
  id: string;
  name: string;
  arguments: string;
  /** Characters of the arguments that were passed on. */
  sent: number;
}

/** Puts the pieces of tool calls together, whatever is missing from them. */
export interface ToolCallCollector {
  /** Takes one entry of `tool_calls`; gives back what may be shown of it. */
  add(piece: unknown): readonly ToolDelta[];
  /** The calls, in order. A call that never got a name has the name "". */
  calls(newId: () => string): readonly ModelToolCall[];
}

/**
 * A collector for one answer. Copes with pieces without an index or an id, one index used for several calls, names that
 * come late, in parts or again and again, and arguments sent as an object or sent twice.
 *
 * @param offered names of the tools that were offered: they decide whether two pieces of a name belong together.
 */
export function createToolCallCollector(offered: readonly string[]): ToolCallCollector {
  const slots: Slot[] = [];
  const byIndex = new Map<number, Slot>();

  function open(index: unknown): Slot {
    const slot: Slot = { index: slots.length, id: "", name: "", arguments: "", sent: 0 };
    slots.push(slot);
    if (typeof index === "number") {
      byIndex.set(index, slot);
    }
    return slot;
  }

  function slotFor(piece: JsonObject, id: string, name: string): Slot {
    const index = piece["index"];
    const sameId = id === "" ? undefined : slots.find((slot) => slot.id === id);
    const known = typeof index === "number" ? byIndex.get(index) : (sameId ?? slots.at(-1));
    if (known === undefined) {
      return open(index);
    }
    const otherId = id !== "" && known.id !== "" && known.id !== id;
    const anotherName = typeof index !== "number" && id === "" && name !== "" && isWhole(known.arguments);
    return (otherId && name !== "" && (known.arguments === "" || isWhole(known.arguments))) || anotherName
      ? open(index)
      : known;
  }

  return {
    add(piece) {
      if (!isJsonObject(piece)) {
        return [];
      }
      const inner = isJsonObject(piece["function"]) ? piece["function"] : piece;
      const id = textOf(piece["id"]);
      const name = textOf(inner["name"]);
      const slot = slotFor(piece, id, name);
      slot.id ||= id;
      slot.name = mergeName(slot.name, name, offered);
      slot.arguments = mergeArguments(slot.arguments, inner["arguments"] ?? inner["parameters"]);
      if (slot.name === "" || slot.sent === slot.arguments.length) {
        return [];
      }
      const news = slot.arguments.slice(slot.sent);
      slot.sent = slot.arguments.length;
      return [{ type: "tool-delta", index: slot.index, name: slot.name, arguments: news }];
    },
    calls(newId) {
      const taken = new Set<string>();
      return slots.map((slot) => {
        const id = slot.id === "" || taken.has(slot.id) ? newId() : slot.id;
        taken.add(id);
        return { id, name: slot.name, arguments: slot.arguments.trim() === "" ? "{}" : slot.arguments };
      });
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isWhole(text: string): boolean {
  // Without this, a long program would be parsed again with each of its pieces.
  if (!text.trimEnd().endsWith("}")) {
    return false;
  }
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
}

function mergeName(known: string, piece: string, offered: readonly string[]): string {
  if (piece === "" || piece === known) {
    return known;
  }
  if (known === "" || piece.startsWith(known)) {
    return piece;
  }
  return offered.includes(known) && !offered.includes(known + piece) ? known : known + piece;
}

function mergeArguments(known: string, piece: unknown): string {
  if (isJsonObject(piece)) {
    return Object.keys(piece).length === 0 && known !== "" ? known : JSON.stringify(piece);
  }
  const text = textOf(piece);
  return text !== "" && isWhole(known) && (text === known || isWhole(text)) ? known : known + text;
}
