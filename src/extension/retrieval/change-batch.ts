/** More changes at once than this are a storm, such as a branch that was switched: everything is looked at again. */
const stormPaths = 200;
const gatherMs = 150;
/** A person who saves and asks should be answered from what was saved. */
const savedMs = 15;

/** What has changed: single paths, or so many that no list is worth keeping. */
export type Changes = readonly string[] | "many";

/** Gathers changed paths, so that many at once cost one look. Nothing is told while an earlier look goes on. */
export class ChangeBatch {
  readonly #tell: (changes: Changes) => Promise<void>;
  #paths = new Set<string>();
  #isStorm = false;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = Infinity;
  #telling = false;
  #disposed = false;

  /** @param tell Does not reject. */
  constructor(tell: (changes: Changes) => Promise<void>) {
    this.#tell = tell;
  }

  /** @param how `saved`: in this editor, just now. */
  add(path: string, how: "saved" | "seen"): void {
    this.#paths.add(path);
    this.#isStorm ||= this.#paths.size > stormPaths;
    this.#dueIn(how === "saved" ? savedMs : gatherMs);
  }

  /** Everything may have changed. */
  addAll(): void {
    this.#isStorm = true;
    this.#dueIn(gatherMs);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #dueIn(waitMs: number): void {
    const dueMs = Date.now() + waitMs;
    if (dueMs < this.#dueMs && !this.#disposed) {
      clearTimeout(this.#timer);
      this.#dueMs = dueMs;
      this.#timer = setTimeout(() => void this.#due(), waitMs);
    }
  }

  async #due(): Promise<void> {
    this.#dueMs = Infinity;
    if (this.#telling) {
      return;
    }
    this.#telling = true;
    while ((this.#paths.size > 0 || this.#isStorm) && !this.#disposed) {
      const changes = this.#isStorm ? "many" : [...this.#paths];
      this.#paths = new Set();
      this.#isStorm = false;
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await this.#tell(changes);
    }
    this.#telling = false;
  }
}
