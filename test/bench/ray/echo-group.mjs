// A group of agents that says what it hears.
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { t, body } = JSON.parse(line);
  if (t === "body" || t === "passing") {
    process.stdout.write(`${JSON.stringify({ t, body })}\n`);
  }
}
