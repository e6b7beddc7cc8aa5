import { expect, test } from "vitest";
import { sampleColumn } from "../../testing/sample-profile.ts";
import { joinCollisions } from "./join-collisions.ts";
import type { JoinPair } from "./join-expression.ts";

const named = (...names: readonly string[]) => ({ columns: names.map((name) => sampleColumn(name)) });

const side = (name: string, file: number): JoinPair["left"] => ({
  file,
  profile: sampleColumn(name),
  kind: "number",
  unique: true,
  dense: false,
});

function pair(left: string, right: string, normalise: JoinPair["normalise"] = []): JoinPair {
  return { left: side(left, 0), right: side(right, 1), normalise, digits: false };
}

test("columns that both have are told, keys that become one are not", () => {
  const right = { ...named("id", "name", "town"), name: "my customers-2024.csv.gz" };
  expect(joinCollisions(named("id", "name", "amount"), right, [pair("id", "id")])).toEqual({
    columns: ["name"],
    suffix: "_my_customers_2024",
  });
  expect(joinCollisions(named("id", "amount"), right, [pair("id", "id")])).toBeNull();
});

test("keys that are compared in another form stay two, and so does a key that the left has besides its own", () => {
  const right = { ...named("id", "town"), name: "客户.xlsx" };
  expect(joinCollisions(named("id"), right, [pair("id", "id", ["case"])])).toEqual({
    columns: ["id"],
    suffix: "_客户",
  });
  expect(joinCollisions(named("customer", "id"), right, [pair("customer", "id")])?.columns).toEqual(["id"]);
});

test("the new name is one that neither file has", () => {
  const right = { ...named("id", "v", "v_b", "v_right"), name: "b.csv" };
  expect(joinCollisions(named("id", "v"), right, [pair("id", "id")])).toEqual({ columns: ["v"], suffix: "_2" });
  const nameless = { ...named("id", "v"), name: "---.csv" };
  expect(joinCollisions(named("id", "v"), nameless, [pair("id", "id")])?.suffix).toBe("_right");
});
