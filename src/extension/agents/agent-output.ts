import { type Disposable, type OutputChannel, window } from "vscode";
import type { AgentLogLine } from "../../agents/agent-process/log-tap.ts";

/** An output channel for each agent that prints something. */
export class AgentOutput implements Disposable {
  readonly #channels = new Map<string, OutputChannel>();

  /** @param name Of the agent's file, without its endings. */
  print(name: string, { source, text }: Pick<AgentLogLine, "text"> & { readonly source: string }): void {
    const mark = source === "stderr" || source === "host" ? `[${source}] ` : "";
    this.#channelOf(name).appendLine(`${mark}${text}`);
  }

  show(name: string): void {
    this.#channelOf(name).show(true);
  }

  dispose(): void {
    for (const channel of this.#channels.values()) {
      channel.dispose();
    }
    this.#channels.clear();
  }

  #channelOf(name: string): OutputChannel {
    const channel = this.#channels.get(name) ?? window.createOutputChannel(`Byzer Agent: ${name}`);
    this.#channels.set(name, channel);
    return channel;
  }
}
