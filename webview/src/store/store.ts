/** A value that others watch. */
export interface Store<T> {
  get(): T;
  /** Replaces the named fields and tells every listener, once. */
  set(fields: Partial<T>): void;
  /** Returns what stops it. */
  subscribe(listener: () => void): () => void;
}

/** A store in memory. Listeners run synchronously, in the order they came. */
export function createStore<T extends object>(initial: T): Store<T> {
  let value = initial;
  let listeners: readonly (() => void)[] = [];
  return {
    get: () => value,
    set(fields) {
      value = { ...value, ...fields };
      for (const listener of listeners) {
        listener();
      }
    },
    subscribe(listener) {
      listeners = [...listeners, listener];
      return () => {
        listeners = listeners.filter((other) => other !== listener);
      };
    },
  };
}
