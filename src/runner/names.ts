export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export const readsTable = 'aws_delegation_reads';
