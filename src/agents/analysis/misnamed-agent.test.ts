import { expect, test } from "vitest";
import { misnamedAgent } from "./misnamed-agent.ts";

const agents = ["assistant_agent", "visualization_agent", "release-notes", "reviewer", "审稿人"];
const others = ["sales.csv", "docs", "total price", "price"];

test.each([
  ["@reviwer look at this", "reviewer"],
  ["@release_note write them", "release-notes"],
  ["@visualisation draw it", "visualization_agent"],
  ["@review, this", "reviewer"],
  ["  @审搞人 看看", "审稿人"],
  ["@nobody at all", ""],
])("%s is addressed to nobody", (text, near) => {
  const error = misnamedAgent(text, { agents, others });
  expect(error?.details.near).toBe(near);
  expect(error?.message).toContain(near === "" ? "Agents: assistant_agent, " : `Did you mean ${near}`);
});

test.each([
  "write to ann@example.org please",
  "@example.org is whose?",
  "@sales.csv what is the total?",
  "@sales what is the total?",
  "@docs what do they say?",
  "@price how high?",
  "@angular/core what is it?",
  "@",
  "@reviewer",
  "@ reviewer look",
  "What is @reviewer for?",
  "“@property” in Python?",
  "/plt this",
  "@2x images are what?",
])("%s is addressed to no agent", (text) => {
  expect(misnamedAgent(text, { agents, others })).toBeUndefined();
});
