import { lstatSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startModelServer } from "../../src/agents/testing/model-server.ts";
import { said } from "../../src/agents/testing/server-answers.ts";
import { agentFolder, answerOf, calling, keyCanary } from "./agent-folder.ts";
import { actorOf, environmentOf } from "./processes.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { openWindow } from "./test-window.ts";

const cluster = sharedCluster();
const signal = new AbortController().signal;

test("no key and no token is in a job, a log, what the dashboard tells, or the environment of code", async () => {
  const admissions = new Map<string, { readonly token: string; readonly serve: string }>();
  const window = await openWindow(cluster, { admissions });
  const secrets = [cluster.token, keyCanary, admissions.get(cluster.dashboard)?.token ?? ""];
  expect(secrets.map(({ length }) => length > 20)).toEqual([true, true, true]);
  const held = (text: string): readonly string[] => secrets.filter((secret) => text.includes(secret));

  // An agent there, whose model's key is on this machine, looks for itself.
  const server = await startModelServer();
  onTestFinished(() => server.close());
  const look = "import os\nprint(dict(os.environ))\nprint(open('/proc/self/environ').read())";
  server.expectChat(calling("run_python", { code: look }), said('{"verdict": "approve"}'), said("Looked."));
  const files = {
    ".byzer/agents/analyst.agent.md":
      "---\ndescription: analyses\nlocation: ray\ntools: [run_python]\n---\nYou analyse.\n",
  };
  const ended = await agentFolder(cluster, files).ask("analyst", "Look.", server.baseUrl);
  const { messages } = answerOf(ended);
  expect(messages.find(({ from, to }) => from === "python_interpreter" && to === "analyst")?.content).toContain(
    "RAY_ADDRESS",
  );
  expect(held(ended.out + ended.err)).toEqual([]);
  expect(server.requests.map(({ headers }) => headers["authorization"])).toEqual(
    server.requests.map(() => `Bearer ${keyCanary}`),
  );

  const python = await window.python();
  const cell = await python.run(look);
  expect(cell.text).toContain("RAY_ADDRESS");
  expect(held(cell.text)).toEqual([]);
  const { pid } = python.interpreter.info;
  expect(environmentOf(pid)).toContain("BYZER_INTERPRETER_PORT");
  expect(held(environmentOf(pid))).toEqual([]);
  // Ray's own token is what its workers were started with; ours and keys are not there.
  expect(held(environmentOf(actorOf(pid))).filter((secret) => secret !== cluster.token)).toEqual([]);

  const { children } = await window.cluster.gateway.status(signal);
  const programs = children.map((child) => child["pid"]).filter((program) => typeof program === "number");
  expect(programs).toContain(pid);
  expect(programs.flatMap((program) => held(environmentOf(program)))).toEqual([]);
  expect(held(JSON.stringify(children))).toEqual([]);
  const told = await Promise.all(paths.map((path) => cluster.ask(path)));
  expect(told.map((text) => text.length > 0)).toEqual(paths.map(() => true));
  expect(told.flatMap(held)).toEqual([]);
  expect(told[0]).toContain("byzer_ray");
  const jobs: readonly { readonly submission_id: string }[] = JSON.parse(told[0] ?? "");
  const logs = await Promise.all(jobs.map(({ submission_id: id }) => cluster.ask(`/api/jobs/${id}/logs`)));
  expect(logs.flatMap(held)).toEqual([]);
  await python.interpreter.close();

  const found = filesBelow(cluster.plan.folder);
  const logFiles = found.filter((path) => path.includes("/logs/"));
  expect(logFiles.length).toBeGreaterThan(30);
  const holding = found.filter((path) => held(readFileSync(path, "latin1")).length > 0);
  expect(holding.filter((path) => !mayHold(path))).toEqual([]);
});

/** What the dashboard tells of jobs, of actors and of what is served. */
const paths = [
  "/api/jobs/",
  "/logical/actors",
  "/api/serve/applications/",
  "/nodes?view=summary",
  "/api/v0/actors?detail=1&limit=1000",
  "/api/v0/workers?detail=1&limit=1000",
  "/api/v0/runtime_envs?detail=1&limit=1000",
];

/** Where Ray's token lies for Ray itself, and for the code of a person who was given it: only they can read it. */
function mayHold(path: string): boolean {
  const isRays = path.endsWith("/home/.ray/auth_token") || path.endsWith("/ray-token");
  return isRays && (lstatSync(path).mode & 0o077) === 0;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
