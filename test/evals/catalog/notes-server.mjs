// A small MCP server over standard input and output that keeps notes in memory.
import { createInterface } from "node:readline";

const notes = [];
const textOf = (description) => ({
  type: "object",
  properties: { text: { type: "string", description } },
  required: ["text"],
});
const tools = [
  { name: "keep_note", description: "Keeps a note.", inputSchema: textOf("The whole note.") },
  { name: "find_notes", description: "Gives the notes that contain a word.", inputSchema: textOf("One word.") },
];
const acts = {
  keep_note: (text) => `Kept as note ${notes.push(text)}.`,
  find_notes: (text) => {
    const found = notes.filter((note) => note.toLowerCase().includes(text.toLowerCase()));
    return found.length === 0 ? "No note contains that." : found.join("\n");
  },
};
const results = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "notes", version: "1" },
  }),
  "tools/list": () => ({ tools }),
  "tools/call": ({ name, arguments: { text } }) => ({ content: [{ type: "text", text: acts[name](text) }] }),
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined) {
    const result = results[method]?.(params) ?? {};
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
  }
});
