import { createServer } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { AgentError } from "../../src/agents/base/errors.ts";
import { connectToCluster, removeFromCluster } from "../../src/agents/remote/cluster.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { openWindow, partsOf } from "./test-window.ts";

const cluster = sharedCluster();
const signal = new AbortController().signal;

test("a version of Ray that nobody knows is refused by its number, before anything is put there", async () => {
  const asked: string[] = [];
  const dashboard = await pretending((method, path) => {
    asked.push(`${method} ${path}`);
    return { ray_version: "9.9.9", version: "4" };
  });
  const known = { address: { dashboard, serve: dashboard }, isServeGiven: true };
  const error = await connectToCluster(partsOf(cluster, { admissions: new Map(), parts: known }), signal).catch(
    (reason: unknown) => reason,
  );
  expect(AgentError.is(error, "remote.ray-version") && error.details.found).toBe("9.9.9");
  expect(asked).toEqual(["GET /api/version"]);
});

test("another person's application is not touched, neither by connecting nor by removing all of ours", async () => {
  await runAsSomebody(serving("/somebody", "somebody"));
  const window = await openWindow(cluster);
  const python = await window.python();
  await python.run("x = 1");
  expect(await answerAt("/somebody")).toBe("somebody's");
  await window.close();
  const staying = await openWindow(cluster);
  await removeFromCluster(partsOf(cluster), signal);
  expect(await answerAt("/somebody")).toBe("somebody's");
  expect((await answerAt("/byzer/v1/health")).includes('byzer":')).toBe(false);
  expect(await cluster.ask("/api/serve/applications/")).toContain('"somebody"');
  const removed = { phase: "down", problem: { code: "remote.removed" } };
  await vi.waitFor(() => expect(staying.cluster.link.state).toMatchObject(removed), { timeout: 120_000 });

  await runAsSomebody(serving("/byzer", "taker"));
  const error = await connectToCluster(partsOf(cluster, { admissions: new Map() }), signal).catch(
    (reason: unknown) => reason,
  );
  expect(AgentError.is(error, "remote.prefix-taken") && error.details.application).toBe("taker");
  expect(await answerAt("/byzer")).toBe("somebody's");
  await runAsSomebody("serve.delete('somebody'); serve.delete('taker')");
  const again = await openWindow(cluster);
  expect(again.cluster.link.state.phase).toBe("up");
});

function serving(prefix: string, name: string): string {
  return `
@serve.deployment(ray_actor_options={"num_cpus": 0})
class Other:
    def __call__(self, request):
        return "somebody's"

serve.run(Other.bind(), name="${name}", route_prefix="${prefix}")
`;
}

/** Runs a program of somebody who has Ray's token, on the head. */
async function runAsSomebody(code: string): Promise<void> {
  const reached = `serve.start(http_options={"host": "0.0.0.0", "location": "HeadOnly"})\n`;
  const start = `import ray\nfrom ray import serve\nray.init(address="auto", namespace="somebody")\n${reached}`;
  await cluster.runPython("head", start + code);
}

async function answerAt(path: string): Promise<string> {
  const answer = await fetch(`http://${cluster.addressOf("head")}:8000${path}`);
  return answer.text();
}

/** The dashboard of a cluster that says of itself what it is told. @returns Its address. */
async function pretending(say: (method: string, path: string) => object): Promise<string> {
  const server = createServer((incoming, answer) => {
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify(say(incoming.method ?? "", incoming.url ?? "")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}
