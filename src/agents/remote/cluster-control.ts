import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import { pause } from "./pause.ts";
import { type RayAnswer, type RayHttpOptions, type RayRequest, rayRequest } from "./ray-http.ts";
import { isUsableRay, rayVersions } from "./ray-version.ts";

const versionSchema = z.object({ ray_version: z.string() });
const servingSchema = z.object({
  applications: z.record(z.string(), z.object({ route_prefix: z.optional(z.nullable(z.string())) })),
});
const nodesSchema = z.object({
  data: z.object({
    summary: z.array(
      z.object({
        raylet: z.optional(z.object({ state: z.optional(z.string()), isHeadNode: z.optional(z.boolean()) })),
        /** In all, available, percent in use, in use; bytes. Missing where the machine has said nothing yet. */
        mem: z.optional(z.tuple([z.number(), z.number()], z.number())),
      }),
    ),
  }),
});
const submittedSchema = z.object({ submission_id: z.string() });
const jobSchema = z.object({ status: z.string(), message: z.optional(z.nullable(z.string())) });
const logsSchema = z.object({ logs: z.optional(z.nullable(z.string())) });
const resultSchema = z.looseObject({ ok: z.boolean() });

/** A machine of a cluster that lives. */
export interface ClusterMachine {
  readonly isHead: boolean;
  /** What it has and what nobody uses of it, whoever that is; `null` where it has not told yet. */
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number } | null;
}

/** One verb of ours, run on the cluster. */
export interface JobRequest {
  /** Says what it is for, in errors. */
  readonly verb: string;
  /** The command, without any secret: jobs are listed on the dashboard. */
  readonly entrypoint: string;
  /** The package that holds it, as uploaded. */
  readonly packageUri: string;
  readonly timeoutMs: number;
  /** Told as it starts and while it runs. */
  readonly onProgress?: (status: string) => void;
}

/** What a job printed as its last word: `ok`, and whatever belongs to its verb. */
export type JobResult = z.infer<typeof resultSchema>;

const pollFirstMs = 250;
const pollLaterMs = 1000;
/** What Ray says while no node of a cluster that has just started takes jobs. */
const nobodyYet = /No available agent to submit job/u;
const submitAgainMs = 2000;
/** The first answer on what is served makes the dashboard a client of its own cluster. */
const servingTimeoutMs = 120_000;
const uploadTimeoutMs = 300_000;
const tailCharacters = 2000;

/** The control plane of a Ray cluster: its Jobs API, as the dashboard's port speaks it (docs.ray.io, "Ray Jobs REST API"). */
export class ClusterControl {
  readonly address: string;
  readonly #http: RayHttpOptions;

  constructor(http: RayHttpOptions) {
    this.#http = http;
    this.address = http.address;
  }

  /**
   * The cluster's version of Ray.
   *
   * @throws AgentError `remote.unreachable`, `remote.not-ray`, `remote.token-missing`, `remote.token-wrong`,
   * `remote.ray-version` for one that is not used
   */
  async version(signal: AbortSignal): Promise<string> {
    const answer = await this.#send({ method: "GET", path: "/api/version" }, signal);
    const found = answer.status === 200 ? readJson(versionSchema, answer.text)?.ray_version : undefined;
    const { address } = this;
    if (found === undefined) {
      const reason = `it does not say which version of Ray it is (${answer.status})`;
      const message = `What answers at ${address} is no Ray dashboard: ${reason}. Ray's own port is usually 8265.`;
      throw new AgentError("remote.not-ray", { address, reason }, message);
    }
    if (!isUsableRay(found)) {
      const wanted = `${rayVersions.min} or newer, before ${rayVersions.below} (tested with ${rayVersions.tested})`;
      const message = `The cluster at ${address} runs Ray ${found}; ${wanted} is needed. Install it on every node: pip install "ray[default,serve]==${rayVersions.tested}".`;
      throw new AgentError("remote.ray-version", { address, found, wanted }, message);
    }
    return found;
  }

  /** The machines that live. @throws AgentError `remote.*` */
  async machines(signal: AbortSignal): Promise<readonly ClusterMachine[]> {
    const answer = await this.#send({ method: "GET", path: "/nodes?view=summary" }, signal);
    const { data } = this.#read(nodesSchema, answer, "its nodes");
    return data.summary
      .filter(({ raylet }) => raylet?.state === "ALIVE")
      .map(({ raylet, mem }) => ({
        isHead: raylet?.isHeadNode === true,
        memory: mem === undefined ? null : { totalBytes: mem[0], availableBytes: mem[1] },
      }));
  }

  /**
   * Who has a place on Ray Serve. @returns The application's name; `null` where the place is free, or nobody can tell.
   *
   * @throws AgentError `remote.serve-missing`
   */
  async applicationAt(prefix: string, signal: AbortSignal): Promise<string | null> {
    const applications = await this.#applications(signal);
    return Object.entries(applications ?? {}).find(([, { route_prefix }]) => route_prefix === prefix)?.[0] ?? null;
  }

  /**
   * Whether Ray Serve has an application. @returns `null` where nobody can tell.
   *
   * @throws AgentError `remote.*`
   */
  async hasApplication(name: string, signal: AbortSignal): Promise<boolean | null> {
    const applications = await this.#applications(signal);
    return applications === null ? null : Object.hasOwn(applications, name);
  }

  /** What Ray Serve serves, by name; `null` where nobody can tell. @throws AgentError `remote.serve-missing` */
  async #applications(signal: AbortSignal): Promise<z.infer<typeof servingSchema>["applications"] | null> {
    const request = { method: "GET", path: "/api/serve/applications/", timeoutMs: servingTimeoutMs } as const;
    const answer = await this.#send(request, signal);
    if (answer.status === 404 || answer.status === 501) {
      const { address } = this;
      const message = `The cluster at ${address} has no Ray Serve. Install it on every node: pip install "ray[default,serve]".`;
      throw new AgentError("remote.serve-missing", { address }, message);
    }
    if (answer.status >= 500) {
      // The dashboard of a cluster that is still starting cannot tell; the job that deploys looks, too.
      return null;
    }
    return this.#read(servingSchema, answer, "what it serves").applications;
  }

  /** Puts a package on the cluster, unless it is there. @returns Its address for jobs. */
  async upload(name: string, content: () => Promise<Buffer>, signal: AbortSignal): Promise<string> {
    const path = `/api/packages/gcs/${name}`;
    const there = await this.#send({ method: "GET", path }, signal);
    if (there.status !== 200) {
      const body = await content();
      const answer = await this.#send({ method: "PUT", path, body, timeoutMs: uploadTimeoutMs }, signal);
      this.#expect(answer, "our package");
    }
    return `gcs://${name}`;
  }

  /**
   * Runs one verb and waits for its end. An abort stops it on the cluster.
   *
   * @throws AgentError `remote.job-failed` where it ended without a result, `remote.timeout`
   */
  async run(job: JobRequest, signal: AbortSignal): Promise<JobResult> {
    const deadline = Date.now() + job.timeoutMs;
    const id = `byzer-${randomUUID()}`;
    try {
      await this.#submit(id, job, { signal, deadline });
      const status = await this.#wait(id, job, { signal, deadline });
      return await this.#result(id, job, status);
    } catch (error) {
      await this.#stop(id);
      throw error;
    }
  }

  async #submit(
    id: string,
    { entrypoint, packageUri }: JobRequest,
    { signal, deadline }: { readonly signal: AbortSignal; readonly deadline: number },
  ): Promise<void> {
    const body = {
      entrypoint,
      submission_id: id,
      runtime_env: { working_dir: packageUri },
      metadata: { application: "byzer" },
    };
    for (;;) {
      // oxlint-disable no-await-in-loop -- asked again until a node of a cluster that has just started takes jobs
      const answer = await this.#send({ method: "POST", path: "/api/jobs/", body, timeoutMs: 60_000 }, signal);
      if (answer.status < 500 || !nobodyYet.test(answer.text) || Date.now() > deadline) {
        this.#read(submittedSchema, answer, "the number of our job");
        return;
      }
      await pause(submitAgainMs, signal);
      // oxlint-enable no-await-in-loop
    }
  }

  async #wait(
    id: string,
    { verb, onProgress, timeoutMs }: JobRequest,
    { signal, deadline }: { readonly signal: AbortSignal; readonly deadline: number },
  ): Promise<z.infer<typeof jobSchema>> {
    const started = Date.now();
    let last = "";
    for (;;) {
      // oxlint-disable no-await-in-loop -- asked again until it has ended
      const answer = await this.#send({ method: "GET", path: `/api/jobs/${id}` }, signal);
      const job = this.#read(jobSchema, answer, "the state of our job");
      if (job.status !== last) {
        last = job.status;
        onProgress?.(job.status);
      }
      if (["SUCCEEDED", "FAILED", "STOPPED"].includes(job.status)) {
        return job;
      }
      if (Date.now() > deadline) {
        const { address } = this;
        const seconds = timeoutMs / 1000;
        const message = `The job "${verb}" on the cluster at ${address} did not end within ${seconds} seconds (${job.status}). Are processors free there?`;
        throw new AgentError("remote.timeout", { address, what: verb, seconds }, message);
      }
      await pause(Date.now() - started < 10_000 ? pollFirstMs : pollLaterMs, signal);
      // oxlint-enable no-await-in-loop
    }
  }

  async #result(id: string, { verb }: JobRequest, job: z.infer<typeof jobSchema>): Promise<JobResult> {
    const answer = await this.#send({ method: "GET", path: `/api/jobs/${id}/logs` }, AbortSignal.timeout(30_000));
    const logs = this.#read(logsSchema, answer, "what our job printed").logs ?? "";
    const result = lastResult(logs);
    if (result === undefined) {
      const { address } = this;
      const tail = (logs.trim() === "" ? (job.message ?? "") : logs.trim()).slice(-tailCharacters);
      const message = `The job "${verb}" on the cluster at ${address} ended without a result (${job.status}). It last said: ${tail}`;
      throw new AgentError("remote.job-failed", { address, verb, tail }, message);
    }
    return result;
  }

  /** One that has ended stays as it is; that it cannot be told is not worth more than the error on its way. */
  async #stop(id: string): Promise<void> {
    await this.#send(
      { method: "POST", path: `/api/jobs/${id}/stop`, timeoutMs: 5000 },
      AbortSignal.timeout(6000),
    ).catch(() => undefined);
  }

  #send(request: RayRequest, signal: AbortSignal): Promise<RayAnswer> {
    return rayRequest(this.#http, request, signal);
  }

  #expect(answer: RayAnswer, what: string): void {
    if (answer.status !== 200) {
      const { address } = this;
      const reason = `${what}: ${answer.status} ${answer.text.slice(0, 500)}`;
      const message = `The cluster at ${address} refused a request: ${reason}`;
      throw new AgentError("remote.malformed", { address, reason }, message);
    }
  }

  #read<T>(schema: z.ZodMiniType<T>, answer: RayAnswer, what: string): T {
    this.#expect(answer, what);
    const value = readJson(schema, answer.text);
    if (value === undefined) {
      const { address } = this;
      const message = `The cluster at ${address} says ${what} in a way that this program does not understand.`;
      throw new AgentError("remote.malformed", { address, reason: what }, message);
    }
    return value;
  }
}

/** The last line that is an object with `ok`: Ray prints lines of its own around those of a job. */
export function lastResult(logs: string): JobResult | undefined {
  return logs
    .split("\n")
    .toReversed()
    .map((line) => (line.trim().startsWith("{") ? readJson(resultSchema, line) : undefined))
    .find((result) => result !== undefined);
}

function readJson<T>(schema: z.ZodMiniType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
