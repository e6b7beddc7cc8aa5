import type { TableOutput } from "../../src/agents/protocol/cell-output.ts";
import type { ModelState, Push } from "../../src/agents/protocol/page.ts";
import { type SessionEvent, sessionEventSchema } from "../../src/agents/protocol/session-event.ts";
import type { ColumnProfile, TableProfile } from "../../src/agents/protocol/table-profile.ts";

/** A moment in the past, for lists of sessions. */
export const startedAt = Date.UTC(2026, 4, 4, 9, 30);

/** A column with what is not given left empty. */
export function column(fields: Partial<ColumnProfile> & Pick<ColumnProfile, "name" | "type">): ColumnProfile {
  return {
    nulls: 0,
    distinct: 0,
    min: null,
    max: null,
    mean: null,
    sum: null,
    quartiles: null,
    top: [],
    ...fields,
  };
}

/** The profile of a table of deaths by disaster and year. */
export function disasterProfile(fields: Partial<TableProfile> = {}): TableProfile {
  return {
    path: "/data/disasters.csv",
    name: "disasters.csv",
    sizeBytes: 22_310,
    modifiedMs: startedAt,
    dialect: {
      format: "csv",
      encoding: "utf-8",
      delimiter: ",",
      quote: '"',
      decimal: ".",
      thousands: null,
      headerRow: 0,
      sheet: null,
    },
    sheets: [],
    rowCount: 802,
    columns: [
      column({ name: "ID", type: "identifier", distinct: 802, min: 1, max: 802 }),
      column({
        name: "Deaths",
        type: "integer",
        distinct: 640,
        min: 1,
        max: 3_711_962,
        mean: 81_219.4,
        sum: 65_137_958,
        quartiles: [269, 1893, 10_362],
        top: [
          { value: 1, count: 12 },
          { value: 18, count: 5 },
        ],
      }),
      column({ name: "Year", type: "year", distinct: 118, min: 1900, max: 2017, quartiles: [1948, 1978, 1999] }),
      column({
        name: "Entity",
        type: "category",
        distinct: 11,
        nulls: 3,
        min: "All natural disasters",
        max: "Wildfire",
        top: [
          { value: "All natural disasters", count: 117 },
          { value: "Flood", count: 102 },
          { value: "Extreme weather", count: 99 },
        ],
      }),
    ],
    duplicateRows: 0,
    totals: [],
    warnings: [
      {
        code: "total-rows",
        severity: "warning",
        message:
          "“All natural disasters” totals the other entities in every year. Summing Deaths over all rows counts each death twice.",
        columns: ["Entity"],
        values: { value: "All natural disasters", measure: "Deaths", column: "Entity" },
      },
    ],
    rows: Array.from({ length: 5 }, (_, index) => [
      index + 1,
      1_267_360 - index,
      1900 + index,
      index === 3 ? null : "All natural disasters",
    ]),
    reading: { pandas: "pd.read_csv(path)", packages: ["pandas"], standardLibrary: null },
    complete: true,
    durationMs: 11,
    ...fields,
  };
}

/** Everything in an event but what the script fills in. */
type Open<E> = E extends SessionEvent ? Omit<E, "at" | "turnId"> & { readonly turnId?: string } : never;

/** An event as a script is given it. */
export type ScriptEvent = Open<SessionEvent>;

type TurnStart = Extract<SessionEvent, { type: "turn-start" }>;

/** Writes the events of a session one after the other. */
export interface SessionScript {
  readonly events: SessionEvent[];
  /** Starts a turn; what follows belongs to it. */
  ask(question: string, fields?: Partial<Pick<TurnStart, "agent" | "replaces" | "replays">>): SessionScript;
  /** Adds an event to the last turn, or to the session. */
  add(...events: readonly ScriptEvent[]): SessionScript;
  attach(profile: TableProfile): SessionScript;
}

/** A session of that id, without turns. */
export function sessionScript(title: string, sessionId = "s1"): SessionScript {
  let at = Date.now() - 3000;
  let turns = 0;
  const events: SessionEvent[] = [{ type: "session-start", at, sessionId, title, version: "1" }];
  const script: SessionScript = {
    events,
    ask(question, fields = {}) {
      turns += 1;
      at += 1000;
      const start = { agent: null, replaces: null, ...fields };
      events.push({ type: "turn-start", at, turnId: `t${turns}`, question, ...start });
      return script;
    },
    add(...more) {
      for (const event of more) {
        at += 10;
        const ofTurn = /^(?:file|source|session)-/u.test(event.type) ? {} : { turnId: `t${turns}` };
        events.push(sessionEventSchema.parse({ ...ofTurn, ...event, at }));
      }

      return script;
    },
    attach(profile) {
      const { path, name } = profile;
      return script.add({ type: "file-attach", path, name }, { type: "file-profile", path, profile });
    },
  };
  return script;
}

/** The message that shows a session. */
export function sessionPush(
  script: SessionScript,
  fields: { readonly locale?: string; readonly resourceBase?: string; readonly trusted?: boolean } = {},
): Push {
  const { locale = "en", resourceBase = "", trusted = true } = fields;
  return { kind: "session", settings: { locale, resourceBase, trusted }, events: script.events };
}

export const chosenModel = {
  provider: "openai-compatible",
  baseUrl: "http://127.0.0.1:11434/v1",
  model: "qwen2.5-coder:14b",
} as const;

/** Two sources, one of which answers. */
export function modelsPush(fields: Partial<ModelState> = {}): Push {
  return {
    kind: "models",
    state: {
      choice: chosenModel,
      roles: {},
      sources: [
        {
          name: "Ollama",
          provider: "openai-compatible",
          baseUrl: chosenModel.baseUrl,
          hasKey: false,
          models: ["qwen2.5-coder:14b", "qwen2.5-coder:7b-instruct-q4_K_M-with-a-very-long-tag", "llama3.2:3b"],
          problem: null,
        },
        {
          name: "LM Studio",
          provider: "openai-compatible",
          baseUrl: "http://127.0.0.1:1234/v1",
          hasKey: false,
          models: [],
          problem: "Nothing answers at http://127.0.0.1:1234/v1. Start its local server, then look again.",
        },
      ],
      looking: false,
      ...fields,
    },
  };
}

export const noModelsPush: Push = modelsPush({
  choice: null,
  sources: [
    {
      name: "Ollama",
      provider: "openai-compatible",
      baseUrl: "http://127.0.0.1:11434/v1",
      hasKey: false,
      models: [],
      problem: "Nothing answers at http://127.0.0.1:11434/v1.",
    },
    {
      name: "LM Studio",
      provider: "openai-compatible",
      baseUrl: "http://127.0.0.1:1234/v1",
      hasKey: false,
      models: [],
      problem: "Nothing answers at http://127.0.0.1:1234/v1.",
    },
    {
      name: "This editor",
      provider: "editor",
      baseUrl: "",
      hasKey: false,
      models: [],
      problem: "It offers no models.",
    },
  ],
});

export const pythonPush: Push = {
  kind: "python",
  state: { status: "ready", label: "Python 3.11.7 · pandas · matplotlib", advice: "" },
};

/** A table of `count` years, with gaps. */
export function yearTable(count: number, rowCount = count): TableOutput {
  return {
    type: "table",
    name: "by_year",
    columns: [
      { name: "Year", kind: "number", dtype: "int64" },
      { name: "Deaths", kind: "number", dtype: "float64" },
      { name: "Deadliest entity", kind: "text", dtype: "object" },
    ],
    rows: Array.from({ length: count }, (_, index) => [
      1900 + index,
      index % 7 === 3 ? null : ((index * 7919) % 100_000) + 0.5,
      index % 3 === 0 ? "Flood" : 'Drought | dry "years"',
    ]),
    rowCount,
    columnCount: 3,
  };
}
