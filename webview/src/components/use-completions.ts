import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { FoundFile } from "../../../src/agents/protocol/page.ts";
import type { Session } from "../../../src/agents/protocol/session-state.ts";
import { usePage } from "../page-context.ts";
import {
  type Completion,
  type FileQuery,
  completed,
  completionsFor,
  fileCompletions,
  fileQueryAt,
  isFoundFile,
} from "../text/composer-command.ts";

/** Files are asked for when the typing pauses for so long. */
const pauseMs = 80;

/** What the word at the caret may become, and which of it is marked. */
export interface Completions {
  readonly completions: readonly Completion[];
  readonly at: number;
  readonly setAt: (at: number) => void;
  /** To be called with every change of the text. */
  readonly typed: (draft: string, caret: number) => void;
  /** Puts one into the draft; a table is added to the session, anything else is asked about. */
  readonly complete: (completion: Completion) => void;
  readonly close: () => void;
}

/** Completes commands, agents and, after an `@`, the files and folders of the workspace. */
export function useCompletions(area: RefObject<HTMLTextAreaElement | null>): Completions {
  const { store, request } = usePage();
  const [completions, setCompletions] = useState<readonly Completion[]>([]);
  const [at, setAt] = useState(0);
  const asked = useRef(0);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);

  const show = (shown: readonly Completion[]): void => {
    setCompletions(shown);
    setAt(0);
  };
  const forget = (): void => {
    asked.current += 1;
    clearTimeout(pause.current);
  };
  const find = async (query: FileQuery, first: readonly Completion[]): Promise<void> => {
    const number = asked.current;
    const found = await request("file-find", { text: query.text });
    if (number === asked.current) {
      show([...first, ...fileCompletions(query, found?.files ?? [])]);
    }
  };
  return {
    completions,
    at,
    setAt,
    typed(draft, caret) {
      forget();
      const first = completionsFor(draft, caret, store.get().agents);
      const query = fileQueryAt(draft, caret);
      // Files that were found for the letters before stand until those for these are there.
      const kept = query === null ? [] : completions.filter(({ describes }) => isFoundFile(describes));
      show([...first, ...kept.map((file) => ({ ...file, from: query?.from ?? 0, to: query?.to ?? 0 }))]);
      if (query !== null) {
        pause.current = setTimeout(() => void find(query, first), pauseMs);
      }
    },
    complete(completion) {
      forget();
      const { describes } = completion;
      const { draft, caret } = completed(store.get().draft, completion);
      store.set({ draft, focusRequests: store.get().focusRequests + 1 });
      setCompletions([]);
      requestAnimationFrame(() => area.current?.setSelectionRange(caret, caret));
      if (isFoundFile(describes) && !isThere(store.get().session, describes)) {
        void request(describes.kind === "table" ? "file-attach" : "source-add", { path: describes.path });
      }
    },
    close() {
      forget();
      setCompletions([]);
    },
  };
}

function isThere({ files, sources }: Session, { kind, path }: FoundFile): boolean {
  return kind === "table"
    ? files.some((file) => file.path === path)
    : sources.some((source) => source.path === path && source.lines === null);
}
