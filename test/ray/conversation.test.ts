import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startModelServer } from "../../src/agents/testing/model-server.ts";
import { said } from "../../src/agents/testing/server-answers.ts";
import { agentFolder, calling } from "./agent-folder.ts";
import { sharedCluster } from "./shared-cluster.ts";

const cluster = sharedCluster();
const golden = join(import.meta.dirname, "fixtures", "mixed-conversation.json");

const files = {
  "births.csv": "city,births\nAachen,12\nBonn,30\nKöln,9\n",
  ".byzer/agents/router.agent.md":
    "---\ndescription: knows whom to ask\nagents: [analyst]\n---\nYou send questions on to whoever can answer them.\n",
  ".byzer/agents/analyst.agent.md":
    "---\ndescription: analyses tables\nlocation: ray\ntools: [run_python]\n---\nYou answer by code.\n",
};

/** What happens: the router here asks the analyst on the cluster, whose code runs there, over a file of this machine. */
test("a conversation of a person and a router here, an analyst and Python there, goes as it went", async () => {
  const server = await startModelServer();
  onTestFinished(() => server.close());
  server.expectChat(
    calling("ask_agent", { agent: "analyst", message: "Which city of births.csv has the most births?" }),
    calling("run_python", {
      code: "import pandas as pd\nbirths = pd.read_csv('births.csv')\nprint(births.loc[births.births.idxmax()].to_dict())",
    }),
    said('{"verdict": "approve", "comment": "It reads the file and no other."}'),
    said("Bonn, with 30."),
    said("The analyst says: Bonn, with 30 births."),
  );
  const { code, out, err } = await agentFolder(cluster, files).ask("router", "Where are most births?", server.baseUrl);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  const nodes = cluster.plan.hosts.map(([, address]) => address);
  expect(nodes).toContain(/It runs on ([\d.]+) of the cluster/u.exec(err)?.[1]);
  // What the two agents of the folder asked their model; the words of the reviewer's are no matter of this test.
  const asked = server.chats
    .map(({ messages }) => messages)
    .filter((each) => !JSON.stringify(each).includes("verdict"));
  const transcript: unknown = JSON.parse(masked(JSON.stringify({ told: JSON.parse(out), asked })));
  if (!existsSync(golden)) {
    writeFileSync(golden, JSON.stringify(transcript, null, 2));
    throw new Error(`There was no ${golden}: it was written, to be looked at and kept.`);
  }
  expect(transcript).toEqual(JSON.parse(readFileSync(golden, "utf8")));
});

/** What differs from run to run: names made by chance, times, durations, places; and what the machine has. */
function masked(text: string): string {
  return text
    .replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gu, "<id>")
    .replaceAll(/"(\w*(?:Ms|At|Tokens))":\s*\d+(?:\.\d+)?/gu, '"$1":"<number>"')
    .replaceAll(/Python \d[\d.]*; installed packages: [^\\"]*/gu, "Python <version>; installed packages: <packages>.")
    .replaceAll(/(?:\/[\w.-]+)*\/agents-\w+/gu, "<home>")
    .replaceAll(/\b(?:\d+\.){3}\d+, a machine of/gu, "<node>, a machine of");
}
