import { AgentError } from "../base/errors.ts";
import type { KernelResources } from "../remote/remote-interpreter-provider.ts";

/** The options by which a command is told to run code on a cluster. */
export const clusterFlags = {
  ray: { type: "string" },
  "ray-token-env": { type: "string" },
  "ray-serve": { type: "string" },
  "ray-cpus": { type: "string" },
  "ray-gpus": { type: "string" },
  "ray-memory": { type: "string" },
  "ray-pip": { type: "string", multiple: true },
  "ray-models": { type: "string" },
  "ray-space": { type: "string" },
} as const;

/** What they say. */
export interface ClusterFlags {
  readonly ray?: string | undefined;
  readonly "ray-token-env"?: string | undefined;
  readonly "ray-serve"?: string | undefined;
  readonly "ray-cpus"?: string | undefined;
  readonly "ray-gpus"?: string | undefined;
  readonly "ray-memory"?: string | undefined;
  readonly "ray-pip"?: readonly string[] | undefined;
  readonly "ray-models"?: string | undefined;
  readonly "ray-space"?: string | undefined;
}

/** Options that may stand before the command's name: `byzer --ray ADDRESS --model NAME analyze …`. @returns The command comes first. */
export function commandFirst(args: readonly string[]): readonly string[] {
  const before: string[] = [];
  let at = 0;
  while (/^--(?:ray(?:-[a-z-]+)?|model)(?:=|$)/u.test(args[at] ?? "")) {
    const [flag = "", value] = args.slice(at, at + 2);
    const isWhole = flag.includes("=");
    before.push(flag, ...(isWhole || value === undefined ? [] : [value]));
    at += isWhole ? 1 : 2;
  }
  const [command, ...rest] = args.slice(at);
  return command === undefined ? before : [command, ...before, ...rest];
}

/** Has a number below 0 belong to the option before it, as no option is called by a figure: `--ray-cpus -1`. */
export function numbersJoined(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const joined: string[] = [];
  for (const word of own) {
    const option = joined.at(-1) ?? "";
    const isNumber = /^-\d+(?:\.\d+)?$/u.test(word) && /^--[a-z-]+$/u.test(option);
    joined.splice(isNumber ? -1 : joined.length, isNumber ? 1 : 0, isNumber ? `${option}=${word}` : word);
  }
  return [...joined, ...args.slice(own.length)];
}

/** What code is given of the cluster: one processor and no limit of memory where nothing is said. @throws AgentError `cli.usage` */
export function kernelResources(flags: ClusterFlags): KernelResources {
  return {
    cpus: amount("--ray-cpus", flags["ray-cpus"], 1),
    gpus: amount("--ray-gpus", flags["ray-gpus"], 0),
    memoryBytes: bytes(flags["ray-memory"]),
    packages: flags["ray-pip"] ?? [],
  };
}

/** Tasks at a time by which a cluster indexes; 0, where nothing is said: all its processors. @throws AgentError `cli.usage` */
export function indexTasks(flags: ClusterFlags): number {
  const tasks = amount("--ray-cpus", flags["ray-cpus"], 0);
  if (!Number.isInteger(tasks)) {
    throw usage("--ray-cpus", `--ray-cpus wants a whole number here; got ${flags["ray-cpus"]}.`);
  }
  return tasks;
}

/**
 * How agents on the cluster reach models: through this program, which keeps the key, or by themselves, with the key in
 * their memory.
 *
 * @throws AgentError `cli.usage`
 */
export function modelsWay({ "ray-models": way = "window" }: ClusterFlags): "window" | "endpoint" {
  if (way === "window" || way === "endpoint") {
    return way;
  }
  throw usage("--ray-models", `--ray-models is window or endpoint; got ${way}.`);
}

function amount(flag: string, text: string | undefined, usual: number): number {
  const value = text === undefined ? usual : Number(text);
  if (!Number.isFinite(value) || value < 0 || text?.trim() === "") {
    throw usage(flag, `${flag} wants a number from 0 on; got ${text}.`);
  }
  return value;
}

const units: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function bytes(text: string | undefined): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?$/iu.exec(text?.trim() ?? "0") ?? [];
  const factor = units[unit.toUpperCase()];
  if (number === undefined || factor === undefined) {
    throw usage("--ray-memory", `--ray-memory wants an amount such as 16GB; got ${text}.`);
  }
  return Math.round(Number(number) * factor);
}

function usage(argument: string, message: string): AgentError {
  return new AgentError("cli.usage", { argument }, message);
}
