import type { CatalogCase } from "./catalog-case.ts";
import { conversingCases } from "./conversing-cases.ts";
import { sqlCases } from "./sql-cases.ts";
import { stepCases } from "./step-cases.ts";
import { termCases } from "./term-cases.ts";

/** Everything that the eval of the catalog asks. */
export const catalogCases: readonly CatalogCase[] = [...conversingCases, ...sqlCases, ...termCases, ...stepCases];
