import { quoteIdentifier } from '../queries/completion/keywords';

/** `schema.name`, quoted where needed; objects that belong to no schema go by their name alone. */
export const qualifiedName = (object: { readonly schema: string; readonly name: string }): string =>
  object.schema === '' ? quoteIdentifier(object.name) : `${quoteIdentifier(object.schema)}.${quoteIdentifier(object.name)}`;
