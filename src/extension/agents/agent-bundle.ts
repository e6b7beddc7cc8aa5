/**
 * What agents that run code are made of, loaded at first use as a bundle of its own. `agent-room.ts` is the only file that
 * imports it.
 */
export { openAgentHouse } from "./agent-house.ts";
export { CodeAgentCommands } from "./code-agent-commands.ts";
