/** Elements of a policy document or of a statement, by their names in lower case. */
export type Elements = ReadonlyMap<string, unknown>;

/** AWS reads names of elements in any letter case; undefined where two differ in nothing else, and one would hide the other. */
export function elementsOf(value: Record<string, unknown>): Elements | undefined {
  const elements = new Map(Object.entries(value).map(([name, element]) => [name.toLowerCase(), element]));
  return elements.size === Object.keys(value).length ? elements : undefined;
}

/** The statements of a policy document; undefined where one of them, or the document, cannot be told for certain. */
export function statementsOf(document: unknown): Elements[] | undefined {
  if (!isObject(document)) return undefined;
  const listed = listOf(elementsOf(document)?.get('statement'));
  const statements = listed.flatMap((statement) => (isObject(statement) ? (elementsOf(statement) ?? []) : []));
  return listed.length > 0 && statements.length === listed.length ? statements : undefined;
}

/** Of an element Principal or NotPrincipal: `{"AWS": [...]}`, or a bare `*`. */
export function* principalsOf(element: unknown): Iterable<{ PrincipalType: string; Principal: string }> {
  if (typeof element === 'string') yield { PrincipalType: '*', Principal: element };
  if (!isObject(element)) return;
  for (const [type, values] of Object.entries(element)) {
    for (const value of listOf(values)) yield { PrincipalType: type, Principal: String(value) };
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
