import type { Message } from "../../src/agents/protocol/message.ts";
import type { SessionScript } from "./fixtures.ts";

interface MessageFields {
  readonly type: "message";
  readonly message: Message;
}

export const code = `import pandas as pd

df = pd.read_csv("disasters.csv")
# the total row, so that nothing counts twice
total = df[df.Entity == "All natural disasters"]
print(total.loc[total.Year == 1901, "Deaths"].sum())
`;

const answer = `1901 年自然灾害共造成 **200,018** 人死亡。

取自合计行；各灾种之和与之一致：

| 灾种 | 死亡人数 |
|---|---:|
| 疫病 | 200,000 |
| 地震 | 18 |

- 用到 1 行
- 未丢弃数据，见 \`disasters.csv\` 与 [说明](https://example.org/notes)

\`\`\`python
total.loc[total.Year == 1901, "Deaths"].sum()
\`\`\`
`;

function message(id: string, from: string, to: string, content: string): MessageFields {
  return { type: "message", message: { id, from, to, content, metadata: {}, requestReply: true, silent: false } };
}

/** A question that was answered by one cell. */
export function answeredTurn(script: SessionScript): SessionScript {
  return script.ask("根据文件统计下1901年总死亡人数").add(
    { type: "agent-select", agent: "assistant_agent", how: "model", durationMs: 412 },
    message("m1", "user", "data_analysis_pipeline", "根据文件统计下1901年总死亡人数"),
    message("m2", "data_analysis_pipeline", "assistant_agent", "根据文件统计下1901年总死亡人数"),
    message("m3", "assistant_agent", "python_interpreter", `\`\`\`python\n${code}\`\`\``),
    {
      type: "cell-start",
      cellId: "c1",
      number: 1,
      agent: "assistant_agent",
      code,
      repair: 0,
      effects: [{ kind: "read-file", detail: "disasters.csv", line: 3 }],
    },
    { type: "approval-request", cellId: "c1" },
    { type: "approval-answer", cellId: "c1", decision: "once", how: "person", code: null },
    { type: "cell-run", cellId: "c1" },
    { type: "cell-output", cellId: "c1", output: { type: "text", stream: "stdout", text: "200018\n" } },
    { type: "cell-end", cellId: "c1", status: "ok", durationMs: 210 },
    { type: "text-end", blockId: "b1", agent: "assistant_agent", role: "answer", text: answer },
    {
      type: "model-call",
      agent: "assistant_agent",
      model: "qwen2.5-coder:14b",
      usage: { promptTokens: 1204, completionTokens: 96, estimated: false },
      durationMs: 2900,
      repairs: [],
    },
    { type: "turn-end", reason: "done", problem: null, durationMs: 3100 },
  );
}
