import { analyzeSuite } from "./analyze.suite.ts";
import { probeSuite } from "./probe.suite.ts";
import { productSuite } from "./product.suite.ts";
import { runSuites } from "./runner.ts";

/** Every suite, by the name that BYZER_EDITOR_SUITES (separated by commas) and `npm run test:editor -- NAME` choose it. */
const suites = { probe: probeSuite, product: productSuite, analyze: analyzeSuite } as const;

/** What the editor calls after it has loaded this file as its test suite. */
export async function run(): Promise<void> {
  const chosen = process.env["BYZER_EDITOR_SUITES"]?.split(",");
  const unknown = chosen?.filter((name) => !Object.hasOwn(suites, name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(`There is no editor suite "${unknown.join('", "')}". There are: ${Object.keys(suites).join(", ")}`);
  }
  const selected = Object.entries(suites).filter(([name]) => chosen?.includes(name) ?? true);
  await runSuites(selected.map(([, suite]) => suite));
}
