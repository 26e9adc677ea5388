import { isObject, type JsonObject } from './stream-reader.ts';

/** What Code Assist refuses in a schema (llm-protocols.md §2.2). */
const refused: ReadonlySet<string> = new Set([
  '$ref',
  '$defs',
  '$schema',
  'const',
  'default',
  'examples',
  'definitions',
]);

/** Keywords whose value is a map of names to schemas: in it a name is no keyword. */
const namesOf: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas']);

/**
 * The schema without the keywords that are refused: a reference is replaced by what it points to, a constant by an
 * enumeration of one. What cannot be resolved, or refers to itself, takes any value there. Gives a copy.
 */
export const plainSchema = (schema: unknown): unknown => plain(schema, { root: schema, open: [] });

interface Place {
  root: unknown;
  /** References that are being replaced. */
  open: readonly string[];
}

function plain(schema: unknown, place: Place): unknown {
  if (Array.isArray(schema)) return schema.map((entry) => plain(entry, place));
  if (!isObject(schema)) return schema;
  const own: JsonObject = schema.const === undefined ? {} : { enum: [schema.const] };
  for (const [key, value] of Object.entries(schema)) {
    if (refused.has(key)) continue;
    own[key] = isLiteral(key) ? value : namesOf.has(key) ? eachOf(value, place) : plain(value, place);
  }
  return { ...targetOf(schema.$ref, place), ...own };
}

function targetOf(ref: unknown, { root, open }: Place): JsonObject {
  if (typeof ref !== 'string' || open.includes(ref)) return {};
  const target = plain(pointedAt(root, ref), { root, open: [...open, ref] });
  return isObject(target) ? target : {};
}

/** Values that are data, not schemas. */
const isLiteral = (key: string): boolean => key === 'enum' || key === 'required' || key === 'description';

const eachOf = (schemas: unknown, place: Place): unknown =>
  isObject(schemas)
    ? Object.fromEntries(Object.entries(schemas).map(([name, value]) => [name, plain(value, place)]))
    : schemas;

/** `#/$defs/name` and the like (RFC 6901), within the same schema only. */
function pointedAt(root: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) return {};
  return ref
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : {}), root);
}
