import { agentsView } from "./agents-view.ts";
import { analyze } from "./analyze.ts";
import { ask } from "./ask.ts";
import { chat } from "./chat.ts";
import { codeAgents } from "./code-agents.ts";
import type { Contribution } from "./contribution.ts";
import { declared } from "./declared.ts";
import { logs } from "./logs.ts";
import { memory } from "./memory.ts";
import { models } from "./models.ts";
import { python } from "./python.ts";
import { ray } from "./ray.ts";
import { sessions } from "./sessions.ts";

/** Every feature, in the order in which it starts. */
export const contributions: readonly Contribution[] = [
  logs,
  chat,
  analyze,
  ask,
  declared,
  codeAgents,
  agentsView,
  sessions,
  memory,
  models,
  python,
  ray,
];
