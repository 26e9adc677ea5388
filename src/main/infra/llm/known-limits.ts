/** What is known of a model beside its name, in tokens. Null: not known. */
export interface KnownModel {
  contextTokens: number | null;
  outputTokens: number | null;
  tools: boolean;
  vision: boolean;
  reasoning: boolean;
}

/** [pattern, context, output, can: t(ools) v(ision) r(easoning)] */
type Row = readonly [RegExp, number | null, number | null, string];

/**
 * OpenAI's list names its models and nothing else. The limits of common ones from its documentation, as of November
 * 2026; the first row that matches counts. Models that came later are listed without limits.
 */
const openAI: readonly Row[] = [
  [/^gpt-5(\.\d)?-chat/, 128_000, 16_384, 'v'],
  [/^gpt-5-pro/, 400_000, 272_000, 'tvr'],
  [/^gpt-5(\.[1-3])?(-|$)/, 400_000, 128_000, 'tvr'],
  [/^gpt-5\.4-(mini|nano)/, 400_000, 128_000, 'tvr'],
  [/^gpt-5\.[45](-|$)/, 1_050_000, 128_000, 'tvr'],
  [/^gpt-[5-9]/, null, null, 'tvr'],
  [/^gpt-4\.1/, 1_047_576, 32_768, 'tv'],
  [/^gpt-4o-2024-05-13/, 128_000, 4_096, 'tv'],
  [/^(gpt-4o|chatgpt-4o)/, 128_000, 16_384, 'tv'],
  [/^gpt-4-(turbo|\d{4}-preview)/, 128_000, 4_096, 'tv'],
  [/^gpt-4/, 8_192, 8_192, 't'],
  [/^gpt-3\.5-turbo/, 16_385, 4_096, 't'],
  [/^o1-mini/, 128_000, 65_536, 'r'],
  [/^o3-mini/, 200_000, 100_000, 'tr'],
  [/^o[134]/, 200_000, 100_000, 'tvr'],
  [/^codex-mini/, 200_000, 100_000, 'tvr'],
];

/** The same of Anthropic, for lists without limits. Each Claude since 2.1 takes 200,000 tokens at least. */
const anthropic: readonly Row[] = [
  [/^claude-3-haiku|^claude-3-(opus|sonnet)/, 200_000, 4_096, 'tv'],
  [/^claude-3-5/, 200_000, 8_192, 'tv'],
  [/^claude-3-7/, 200_000, 64_000, 'tvr'],
  [/^claude-opus-4(-1|-20|$)/, 200_000, 32_000, 'tvr'],
  [/^claude-(sonnet|haiku|opus)-4-5|^claude-sonnet-4(-20|$)/, 200_000, 64_000, 'tvr'],
  [/^claude-/, 200_000, null, 'tvr'],
];

const knownIn = (rows: readonly Row[], model: string): KnownModel | null => {
  const row = rows.find(([pattern]) => pattern.test(model));
  if (row === undefined) return null;
  const [, contextTokens, outputTokens, can] = row;
  return {
    contextTokens,
    outputTokens,
    tools: can.includes('t'),
    vision: can.includes('v'),
    reasoning: can.includes('r'),
  };
};

/** Null for what is no model to talk to, or not known. */
export const knownOpenAI = (model: string): KnownModel | null => knownIn(openAI, model);
export const knownAnthropic = (model: string): KnownModel | null => knownIn(anthropic, model);
