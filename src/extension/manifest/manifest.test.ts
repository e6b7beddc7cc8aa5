import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "./commands.ts";
import { generateManifest } from "./contributes.ts";
import { renderManifestFiles } from "./generate.ts";

test("the manifest in the repository is what the tables say", () => {
  for (const [file, content] of Object.entries(renderManifestFiles(readFileSync("package.json", "utf8")))) {
    expect(JSON.parse(readFileSync(file, "utf8")), `${file}: run "npm run manifest"`).toEqual(JSON.parse(content));
  }
});

test("a table that changed is noticed", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  manifest.contributes.commands.pop();
  const rendered = renderManifestFiles(JSON.stringify(manifest))["package.json"] ?? "";
  expect(JSON.parse(rendered)).not.toEqual(manifest);
});

test("every command is registered by one contribution, and none is registered that the manifest lacks", () => {
  const sources = globSync("src/extension/contributions/*.ts").map((path) => readFileSync(path, "utf8"));
  const registered = sources.flatMap((source) =>
    [...source.matchAll(/"(byzer\.[a-zA-Z]+)":/g)].map((match) => match[1]),
  );
  expect(registered).toHaveLength(new Set(registered).size);
  expect(new Set(registered)).toEqual(new Set(Object.keys(commands)));
});

test("settings that say where code and questions go are closed to untrusted workspaces", () => {
  expect(generateManifest().fields).toMatchObject({
    capabilities: {
      untrustedWorkspaces: {
        supported: "limited",
        restrictedConfigurations: expect.arrayContaining([
          "byzer.python.path",
          "byzer.models.endpoints",
          "byzer.model",
        ]),
      },
    },
  });
});
