import type { IncomingHttpHeaders } from 'node:http';

/** One request that the server has seen. */
export interface RecordedRequest {
  seq: number;
  path: string;
  role: string | null;
  model: string;
  /** How many answers the conversation had; see `when.step`. */
  step: number;
  /** Name of the exchange that answered; null for what the server answers by itself, and for unexpected ones. */
  exchange: string | null;
  status: number;
  unexpected: boolean;
  /** `open` until the answer is out; `aborted` when the client went away before. */
  end: 'open' | 'finished' | 'aborted';
  headers: IncomingHttpHeaders;
  body: unknown;
}

export interface ServerState {
  requests: RecordedRequest[];
  unexpected: RecordedRequest[];
  /** Names of exchanges with uses left, `any` aside. */
  unused: string[];
  /** Names of gates that a stream stands at right now. */
  waiting: string[];
}

/** Requests and gates, and a way to wait for a change of them without polling. */
export class Recorder {
  readonly requests: RecordedRequest[] = [];
  readonly #released = new Set<string>();
  readonly #standing: { gate: string; go: () => void }[] = [];
  readonly #watchers = new Set<() => void>();

  add(request: Omit<RecordedRequest, 'seq' | 'end'>): RecordedRequest {
    const recorded: RecordedRequest = { ...request, seq: this.requests.length + 1, end: 'open' };
    this.requests.push(recorded);
    this.#changed();
    return recorded;
  }

  end(request: RecordedRequest, end: 'finished' | 'aborted'): void {
    if (request.end !== 'open') return;
    request.end = end;
    this.#changed();
  }

  waiting(): string[] {
    return this.#standing.map((entry) => entry.gate);
  }

  release(gate: string): void {
    this.#released.add(gate);
    for (const entry of this.#standing.filter((standing) => standing.gate === gate)) entry.go();
  }

  /** Resolves when the gate is released or the client has gone. */
  async stand(gate: string, gone: AbortSignal): Promise<void> {
    if (this.#released.has(gate) || gone.aborted) return;
    let go: () => void = () => undefined;
    const passed = new Promise<void>((resolve) => (go = resolve));
    const entry = { gate, go };
    this.#standing.push(entry);
    gone.addEventListener('abort', go, { once: true });
    this.#changed();
    await passed;
    this.#standing.splice(this.#standing.indexOf(entry), 1);
  }

  /** Resolves as soon as `holds` is true; checked at once and after every change. Rejects when `signal` aborts. */
  until(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!holds()) return;
        this.#watchers.delete(check);
        resolve();
      };
      signal?.addEventListener('abort', () => {
        this.#watchers.delete(check);
        reject(new Error('stopped waiting'));
      });
      this.#watchers.add(check);
      check();
    });
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
