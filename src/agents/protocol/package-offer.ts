import * as z from "zod/mini";

/** A package that a cell asked for and Python does not have. */
export const missingPackageSchema = z.object({
  /** As the code or a library named it. */
  module: z.string(),
  /** As the package index calls it. */
  name: z.string(),
  /** Whether it is one that many people use; another may be misspelt, made up, or planted under such a name. */
  known: z.boolean(),
  /** A well-known package whose name is nearly the same. */
  similar: z.nullable(z.string()),
});
export type MissingPackage = z.infer<typeof missingPackageSchema>;

/** Where a package would go: into the environment that runs, or into one of our own that would run from then on. */
export const packagePlaceSchema = z.object({ kind: z.enum(["environment", "managed"]), folder: z.string() });
export type PackagePlace = z.infer<typeof packagePlaceSchema>;

/** A package that a cell lacked, and what came of the offer to install it. */
export interface PackageOffer {
  readonly package: MissingPackage;
  readonly place: PackagePlace;
  readonly state: "waiting" | "installing" | "installed" | "failed" | "declined";
  /** Why it could not be installed; else empty. */
  readonly message: string;
}

/** What happens around an offer, as far as the offer shows it. */
type OfferEvent =
  | { readonly type: "package-request"; readonly package: MissingPackage; readonly place: PackagePlace }
  | { readonly type: "package-answer"; readonly decision: "install" | "skip" }
  | { readonly type: "package-end"; readonly installed: boolean; readonly message: string };

/** Folds one event into the offers of its cell. */
export function reduceOffers(offers: readonly PackageOffer[], event: OfferEvent): readonly PackageOffer[] {
  switch (event.type) {
    case "package-request":
      return [...offers, { package: event.package, place: event.place, state: "waiting", message: "" }];
    case "package-answer":
      return withLast(offers, { state: event.decision === "install" ? "installing" : "declined" });
    case "package-end":
      return withLast(offers, { state: event.installed ? "installed" : "failed", message: event.message });
  }
}

/** The offers of a cell whose turn has ended: nobody answers any more. */
export function closeOffers(offers: readonly PackageOffer[]): readonly PackageOffer[] {
  const state = offers.at(-1)?.state;
  return state === "waiting" || state === "installing" ? withLast(offers, { state: "declined" }) : offers;
}

function withLast(offers: readonly PackageOffer[], change: Partial<PackageOffer>): readonly PackageOffer[] {
  return offers.map((offer, at) => (at === offers.length - 1 ? { ...offer, ...change } : offer));
}
