import { AgentError } from "../base/errors.ts";
import { titleParts } from "../remote-agents/group-name.ts";
import type { Gateway, GatewayStatus } from "../remote/gateway.ts";

type Child = GatewayStatus["children"][number];

/**
 * Ends the one of what runs on a cluster that a word means: its name, its title, or a part of that.
 *
 * @throws AgentError `cli.usage` where it means none, or several
 */
export async function endOneChild(
  gateway: Pick<Gateway, "status" | "endChild">,
  word: string,
  signal: AbortSignal,
): Promise<Child> {
  const { children } = await gateway.status(signal);
  const [one, ...others] = meant(children, word);
  if (one === undefined) {
    throw refusal(word, `Nothing that runs there is called "${word}"`, children);
  }
  if (others.length > 0) {
    throw refusal(word, `"${word}" means several: give the whole title or the name of one`, [one, ...others]);
  }
  if (!(await gateway.endChild(one.kind, one.name, signal))) {
    throw refusal(word, `"${word}" was not there any more`, []);
  }
  return one;
}

/** A whole name or title goes before a part. */
function meant(children: readonly Child[], word: string): readonly Child[] {
  const whole = children.filter(({ name, title }) => name === word || title === word);
  return whole.length > 0 ? whole : children.filter(({ title }) => titleParts(title ?? "").includes(word));
}

function refusal(word: string, reason: string, children: readonly Child[]): AgentError {
  const names = children.map(({ kind, name, title }) => `${kind} ${title ?? name} (${name})`);
  const there = names.length === 0 ? "" : ` There are: ${names.join("; ")}.`;
  return new AgentError("cli.usage", { argument: word }, `${reason}.${there}`);
}
