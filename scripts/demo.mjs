import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { layOutDocuments } from "../test/evals/asking/corpus-documents.ts";
import { demoRecordings } from "../test/evals/asking/demo-recordings.ts";
import { readConversations } from "../test/evals/asking/question.ts";
import { questionHash, readRecordings } from "../test/evals/recording.ts";
import { recordedModelName, startRecordedModel } from "../test/evals/recorded-model.ts";
import { buildAll } from "./build.mjs";
import { repositoryRoot } from "./editor/editor-paths.mjs";
import { say } from "./editor/process.mjs";
import { serveEditor } from "./editor/serve.mjs";
import { packageVsix } from "./package.mjs";
import { editorNeeds, pythonNeeds, refuseUninstallable } from "./editor/system-packages.mjs";
import { ensureTestPython } from "./setup-python.mjs";

/**
 * Shows the main job: the data analysis group answers a question about a table, printed as a transcript, and a
 * question about a folder of documents is answered with its citations; then an editor at a local address, with the
 * extension installed from its VSIX and a sample workspace. `--once` stops after the transcripts, and fails where a
 * recorded answer is missing. Without a configured model, recorded answers of a model stand in, and the code still runs for real.
 */
const { values } = parseArgs({
  options: { once: { type: "boolean", default: false }, port: { type: "string" }, question: { type: "string" } },
});
const evals = join(repositoryRoot, "test", "evals");
const sampleQuestion = "How many people died in natural disasters in 1901?";
const documentsQuestion = "How often are pressure cells calibrated after delivery?";

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function main() {
  if (process.platform === "linux" && !values.once) {
    refuseUninstallable([...editorNeeds, ...pythonNeeds]);
  }
  const [python] = await Promise.all([ensureTestPython(), buildAll()]);
  const workspace = prepareWorkspace();
  const model = await chooseModel();
  say(model.words);
  const analysed = await analyze({ question: values.question ?? sampleQuestion, workspace, python, model });
  const code = analysed === 0 ? await askDocuments({ workspace, model }) : analysed;
  if (values.once || code !== 0) {
    await model.close();
    process.exitCode = code !== 0 || model.misses() > 0 ? 1 : 0;
  } else {
    await serve({ workspace, python, model });
  }
}

/** A folder with the sample tables and documents, made anew. @returns {string} */
function prepareWorkspace() {
  const folder = join(repositoryRoot, ".cache", "demo", "workspace");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["disasters.csv", "seattle-weather.csv", "cars.json"]) {
    cpSync(join(repositoryRoot, "node_modules", "vega-datasets", "data", name), join(folder, name));
  }
  layOutDocuments(join(folder, "documents"));
  writeFileSync(join(folder, "questions.md"), questionsDocument());
  return folder;
}

/** @returns {string} What can be asked without a model, as Markdown. */
function questionsDocument() {
  const lines = readFileSync(join(evals, "questions.jsonl"), "utf8").trim().split("\n");
  const questions = [sampleQuestion, ...lines.map((line) => String(JSON.parse(line).question))];
  const single = readConversations(join(evals, "asking", "questions.jsonl")).filter(({ turns }) => turns.length === 1);
  const aboutFiles = single.filter(({ sources }) => sources === undefined).map(({ turns }) => turns[0]?.question ?? "");
  const tables = recordedOf(questions, plainRecordings());
  const documents = recordedOf(aboutFiles, askingRecordings());
  const intro = "Without a model, these questions have recorded answers; with one, ask anything.";
  return `# Questions\n\n${intro}\n\n## About the table \`disasters.csv\`\n\n${tables}\n\n## About the folder \`documents\`\n\n${documents}\n`;
}

/**
 * @param {readonly string[]} questions
 * @param {readonly import("../test/evals/recording.ts").Recording[]} recordings
 * @returns {string} Those that were recorded, as a list.
 */
function recordedOf(questions, recordings) {
  const asked = new Set(recordings.map(({ questionHash: hash }) => hash));
  const recorded = [...new Set(questions)].filter((question) => asked.has(questionHash(question)));
  return recorded.map((question) => `- ${question}`).join("\n");
}

function askingRecordings() {
  return demoRecordings(join(evals, "asking", "recordings"));
}

function plainRecordings() {
  return readRecordings(join(evals, "recordings")).filter(({ variant }) => variant === "plain");
}

/**
 * What answers in the demo.
 *
 * @typedef {object} DemoModel
 * @property {string} words Which it is, for a person.
 * @property {NodeJS.ProcessEnv} env What makes the command line use it.
 * @property {object} settings What makes the editor use it.
 * @property {() => number} misses How many requests had no recorded answer.
 * @property {() => Promise<void>} close Ends what was started for it.
 */

/**
 * The configured model, or a server of recorded answers.
 *
 * @returns {Promise<DemoModel>}
 */
async function chooseModel() {
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: key, BYZER_MODEL: name } = process.env;
  if (baseUrl !== undefined || key !== undefined || name !== undefined) {
    const words = `Model: ${name ?? "the server's choice"} at ${baseUrl ?? "api.openai.com"}, from your environment.`;
    return { words, env: {}, settings: {}, misses: () => 0, close: async () => undefined };
  }
  const server = await startRecordedModel({
    recordings: [...plainRecordings(), ...askingRecordings()],
    unknown:
      "This demo has no model: it replays recorded answers, and this question was not recorded. Try one of the questions in `questions.md`, or connect a model: click the model's name below the message box. (演示没有连接模型，只能回放录制的回答。)",
    paceMs: 8,
  });
  const choice = { provider: "openai-compatible", baseUrl: server.baseUrl, model: recordedModelName };
  return {
    words:
      "No model is configured (OPENAI_BASE_URL, OPENAI_API_KEY, BYZER_MODEL), so recorded answers of a model stand in for one. The code they contain runs for real.",
    env: { OPENAI_BASE_URL: server.baseUrl, BYZER_MODEL: recordedModelName },
    settings: { "byzer.model": choice, "byzer.models.endpoints": [server.baseUrl] },
    misses: () => server.misses.length,
    close: () => server.close(),
  };
}

/**
 * @param {{ question: string, workspace: string, python: string, model: DemoModel }} what
 * @returns {Promise<number>} The command's exit code.
 */
async function analyze({ question, workspace, python, model }) {
  say("");
  const args = ["analyze", join(workspace, "disasters.csv"), "--question", question, "--yes", "--python", python];
  return await runCommand(args, model);
}

/**
 * Asks about the folder of documents: it is indexed, searched, and every citation of the answer is looked up in its file.
 *
 * @param {{ workspace: string, model: DemoModel }} what
 * @returns {Promise<number>} The command's exit code.
 */
async function askDocuments({ workspace, model }) {
  const documents = join(workspace, "documents");
  say(`\nAbout the folder documents, in English and Chinese: ${documentsQuestion}\n`);
  const index = join(repositoryRoot, ".cache", "demo", "index");
  return await runCommand(["ask", documents, "--question", documentsQuestion, "--index", index], model);
}

/**
 * @param {readonly string[]} args
 * @param {DemoModel} model
 * @returns {Promise<number>} The command's exit code.
 */
async function runCommand(args, model) {
  const sessions = join(repositoryRoot, ".cache", "demo", "sessions");
  const child = spawn(process.execPath, [join(repositoryRoot, "dist", "cli.mjs"), ...args, "--sessions", sessions], {
    stdio: "inherit",
    env: { ...process.env, ...model.env },
  });
  const [code] = await once(child, "exit");
  return code ?? 1;
}

/**
 * Packs the VSIX, installs it into the editor, and serves it until Ctrl+C.
 *
 * @param {{ workspace: string, python: string, model: DemoModel }} what
 */
async function serve({ workspace, python, model }) {
  const { url, server } = await serveEditor({
    vsix: await packageVsix(),
    workspace,
    trusted: true,
    userSettings: { ...model.settings, "byzer.python.path": python },
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
  });
  say(
    `\nThe editor is at ${url}\nRight-click disasters.csv and choose "Analyze this CSV", or documents and choose "Ask about folder". Press Ctrl+C to end.`,
  );
  const stop = () => void Promise.all([server.stop(), model.close()]).then(() => process.exit(0));
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.exitCode = await server.ended;
}
