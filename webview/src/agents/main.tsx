// oxlint-disable-next-line import/no-unassigned-import -- the bundler makes a style sheet of it
import "./agents.css";
import { render } from "preact";
import * as z from "zod/mini";
import type { AgentsPush, NotableAgent } from "../../../src/agents/protocol/agents-page.ts";
import type { ModelPrices } from "../../../src/agents/protocol/model-costs.ts";
import { type Session, emptySession, reduceSession } from "../../../src/agents/protocol/session-state.ts";
import type { EditorApi } from "../host/host.ts";
import { createFormat } from "../text/format.ts";
import { AgentsPage } from "./agents-page.tsx";
import { createAgentsHost } from "./agents-host.ts";
import { agentsStrings } from "./agents-strings.ts";

declare function acquireVsCodeApi(): EditorApi;

// The policy of the page forbids evaluation; without this the validator would try it once.
z.config({ jitless: true });

const locale = document.documentElement.lang;
const strings = agentsStrings(locale);
const format = createFormat(locale);
const host = createAgentsHost(acquireVsCodeApi(), receive);
/** `null` until the extension has spoken. */
let session: Session | null = null;
let prices: ModelPrices = {};
let agents: readonly NotableAgent[] = [];
let isDrawing = false;
draw();
host.say({ kind: "ready" });

function receive(push: AgentsPush): void {
  switch (push.kind) {
    case "session":
      session = push.events.reduce(reduceSession, emptySession);
      prices = push.prices;
      break;
    case "events":
      session = push.events.reduce(reduceSession, session ?? emptySession);
      break;
    case "prices":
      prices = push.prices;
      break;
    case "agents":
      agents = push.agents;
  }

  if (!isDrawing) {
    isDrawing = true;
    requestAnimationFrame(draw);
  }
}

function draw(): void {
  isDrawing = false;
  const root = document.querySelector("#app");
  if (root !== null) {
    render(<AgentsPage session={session} page={{ host, strings, format, prices, agents }} />, root);
  }
}
