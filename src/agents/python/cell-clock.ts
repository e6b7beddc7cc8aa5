/** Counts the wall time of a cell, standing still while somebody is asked to type. */
export class CellClock {
  private timer: NodeJS.Timeout | undefined;
  private since = 0;
  private leftMs: number;
  private readonly onExpired: () => void;

  /** `limitMs` 0: never expires. `onExpired` is called once at most. */
  constructor(limitMs: number, onExpired: () => void) {
    this.leftMs = limitMs > 0 ? limitMs : Number.POSITIVE_INFINITY;
    this.onExpired = onExpired;
  }

  /** Starts, or goes on. */
  resume(): void {
    if (this.timer !== undefined || !Number.isFinite(this.leftMs) || this.leftMs <= 0) {
      return;
    }
    this.since = performance.now();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.leftMs = 0;
      this.onExpired();
    }, this.leftMs);
  }

  /** Stands still; also how it is put away. */
  pause(): void {
    if (this.timer !== undefined) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.leftMs = Math.max(1, this.leftMs - (performance.now() - this.since));
    }
  }
}
