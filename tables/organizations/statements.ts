/** The statements of a policy document, each as its author wrote it; what is no object is not among them. */
export function statementsOf(document: unknown): Record<string, unknown>[] {
  return isObject(document) ? listOf(document['Statement']).filter(isObject) : [];
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
