/**
 * What reading agents' files is made of, loaded at first use as a bundle of its own. `declared-room.ts` is the only file
 * that imports it.
 */
export { createDeclared } from "./create-declared.ts";
export { newAgent } from "./new-agent.ts";
