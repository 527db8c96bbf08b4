/** For SQL. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What the plugin tried to read, and how that ended. */
export const readsTable = 'aws_delegation_reads';
