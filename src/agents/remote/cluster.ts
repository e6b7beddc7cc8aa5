import { createHash, randomBytes } from "node:crypto";
import type { Agent } from "node:http";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import type { ConnectStep } from "../protocol/cluster-state.ts";
import { type ClusterAddress, isLoopback, linkUrl, withServePort } from "./cluster-address.ts";
import { ClusterControl, type JobResult } from "./cluster-control.ts";
import { type ClusterLink, type LinkState, connectCluster } from "./cluster-link.ts";
import { Gateway } from "./gateway.ts";
import { refuseFullHead } from "./head-memory.ts";
import { clusterPython } from "./cluster-python.ts";
import type { ClusterPackage } from "./cluster-package.ts";
import { prefixTaken, refuseFailedJob } from "./job-failure.ts";
import { compareVersions, rayVersions } from "./ray-version.ts";

/** What a machine keeps of a cluster that knows it. */
export interface Admission {
  /** The secret that the cluster's gateway knows by its hash only. */
  readonly token: string;
  /** Address of Ray Serve. */
  readonly serve: string;
}

/** Where a machine keeps its admissions: a place for secrets. */
export interface Admissions {
  readonly get: (dashboard: string) => Promise<Admission | undefined>;
  /** `undefined` forgets it. */
  readonly set: (dashboard: string, admission: Admission | undefined) => Promise<void>;
}

export interface ClusterParts {
  readonly address: ClusterAddress;
  /** Whether the address of Ray Serve was said by a person, so that the cluster's own word on it does not count. */
  readonly isServeGiven?: boolean;
  /** The token that Ray itself wants, read at each use; `null` where there is none. */
  readonly rayToken: () => Promise<string | null>;
  /** Where a person has put that token, for a sentence; asked when it was refused. */
  readonly rayTokenSource?: () => string | undefined;
  readonly admissions: Admissions;
  /** What of ours runs on a cluster; read when it is to be put there. */
  readonly package: () => Promise<ClusterPackage>;
  /** The pool to connect through, such as one that knows a proxy. */
  readonly agentFor?: ((url: URL) => Agent | undefined) | undefined;
  readonly onStep?: (step: ConnectStep) => void;
  readonly onState?: (state: LinkState) => void;
}

/** A cluster that this process is connected to. */
export interface Cluster {
  readonly address: ClusterAddress;
  readonly link: ClusterLink;
  readonly gateway: Gateway;
  readonly control: ClusterControl;
  /** The token that admits this machine to what of ours runs there, read at each use. */
  readonly readToken: () => Promise<string>;
  /** Runs a module of ours there as a job, and waits for its end. @throws AgentError `remote.*` where it gave no result */
  readonly run: (job: OwnJob, signal: AbortSignal) => Promise<JobResult>;
  /** Ends the link. What runs on the cluster goes on. */
  readonly close: () => Promise<void>;
}

/** A job that runs a module of ours. */
export interface OwnJob {
  /** Says what it is for, in errors. */
  readonly verb: string;
  /** Such as `byzer_ray.deploy_model`. */
  readonly module: string;
  /** Without any secret: jobs are listed on the dashboard. */
  readonly config: object;
  readonly timeoutMs: number;
}

const deployTimeoutMs = 600_000;
const jobTimeoutMs = 120_000;
const prefix = "/byzer";
/** Of our application on Ray Serve. */
const applicationName = "byzer";

/**
 * Connects to a cluster: over the gateway of ours that runs there already; else puts it there first. A machine that the
 * gateway does not know yet is admitted by whoever holds Ray's own token.
 *
 * @throws AgentError `remote.*`, which say what is missing and the way out
 */
export async function connectToCluster(parts: ClusterParts, signal: AbortSignal): Promise<Cluster> {
  return (await connectAsKnown(parts, signal)) ?? (await connectAnew(parts, signal));
}

/**
 * Connects to what of ours runs on a cluster, and puts nothing there.
 *
 * @throws AgentError `remote.*`; `remote.gone` where nothing of ours that knows this machine runs there
 */
export async function findOnCluster(parts: ClusterParts, signal: AbortSignal): Promise<Cluster> {
  const { dashboard } = parts.address;
  const admission = await parts.admissions.get(dashboard);
  if (admission !== undefined) {
    const address = parts.isServeGiven === true ? parts.address : { ...parts.address, serve: admission.serve };
    return linked(parts, address, { ...admission, signal });
  }
  const ray = await controlOf(parts).version(signal);
  const reason = `it runs Ray ${ray}, and nothing of Byzer's that knows this machine`;
  const message = `The cluster at ${dashboard}: ${reason}. Connect first: byzer ray up ${dashboard}`;
  throw new AgentError("remote.gone", { name: dashboard, why: "not-connected", reason }, message);
}

/** Removes all of ours from a cluster: the gateway, what runs there, its files. @throws AgentError `remote.*` */
export async function removeFromCluster(parts: ClusterParts, signal: AbortSignal): Promise<void> {
  const control = controlOf(parts);
  await control.version(signal);
  const packageUri = await uploaded(parts, control, signal);
  const entrypoint = clusterPython("byzer_ray.remove");
  const result = await control.run({ verb: "remove", entrypoint, packageUri, timeoutMs: jobTimeoutMs }, signal);
  refuseFailedJob(parts.address.dashboard, "remove", result);
  await parts.admissions.set(parts.address.dashboard, undefined);
}

/** @returns `undefined` where this machine or the gateway is not known, or is of another time. */
async function connectAsKnown(parts: ClusterParts, signal: AbortSignal): Promise<Cluster | undefined> {
  const admission = await parts.admissions.get(parts.address.dashboard);
  if (admission === undefined) {
    return undefined;
  }
  const address = parts.isServeGiven === true ? parts.address : { ...parts.address, serve: admission.serve };
  try {
    const cluster = await linked(parts, address, { ...admission, signal });
    if (await isCurrent(cluster, parts)) {
      return cluster;
    }
    await cluster.close();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (
      AgentError.is(error, "remote.refused") ||
      AgentError.is(error, "remote.not-ray") ||
      AgentError.is(error, "remote.unreachable")
    ) {
      return undefined;
    }
    throw error;
  }
}

/** A gateway of a newer version of this product serves an older one, too; an older one is replaced. */
async function isCurrent(cluster: Cluster, parts: ClusterParts): Promise<boolean> {
  const { state } = cluster.link;
  const there = state.phase === "up" ? state.server.version : "";
  const { version } = await parts.package();
  return there === version || compareVersions(there, version) > 0;
}

async function connectAnew(parts: ClusterParts, signal: AbortSignal): Promise<Cluster> {
  const { address, admissions, onStep } = parts;
  onStep?.("looking");
  const control = controlOf(parts);
  await control.version(signal);
  if (!(await isOursThere(control, signal))) {
    refuseFullHead(address.dashboard, await control.machines(signal));
  }
  onStep?.("uploading");
  const packageUri = await uploaded(parts, control, signal);
  const known = await admissions.get(address.dashboard);
  const token = known?.token ?? randomBytes(32).toString("base64url");
  const job = { control, packageUri, token, signal };
  const there = parts.isServeGiven === true || known === undefined ? address : { ...address, serve: known.serve };
  return (await joinThere(parts, there, job)) ?? (await deployed(parts, job));
}

/** What jobs of ours are run with. */
interface Working {
  readonly control: ClusterControl;
  readonly packageUri: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Has this machine admitted by the gateway that is there. @returns `undefined` where none is, or an older one */
async function joinThere(parts: ClusterParts, address: ClusterAddress, job: Working): Promise<Cluster | undefined> {
  const { token, signal } = job;
  const gateway = new Gateway({ address: address.serve, token: () => Promise.resolve(null), agentFor: parts.agentFor });
  if (!(await gateway.isThere(signal))) {
    return undefined;
  }
  await admit(parts, job);
  await parts.admissions.set(address.dashboard, { token, serve: address.serve });
  parts.onStep?.("linking");
  const cluster = await linked(parts, address, { token, signal });
  if (await isCurrent(cluster, parts)) {
    return cluster;
  }
  await cluster.close();
  return undefined;
}

async function deployed(parts: ClusterParts, job: Working): Promise<Cluster> {
  const { address, admissions, onStep } = parts;
  const { control, packageUri, token, signal } = job;
  onStep?.("deploying");
  const config = await deployConfig(parts, token);
  const entrypoint = clusterPython("byzer_ray.deploy", `--config ${encoded(config)}`);
  const result = await control.run({ verb: "deploy", entrypoint, packageUri, timeoutMs: deployTimeoutMs }, signal);
  refuseFailedJob(address.dashboard, "deploy", result);
  if (result["admitted"] !== true) {
    await admit(parts, job);
  }
  const http = servedSchema.safeParse(result).data?.http;
  if (parts.isServeGiven !== true && http !== undefined) {
    refuseUnreachable(address.dashboard, http);
  }
  const found = parts.isServeGiven === true || http === undefined ? address : withServePort(address, http.port);
  await admissions.set(address.dashboard, { token, serve: found.serve });
  onStep?.("linking");
  return linked(parts, found, { token, signal });
}

async function admit(parts: ClusterParts, { control, packageUri, token, signal }: Working): Promise<void> {
  parts.onStep?.("admitting");
  const entrypoint = clusterPython("byzer_ray.admit", `--hash ${hashOf(token)}`);
  const result = await control.run({ verb: "admit", entrypoint, packageUri, timeoutMs: jobTimeoutMs }, signal);
  refuseFailedJob(control.address, "admit", result);
}

const servedSchema = z.object({ http: z.object({ host: z.optional(z.string()), port: z.int() }) });

/** @throws AgentError `remote.serve-local` where only the cluster's own machine reaches what was put there */
function refuseUnreachable(dashboard: string, { host, port }: z.infer<typeof servedSchema>["http"]): void {
  if (host !== undefined && isLoopback(`http://${host}`) && !isLoopback(dashboard)) {
    const serve = `${host}:${port}`;
    const message = `Ray Serve of the cluster at ${dashboard} listens at ${serve} only, as somebody has started it, so that it cannot be reached from here. Start it there with "serve start --http-host 0.0.0.0", or say an address of Serve that can be reached, such as that of a tunnel.`;
    throw new AgentError("remote.serve-local", { address: dashboard, serve }, message);
  }
}

/** @throws AgentError `remote.prefix-taken` where an application that is not ours has our place */
async function isOursThere(control: ClusterControl, signal: AbortSignal): Promise<boolean> {
  const application = await control.applicationAt(prefix, signal);
  if (application !== null && application !== applicationName) {
    throw prefixTaken(control.address, application);
  }
  return application !== null;
}

async function deployConfig(parts: ClusterParts, token: string): Promise<object> {
  const { version } = await parts.package();
  const host = isLoopback(parts.address.dashboard) ? "127.0.0.1" : "0.0.0.0";
  const port = Number(new URL(parts.address.serve).port || 8000);
  return {
    version,
    http: { host, port: parts.isServeGiven === true ? 8000 : port },
    ray: { min: rayVersions.min, below: rayVersions.below },
    admit: [hashOf(token)],
  };
}

async function linked(
  parts: ClusterParts,
  address: ClusterAddress,
  { token, signal }: { readonly token: string; readonly signal: AbortSignal },
): Promise<Cluster> {
  const url = linkUrl(address);
  const { agentFor, onState } = parts;
  const control = controlOf(parts);
  const link = await connectCluster(
    {
      url,
      token: () => Promise.resolve(token),
      agent: agentFor?.(new URL(address.serve)),
      whyGone: (asked) => whyGone(control, asked),
      ...(onState === undefined ? {} : { onState }),
    },
    signal,
  );
  const gateway = new Gateway({ address: address.serve, token: () => Promise.resolve(token), agentFor });
  return {
    address,
    link,
    gateway,
    control,
    readToken: () => Promise.resolve(token),
    run: (job, jobSignal) => runOwn(parts, control, { job, signal: jobSignal }),
    close: () => link.close(),
  };
}

/** Why no link can be made to a gateway ever again; `null` where it may only be away for a while. */
async function whyGone(control: ClusterControl, signal: AbortSignal): Promise<AgentError | null> {
  const { address } = control;
  // Where the cluster itself cannot be asked, nothing is known of the gateway.
  if ((await control.hasApplication(applicationName, signal).catch(() => null)) !== false) {
    return null;
  }
  const message = `Nothing of Byzer's is on the cluster at ${address} any more: it was removed, or the cluster was started anew. What ran there is lost. Connect again to put it there.`;
  return new AgentError("remote.removed", { address }, message);
}

async function runOwn(
  parts: ClusterParts,
  control: ClusterControl,
  { job, signal }: { readonly job: OwnJob; readonly signal: AbortSignal },
): Promise<JobResult> {
  const { verb, module, config, timeoutMs } = job;
  const packageUri = await uploaded(parts, control, signal);
  const entrypoint = clusterPython(module, `--config ${encoded(config)}`);
  return control.run({ verb, entrypoint, packageUri, timeoutMs }, signal);
}

async function uploaded(parts: ClusterParts, control: ClusterControl, signal: AbortSignal): Promise<string> {
  const { name, content } = await parts.package();
  return control.upload(name, content, signal);
}

function controlOf({ address, rayToken, rayTokenSource, agentFor }: ClusterParts): ClusterControl {
  return new ClusterControl({
    address: address.dashboard,
    token: rayToken,
    tokenSource: rayTokenSource,
    agentFor,
  });
}

function encoded(config: object): string {
  return Buffer.from(JSON.stringify(config)).toString("base64url");
}

/** What a gateway knows of a token. */
export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
