import type { FoundTurn, Push } from "../../src/agents/protocol/page.ts";
import { type SessionScript, modelsPush, sessionPush, sessionScript, startedAt } from "./fixtures.ts";
import { type GalleryState, titled } from "./gallery-state.ts";
import { citation, ended, passage } from "./source-fixtures.ts";

const day = 86_400_000;
const earlier = { sessionId: "session-1", turnId: "turn-1" };

/** Questions that a search finds, in both languages. */
export const foundTurns: readonly FoundTurn[] = [
  {
    ...earlier,
    title: "Deaths from natural disasters",
    question: "How many people died in 1901?",
    at: startedAt - 3 * day,
    excerpt: "In 1901, 200,018 people died in disasters. The rows of “All natural disasters” are left out of the sum.",
  },
  {
    sessionId: "session-2",
    turnId: "turn-2",
    title: "各省季度销售额",
    question: "1901年死了多少人？请按灾害种类列出，并说明哪些年份没有数据",
    at: startedAt - 400 * day,
    excerpt: "1901年有200018人死于自然灾害，其中干旱、洪水、地震和火山活动各有记录；1899年以前没有数据。",
  },
  {
    sessionId: "session-3",
    turnId: "turn-3",
    title: "A session title that goes on and on, longer than any sidebar is wide",
    question: "Which_of_the_measures_with_long_names_was_highest_in_1901_and_why_is_it_not_in_the_total?",
    at: null,
    excerpt: "…the total of 1901 leaves it out, since it is counted in the rows above.",
  },
];

/** What an answer from earlier conversations cites. */
export const remembered = {
  name: "Deaths from natural disasters",
  path: "/storage/memory/w/turns/session-1/turn-1.md",
  place: "How many people died in 1901?",
  turn: earlier,
};

function answered(): SessionScript {
  const agent = "memory_agent";
  const text = "In 1901, **200,018 people** died in disasters, we found on 2026-11-20.[1]";
  const quote = "200,018 people died in disasters";
  const read = passage({ ...remembered, text: `In 1901, ${quote}.` });
  return sessionScript("What did we find about 1901?")
    .ask("What did we find about 1901?")
    .add(
      { type: "agent-select", agent, how: "model", durationMs: 300 },
      {
        type: "passages",
        agent,
        query: "What did we find about 1901?",
        how: "search",
        passages: [read],
      },
      { type: "citation", blockId: "t1", citation: { ...citation(1, quote, read), turn: earlier } },
      { type: "text-end", blockId: "t1", agent, role: "answer", text },
      ended,
    );
}

function remembering(script: SessionScript, locale: string, remembers = true): Push {
  const push = sessionPush(script, { locale });
  return push.kind === "session" ? { ...push, settings: { ...push.settings, remembers } } : push;
}

const sessions: Extract<Push, { readonly kind: "sessions" }> = {
  kind: "sessions",
  sessions: [{ id: "session-1", title: remembered.name, files: ["disasters.csv"], updatedAt: startedAt, turns: 3 }],
};

function searching(name: string, locale: string, turns: readonly FoundTurn[]): GalleryState {
  return {
    name,
    locale,
    answers: { "session-search": { sessions: turns.length === 0 ? [] : sessions.sessions }, "turn-search": { turns } },
    pushes: () => [modelsPush(), remembering(titled(), locale), sessions, { kind: "view", view: "sessions" }],
    act: async (page) => {
      await page.getByRole("textbox").first().fill("1901");
      await page.waitForTimeout(400);
    },
  };
}

function withMenu(name: string, locale: string, script: SessionScript, remembers = true): GalleryState {
  return {
    name,
    locale,
    pushes: () => [modelsPush(), remembering(script, locale, remembers)],
    act: async (page) =>
      await page
        .getByRole("button", { name: /^(?:More|更多)/u })
        .first()
        .click(),
  };
}

/** Earlier conversations: found, cited, forgotten. */
export const memoryStates: readonly GalleryState[] = [
  searching("memory-search", "en", foundTurns),
  searching("memory-search-zh", "zh-cn", foundTurns),
  searching("memory-search-nothing", "en", []),
  { name: "memory-answer", locale: "en", pushes: () => [modelsPush(), remembering(answered(), "en")] },
  withMenu("memory-menu", "en", answered()),
  withMenu("memory-menu-zh", "zh-cn", answered()),
  withMenu("memory-off", "en", answered(), false),
  withMenu("memory-forgotten", "en", answered().add({ type: "session-remember", remembered: false })),
];
