import { z } from 'zod';

/**
 * A scenario: what the model answers to which request. JSON files and TS modules (default export) have the same shape;
 * a module may also use RegExp values and a function as reply.
 */

/** A text matches when it contains the string, all of the strings, or the regular expression. */
export const textMatchSchema = z.union([
  z.string(),
  z.array(z.string()).min(1),
  z.strictObject({ regex: z.string(), flags: z.string().optional() }),
  z.instanceof(RegExp),
]);
export type TextMatch = z.infer<typeof textMatchSchema>;

/** All conditions given must hold. What a request is made of: `facts.ts`. */
export const whenSchema = z.strictObject({
  /** Default: any call of a model. For another path the reply replaces what the server would answer by itself. */
  path: z.string().optional(),
  model: z.string().optional(),
  /** The `<role>` of a system text that starts `You are the <role> of a Dev Crew.` */
  role: z.string().optional(),
  system: textMatchSchema.optional(),
  /** Any of the user's messages. */
  user: textMatchSchema.optional(),
  lastUser: textMatchSchema.optional(),
  /** The tool results after the last answer of the model, joined by newlines; never matches when there are none. */
  toolResult: textMatchSchema.optional(),
  /** How many answers of the model the conversation has already: 0 in its first request. */
  step: z.number().int().min(0).optional(),
  /** Whether an answer by JSON schema is asked for. */
  format: z.boolean().optional(),
  /** Names of tools that must be offered. */
  tools: z.array(z.string()).optional(),
});
export type When = z.infer<typeof whenSchema>;

/** A gate holds the stream until it is released by name; released gates stay open. */
const piecesSchema = z.union([
  z.string(),
  z.array(z.union([z.string(), z.strictObject({ gate: z.string() })])),
]);
export type Pieces = z.infer<typeof piecesSchema>;

/**
 * How the bytes are cut: `lines` one write a line, `bytes` one write a byte, a number that many bytes a write,
 * `splitAt` two writes at that byte. Default: two and a half lines a write, as a busy socket does.
 */
const chunkingSchema = z.union([
  z.enum(['lines', 'bytes']),
  z.number().int().min(1),
  z.strictObject({ splitAt: z.number().int().min(0) }),
]);
export type Chunking = z.infer<typeof chunkingSchema>;

const toolCallSchema = z.strictObject({
  name: z.string(),
  /** A string is sent as it is, as a model does that breaks its own arguments. */
  arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
});

export const answerSchema = z.strictObject({
  thinking: z.string().optional(),
  text: piecesSchema.optional(),
  toolCalls: z.array(toolCallSchema).default([]),
  doneReason: z.string().default('stop'),
  /** The model refuses, with these words. Ollama has none of that. */
  refusal: z.string().optional(),
  /**
   * Counts of the end; null leaves them out; default: estimates from the lengths. `cached` and `cacheWrite` are parts of
   * `prompt`, `reasoning` of `completion`, also where a protocol counts them apart.
   */
  usage: z
    .strictObject({
      prompt: z.number().int(),
      completion: z.number().int(),
      cached: z.number().int().default(0),
      cacheWrite: z.number().int().default(0),
      reasoning: z.number().int().default(0),
    })
    .nullish(),
  chunking: chunkingSchema.optional(),
});
export type Answer = z.infer<typeof answerSchema>;

const faultPart = { text: piecesSchema.optional(), chunking: chunkingSchema.optional() };

export const faultSchema = z.discriminatedUnion('fault', [
  /** `body`: a string is sent as text/plain, anything else as JSON. */
  z.strictObject({
    fault: z.literal('status'),
    status: z.number().int(),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ fault: z.literal('html'), status: z.number().int().default(200) }),
  /** The text, then the stream ends without its `done` line: by a proper end, or by a reset of the connection. */
  z.strictObject({ fault: z.literal('cut'), by: z.enum(['end', 'reset']).default('end'), ...faultPart }),
  /** 200 and not one byte. */
  z.strictObject({ fault: z.literal('empty') }),
  z.strictObject({ fault: z.literal('error_line'), error: z.string(), ...faultPart }),
  z.strictObject({ fault: z.literal('malformed'), line: z.string().default('{"model":'), ...faultPart }),
  /** The text, then nothing until the client goes away. With `headers: false` not even the status line. */
  z.strictObject({ fault: z.literal('hang'), headers: z.boolean().default(true), ...faultPart }),
]);
export type Fault = z.infer<typeof faultSchema>;

export const replySchema = z.union([faultSchema, answerSchema]);
export type Reply = z.infer<typeof replySchema>;
export type ReplyInput = z.input<typeof replySchema>;

/** What a reply that is a function learns of the request. */
export interface ReplyContext {
  user: string;
  toolResult: string | null;
  step: number;
}
type ReplyFunction = (context: ReplyContext) => ReplyInput;

export const exchangeSchema = z.strictObject({
  /** For messages and for `unused`. */
  name: z.string(),
  when: whenSchema.default({}),
  /** How often it answers; then the next that matches does. `any` is never counted as unused. */
  times: z.union([z.number().int().min(1), z.literal('any')]).default(1),
  reply: z.union([
    replySchema,
    z.custom<ReplyFunction>((value) => typeof value === 'function', 'a reply or a function'),
  ]),
});
export type Exchange = z.infer<typeof exchangeSchema>;

const modelSchema = z.strictObject({
  name: z.string(),
  contextLength: z.number().int().default(131_072),
  maxOutput: z.number().int().default(32_768),
  capabilities: z.array(z.string()).default(['completion', 'tools']),
  digest: z.string().optional(),
});
export type ScriptModel = z.infer<typeof modelSchema>;

export const scriptSchema = z.strictObject({
  models: z.array(modelSchema).default([modelSchema.parse({ name: 'llama3.1:8b' })]),
  /** The only key that is taken, where the protocol has keys. */
  key: z.string().default('test-key'),
  /**
   * A request equal to an answered one gets that answer again. For tests that kill the app between a model's answer
   * and its being stored; elsewhere a second equal request is a defect and finds no exchange.
   */
  replayIdentical: z.boolean().default(false),
  /** Tried in this order; the first that matches and has uses left answers. */
  exchanges: z.array(exchangeSchema),
});
export type Script = z.infer<typeof scriptSchema>;
export type ScriptInput = z.input<typeof scriptSchema>;
