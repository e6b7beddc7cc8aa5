import { mustRun, say } from "./process.mjs";

/*
 * Programs that fetch packages, each told to be patient by its own settings: a registry that cannot be reached for some
 * minutes is waited for, since whoever set this going may have waited as long already. All pause longer each time.
 */

/** npm pauses 10 s, then a minute. */
const npmTries = "5";
/** pip pauses half a second, then twice as long each time, two minutes at most. */
const pipTries = "10";

/** For apt-get, which pauses a second, then twice as long each time, 30 s at most. */
export const aptPatience = ["-o", "Acquire::Retries=8"];

/**
 * Runs npm with the same Node.js that runs this program where npm's own path is known, otherwise the npm on the PATH.
 *
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>} The output.
 * @throws An Error with what npm said last when it fails.
 */
export function npm(args, options = {}) {
  const { npm_execpath: program } = process.env;
  const env = { ...environmentForNpm(), npm_config_fetch_retries: npmTries, ...options.env };
  return program?.endsWith(".js")
    ? mustRun(process.execPath, [program, ...args], { ...options, env })
    : mustRun("npm", args, { ...options, env });
}

/**
 * Installs packages of PyPI.
 *
 * @param {string} python Gets them.
 * @param {readonly string[]} args Of `pip install`.
 * @throws An Error with what pip said last when it fails.
 */
export async function pipInstall(python, args) {
  let isToldOfTrouble = false;
  const quiet = ["--disable-pip-version-check", "--quiet", "--retries", pipTries];
  await mustRun(python, ["-m", "pip", "install", ...quiet, ...args], {
    onOutput: (text) => {
      if (!isToldOfTrouble && text.includes("Retrying")) {
        isToldOfTrouble = true;
        say("Python: the package index does not answer; it is asked again for some minutes");
      }
    },
  });
}

/**
 * The environment for an npm that works in another folder than the npm that started this program.
 *
 * @returns {NodeJS.ProcessEnv}
 */
function environmentForNpm() {
  const entries = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_(package|lifecycle|config_local_prefix|config_noproxy|command|execpath|node_execpath)/.test(name),
  );
  return Object.fromEntries(entries);
}
