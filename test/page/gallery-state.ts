import type { Page } from "playwright-core";
import type { CodeEffect } from "../../src/agents/protocol/cell-output.ts";
import type { Push, RequestName } from "../../src/agents/protocol/page.ts";
import { type SessionScript, disasterProfile, modelsPush, pythonPush, sessionPush, sessionScript } from "./fixtures.ts";

/** One state of a page that a person looks at. @typeParam P What the page is told; the chat where left out. */
export interface GalleryState<P = Push> {
  readonly name: string;
  readonly locale?: string;
  /** Which page; the chat where left out. */
  readonly path?: "/" | "/agents";
  /** Answers by request name. */
  readonly answers?: Partial<Record<RequestName, unknown>>;
  pushes(resourceBase: string): readonly P[];
  /** What is done to the page before it is looked at. */
  act?(page: Page): Promise<void>;
}

/** A state with a model and a Python, and that session. */
export function state(
  name: string,
  script: SessionScript,
  fields: Partial<GalleryState> & { more?: readonly Push[] } = {},
): GalleryState {
  const { more = [], ...rest } = fields;
  return {
    name,
    pushes: (resourceBase) => [
      modelsPush(),
      pythonPush,
      sessionPush(script, { resourceBase, locale: rest.locale ?? "en" }),
      ...more,
    ],
    ...rest,
  };
}

/** A session on the table of disasters. */
export const titled = (): SessionScript => sessionScript("Deaths from natural disasters").attach(disasterProfile());
export const select = { type: "agent-select", agent: "assistant_agent", how: "model", durationMs: 412 } as const;
const noEffects: CodeEffect[] = [];
/** A cell without its id and code. */
export const start = {
  type: "cell-start" as const,
  number: 1,
  agent: "assistant_agent",
  repair: 0,
  effects: noEffects,
};
export const reads = { kind: "read-file", detail: "disasters.csv", line: 3 } as const;
