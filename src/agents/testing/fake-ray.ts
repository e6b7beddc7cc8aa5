import { once } from "node:events";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import * as z from "zod/mini";

const submissionSchema = z.object({ entrypoint: z.string(), runtime_env: z.unknown(), submission_id: z.string() });

/** A job that was submitted to a {@link FakeRay}. */
export interface SubmittedJob {
  readonly entrypoint: string;
  readonly runtimeEnv: unknown;
  /** All that was sent. */
  readonly text: string;
}

/** What a job comes to. */
export interface JobOutcome {
  readonly status: "SUCCEEDED" | "FAILED" | "RUNNING";
  readonly logs: string;
  readonly message?: string;
}

/** The dashboard of Ray as far as this product asks it, in this process. */
export class FakeRay {
  readonly server: Server;
  readonly packages = new Map<string, Buffer>();
  readonly jobs: SubmittedJob[] = [];
  readonly stopped: string[] = [];
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  version = "2.58.0";
  /** What Ray wants; `null` for a cluster without. */
  token: string | null = null;
  /** So often nobody takes a job yet, as in a cluster that has just started. */
  notReadyFor = 0;
  hasServe = true;
  applications: { readonly [name: string]: { readonly route_prefix: string } } = {};
  /** Of the head: in all, available, percent in use, in use; `null` where it has said nothing yet. */
  memory: readonly [number, number, number, number] | null = [16e9, 12e9, 25, 4e9];
  /** Answers nothing at all. */
  isDeaf = false;
  run: (job: SubmittedJob) => JobOutcome = () => ({ status: "SUCCEEDED", logs: '{"ok":true}\n' });
  port = 0;
  readonly #outcomes = new Map<string, JobOutcome>();

  constructor() {
    this.server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const address = this.server.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) {
      pieces.push(Buffer.from(piece));
    }
    const path = request.url ?? "";
    this.asked.push(`${request.method} ${path}`);
    if (this.isDeaf) {
      return;
    }
    const refusal = this.#refusal(request);
    const [status, body] = refusal ?? this.#reply(request.method ?? "GET", path, Buffer.concat(pieces));
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  #refusal({ headers }: IncomingMessage): readonly [number, string] | null {
    if (headers["sec-fetch-mode"] !== undefined) {
      return [405, "Browser traffic is not allowed."];
    }
    if (this.token === null) {
      return null;
    }
    const given = headers.authorization;
    return given === undefined
      ? [401, "Unauthorized: Missing authentication token"]
      : given === `Bearer ${this.token}`
        ? null
        : [403, "Forbidden: Invalid authentication token"];
  }

  #reply(method: string, path: string, body: Buffer): readonly [number, unknown] {
    const packageName = /^\/api\/packages\/gcs\/([^/]+)$/u.exec(path)?.[1];
    if (packageName !== undefined) {
      return this.#package(method, packageName, body);
    }
    const [, jobId, what = ""] = /^\/api\/jobs\/([^/]+)(?:\/(\w+))?$/u.exec(path) ?? [];
    if (jobId !== undefined) {
      return this.#job(jobId, what);
    }
    switch (path) {
      case "/api/version":
        return [200, { version: "4", ray_version: this.version }];
      case "/api/serve/applications/":
        return this.hasServe ? [200, { applications: this.applications }] : [404, "404: Not Found"];
      case "/nodes?view=summary":
        return [200, { data: { summary: [this.#head()] } }];
      case "/api/jobs/":
        return this.#submit(body.toString("utf8"));
      default:
        return [404, "404: Not Found"];
    }
  }

  #head(): object {
    const raylet = { state: "ALIVE", isHeadNode: true };
    return this.memory === null ? { raylet } : { raylet, mem: this.memory };
  }

  #package(method: string, name: string, body: Buffer): readonly [number, unknown] {
    if (method === "PUT") {
      this.packages.set(name, body);
    }
    return this.packages.has(name) ? [200, {}] : [404, "Package not found"];
  }

  #submit(text: string): readonly [number, unknown] {
    if (this.notReadyFor > 0) {
      this.notReadyFor -= 1;
      return [500, "No available agent to submit job, please try again later."];
    }
    const { entrypoint, runtime_env, submission_id } = submissionSchema.parse(JSON.parse(text));
    const job = { entrypoint, runtimeEnv: runtime_env, text };
    this.jobs.push(job);
    this.#outcomes.set(submission_id, this.run(job));
    return [200, { job_id: submission_id, submission_id }];
  }

  #job(id: string, what: string): readonly [number, unknown] {
    const outcome = this.#outcomes.get(id);
    if (outcome === undefined) {
      return [404, `Job ${id} does not exist`];
    }
    if (what === "logs") {
      return [200, { logs: outcome.logs }];
    }
    if (what === "stop") {
      this.stopped.push(id);
      return [200, { stopped: true }];
    }
    return [200, { submission_id: id, status: outcome.status, message: outcome.message ?? null }];
  }
}
