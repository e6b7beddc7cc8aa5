import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { catalog } from "./index.ts";

test("lists every file of the folder, under the name of its agent", () => {
  const files = readdirSync(import.meta.dirname).filter((name) => !/^index\.ts$|\.test\.ts$/.test(name));
  expect(catalog.map((agent) => `${agent.name.replaceAll("_", "-")}.ts`).toSorted()).toEqual(files.toSorted());
});
