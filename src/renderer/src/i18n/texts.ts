import type { en } from './en.ts';

/** The same keys at every depth, any text: a language that misses one does not compile. */
export type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : Same<T[K]> };
export type Texts = Same<typeof en>;
