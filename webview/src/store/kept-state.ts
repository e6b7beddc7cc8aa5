import * as z from "zod/mini";
import type { EditorApi } from "../host/host.ts";

const keptSchema = z.object({
  sessionId: z.string(),
  draft: z.string(),
  /** Row at the top of the list and how far it is scrolled, pixels; `null` at the end. */
  scroll: z.nullable(z.object({ key: z.string(), offset: z.number() })),
  /** What was opened or folded against its default. */
  open: z.record(z.string(), z.boolean()),
});
type Kept = z.infer<typeof keptSchema>;

const nothingKept: Kept = { sessionId: "", draft: "", scroll: null, open: {} };

/** What outlives the page: the editor destroys it whenever it is hidden. */
export interface KeptState {
  get(): Readonly<Kept>;
  /** Saved within 150 ms. */
  set(fields: Partial<Kept>): void;
  /** Forgets folds and scrolling when another session is shown; the draft stays. */
  showSession(sessionId: string): void;
}

/** What the page before this one left behind, and a place to leave more. */
export function createKeptState(api: EditorApi): KeptState {
  const parsed = keptSchema.safeParse(api.getState());
  let kept: Kept = parsed.success ? parsed.data : nothingKept;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const save = (): void => {
    timer = null;
    api.setState(kept);
  };
  const set = (fields: Partial<Kept>): void => {
    kept = { ...kept, ...fields };
    timer ??= setTimeout(save, 150);
  };
  return {
    get: () => kept,
    set,
    showSession(sessionId) {
      if (kept.sessionId !== sessionId) {
        set({ sessionId, scroll: null, open: {} });
      }
    },
  };
}
