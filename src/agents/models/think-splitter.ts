/** A piece of an answer, told apart. */
export interface SpokenPiece {
  readonly type: "text" | "reasoning";
  readonly text: string;
}

const tags = [
  ["<think>", "</think>"],
  ["<thinking>", "</thinking>"],
  ["<thought>", "</thought>"],
] as const;

/** Splits off the thoughts that some models write in front of their answer as `<think>…</think>`. */
export interface ThinkSplitter {
  /** Takes the next piece of text; gives back what is certain by now. */
  add(text: string): readonly SpokenPiece[];
  /** Gives back what was held. */
  end(): readonly SpokenPiece[];
}

/** A splitter for one answer. Only a tag at the very start counts: later ones are the answer's own text. */
export function createThinkSplitter(): ThinkSplitter {
  let state: "start" | "thinking" | "after" | "text" = "start";
  let held = "";
  let closing = "";

  function step(): readonly SpokenPiece[] {
    if (state === "start") {
      const seen = held.trimStart();
      const tag = tags.find(([open]) => seen.startsWith(open));
      if (tag !== undefined) {
        state = "thinking";
        closing = tag[1];
        held = seen.slice(tag[0].length);
      } else if (!tags.some(([open]) => open.startsWith(seen))) {
        state = "text";
      } else {
        return [];
      }
    }
    return state === "thinking" ? think() : speak();
  }

  function think(): readonly SpokenPiece[] {
    const end = held.indexOf(closing);
    if (end >= 0) {
      const thought = held.slice(0, end);
      held = held.slice(end + closing.length);
      state = "after";
      return [...piece("reasoning", thought), ...speak()];
    }
    const safe = held.length - overlap(held, closing);
    const thought = held.slice(0, safe);
    held = held.slice(safe);
    return piece("reasoning", thought);
  }

  function speak(): readonly SpokenPiece[] {
    const text = state === "after" ? held.trimStart() : held;
    held = "";
    if (text !== "") {
      state = "text";
    }
    return piece("text", text);
  }

  return {
    add(text) {
      held += text;
      return step();
    },
    end() {
      const rest = held;
      held = "";
      return piece(state === "thinking" ? "reasoning" : "text", state === "after" ? rest.trimStart() : rest);
    },
  };
}

function piece(type: SpokenPiece["type"], text: string): readonly SpokenPiece[] {
  return text === "" ? [] : [{ type, text }];
}

/** How many characters at the end of `text` could be the start of `mark`. */
function overlap(text: string, mark: string): number {
  for (let size = Math.min(text.length, mark.length - 1); size > 0; size--) {
    if (mark.startsWith(text.slice(-size))) {
      return size;
    }
  }
  return 0;
}
