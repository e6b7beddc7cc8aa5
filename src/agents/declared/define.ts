import {
  type AgentDefinition,
  type EndRule,
  type GroupPlan,
  type HandOff,
  completeDefinition,
} from "../protocol/agent-definition.ts";
import type { AgentFile, GroupFile } from "./agent-file-schema.ts";
import { agentNameOf } from "./known-names.ts";
import { type ReadingFile, agentIn, agentsIn, namesIn, toolsIn } from "./named.ts";

/** Words of members after which a group ends where its file says nothing. */
const usualRounds = 12;

/** What a checked front matter of an agent makes of it. */
export function defineAgentOf(data: AgentFile, file: ReadingFile): AgentDefinition {
  const name = nameOf(data.name, file);
  const { known, body } = file;
  const asked = namesIn(data.agents, "agents");
  const all = asked.some((one) => one.name === "*") ? (known.agents ?? []).map((agent) => agent.name) : [];
  const asks = agentsIn(
    asked.filter((one) => one.name !== "*"),
    "agents",
    name,
    file,
  );
  warnOfSilence(data.description, file);
  return completeDefinition({
    name,
    description: data.description ?? "",
    systemMessage: body,
    model: modelOf(data.model, file),
    tools: [...toolsIn(namesIn(data.tools, "tools"), file)],
    asks: [...new Set([...asks, ...all.filter((other) => other !== name)])],
    handOffs: handOffsOf(data.handoffs, name, file),
    inputMode: data.inputMode ?? "NEVER",
    limits: data.limits ?? {},
    location: data.location ?? "local",
  });
}

/** What a checked front matter of a group makes of it. */
export function defineGroupOf(data: GroupFile, file: ReadingFile): AgentDefinition {
  const name = nameOf(data.name, file);
  const { head, problems, body } = file;
  const written = namesIn(data.members, "members");
  const members = agentsIn(written, "members", name, file);
  refuseCircles(written, name, file);
  if (members.length === 0 && !written.some((member) => member.name === name)) {
    problems.add("error", "value.empty", head.valueAt(["members"]), { values: { key: "members" } });
  }
  const script = scriptOf(data, members, file);
  const speaker = data.speaker ?? (script.length > 0 ? "script" : "round-robin");
  if (data.description === undefined || data.description.trim() === "") {
    problems.add("warning", "description.missing", head.keyAt(["description"]));
  }
  const group: GroupPlan = {
    members: [...members],
    speaker,
    script: [...script],
    maxRounds: data.maxRounds ?? usualRounds,
    end: endRulesOf(data.end, members, file),
    answer: data.answer ?? "last",
  };
  return completeDefinition({
    name,
    description: data.description ?? "",
    systemMessage: body,
    model: modelOf(data.model, file),
    limits: data.limits ?? {},
    location: data.location ?? "local",
    group,
  });
}

/** A group cannot be asked while it is asking: neither itself, nor a group that has it as a member, can be one of it. */
function refuseCircles(named: ReturnType<typeof namesIn>, self: string, { head, known, problems }: ReadingFile): void {
  for (const { name, path } of named) {
    const way = wayBack(name, self, known.membersOf ?? (() => []));
    if (way !== undefined) {
      problems.add("error", "group.circle", head.valueAt(path), { values: { name, way: [self, ...way].join(" → ") } });
    }
  }
}

/** From a member over its own members to the group that is looked at. */
function wayBack(
  from: string,
  to: string,
  membersOf: (name: string) => readonly string[],
  been: ReadonlySet<string> = new Set(),
): readonly string[] | undefined {
  if (from === to) {
    return [to];
  }

  const further = been.has(from) ? [] : membersOf(from);
  const way = further
    .map((next) => wayBack(next, to, membersOf, new Set([...been, from])))
    .find((found) => found !== undefined);
  return way === undefined ? undefined : [from, ...way];
}

/** The name that is written, or that of the file. One that cannot be a name is an error, but in the editor's own files. */
function nameOf(written: string | undefined, { path, stem, isEditors, head, known, problems }: ReadingFile): string {
  const raw = written ?? stem;
  const name = agentNameOf(raw);
  const span = head.valueAt(written === undefined ? [] : ["name"]);
  if (name === null || (name !== raw && !isEditors)) {
    const isFixable = written !== undefined && name !== null;
    problems.add("error", "name.invalid", span, { values: { name: raw }, fixes: isFixable ? [{ text: name }] : [] });
    return name ?? raw;
  }
  const other = known.takenBy?.(name, path) ?? null;
  if (other !== null) {
    problems.add("error", "name.taken", span, { values: { name, other } });
  }
  return name;
}

function warnOfSilence(description: string | undefined, { head, body, problems }: ReadingFile): void {
  if (description === undefined || description.trim() === "") {
    problems.add("warning", "description.missing", head.keyAt(["description"]));
  }
  if (body === "") {
    problems.add("warning", "body.empty", head.valueAt([]));
  }
}

/** In the editor's own files models are the editor's: there only a role counts. */
function modelOf(
  model: string | readonly string[] | undefined,
  { isEditors, head, problems }: ReadingFile,
): string | null {
  const first = (typeof model === "string" ? model : model?.[0])?.trim() ?? "";
  if (first !== "" && isEditors && !["chat", "router", "reviewer"].includes(first)) {
    problems.add("hint", "model.editor", head.valueAt(["model"]), { values: { name: first } });
    return null;
  }
  return first === "" ? null : first;
}

function handOffsOf(handOffs: AgentFile["handoffs"], self: string, file: ReadingFile): HandOff[] {
  const written =
    typeof handOffs === "string" ? namesIn(handOffs, "handoffs") : (handOffs ?? []).map((one, at) => ({ one, at }));
  return written.flatMap((entry) => {
    const { named, label, prompt } =
      "one" in entry ? handOffIn(entry.one, entry.at) : { named: entry, label: "", prompt: "" };
    const agent = agentIn(named, "handoffs", self, file);
    return agent === null ? [] : [{ agent, label, prompt }];
  });
}

type WrittenHandOff = Exclude<AgentFile["handoffs"], string | undefined>[number];

function handOffIn(
  one: WrittenHandOff,
  at: number,
): {
  readonly named: { name: string; path: readonly PropertyKey[]; isWhole: boolean };
  readonly label: string;
  readonly prompt: string;
} {
  return typeof one === "string"
    ? { named: { name: one, path: ["handoffs", at], isWhole: true }, label: "", prompt: "" }
    : {
        named: { name: one.agent, path: ["handoffs", at, "agent"], isWhole: true },
        label: one.label ?? "",
        prompt: one.prompt ?? "",
      };
}

function scriptOf({ script, speaker }: GroupFile, members: readonly string[], file: ReadingFile): readonly string[] {
  const { head, problems } = file;
  const named = namesIn(script, "script");
  if (speaker === "script" && named.length === 0) {
    problems.add("error", "group.no-script", head.valueAt(["speaker"]));
  }
  if (speaker !== undefined && speaker !== "script" && named.length > 0) {
    problems.add("warning", "group.script-unused", head.keyAt(["script"]));
  }
  return named.map(({ name, path }) => memberIn(name, path, members, file));
}

/** A name that must be a member's. */
function memberIn(
  written: string,
  path: readonly PropertyKey[],
  members: readonly string[],
  { head, problems }: ReadingFile,
): string {
  const name = agentNameOf(written) ?? written;
  if (!members.includes(name)) {
    problems.add("error", "group.not-member", head.valueAt(path), { values: { name } });
  }
  return name;
}

function endRulesOf(end: GroupFile["end"], members: readonly string[], file: ReadingFile): EndRule[] {
  if (end === undefined) {
    return [{ rule: "finish" }];
  }
  const rules = typeof end === "string" ? [end] : end;
  return rules.map((rule, at) =>
    typeof rule === "string"
      ? { rule }
      : { rule: "speaker", agent: memberIn(rule.speaker, ["end", at, "speaker"], members, file) },
  );
}
