import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TableTotal } from "../../src/agents/protocol/table-profile.ts";
import { profileFile } from "../../src/agents/tables/profile-file.ts";

const data = join(import.meta.dirname, "../../node_modules/vega-datasets/data");

/** Tables in which nothing repeats what others hold: looked at one by one. */
const without = [
  "airports.csv",
  "barley.json",
  "burtin.json",
  "cars.json",
  "co2-concentration.csv",
  "countries.json",
  "crimea.json",
  "driving.json",
  "flights-2k.json",
  "football.json",
  "gapminder-health-income.csv",
  "gapminder.json",
  "github.csv",
  "income.json",
  "iowa-electricity.csv",
  "jobs.json",
  "la-riots.csv",
  "londonCentroids.json",
  "monarchs.json",
  "movies.json",
  "obesity.json",
  "ohlc.json",
  "penguins.json",
  "population.json",
  "population_engineers_hurricanes.csv",
  "seattle-weather.csv",
  "sp500.csv",
  "species.csv",
  "stocks.csv",
  "unemployment-across-industries.json",
  "unemployment.tsv",
  "us-state-capitals.json",
  "weather.csv",
  "wheat.json",
  "windvectors.csv",
];

/** Tables with totals, and these. */
const having: Readonly<Record<string, readonly Partial<TableTotal>[]>> = {
  "disasters.csv": [
    { kind: "rows", column: "Entity", value: "All natural disasters", groupBy: ["Year"], matchedGroups: 116 },
  ],
  "us-employment.csv": [
    { kind: "column", column: "nonfarm", parts: ["private", "government"] },
    { kind: "column", column: "private", parts: ["goods_producing", "private_service_providing"] },
    { kind: "column", column: "service_providing", parts: ["private_service_providing", "government"] },
    { kind: "column", column: "manufacturing", parts: ["durable_goods", "nondurable_goods"] },
  ],
  "birdstrikes.csv": [{ kind: "column", column: "Cost Total $", parts: ["Cost Other", "Cost Repair"] }],
};

describe("totals in published tables", () => {
  it.each(without)("are not claimed in %s", async (name) => {
    const { totals, rowCount } = await profileFile({ path: join(data, name), sampleRows: 1, dialect: {} });
    expect(rowCount).toBeGreaterThan(5);
    expect(totals).toEqual([]);
  });

  it.each(Object.entries(having))("are found in %s, and no others", async (name, expected) => {
    const { totals } = await profileFile({ path: join(data, name), sampleRows: 1, dialect: {} });
    expect(totals).toMatchObject(expected);
  });
});
