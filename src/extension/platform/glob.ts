/** A name as a glob pattern that matches it alone. */
export function globOfName(name: string): string {
  return name.replaceAll(/[*?[\]{}]/gu, (sign) => (sign === "[" ? "[[]" : sign === "]" ? "[]]" : `[${sign}]`));
}
