import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chooseInExplorerMenu } from "../../scripts/editor/workbench.mjs";
import { testPythonPaths } from "../../scripts/setup-python.mjs";
import { called, openUserEditor, pictureFailures, routed, said } from "./user-editor.mjs";

const key = "sk-test-0123456789abcdef0123";
/** @type {import("./user-editor.mjs").UserEditor} */
let user;
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "byzer-held-"));
  const { python, bin } = testPythonPaths();
  const environment = join(folder, "environment");
  mkdirSync(join(folder, "wheels"));
  run(python, "-m", "venv", "--without-pip", environment);
  copyFileSync(join(bin, "uv"), join(environment, "bin", "uv"));
  const wheel = join(import.meta.dirname, "..", "process", "make-wheel.py");
  run(python, wheel, join(folder, "wheels"), "seaborn", "0.13.2", "seaborn", "themes = 3");
  user = await openUserEditor({
    files: { "sales.csv": "city,sales\nA,10\nB,20\n" },
    env: {
      OPENAI_API_KEY: key,
      ODD_NAME: key,
      UV_OFFLINE: "1",
      UV_NO_CONFIG: "1",
      UV_FIND_LINKS: join(folder, "wheels"),
      UV_CACHE_DIR: join(folder, "cache"),
    },
    userSettings: {
      "byzer.interpreter.sandbox": "strict",
      "byzer.python.path": environment,
      "terminal.integrated.env.linux": { TERMINAL_NAME: key, PYTHONSTARTUP: join(folder, "start.py") },
    },
  });
  await chooseInExplorerMenu(user.page, "sales.csv", "Analyze this CSV");
  await user.chat.shows("2 rows");
}, 300_000);
afterAll(async () => {
  await user.close();
  rmSync(folder, { recursive: true, force: true });
});
pictureFailures(() => user);

/** @param {readonly string[]} command */
function run(...command) {
  const [program = "", ...args] = command;
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
}

test("code in the terminal is held, and its environment holds no key, whatever a setting or the editor's own has", async () => {
  const outside = join(folder, "outside.txt");
  user.server.expectChat(
    routed,
    called(
      "import os, socket",
      `print('keys', sum(${JSON.stringify(key)} in value for value in os.environ.values()), 'PYTHONSTARTUP' in os.environ)`,
      `for attempt in (lambda: open(${JSON.stringify(outside)}, 'w'), lambda: socket.socket(), lambda: open('beside.txt', 'w')):`,
      "    try:",
      "        attempt()",
      "        print('went through')",
      "    except OSError as error:",
      "        print('refused')",
    ),
    said('{"verdict": "approve", "comment": "It tries its bounds."}'),
    said("Bounds tried."),
  );
  await user.chat.ask("Try the bounds");
  await user.chat.shows(/Runs in a strict sandbox/u);
  await user.chat.button("Run").click();
  await user.chat.answered("Bounds tried.");
  await user.chat.shows("keys 0 False");
  expect(JSON.stringify(user.server.chats.at(-1))).toContain(String.raw`keys 0 False\nrefused\nrefused\nrefused`);
  expect([existsSync(outside), existsSync(join(user.workspace, "beside.txt"))]).toEqual([false, false]);
});

test("a package that is missing is installed by a click, and the cell runs again in the same Python", async () => {
  user.server.expectChat(
    routed,
    called("kept = 1"),
    called("import seaborn", "print('themes', kept + seaborn.themes)"),
    said("There are 4."),
  );
  await user.chat.ask("Count the themes");
  await user.chat.button("Run all in this session").click();
  await user.chat.button("Install seaborn and run again").click();
  await user.chat.answered("There are 4.");
  await user.chat.shows("themes 4");
  await user.chat.shows("seaborn was installed, and the code ran again.");
});
