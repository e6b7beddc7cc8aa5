import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CodeAgents } from "../../src/agents/agent-process/code-agents.ts";
import { processLimits } from "../../src/agents/agent-process/process-limits.ts";
import { AgentHost } from "../../src/agents/remote-agents/host/agent-host.ts";
import { Residents } from "../../src/agents/remote-agents/host/residents.ts";
import { FakeGateway } from "../../src/agents/testing/fake-gateway.ts";
import { FakeRay } from "../../src/agents/testing/fake-ray.ts";

const token = "machine-token-canary";
const bodyOf = (given: unknown): unknown =>
  typeof given === "object" && given !== null && "line" in given
    ? given.line
    : typeof given === "object" && given !== null && "passing" in given
      ? given.passing
      : undefined;

/** A cluster for the command line: nothing of Ray, but groups of agents that live as they do there, in this process. */
export interface CommandCluster {
  readonly ray: FakeRay;
  readonly gateway: FakeGateway;
  /** Such as `http://127.0.0.1:41234`. */
  readonly dashboard: string;
  /** A home folder that knows the cluster already; removed at the end. */
  readonly home: string;
  /** What of ours runs there, by its title. */
  readonly titles: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** @param models What the gateway says of models. */
export async function startCommandCluster(models: readonly object[] = []): Promise<CommandCluster> {
  const home = mkdtempSync(join(tmpdir(), "byzer-cluster-"));
  const ray = new FakeRay();
  await ray.listen();
  const dashboard = `http://127.0.0.1:${ray.port}`;
  const titleOf = (name: string): string =>
    gateway.frames
      .flatMap((frame) => (frame.t === "open" && frame.target.name === name ? [frame.target.create?.["title"]] : []))
      .find((title) => typeof title === "string") ?? name;
  const children = () =>
    [...gateway.children.keys()].map((name) => ({
      kind: "group",
      name,
      title: titleOf(name),
      node: "10.0.0.5",
      state: "idle",
    }));
  const gateway: FakeGateway = new FakeGateway({
    token,
    version: "999.0.0+x",
    makes: { group: (_create, say) => Promise.resolve(livingGroup(home, say)) },
    tells: (asked) => {
      const ended = /^POST \/byzer\/v1\/children\/group\/([^/]+)\/end$/u.exec(asked)?.[1];
      if (ended !== undefined) {
        gateway.end(ended, "ended", "It was ended.");
        return {};
      }
      const server = { version: "999.0.0+x", ray: "2.58.0", python: "3.11.7" };
      const status = { nodes: [], available: {}, server, children: children() };
      return asked === "GET /byzer/v1/status" ? status : asked === "GET /byzer/v1/models" ? models : undefined;
    },
  });
  await gateway.listen();
  mkdirSync(join(home, ".byzer"));
  const admission = { token, serve: `http://127.0.0.1:${gateway.port}` };
  writeFileSync(join(home, ".byzer", "clusters.json"), JSON.stringify({ [dashboard]: admission }));
  return {
    ray,
    gateway,
    dashboard,
    home,
    titles: () => children().map(({ title }) => title),
    close: async () => {
      [...gateway.children.keys()].forEach((name) => gateway.end(name, "ended", "It was ended."));
      await gateway.close();
      await ray.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function livingGroup(home: string, say: (body: unknown) => void) {
  const folder = mkdtempSync(join(home, "group-"));
  const host = new AgentHost({
    say: (body) => say({ line: body }),
    residents: new Residents(
      folder,
      new CodeAgents({
        node: process.execPath,
        program: join(import.meta.dirname, "..", "..", "dist", "agent-process.mjs"),
        environment: () => ({}),
        workingDirectory: () => folder,
        limits: processLimits,
        trust: { isTrusted: () => true, ask: () => Promise.resolve(true) },
        onLog: () => undefined,
      }),
    ),
  });
  host.hear({ type: "restore", entries: [] });
  return {
    about: () => ({ node: "10.0.0.5" }),
    take: (body: unknown) => host.hear(bodyOf(body)),
    end: () => void host.dispose(),
  };
}
