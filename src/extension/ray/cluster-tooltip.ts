import { MarkdownString, env, l10n } from "vscode";
import { problemText } from "../../agents/protocol/words/problem-text.ts";
import type { ClusterState } from "../../agents/protocol/cluster-state.ts";
import type { GatewayStatus } from "../../agents/remote/gateway.ts";
import { formatBytes } from "../platform/format.ts";
import { childStateText, kindIcon, kindText, stepText } from "./cluster-words.ts";

type Child = GatewayStatus["children"][number];

/**
 * How the cluster is, for somebody who points at the status item.
 *
 * @param there What was said last of what runs there; `null` while not connected.
 */
export function clusterTooltip(state: ClusterState, there: GatewayStatus | null): MarkdownString {
  const text = new MarkdownString(undefined, true);
  if (state.status === "none") {
    return text;
  }
  text.appendMarkdown(`**${l10n.t("Ray cluster")}** `).appendText(state.address);
  switch (state.status) {
    case "off":
      return text.appendMarkdown(
        `\n\n${l10n.t("Not connected. It is connected when something needs it, or when you choose to.")}`,
      );
    case "connecting":
      return text.appendMarkdown(`\n\n${stepText(state.step)}`);
    case "reconnecting":
      return text.appendMarkdown(`\n\n${l10n.t("The link is cut and is made again. What runs there goes on.")}`);
    case "failed":
      return text.appendMarkdown("\n\n").appendText(problemText(state.problem, env.language));
    case "up":
      if (there !== null) {
        appendTables(text, there);
      }
      return text;
  }
}

/** What runs there, as its row says it. */
export function childText({ node, state, cpus, memoryBytes }: Child): string {
  return [
    ...(node === null ? [l10n.t("waits for room")] : [l10n.t("on {0}", node), childStateText(state)]),
    ...(cpus === undefined || cpus === 0 ? [] : [l10n.t("{0} CPUs", count(cpus))]),
    ...(memoryBytes === undefined || memoryBytes === 0 ? [] : [formatBytes(memoryBytes)]),
  ].join(" · ");
}

function appendTables(text: MarkdownString, { nodes, available, children, server }: GatewayStatus): void {
  text.appendMarkdown(`\n\nRay ${server.ray} · Python ${server.python}\n\n`);
  text.appendMarkdown(`| ${l10n.t("Node")} | CPU | GPU | ${l10n.t("Memory")} |\n| --- | --: | --: | --: |\n`);
  for (const { address, isHead, cpus, gpus, memoryBytes } of nodes) {
    const name = isHead ? l10n.t("{0} (head)", address) : address;
    text.appendMarkdown(
      `| ${inCell(name)} | ${count(cpus)} | &nbsp;${count(gpus)} | &nbsp;&nbsp;${formatBytes(memoryBytes)} |\n`,
    );
  }
  const free = [available["CPU"] ?? 0, available["GPU"] ?? 0].map((amount) => count(amount));
  const memory = formatBytes(available["memory"] ?? 0);
  text.appendMarkdown(`| *${l10n.t("free")}* | ${free.join(" | &nbsp;")} | &nbsp;&nbsp;${memory} |\n`);
  if (children.length === 0) {
    text.appendMarkdown(`\n${l10n.t("Nothing of ours runs there.")}`);
    return;
  }
  text.appendMarkdown("\n");
  for (const child of children.slice(0, mostChildren)) {
    text.appendMarkdown(`\n$(${kindIcon(child.kind)}) ${kindText(child.kind)} `);
    text.appendText(`${child.title ?? child.name} ${childText(child)}`).appendMarkdown("\n");
  }
  if (children.length > mostChildren) {
    text.appendMarkdown(`\n${l10n.t("… and {0} more", children.length - mostChildren)}`);
  }
}

const mostChildren = 8;

function inCell(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>&$~]/gu, String.raw`\$&`);
}

function count(amount: number): string {
  return amount.toLocaleString(env.language, { maximumFractionDigits: 2 });
}
