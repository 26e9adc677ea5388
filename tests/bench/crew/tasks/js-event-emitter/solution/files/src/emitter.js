export class Emitter {
  #listeners = new Map();

  on(name, listener) {
    const list = this.#listeners.get(name) ?? [];
    list.push(listener);
    this.#listeners.set(name, list);
    return () => this.off(name, listener);
  }

  once(name, listener) {
    const stop = this.on(name, (value) => {
      stop();
      listener(value);
    });
    return stop;
  }

  off(name, listener) {
    const list = this.#listeners.get(name) ?? [];
    const at = list.indexOf(listener);
    if (at >= 0) list.splice(at, 1);
  }

  /** Tells all who listen now; then throws the first error that one of them threw. */
  emit(name, value) {
    const errors = [];
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
