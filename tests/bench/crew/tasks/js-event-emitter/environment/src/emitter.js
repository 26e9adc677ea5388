export class Emitter {
  #listeners = {};

  on(name, listener) {
    (this.#listeners[name] ??= []).push(listener);
    return () => this.off(name, listener);
  }

  off(name, listener) {
    const list = this.#listeners[name] ?? [];
    const at = list.indexOf(listener);
    if (at >= 0) list.splice(at, 1);
  }

  emit(name, value) {
    for (const listener of this.#listeners[name] ?? []) listener(value);
  }
}
