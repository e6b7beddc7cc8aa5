import { spawnSync } from "node:child_process";

/**
 * How programs are kept apart from this machine.
 *
 * @typedef {object} Apartness
 * @property {readonly [string, ...string[]]} prefix Goes before a command. It ends with whoever started it, and all that the command
 *   has started with it.
 * @property {string | null} oneHost Why hosts of networks of their own cannot be made inside; `null` where they can.
 */

/** Makes what is inside ready: links and files that nobody outside sees. */
const ready = [
  "mount -t tmpfs tmpfs /run",
  "mount -t tmpfs tmpfs /dev/shm",
  "mkdir /run/netns",
  "ip link set lo up",
  // Whoever looks for this machine's address finds the loopback one.
  "ip route add default dev lo",
].join(" && ");

/** Whether hosts can be made: a name space with a link to a bridge. */
const probe = [
  "ip netns add probe",
  "ip link add name probe type bridge",
  "ip link add probe0 type veth peer name eth0 netns probe",
  "ip link set probe0 master probe",
  "ip netns exec probe unshare -m true",
].join(" && ");

/** Ends with whoever started it. @type {readonly ["setpriv", ...string[]]} */
const alone = ["setpriv", "--pdeathsig", "KILL"];
const spaces = ["--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--net"];

/** @returns {Apartness} The best that this machine gives to this user; with `BYZER_RAY_ONE_HOST` set, the least. */
export function findApartness() {
  const asked = process.env["BYZER_RAY_ONE_HOST"] ?? "";
  if (asked !== "") {
    return { prefix: alone, oneHost: asked };
  }
  /** @type {string[]} */
  const reasons = [];
  for (const user of [[], ["--user", "--map-root-user"]]) {
    const prefix = prefixOf(user);
    const [command, ...args] = prefix;
    const { status, stderr, error } = spawnSync(command, [...args, "sh", "-c", probe], {
      encoding: "utf8",
      timeout: 30_000,
    });
    if (status === 0) {
      return { prefix, oneHost: null };
    }
    reasons.push(error?.message ?? stderr.trim().split("\n")[0] ?? `exit code ${status}`);
  }
  return { prefix: alone, oneHost: `no name spaces can be made (${reasons[0]})` };
}

/**
 * @param {readonly string[]} user Options of `unshare`.
 * @returns {Apartness["prefix"]}
 */
function prefixOf(user) {
  // The shell stays, as the first process of its name space: it takes leave of those whose parents have gone.
  const inside = ["sh", "-c", `${ready} && "$@"; exit $?`, "sh"];
  return [...alone, "unshare", ...user, ...spaces, ...inside];
}
