import type { Facts } from './facts.ts';
import type { Exchange, TextMatch, When } from './script.ts';

/**
 * Picks answers. Exchanges are consumed in script order among those that match, so conversations that differ by role or
 * text cannot take each other's answers, whatever order their requests arrive in.
 */
export class Matcher {
  readonly #exchanges: readonly Exchange[];
  readonly #used = new Map<Exchange, number>();

  constructor(exchanges: readonly Exchange[]) {
    this.#exchanges = exchanges;
  }

  /** The exchange that answers, counted as used; null when there is none. */
  take(facts: Facts): Exchange | null {
    const found = this.#exchanges.find(
      (exchange) => this.#left(exchange) && whyNot(exchange.when, facts) === null,
    );
    if (found === undefined) return null;
    this.#used.set(found, (this.#used.get(found) ?? 0) + 1);
    return found;
  }

  unused(): string[] {
    return this.#exchanges.filter((exchange) => this.#open(exchange)).map((exchange) => exchange.name);
  }

  /** One line for each exchange of the path: why it did not answer. */
  explain(facts: Facts): string[] {
    return this.#exchanges
      .filter((exchange) => isFor(exchange.when, facts))
      .map(
        (exchange) =>
          `${exchange.name}: ${this.#left(exchange) ? (whyNot(exchange.when, facts) ?? '') : 'used up'}`,
      );
  }

  #left(exchange: Exchange): boolean {
    return exchange.times === 'any' || (this.#used.get(exchange) ?? 0) < exchange.times;
  }

  #open(exchange: Exchange): boolean {
    return exchange.times !== 'any' && this.#left(exchange);
  }
}

/** The first condition that does not hold, null when all do. */
function whyNot(when: When, facts: Facts): string | null {
  const failed = conditions(when, facts).find(([, holds]) => !holds);
  return failed === undefined ? null : `${failed[0]} differs`;
}

/** Without a path an exchange is for any call of a model, whatever the protocol. */
const isFor = (when: When, facts: Facts): boolean =>
  when.path === undefined ? facts.protocol !== null : when.path === facts.path;

function conditions(when: When, facts: Facts): [string, boolean][] {
  return [
    ['path', isFor(when, facts)],
    ['model', when.model === undefined || when.model === facts.model],
    ['role', when.role === undefined || when.role === facts.role],
    ['step', when.step === undefined || when.step === facts.step],
    ['format', when.format === undefined || when.format === facts.format],
    ['tools', (when.tools ?? []).every((name) => facts.tools.includes(name))],
    ['system', when.system === undefined || matches(when.system, facts.system)],
    ['user', when.user === undefined || facts.users.some((text) => matches(when.user, text))],
    ['lastUser', when.lastUser === undefined || matches(when.lastUser, facts.users.at(-1) ?? '')],
    [
      'toolResult',
      when.toolResult === undefined ||
        (facts.toolResult !== null && matches(when.toolResult, facts.toolResult)),
    ],
  ];
}

function matches(match: TextMatch | undefined, text: string): boolean {
  if (match === undefined) return true;
  if (typeof match === 'string') return text.includes(match);
  if (Array.isArray(match)) return match.every((part) => text.includes(part));
  // A fresh expression each time: a `g` flag would remember where it stopped.
  if (match instanceof RegExp) return new RegExp(match.source, match.flags.replace('g', '')).test(text);
  return new RegExp(match.regex, match.flags?.replace('g', '')).test(text);
}
