import * as z from "zod/mini";
import { AgentError } from "../base/errors.ts";
import { type ClusterModelState, modelShortageSchema } from "../protocol/cluster-model.ts";
import type { JobResult } from "./cluster-control.ts";
import type { Cluster } from "./cluster.ts";
import type { Gateway } from "./gateway.ts";
import { jobError, readJobFailure } from "./job-failure.ts";
import { type ModelOrder, checkModelOrder, refusedByEngine } from "./model-order.ts";
import { pause } from "./pause.ts";

/** A model of ours on a cluster. */
export interface ClusterModel {
  readonly name: string;
  /** By which requests choose it. */
  readonly servedName: string;
  /** What the engine loads. */
  readonly model: string;
  readonly state: ClusterModelState;
  /** Serve's own words; may be empty. */
  readonly message: string;
  /** Speaks OpenAI's protocol; ends with `/v1`. It wants {@link ClusterModels.readKey} as its key. */
  readonly baseUrl: string;
  /** How many copies of each of its parts are in which state, as Serve calls them. */
  readonly replicas: { readonly [part: string]: { readonly [state: string]: number } };
  /** Where it waits for GPUs that the cluster does not have. */
  readonly shortage: z.infer<typeof modelShortageSchema> | null;
}

/** What came of deploying. */
export interface DeployedModel extends ClusterModel {
  /** It was there before, just as it was to be. */
  readonly already: boolean;
}

export interface DeployOptions {
  /** How long to wait until it runs, milliseconds; 0 where left out. It goes on being started afterwards. */
  readonly waitMs?: number;
  /** Told how it is whenever that has changed while waiting. */
  readonly onState?: (model: ClusterModel) => void;
}

const states: Readonly<Record<string, ClusterModelState>> = {
  NOT_STARTED: "deploying",
  DEPLOYING: "deploying",
  RUNNING: "running",
  UNHEALTHY: "unhealthy",
  DEPLOY_FAILED: "failed",
  DELETING: "removing",
  GONE: "gone",
};

const modelSchema = z.object({
  name: z.string(),
  servedName: z.string(),
  model: z.string(),
  path: z.string().check(z.regex(/^\/[\w./-]+$/u)),
  state: z.string(),
  message: z.string(),
  replicas: z.record(z.string(), z.record(z.string(), z.number())),
  shortage: z.optional(z.nullable(modelShortageSchema)),
});
const modelsSchema = z.array(modelSchema);
const deployedSchema = z.object({ model: z.object({ ...modelSchema.shape, already: z.boolean() }) });
const removedSchema = z.object({ removed: z.boolean() });

/** The engine is loaded to read the arguments. */
const deployTimeoutMs = 300_000;
const removeTimeoutMs = 180_000;
const lookAgainMs = 2000;
const module = "byzer_ray.deploy_model";

/** What of a cluster is needed to have models there. */
export interface ModelCluster extends Pick<Cluster, "address" | "run" | "readToken"> {
  readonly gateway: Pick<Gateway, "ask">;
}

/** Models on a cluster: Ray Serve applications of ours, each at an address of its own. */
export class ClusterModels {
  readonly #cluster: ModelCluster;

  constructor(cluster: ModelCluster) {
    this.#cluster = cluster;
  }

  /** All of them, and how they are. */
  async list(signal: AbortSignal): Promise<readonly ClusterModel[]> {
    const found = modelsSchema.safeParse(await this.#cluster.gateway.ask("/byzer/v1/models", signal)).data;
    if (found === undefined) {
      throw this.#unclear("which models there are");
    }
    return found.map((model) => this.#read(model));
  }

  /** The one of a name, or the one that is served under it. */
  async find(name: string, signal: AbortSignal): Promise<ClusterModel | null> {
    const models = await this.list(signal);
    return models.find((model) => model.name === name) ?? models.find(({ servedName }) => servedName === name) ?? null;
  }

  /**
   * Puts a model on the cluster, or in the place of one of ours of that name. One that is there just so is left alone.
   *
   * @throws AgentError `remote.model-order`, `remote.llm-missing`, `remote.model-name-taken`, `remote.job-failed`
   */
  async deploy(order: ModelOrder, options: DeployOptions, signal: AbortSignal): Promise<DeployedModel> {
    const { backend = "vllm", ...rest } = checkModelOrder(order);
    const config = { action: "deploy", ...rest, ...(backend === "vllm" ? {} : { builder: backend }) };
    const job = { verb: "deploy-model", module, config, timeoutMs: deployTimeoutMs };
    const result = await this.#cluster.run(job, signal);
    if (!result.ok) {
      throw this.#refusal(job.verb, result);
    }
    const made = deployedSchema.safeParse(result).data?.model;
    if (made === undefined) {
      throw this.#unclear("what became of a model");
    }
    const { already } = made;
    options.onState?.(this.#read(made));
    return { ...(await this.#settled(this.#read(made), options, signal)), already };
  }

  /** Ends a model. @returns Whether one of ours of that name was there. */
  async remove(name: string, signal: AbortSignal): Promise<boolean> {
    const config = { action: "remove", name };
    const job = { verb: "remove-model", module, config, timeoutMs: removeTimeoutMs };
    const result = await this.#cluster.run(job, signal);
    if (!result.ok) {
      throw this.#refusal(job.verb, result);
    }
    return removedSchema.safeParse(result).data?.removed ?? false;
  }

  /** The key that the addresses of models want: what admits this machine to the gateway. Read it at each use. */
  readKey(): Promise<string> {
    return this.#cluster.readToken();
  }

  async #settled(first: ClusterModel, options: DeployOptions, signal: AbortSignal): Promise<ClusterModel> {
    const deadline = Date.now() + (options.waitMs ?? 0);
    let model = first;
    while (model.state === "deploying" && Date.now() < deadline) {
      // oxlint-disable no-await-in-loop -- asked again until it is decided
      await pause(Math.min(lookAgainMs, deadline - Date.now()), signal);
      const now = (await this.find(first.name, signal)) ?? { ...model, state: "gone" };
      // oxlint-enable no-await-in-loop
      if (JSON.stringify(now) !== JSON.stringify(model)) {
        options.onState?.(now);
      }
      model = now;
    }
    return model;
  }

  #read(told: z.infer<typeof modelSchema>): ClusterModel {
    const { name, servedName, model, message, replicas, path, state, shortage = null } = told;
    const baseUrl = `${this.#cluster.address.serve}${path}`;
    return { name, servedName, model, state: states[state] ?? "deploying", message, baseUrl, replicas, shortage };
  }

  #refusal(verb: string, result: JobResult): AgentError {
    const { dashboard: address } = this.#cluster.address;
    const failure = readJobFailure(result);
    const { message, values } = failure;
    switch (failure.code) {
      case "config":
        return refusedByEngine(message);
      case "llm-missing": {
        const missing = values["module"] ?? "";
        const text = `The cluster at ${address} has no engine for models. Install one on every node: pip install "ray[llm]". What it said: ${message}`;
        return new AgentError("remote.llm-missing", { address, module: missing, reason: message }, text);
      }
      case "name-taken": {
        const application = values["name"] ?? "";
        const text = `An application of the cluster at ${address} is called "${application}" and is not ours. It was left alone; give the model another name.`;
        return new AgentError("remote.model-name-taken", { address, application }, text);
      }
      default:
        return jobError(address, verb, failure);
    }
  }

  #unclear(reason: string): AgentError {
    const { dashboard: address } = this.#cluster.address;
    const message = `The cluster at ${address} says ${reason} in a way that this program does not understand.`;
    return new AgentError("remote.malformed", { address, reason }, message);
  }
}
