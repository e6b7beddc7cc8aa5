import type { SessionEvent } from "../../src/agents/protocol/session-event.ts";
import { disasterProfile, modelsPush, sessionPush, sessionScript } from "../page/fixtures.ts";
import { answeredTurn } from "../page/gallery-turns.ts";
import { type OpenedPage, type PageHarness, startPageHarness } from "../page/page-harness.ts";
import { type Bench, type BenchFigure, figure, rounds } from "./bench.ts";

const tokensPerSecond = 500;
const tokenCount = 10_000;
const tickMs = 16;

/** The chat page in Chromium: an answer that streams fast and long, and a long session that is opened. */
export const pageBench: Bench = {
  name: "page",
  async run(): Promise<readonly BenchFigure[]> {
    const harness = await startPageHarness();
    try {
      const longest = await rounds(2, 0, () => streamingRound(harness));
      const opening = await rounds(5, 1, () => openingRound(harness));
      return [
        figure("page: longest task (processor time) while 500 tokens/s stream for 10,000 tokens", "ms", longest, 50),
        figure("page: open a session of 1,000 messages", "ms", opening, 500),
      ];
    } finally {
      await harness.close();
    }
  },
};

function section(index: number): string {
  return `## Step ${index}

In year ${1900 + index} the table has **${index * 37} rows** with \`Deaths\` above the median; the others are *missing*
or belong to the total, which was left out. See [the note](https://example.org/${index}).

- droughts: ${index * 101}
- floods: ${index * 57}, of which ${index} are estimated
- earthquakes: none

| Entity | Deaths |
|---|---:|
| Flood | ${index * 1000} |
| Drought | ${index * 2000} |

\`\`\`python
totals = df[df.Year == ${1900 + index}].groupby("Entity").Deaths.sum()
print(totals.sort_values(ascending=False).head(${index}))
\`\`\`

`;
}

/** A Markdown answer of about four characters a token, with everything in it that answers have. */
function longAnswer(): readonly string[] {
  const text = Array.from({ length: 80 }, (_, index) => section(index + 1)).join("");
  return text.match(/[\s\S]{1,4}/gu)?.slice(0, tokenCount) ?? [];
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Time on the processor, microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * The longest task of the page's main thread, milliseconds on the processor: what the page costs, whatever else the
 * machine is doing.
 */
async function streamingRound(harness: PageHarness): Promise<number> {
  const opened = await harness.open({ height: 900 });
  const { page } = opened;
  const script = answeredTurn(sessionScript("Bench").attach(disasterProfile())).ask("Describe every year");
  await opened.push(modelsPush(), sessionPush(script));
  const browser = page.context().browser();
  await browser?.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  await page.evaluate(stream, { tokens: longAnswer(), tokensPerSecond, tickMs, turnId: "t2" });
  const trace = await browser?.stopTracing();
  const drawn = await page.locator(".markdown h2").last().textContent();
  await opened.close();
  if (drawn === null || trace === undefined) {
    throw new Error("The answer was not drawn.");
  }

  return longestTask(JSON.parse(trace.toString("utf8")));
}

interface StreamOptions {
  readonly tokens: readonly string[];
  readonly tokensPerSecond: number;
  readonly tickMs: number;
  readonly turnId: string;
}

/** Runs in the browser: pushes what has become due every tick, then the end, and waits until that is drawn. */
async function stream(options: StreamOptions): Promise<void> {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- its text is sent to the browser
  function push(events: readonly object[]): void {
    window.postMessage({ kind: "events", sessionId: "s1", events }, "*");
  }

  const { tokens, turnId } = options;
  const common = { turnId, blockId: "long", agent: "assistant_agent", role: "answer", at: 0 };
  const started = performance.now();
  let sent = 0;
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const due = Math.min(tokens.length, Math.floor(((performance.now() - started) / 1000) * options.tokensPerSecond));
      push(tokens.slice(sent, due).map((text) => ({ type: "text-delta", text, ...common })));
      sent = due;
      if (sent === tokens.length) {
        clearInterval(timer);
        push([{ type: "text-end", text: tokens.join(""), ...common }]);
        setTimeout(done, 1500);
      }
    }, options.tickMs);
  });
}

function longestTask(trace: { readonly traceEvents: readonly TraceEvent[] }): number {
  const events = trace.traceEvents;
  const threads = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  const tasks = events.filter(({ name, pid, tid }) => name === "RunTask" && threads.has(`${pid}:${tid}`));
  if (tasks.every(({ tdur }) => tdur === undefined)) {
    throw new Error("The trace holds no timed task of the page.");
  }

  return tasks.reduce((longest, { tdur }) => Math.max(longest, (tdur ?? 0) / 1000), 0);
}

/** From the message that carries the session to its last row on the screen, milliseconds. */
async function openingRound(harness: PageHarness): Promise<number> {
  const opened = await harness.open({ height: 900 });
  await opened.push(modelsPush());
  const script = sessionScript("Long").attach(disasterProfile());
  for (let turn = 0; turn < 500; turn += 1) {
    answeredTurn(script);
  }

  const durationMs = await timeToDraw(opened, script.events);
  await opened.close();
  return durationMs;
}

async function timeToDraw(opened: OpenedPage, events: readonly SessionEvent[]): Promise<number> {
  const text = JSON.stringify({ ...sessionPush(sessionScript("")), events });
  return opened.page.evaluate(async (json) => {
    const frame: unknown = JSON.parse(json);
    const started = performance.now();
    window.postMessage(frame, "*");
    await new Promise<void>((done) => {
      const look = (): void => {
        const last = document.querySelector(".row-end .chips");
        if (last === null) {
          requestAnimationFrame(look);
        } else {
          requestAnimationFrame(() => requestAnimationFrame(() => done()));
        }
      };
      look();
    });
    return performance.now() - started;
  }, text);
}
