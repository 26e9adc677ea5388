import { isObject, type JsonObject } from './stream-reader.ts';

/**
 * Does a JSON Schema keep OpenAI's rules for `strict` (every object closed, with all of its properties required)? A
 * schema that does not is refused with strict, and followed as well as the model can without.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  if (!isObject(schema)) return true;
  if ('oneOf' in schema || 'patternProperties' in schema) return false;
  if (schema.type === 'object' && !isClosed(schema)) return false;
  const { properties, $defs, definitions, items, anyOf, additionalProperties } = schema;
  return (
    [items, anyOf, additionalProperties].every(isStrictSchema) &&
    [properties, $defs, definitions].every(areStrict)
  );
}

/** A map of schemas: its keys are names, not keywords. */
const areStrict = (schemas: unknown): boolean =>
  !isObject(schemas) || Object.values(schemas).every(isStrictSchema);

function isClosed({ properties, required, additionalProperties }: JsonObject): boolean {
  const names = isObject(properties) ? Object.keys(properties) : [];
  return (
    additionalProperties === false &&
    Array.isArray(required) &&
    names.every((name) => required.includes(name))
  );
}
