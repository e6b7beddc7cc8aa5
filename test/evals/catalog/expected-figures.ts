import { type Order, branchMonths, customers, orders, stock, targets, total, totalsBy } from "./catalog-data.ts";

/** What is right about the data, computed from what its files were written from. */
const isPaid = ({ status }: Order): boolean => status === "paid";
const in2023 = orders.filter(({ day }) => day.startsWith("2023"));
const paid2023 = in2023.filter(isPaid);
const amount = (order: Order): number => order.amount;
const kindOf = ({ customer }: Order): string => customers.find(({ id }) => id === customer)?.kind ?? "";
const countOf = (city: string): number => paid2023.filter((order) => order.city === city).length;

/** Paid totals of 2023 by city, the largest first. */
export const cityTotals = totalsBy(paid2023, ({ city }) => city, amount);
/** The three largest of them, with how many orders each is. */
export const topCities = cityTotals.slice(0, 3).map(([city, sum]) => ({ city, sum, orders: countOf(city) }));
/** All that was ordered in 2023, cancelled orders included. */
export const ordered2023 = total(in2023.map(amount));
export const paidTotal2023 = total(paid2023.map(amount));
/** Paid orders of private and of business customers in 2023, with their total. */
export const byKind = totalsBy(paid2023, kindOf, amount);
export const cancelledOrders = orders.length - orders.filter(isPaid).length;
export const keptOrders = orders.length - cancelledOrders;
export const marchOrders = paid2023.filter(({ day }) => day.startsWith("2023-03")).length;
/** Cities that sold less than they were to, with what is missing. */
export const missedTargets = targets.flatMap(({ city, target }) => {
  const sold = cityTotals.find(([name]) => name === city)?.[1] ?? 0;
  return sold < target ? [{ city, missing: target - sold }] : [];
});
export const metTargets = targets
  .map(({ city }) => city)
  .filter((city) => !missedTargets.some((one) => one.city === city));
export const scarceProducts = stock.filter(({ pieces }) => pieces < 10).length;

/** Sales of 2023 by branch, the largest first. */
export const branchTotals = totalsBy(
  branchMonths,
  ({ branch }) => branch,
  ({ sales }) => sales,
);
/** Returns of 2023 by branch. */
export const branchReturns = new Map(
  totalsBy(
    branchMonths,
    ({ branch }) => branch,
    ({ returns }) => returns,
  ),
);
/** Sales less returns in March, by branch, the largest first. */
export const marchNet = totalsBy(
  branchMonths.filter(({ month }) => month === "2023-03"),
  ({ branch }) => branch,
  ({ sales, returns }) => sales - returns,
);
/** Sales less returns of 2023 by branch, the largest first. */
export const yearNet = totalsBy(
  branchMonths,
  ({ branch }) => branch,
  ({ sales, returns }) => sales - returns,
);
export const allSales = total(branchMonths.map(({ sales }) => sales));
