import { hash } from "node:crypto";

/** What is embedded of a passage: what it stands under, and the passage. */
export function meaningText(place: string, text: string): string {
  return place === "" ? text : `${place}\n${text}`;
}

/** The hash by which the vector of a passage is found, in hexadecimal digits: equal texts share one. */
export function meaningHash(place: string, text: string): string {
  return hash("sha256", meaningText(place, text)).slice(0, 32);
}
