/**
 * What tools of MCP servers and of the editor are made of, loaded as a bundle of its own when agents of the workspace are
 * looked for. `mcp-room.ts` is the only file that imports it.
 */
export { openMcpHouse } from "./mcp-house.ts";
