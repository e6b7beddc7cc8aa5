import { modelShortageText, modelStateText } from "../protocol/words/cluster-model-text.ts";
import type { ClusterModel } from "../remote/cluster-models.ts";
import type { GatewayStatus } from "../remote/gateway.ts";

const locale = "en";

/** What there is on a cluster, for a person: its machines, what of ours runs there, the models. */
export function statusText(
  dashboard: string,
  { server, nodes, children }: GatewayStatus,
  models: readonly ClusterModel[],
): string {
  const machines = nodes.map(
    (node) =>
      `  ${node.address}${node.isHead ? " (head)" : ""}: ${node.cpus} CPU, ${node.gpus} GPU, ${gigabytes(node.memoryBytes)}`,
  );
  const ours = children.map(
    ({ kind, name, title, node, state }) =>
      `  ${kind} ${title ?? name}${node === null ? ": waits for room" : ` on ${node}: ${state}`}`,
  );
  return [
    `${dashboard}: Ray ${server.ray}, Python ${server.python}, Byzer ${server.version}`,
    ...machines,
    ours.length === 0 ? "Nothing of ours runs there." : "Of ours there:",
    ...ours,
    ...(models.length === 0 ? [] : ["Models there:"]),
    ...models.map((model) => `  ${modelText(model)}`),
  ].join("\n");
}

/** How a model on a cluster is, in a line. */
export function modelText({ name, servedName, model, state, message, shortage, baseUrl }: ClusterModel): string {
  const said = message.trim() === "" ? "" : ` ${message.trim()}`;
  const lacking = shortage === null ? "" : ` ${modelShortageText(shortage, locale)}`;
  const called = servedName === name ? "" : `, called ${servedName}`;
  return `${name} (${model}${called}) ${modelStateText(state, locale)}: ${baseUrl}${lacking}${said}`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
