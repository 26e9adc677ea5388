import type { Result } from '../../shared/errors.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Attention, Counts } from '../app/attention.ts';
import type { Handlers } from '../app/handlers.ts';
import type { Feed, Log } from '../app/ports/system.ts';

/**
 * The engine as its edges see it; built by compose.ts. Handlers and the feed work before `start`, which is what a
 * command line that only reads relies on; only `start` claims jobs.
 */
export interface App {
  readonly handlers: Handlers;
  readonly feed: Feed;
  /** Folder of the database unless the environment moves it; absolute. */
  readonly dataFolder: string;
  /** What HTTP clients must send; also redacted from everything the engine stores. */
  readonly apiToken: string;
  start(): Promise<void>;
  /** Lets running steps persist, gives leases back, closes the store. Safe to call twice and before `start`. */
  stop(): Promise<void>;
  settings(): Settings;
  counts(): Counts;
  /** Both return a function that ends the subscription. */
  onCounts(listener: (counts: Counts) => void): () => void;
  onAttention(listener: (attention: Attention) => void): () => void;
}

export interface ComposeOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Relative paths of a caller are meant from here. */
  cwd: string;
  /** Where the app keeps its files, unless a variable of compatibility.md §4 says otherwise. */
  dataFolder: string;
  /** Where database, audit and escalations are by default; the data folder when not given. */
  recordsFolder?: string;
  version: string;
  log: Log;
}

/** The app's own log at a path, made by the entry that chose the adapter. */
export type CreateLog = (path: string) => Log;

/** Expected failures (a newer database, a variable that does not parse, a read-only folder) come back as errors. */
export type Compose = (options: ComposeOptions) => Promise<Result<App>>;

/** The ports that the edges hand around; the window knows the engine through this file alone. */
export type { Feed, Ids, Log } from '../app/ports/system.ts';
export type { Attention, Counts } from '../app/attention.ts';
